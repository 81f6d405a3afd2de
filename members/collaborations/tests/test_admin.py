import pytest

from alliance.core.tests.admin_forms import complaints, filled_in, new_row
from alliance.core.tests.factories import make_curator, sign_in
from cohorts.tests.factories import make_jurisdiction
from members.collaborations.models import Collaboration, Seat
from members.partners.tests.factories import make_partner

from .factories import make_collaboration, make_seat

pytestmark = pytest.mark.django_db

COLLABORATIONS = "/admin/collaborations/collaboration/"
SEATS = "/admin/collaborations/seat/"


@pytest.fixture
def curator(client):
    sign_in(client, make_curator())
    return client


def change(collaboration):
    return f"{COLLABORATIONS}{collaboration.pk}/change/"


def rows(response):
    return list(response.context["cl"].result_list)


def make_partner_seat():
    return make_seat(partner=make_partner(jurisdiction=make_jurisdiction()))


@pytest.mark.parametrize(
    ("address", "make", "queries"), [(COLLABORATIONS, make_collaboration, 8), (SEATS, make_partner_seat, 8)]
)
def test_a_list_asks_the_same_questions_at_1_and_at_30_rows(curator, django_assert_num_queries, address, make, queries):
    make()
    with django_assert_num_queries(queries):
        assert len(rows(curator.get(address))) == 1
    for _ in range(29):
        make()
    with django_assert_num_queries(queries):
        assert len(rows(curator.get(address))) == 30


def test_collaborations_are_filtered_by_each_of_their_states(curator):
    bridge = make_collaboration(states=["MN", "WI"])
    make_collaboration(states=["WA"])
    assert rows(curator.get(COLLABORATIONS + "?state=WI")) == [bridge]


def test_the_filter_for_what_is_missing_finds_collaborations_without_backbone(curator):
    make_seat(role="backbone")
    lacking = make_seat().collaboration
    assert rows(curator.get(COLLABORATIONS + "?missing=backbone")) == [lacking]


def test_seats_are_filtered_by_who_holds_them(curator):
    seats = {
        "printed": make_seat(),
        "partner": make_seat(partner=make_partner()),
        "jurisdiction": make_seat(jurisdiction=make_jurisdiction()),
    }
    assert {kind: rows(curator.get(f"{SEATS}?member={kind}")) for kind in seats} == {
        kind: [seat] for kind, seat in seats.items()
    }


def test_states_are_ticked_and_stored(curator):
    collaboration = make_collaboration(states=["MN"])
    data = filled_in(curator.get(change(collaboration)), states=["MN", "WI"])
    assert curator.post(change(collaboration), data).status_code == 302
    assert Collaboration.objects.get().states == ["MN", "WI"]


@pytest.mark.parametrize("holders", [(), ("partner", "name_as_printed"), ("partner", "jurisdiction")])
def test_a_seat_of_nobody_or_of_two_is_refused_beside_it(curator, holders):
    collaboration = make_collaboration()
    known = {"partner": make_partner().pk, "jurisdiction": make_jurisdiction().pk, "name_as_printed": "Someone"}
    row = new_row("seats", 0, role="steering", **{name: known[name] for name in holders})
    response = curator.post(change(collaboration), filled_in(curator.get(change(collaboration))) | row)
    assert complaints(response) == {
        "seats-0-__all__": ["Give exactly one: a partner, a jurisdiction or a name as printed."]
    }


@pytest.mark.parametrize(
    ("holder", "words"),
    [
        ("partner", "This partner already has a seat here."),
        ("jurisdiction", "This government already has a seat here."),
        ("name_as_printed", "This name already has a seat here."),
    ],
)
def test_a_second_seat_of_one_member_is_refused_beside_it(curator, holder, words):
    known = {"partner": make_partner(), "jurisdiction": make_jurisdiction(), "name_as_printed": "Saint Paul Fund"}
    collaboration = make_seat(**{holder: known[holder]}).collaboration
    again = {
        "partner": known["partner"].pk,
        "jurisdiction": known["jurisdiction"].pk,
        "name_as_printed": "St. Paul Fund",
    }
    row = new_row("seats", 1, role="member", **{holder: again[holder]})
    response = curator.post(change(collaboration), filled_in(curator.get(change(collaboration))) | row)
    assert complaints(response) == {"seats-1-__all__": [words]}
    assert Seat.objects.count() == 1


def test_a_printed_name_becomes_the_partner_it_was(curator):
    seat, partner = make_seat(), make_partner()
    data = filled_in(curator.get(change(seat.collaboration))) | {
        "seats-0-name_as_printed": "",
        "seats-0-partner": partner.pk,
    }
    assert curator.post(change(seat.collaboration), data).status_code == 302
    seat.refresh_from_db()
    assert (seat.partner, seat.name_as_printed) == (partner, "")


def test_a_curator_removes_a_seat_but_not_a_collaboration(curator):
    seat = make_seat()
    data = filled_in(curator.get(change(seat.collaboration))) | {"seats-0-DELETE": "on"}
    assert curator.post(change(seat.collaboration), data).status_code == 302
    assert not Seat.objects.exists()
    assert curator.get(f"{COLLABORATIONS}{seat.collaboration_id}/delete/").status_code == 403
