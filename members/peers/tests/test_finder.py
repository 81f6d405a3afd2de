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


def test_the_three_most_alike_are_named_the_most_alike_first(place):
    sizes = [1_000_000, 19_000, 200_000, 60_000]
    for size in sizes:
        peer = make_jurisdiction(name=f"Size {size}", place=make_place(population=size))
        make_milestone(jurisdiction=peer, kind="office")
    assert [one.name for one in found(PeerFinder(place))] == ["Size 19000", "Size 60000", "Size 200000"]


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
