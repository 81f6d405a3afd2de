"""Which seat a row of a table means, and what is said against one that cannot be."""

import pytest

from alliance.core.tests.factories import make_curator, sign_in
from alliance.core.tests.tables import confirm, counts, csv_of_dicts, errors, upload
from cohorts.tests.factories import make_jurisdiction
from members.collaborations.models import Seat
from members.partners.tests.factories import make_partner

from .factories import make_collaboration, make_seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(client):
    """Uploads rows of seats in the collaboration `together`; there are a partner and a government, too."""
    sign_in(client, make_curator())
    make_collaboration(slug="together")
    make_partner(slug="lab", name="Equity Lab")
    make_jurisdiction(slug="town-mn")
    return lambda *rows: upload(client, Seat, csv_of_dicts(*({"collaboration": "together"} | row for row in rows)))


def seats():
    return set(Seat.objects.values_list("partner__slug", "jurisdiction__slug", "name_as_printed", "role"))


def test_seats_are_made_for_partners_governments_and_names_as_printed(given, client):
    response = given(
        {"partner": "Equity Lab", "role": "Backbone"}, {"jurisdiction": "town-mn"}, {"name_as_printed": "X"}
    )
    assert counts(response) == {"new": 3}
    confirm(client, Seat, response)
    assert seats() == {
        ("lab", None, "", "backbone"), (None, "town-mn", "", "member"), (None, None, "X", "member"),
    }  # fmt: skip


def test_a_seat_is_known_by_who_holds_it(given, client):
    collaboration = make_seat(partner=make_partner(slug="other")).collaboration
    response = given({"collaboration": collaboration.slug, "partner": "other", "role": "steering"})
    assert counts(response) == {"changed": 1}
    confirm(client, Seat, response)
    assert seats() == {("other", None, "", "steering")}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"partner": "lab", "jurisdiction": "town-mn"},
         ("", "Give exactly one: a partner, a jurisdiction or a name as printed.")),
        ({}, ("", "Give exactly one: a partner, a jurisdiction or a name as printed.")),
        ({"partner": "nobody"}, ("partner", "Unknown: nobody")),
        ({"collaboration": "", "name_as_printed": "Y"}, ("collaboration", "What is new needs it.")),
        ({"name_as_printed": "saint PAUL"}, ("", "This name already has a seat here.")),
        ({"partner": "lab", "role": "chair"},
         ("role", "chair is not one of these: backbone, steering, member.")),
    ],
)  # fmt: skip
def test_a_seat_that_cannot_be_stands_next_to_its_row(given, row, said):
    assert errors(given({"name_as_printed": "St. Paul"}, row)) == {3: [said]}
