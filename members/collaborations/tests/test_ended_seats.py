"""A seat that has ended counts nowhere as a seat: only the collaboration's own page remembers it."""

import json

import pytest

from alliance.core.tests.factories import make_curator, make_user, sign_in
from alliance.core.vocabulary import Domain, Stage
from cohorts.models import Jurisdiction
from cohorts.tests.factories import make_jurisdiction, make_place
from members.partners.models import Affiliation
from members.partners.tests.factories import make_partner
from members.pathway.querysets import ties_of
from members.peers.finder import PeerFinder

from .factories import make_collaboration, make_seat

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[False, True], ids=["current", "ended"])
def ended(request):
    return request.param


@pytest.fixture
def together(ended):
    """A collaboration with a partner, a government and a partner that is a government; the seats go on or ended."""
    collaboration = make_collaboration(name="Together", slug="together")
    holders = [
        {"partner": make_partner(slug="food-bank")},
        {"jurisdiction": make_jurisdiction(slug="town-mn", place=make_place(latitude=45, longitude=-93))},
        {"partner": make_partner(slug="county", jurisdiction=make_jurisdiction(slug="county-mn"))},
    ]
    for holder in holders:
        make_seat(collaboration=collaboration, role="backbone", ended="2024" if ended else None, **holder)
    return collaboration


def test_no_page_of_a_member_names_it(together, ended, client):
    addresses = ["/partners/food-bank/", "/jurisdictions/town-mn/", "/jurisdictions/county-mn/"]
    shown = ["Together</a>" in client.get(address).content.decode() for address in addresses]
    assert shown == [not ended] * 3


def test_no_list_counts_or_finds_it(together, ended, client):
    listing = client.get("/partners/").context["listing"]
    offered = {facet.param: len(choices) for facet, choices in listing.choices}
    assert offered["collaboration"] == (0 if ended else 1)
    assert client.get("/partners/?collaboration=together").context["listing"].total == (0 if ended else 2)
    assert client.get("/collaborations/").context["listing"].page[0].seat_count == (0 if ended else 3)


def test_the_finder_takes_it_for_no_record(together, ended):
    finder = PeerFinder(make_jurisdiction(place=make_place()))
    peers = [peer.jurisdiction.slug for peer in finder.find(Domain.COLLABORATION, Stage.NORMALIZE)]
    assert peers == ([] if ended else ["town-mn"])


def test_the_open_data_names_no_member_of_it_and_gives_no_point(together, ended, client):
    (feature,) = json.loads(client.get("/data/collaborations.geojson").getvalue())["features"]
    assert (len(feature["properties"]["members"]), feature["geometry"] is None) == ((0, True) if ended else (3, False))


def test_the_admin_lists_it_as_missing(together, ended, client):
    sign_in(client, make_curator())
    addresses = ["partners/partner/", "collaborations/collaboration/"]
    found = [len(client.get(f"/admin/{address}?missing=seats").context["cl"].result_list) for address in addresses]
    assert found == ([2, 1] if ended else [0, 0])
    page = client.get("/admin/collaborations/collaboration/?missing=backbone")
    assert len(page.context["cl"].result_list) == (1 if ended else 0)


@pytest.mark.parametrize("which", ["partner", "government", "government as a partner"])
def test_it_ties_no_reviewer_to_a_government_whichever_of_the_two_seats_ended(which):
    person, collaboration = make_user(), make_collaboration()
    affiliated, government = make_partner(), make_jurisdiction()
    Affiliation.objects.create(user=person, partner=affiliated)
    other = {"partner": make_partner(jurisdiction=government)} if "as" in which else {"jurisdiction": government}
    seats = [make_seat(collaboration=collaboration, **holder) for holder in ({"partner": affiliated}, other)]
    assert Jurisdiction.objects.filter(ties_of(person), pk=government.pk).exists()
    seat = seats[0] if which == "partner" else seats[1]
    seat.ended = "2024"
    seat.save()
    assert not Jurisdiction.objects.filter(ties_of(person), pk=government.pk).exists()
