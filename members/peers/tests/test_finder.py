"""The peer finder names governments that are on record, like the given one, and not behind; every reason is true."""

import pytest

from alliance.core.vocabulary import Domain, Stage
from cohorts.models import Cohort
from cohorts.tests.factories import make_cohort, make_cohort_seat, make_jurisdiction, make_milestone, make_place
from members.collaborations.tests.factories import make_collaboration, make_seat
from members.peers.finder import PeerFinder
from resources.tests.factories import make_adoption, make_resource, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_place(name="Northfield", population=20_000)


def make_peer(kind="office", **fields):
    peer = make_jurisdiction(place=make_place(population=20_000), **fields)
    if kind:
        make_milestone(jurisdiction=peer, kind=kind, title="Office of equity", date="2019-05")
    return peer


def found(finder, domain=Domain.INFRASTRUCTURE, stage=Stage.ORGANIZE):
    return [peer.jurisdiction for peer in finder.find(domain, stage)]


def test_a_peer_shows_what_it_did_where_that_stands_and_why_it_is_named(place):
    peer = make_peer(stage="operationalize", stage_reason="It has an office.")
    (one,) = PeerFinder(place).find(Domain.INFRASTRUCTURE, Stage.ORGANIZE)
    assert one == (
        peer,
        "Office of equity (May 2019)",
        peer.milestones.get().get_absolute_url(),
        [
            "a city", "about the same size, with 20,000 people", "in the same state", "0 miles away",
            "its work is at the stage “operationalize”",
        ],
    )  # fmt: skip


def test_the_latest_fitting_act_is_shown(place):
    peer = make_peer()
    make_milestone(jurisdiction=peer, kind="office", title="Second office", date="2021")
    make_milestone(jurisdiction=peer, kind="report", title="Report", date="2023")
    assert [one.deed for one in PeerFinder(place).find(Domain.INFRASTRUCTURE, Stage.ORGANIZE)] == [
        "Second office (2021)"
    ]


def test_who_has_nothing_on_record_in_the_domain_is_not_named(place):
    make_peer(kind="report")
    assert found(PeerFinder(place)) == []


def test_who_is_known_to_be_behind_is_not_named(place):
    make_peer(stage="normalize", stage_reason="It has begun.")
    unknown = make_peer()
    assert found(PeerFinder(place)) == [unknown]


def test_a_government_is_no_peer_of_its_own(place):
    own = make_jurisdiction(place=place)
    make_milestone(jurisdiction=own, kind="office")
    assert (found(PeerFinder(place)), found(PeerFinder(own))) == ([], [])


def test_what_is_not_published_is_not_shown(place):
    make_peer(status="draft")
    topic = make_topic(slug="training")
    make_adoption(jurisdiction=make_peer(kind=None), resource=make_resource(topics=[topic], status="draft"))
    make_seat(jurisdiction=make_peer(kind=None), collaboration=make_collaboration(status="draft"))
    finder = PeerFinder(place)
    assert [found(finder, domain) for domain in (Domain.INFRASTRUCTURE, Domain.LEARNING, Domain.COLLABORATION)] == [
        []
    ] * 3


def test_a_resource_in_use_on_a_topic_of_the_domain_is_a_record_until_its_use_ends(place):
    course = make_resource(title="Course", topics=[make_topic(slug="training")])
    using, former = make_peer(kind=None), make_peer(kind=None)
    make_adoption(jurisdiction=using, resource=course)
    make_adoption(jurisdiction=former, resource=course, since="2015", until="2018")
    (one,) = PeerFinder(place).find(Domain.LEARNING, Stage.NORMALIZE)
    assert (one.jurisdiction, one.deed, one.url) == (using, "uses “Course”", course.get_absolute_url())


def test_a_seat_is_a_record_of_collaboration(place):
    together = make_collaboration(name="Together")
    peer = make_seat(jurisdiction=make_peer(kind=None), collaboration=together).jurisdiction
    (one,) = PeerFinder(place).find(Domain.COLLABORATION, Stage.NORMALIZE)
    assert (one.jurisdiction, one.deed, one.url) == (peer, "has a seat in Together", together.get_absolute_url())


def test_the_five_most_alike_are_named_the_most_alike_first(place):
    sizes = [1_000_000, 19_000, 200_000, 60_000, 500_000, 120_000]
    for size in sizes:
        peer = make_jurisdiction(name=f"Size {size}", place=make_place(population=size))
        make_milestone(jurisdiction=peer, kind="office")
    assert [one.name for one in found(PeerFinder(place))] == [f"Size {size}" for size in sorted(sizes)[:5]]


@pytest.mark.parametrize(("alike", "others"), [(0, 3), (2, 1), (3, 0), (4, 0)])
def test_where_fewer_than_three_are_alike_others_near_or_at_the_forefront_fill_up_to_three(alike, others):
    court = make_jurisdiction(kind="court", name="Court")
    forefront = make_cohort(kind=Cohort.Kind.FOREFRONT)
    for _ in range(alike):
        make_milestone(jurisdiction=make_jurisdiction(kind="court", state="OR"), kind="office")
    for _ in range(4):
        make_cohort_seat(cohort=forefront, jurisdiction=make_peer(state="OR"))
    make_milestone(jurisdiction=make_jurisdiction(kind="city", state="TX"), kind="office")
    reasons = [peer.reasons for peer in PeerFinder(court).find(Domain.INFRASTRUCTURE, Stage.ORGANIZE)]
    assert reasons == [["also a court"]] * alike + [["in a cohort at the forefront"]] * others


@pytest.mark.parametrize("name", ["Saint Paul", "City of St. Paul", "ST PAUL", "st. paul city"])
def test_a_government_that_was_typed_is_no_peer_of_its_own(name):
    own = make_peer(name="Saint Paul")
    namesake = make_peer(name="Saint Paul", state="OR", slug="saint-paul-or")
    make_cohort_seat(cohort=make_cohort(kind=Cohort.Kind.FOREFRONT), jurisdiction=namesake)
    other = make_peer(name="Saint Anthony")
    assert set(found(PeerFinder(state="MN", name=name))) == {other, namesake}
    assert own in found(PeerFinder(state="MN", name="Saint Pauline"))


def test_a_city_that_is_also_its_county_is_no_peer_of_the_county_of_its_name():
    county = make_place(name="San Francisco", state="CA", kind="county", population=None)
    both = make_jurisdiction(name="San Francisco", state="CA", kind="city_county", place=make_place(state="CA"))
    other = make_jurisdiction(name="Alameda County", state="CA", kind="county", place=make_place(state="CA"))
    for one in (both, other):
        make_milestone(jurisdiction=one, kind="office")
    assert found(PeerFinder(county)) == [other]


def test_a_county_is_a_peer_of_the_city_of_its_name():
    city = make_place(name="Alameda", state="CA", kind="place")
    county = make_jurisdiction(
        name="Alameda County", state="CA", kind="county", place=make_place(name="Alameda", state="CA", kind="county")
    )
    make_milestone(jurisdiction=county, kind="office")
    assert found(PeerFinder(city)) == [county]


@pytest.mark.parametrize("government", ["a place", "none"])
def test_finding_peers_takes_a_fixed_number_of_questions(government, place, django_assert_num_queries):
    for _ in range(8):
        make_peer()
    with django_assert_num_queries(5 if government == "a place" else 4):
        finder = PeerFinder(place) if government == "a place" else PeerFinder(state="MN")
        for domain in Domain:
            finder.find(domain, Stage.NORMALIZE)


def test_without_a_government_peers_come_from_the_state_and_the_forefront_and_none_is_called_alike():
    forefront = make_cohort(kind=Cohort.Kind.FOREFRONT)
    near, far, both = make_peer(), make_peer(state="OR", name="Aaa"), make_peer()
    make_peer(state="TX")
    for one in (far, both):
        make_cohort_seat(cohort=forefront, jurisdiction=one)
    reasons = {
        peer.jurisdiction: peer.reasons for peer in PeerFinder(state="MN").find(Domain.INFRASTRUCTURE, Stage.ORGANIZE)
    }
    assert reasons == {
        near: ["in the same state"],
        both: ["in the same state", "in a cohort at the forefront"],
        far: ["in a cohort at the forefront"],
    }
    assert set(found(PeerFinder())) == {far, both}
