"""Which partner a row of a table means."""

import pytest

from alliance.core.tests.factories import make_curator, sign_in
from alliance.core.tests.tables import confirm, counts, csv_of_dicts, errors, upload
from cohorts.tests.factories import make_jurisdiction
from members.partners.models import Partner

from .factories import make_partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(client):
    sign_in(client, make_curator())
    return lambda *rows: upload(client, Partner, csv_of_dicts(*rows))


def test_a_partner_is_known_by_its_word_or_its_name_and_state(given):
    lab = make_partner(name="Equity Lab", state="MN", slug="lab")
    make_partner(name="Equity Lab", state="WI")
    for row in ({"slug": "lab"}, {"name": "equity lab", "state": "MN", "sector": "community"}):
        [found] = given(row | {"summary": "New"}).context["plan"].of("changed")
        assert found.thing == lab


def test_two_partners_of_one_name_and_state_are_both_named(given):
    both = [make_partner(name="Equity Lab") for _ in range(2)]
    response = given({"name": "Equity Lab", "sector": "community", "summary": "New"})
    assert [row.candidates for row in response.context["plan"].ambiguous] == [both]


def test_a_partner_of_a_table_is_tied_to_the_government_that_it_is(given, client):
    town = make_jurisdiction(slug="town-mn")
    row = {"name": "City of Town", "sector": "government", "position": "3", "jurisdiction": "town-mn"}
    confirm(client, Partner, given(row))
    made = Partner.objects.get()
    assert (made.slug, made.jurisdiction, made.position, made.status) == ("city-of-town", town, 3, "draft")


def test_a_place_in_the_list_that_is_taken_is_an_error(given):
    make_partner(position=3)
    rows = [{"name": name, "sector": "community", "position": place} for name, place in (("A", "3"), ("B", "4"))]
    response = given(*rows)
    assert (errors(response), counts(response)) == (
        {2: [("", "Partner with this Place in the Alliance's list already exists.")]},
        {"wrong": 1, "new": 1},
    )
