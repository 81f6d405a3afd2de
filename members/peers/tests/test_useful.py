"""The peer finder for anyone: its order is what the visitor's weights say, and every reason is true of the rows."""

import math
import random
import re

import pytest
from django.contrib.humanize.templatetags.humanize import apnumber
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliance.core.vocabulary import Domain, Stage
from cohorts import likeness
from cohorts.models import Jurisdiction, Milestone
from cohorts.tests.factories import make_jurisdiction, make_milestone, make_place
from members.collaborations.models import Seat
from members.collaborations.tests.factories import make_collaboration, make_seat
from members.peers.ranking import MOST_PEERS, Weights
from members.peers.usefulness import MOST_KINDS, find, size_in_words
from members.peers.work import MILESTONES, Work
from resources.domains import TOPICS
from resources.models import Adoption, Topic
from resources.tests.factories import make_adoption, make_resource, make_topic

pytestmark = pytest.mark.django_db

ADDRESS = "/jurisdictions/peers/"
HERE = {"latitude": 45.0, "longitude": -93.0}


@pytest.fixture
def town():
    return make_place(name="Hazel Run", population=900, **HERE)


def make_peer(name, population=900, kind="city", **fields):
    where = {key: fields.pop(key, HERE[key]) for key in HERE}
    return make_jurisdiction(name=name, kind=kind, place=make_place(population=population, **where), **fields)


def names(government, work=Work(), weights=Weights()):  # noqa: B008 - both cannot change
    return [peer.jurisdiction.name for peer in find(government, work, weights)]


# --- the order ---


def test_each_part_alone_orders_by_that_part_alone(town):
    make_peer("Alike", latitude=30.0)
    make_peer("Near", kind="county", population=900_000)
    make_milestone(jurisdiction=make_peer("Further", kind="county", population=900_000, latitude=30.0))
    none = dict.fromkeys(("alike", "near", "further"), 0)
    firsts = [names(town, weights=Weights(**none | {part: 3}))[0] for part in none]
    assert firsts == ["Alike", "Near", "Further"]


def test_moving_one_weight_changes_who_comes_first(town):
    make_peer("Twin", latitude=30.0)
    for year in ("2015", "2016", "2017"):
        made = Jurisdiction.objects.filter(name="Doer").first() or make_peer("Doer", kind="county", population=900_000)
        make_milestone(jurisdiction=made, date=year)
    order = [names(town, weights=Weights(alike=alike, near=0, further=2)) for alike in range(4)]
    assert order == [["Doer", "Twin"], ["Doer", "Twin"], ["Twin", "Doer"], ["Twin", "Doer"]]


def test_the_sum_is_what_the_page_says_it_is(town):
    make_milestone(jurisdiction=make_peer("One", population=2_000, stage="organize", stage_reason="It has a team."))
    (peer,) = find(town, Work(), Weights(1, 2, 3))
    one = peer.jurisdiction
    alike = (likeness.KIND_WEIGHT + likeness.SIZE_WEIGHT / (1 + math.log(2_000 / 900))) / 0.75
    assert (one.alike, one.near, one.further, one.score) == pytest.approx(
        (alike, 1, 0.75 / 2 + 0.25 * 2 / 3, alike + 2 + 3 * (0.75 / 2 + 0.25 * 2 / 3))
    )


def test_ties_stand_by_name_and_the_same_question_gets_the_same_answer(town):
    for name in ("Beta", "Alpha", "Delta", "Charlie"):
        make_peer(name)
    assert [names(town) for _ in range(3)] == [["Alpha", "Beta", "Charlie", "Delta"]] * 3


def test_ten_are_named_at_most(town):
    for number in range(12):
        make_peer(f"Peer {number:02}")
    assert names(town) == [f"Peer {number:02}" for number in range(MOST_PEERS)]


def test_no_government_is_a_peer_of_its_own_nor_is_one_without_a_public_page(town):
    own = make_jurisdiction(name="Renamed", place=town)
    make_peer("Draft", status="draft")
    assert names(town) == names(own) == []
    make_peer("City of Hazel Run")
    assert names(town) == []


def test_only_what_belongs_to_the_work_counts(town):
    contracting, other = make_topic(slug="contracting"), make_topic()
    make_adoption(jurisdiction=make_peer("Uses"), resource=make_resource(topics=[contracting]))
    make_adoption(jurisdiction=make_peer("Used"), resource=make_resource(topics=[contracting]), until="2020")
    make_adoption(jurisdiction=make_peer("Hidden"), resource=make_resource(topics=[contracting], status="draft"))
    make_adoption(jurisdiction=make_peer("Else"), resource=make_resource(topics=[other]))
    make_milestone(jurisdiction=make_peer("Acted"), kind="tool")
    make_seat(jurisdiction=make_peer("Sits"))
    make_seat(jurisdiction=make_peer("Sat"), ended="2020")
    make_seat(jurisdiction=make_peer("Sits unseen"), collaboration=make_collaboration(status="draft"))

    def on_record(*work):
        return {peer.jurisdiction.name for peer in find(town, Work(*work), Weights()) if peer.jurisdiction.further}

    assert [on_record("", ("contracting",)), on_record("tools"), on_record("collaboration"), on_record("data")] == [
        {"Uses"}, {"Uses", "Acted"}, {"Sits"}, set(),
    ]  # fmt: skip
    assert on_record() == {"Uses", "Else", "Acted", "Sits"}


# --- the reasons ---

government = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["city", "county", "city_county", "town", "school_district", "special_district"]),
        "state": st.sampled_from(["MN", "WI"]),
        "population": st.none() | st.integers(0, 9_000_000),
        "point": st.none() | st.tuples(st.floats(25, 49), st.floats(-124, -67)),
        "has_place": st.booleans(),
        "stage": st.sampled_from(["", *Stage.values]),
        "acts": st.lists(
            st.tuples(
                st.sampled_from(Milestone.Kind.values), st.sampled_from(["2012", "2015-07", "2019-02-03", "2023"])
            ),
            max_size=5,
        ),
        "uses": st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=4, unique_by=lambda use: use[0]),
        "seats": st.lists(st.booleans(), max_size=2),
    }
)
work = st.builds(
    Work,
    st.sampled_from(["", *Domain.values]),
    st.lists(st.sampled_from(["contracting", "budgeting", "training"]), unique=True, max_size=2).map(tuple),
)
weight = st.integers(0, 3)


def make_government(number, facts, resources):
    latitude, longitude = facts["point"] or (None, None)
    figures = {"population": facts["population"], "latitude": latitude, "longitude": longitude}
    shared = {"kind": facts["kind"], "state": facts["state"], "stage": facts["stage"]}
    where = {"place": make_place(state=facts["state"], **figures)} if facts["has_place"] else figures
    one = make_jurisdiction(
        name=f"Government {number}", stage_reason="It has begun." if facts["stage"] else "", **shared, **where
    )
    for kind, date in facts["acts"]:
        make_milestone(jurisdiction=one, kind=kind, date=date)
    for index, is_in_use in facts["uses"]:
        make_adoption(jurisdiction=one, resource=resources[index], until=None if is_in_use else "2020")
    for is_current in facts["seats"]:
        make_seat(jurisdiction=one, ended=None if is_current else "2020")
    return one


def miles_between(one, other):
    """By the haversine, another formula than the database uses."""
    a, b, turn = (math.radians(x) for x in (one.latitude, other.latitude, one.longitude - other.longitude))
    half = math.sin((a - b) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(turn / 2) ** 2
    return 2 * 3959 * math.asin(math.sqrt(half))


NUMBER = r"(?P<number>a|an|two|three|four|five|\d+)"
ACTS = {
    "adopted {} resolutions?": "resolution", "adopted {} ordinances?": "ordinance", "opened {} offices?": "office",
    "made {} action plans?": "action_plan", "adopted {} tools?": "tool", "held {} trainings?": "training",
    "published {} reports?": "report", "took (?:another|{} other) steps?": "other",
    "acted (?:{} times )?in its budget": "budget",
}  # fmt: skip


def is_true(reason, one, ours, work):
    """Whether a printed reason holds, recomputed from the rows."""
    kind = one.get_kind_display().lower()
    mine, theirs = getattr(ours, "figures", ours), one.figures
    plain = {
        f"a {kind}": one.kind != ours.kind,
        f"also a {kind}": one.kind == ours.kind,
        "in the same state": one.state == ours.state,
        f"its work is at the stage “{one.get_stage_display().lower()}”": bool(one.stage),
    }
    if reason in plain:
        return plain[reason]
    if reason == "about the same population":
        return 0.949 < theirs.population / mine.population < 1.051
    if found := re.fullmatch(r"([\d,.]+) times your population", reason):
        return is_rounded(found[1], theirs.population / mine.population)
    if found := re.fullmatch(r"you have ([\d,.]+) times its population", reason):
        return is_rounded(found[1], mine.population / theirs.population)
    if found := re.fullmatch(r"([\d,]+) miles? away", reason):
        return abs(float(found[1].replace(",", "")) - miles_between(mine, theirs)) < 0.51
    topics = [*work.topics, *TOPICS.get(work.domain, ())]
    if found := re.fullmatch(rf"uses {NUMBER} resources? (of the library|on (?P<topic>.+))", reason):
        uses = Adoption.objects.published().filter(jurisdiction=one, until=None)
        if found["topic"]:
            topic = Topic.objects.get(name__iexact=found["topic"])
            uses = uses.filter(resource__topics=topic)
            return topic.slug in topics and is_count(found["number"], uses.count())
        return work == Work() and is_count(found["number"], uses.count())
    if found := re.fullmatch(rf"sits in {NUMBER} collaborations?", reason):
        seats = Seat.objects.filter(jurisdiction=one, ended=None, collaboration__status="published")
        return is_count(found["number"], seats.count())
    for words, kind in ACTS.items():
        pattern = words.replace("{}", NUMBER) + r"(?P<latest>, the latest)? in (?P<year>\d{4})"
        if found := re.fullmatch(pattern, reason):
            dates = one.milestones.filter(kind=kind).values_list("date", flat=True)
            fits = not any(work) or kind in MILESTONES.get(work.domain, ())
            return (
                fits
                and is_count(found["number"] or "a", len(dates))
                and bool(found["latest"]) == (len(dates) > 1)
                and max(dates)[:4] == found["year"]
            )
    raise AssertionError(f"no rule says when this is true: {reason}")


def is_rounded(printed, times):
    exact = float(printed.replace(",", ""))
    return abs(exact - times) <= (0.0501 if times < 10 else 0.501)


def is_count(printed, count):
    return count == 1 if printed in ("a", "an") else printed == str(apnumber(count)) and count > 1


def must_be_said(one, ours, work):
    """How many reasons there must be: nothing that is known and belongs to the work is passed over."""
    mine, theirs = getattr(ours, "figures", ours), one.figures
    uses = Adoption.objects.published().filter(jurisdiction=one, until=None)
    topics = {*work.topics, *TOPICS.get(work.domain, ())}
    kinds = set(one.milestones.filter(kind__in=work.kinds).values_list("kind", flat=True))
    on_topics = Topic.objects.filter(slug__in=topics, resources__adoptions__in=uses).distinct().count()
    return sum([
        1,
        bool(mine.population and theirs.population),
        one.state == ours.state,
        None not in (mine.latitude, theirs.latitude) and miles_between(mine, theirs) < likeness.FAR_AWAY_MILES,
        min(len(kinds), MOST_KINDS),
        on_topics if any(work) else uses.exists(),
        work.is_shown_by_seats and one.seats.filter(ended=None).exists(),
        bool(one.stage),
    ])  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(government, min_size=2, max_size=5), work, weight, weight, weight)
def test_every_reason_is_true_of_the_rows_and_none_is_missing(db, facts, work, alike, near, further):
    Jurisdiction.objects.update(status="draft")
    Topic.objects.all().delete()
    topics = [
        make_topic(name=slug.capitalize(), slug=slug) for slug in ("contracting", "budgeting", "training", "health")
    ]
    resources = [make_resource(topics=[topic]) for topic in topics] + [make_resource(topics=topics[:2])]
    ours, *others = [make_government(number, one, resources) for number, one in enumerate(facts)]
    peers = find(ours, work, Weights(alike, near, further))
    assert {peer.jurisdiction for peer in peers} == set(others)
    for peer in peers:
        one = Jurisdiction.objects.get(pk=peer.jurisdiction.pk)
        assert [reason for reason in peer.reasons if not is_true(reason, one, ours, work)] == []
        assert len(peer.reasons) == must_be_said(one, ours, work)


def test_a_distance_weight_and_three_of_likeness_order_as_likeness_does():
    chance = random.Random(7)
    ours = make_place(population=30_000, **HERE)
    for number in range(30):
        make_peer(
            f"Peer {number}", population=chance.choice([None, 0, 900, 30_000, 2_000_000]),
            latitude=chance.uniform(25, 49), longitude=chance.uniform(-124, -67),
            kind=chance.choice(["city", "county", "school_district"]),
        )  # fmt: skip
    alike = list(Jurisdiction.objects.like(ours).values_list("name", flat=True)[:MOST_PEERS])
    assert names(ours, weights=Weights(alike=3, near=1, further=0)) == alike


@pytest.mark.parametrize(
    ("ours", "theirs", "words"),
    [
        (1_000, 1_200, "1.2 times your population"),
        (1_000, 2_000, "2 times your population"),
        (900, 311_527, "346 times your population"),
        (1_000, 1_000, "about the same population"),
        (1_000, 1_049, "about the same population"),
        (1_000, 951, "about the same population"),
        (1_000, 940, "0.9 times your population"),
        (1_000, 100, "0.1 times your population"),
        (1_000, 99, "you have 10 times its population"),
        (8_000_000, 1, "you have 8,000,000 times its population"),
    ],
)
def test_two_populations_are_compared_in_words(ours, theirs, words):
    assert size_in_words(ours, theirs) == words


def test_the_latest_act_is_read_first_else_a_resource_in_use_else_its_page(town):
    acted, using, neither = make_peer("Acted"), make_peer("Using"), make_peer("Neither")
    make_milestone(jurisdiction=acted, kind="ordinance", date="2017", title="First")
    latest = make_milestone(jurisdiction=acted, kind="ordinance", date="2019-05", title="Latest")
    make_adoption(jurisdiction=acted, resource=make_resource())
    guide = make_resource(title="Guide")
    make_adoption(jurisdiction=using, resource=guide)
    make_adoption(jurisdiction=using, resource=make_resource())
    assert {peer.jurisdiction: peer.reading for peer in find(town, Work(), Weights())} == {
        acted: ("Latest (May 2019)", latest.get_absolute_url()),
        using: ("Guide", guide.get_absolute_url()),
        neither: ("what Neither has done", neither.get_absolute_url()),
    }


# --- the page ---


def test_all_that_is_asked_for_stands_in_the_address_and_is_kept(town, client):
    make_topic(name="Contracting", slug="contracting")
    make_peer("One")
    query = f"place=hazel+run&id={town.pk}&domain=tools&topic=contracting&alike=0&near=3&further=1"
    context = client.get(f"{ADDRESS}?{query}").context
    question = context["question"]
    assert (question.work, question.weights) == (Work("tools", ("contracting",)), Weights(0, 3, 1))
    assert question.kept == [("domain", "tools"), ("topic", "contracting"), ("alike", 0), ("near", 3), ("further", 1)]
    assert question.notes == []


@pytest.mark.parametrize(
    ("query", "notes"),
    [
        ("domain=tools%00&topic=contracting", ["What you want to work on: we don&#x27;t know “tools”"]),
        ("topic=x&topic=contracting&topic=x", ["Topic: we don&#x27;t know “x”"]),
        ("near=4&further=1e3", ["Near: we don&#x27;t know “4”", "Further along: we don&#x27;t know “1e3”"]),
        ("near=" + "9" * 400, [f"Near: we don&#x27;t know “{'9' * 40}”"]),
        ("government=%00..", ["Government: we don&#x27;t know “..”"]),
    ],
)
def test_what_cannot_be_read_is_left_out_and_said(query, notes, town, client):
    make_topic(name="Contracting", slug="contracting")
    answer = client.get(f"{ADDRESS}?id={town.pk}&{query}")
    page = answer.content.decode()
    assert re.findall(r'<p class="note">(.*?)</p>', page) == [f"{note}, so we left it out." for note in notes]
    assert answer.context["question"].weights == Weights()


def test_three_times_nothing_is_not_taken(town, client):
    answer = client.get(f"{ADDRESS}?id={town.pk}&alike=0&near=0&further=0")
    assert answer.context["question"].weights == Weights()
    assert "With three times 0 nothing would count" in answer.content.decode()


def test_a_government_of_the_network_is_asked_for_by_its_address_word(client):
    district = make_jurisdiction(name="Govtown Schools", slug="govtown-schools-mn", kind="school_district")
    other = make_jurisdiction(name="Other Schools", kind="school_district")
    answer = client.get(f"{ADDRESS}?government=govtown-schools-mn")
    assert [(peer.jurisdiction, peer.reasons) for peer in answer.context["peers"]] == [
        (other, ["also a school district", "in the same state"])
    ]
    assert "How to start" not in answer.content.decode()
    Jurisdiction.objects.filter(pk=district.pk).update(status="draft")
    assert "peers" not in client.get(f"{ADDRESS}?government=govtown-schools-mn").context


def test_a_town_that_is_not_a_member_is_led_in_with_its_name_filled_in(town, client):
    page = client.get(f"{ADDRESS}?id={town.pk}").content.decode()
    assert (
        f'<button class="btn" name="place" value="{town.pk}">Start the readiness check for Hazel Run, MN</button>'
        in page
    )
    assert '<a class="btn quiet" href="/pathway/apply/?q=Hazel%20Run%2C%20MN">' in page


def test_whoever_finds_no_government_of_that_name_can_start_all_the_same(town, client):
    page = client.get(f"{ADDRESS}?place=Atlantis").content.decode()
    assert "We found no government that is spelled like “Atlantis”" in page
    assert re.findall(r'"(/pathway/readiness/.*?)"', page) == ["/pathway/readiness/start/?q=Atlantis"]


def test_whoever_works_for_the_government_is_led_into_the_peer_network_with_it_filled_in(town, client):
    page = client.get(f"{ADDRESS}?id={town.pk}").content.decode()
    assert re.findall(r'"(/peers/join/.*?)"', page) == [f"/peers/join/?place={town.pk}"]
    member = make_jurisdiction(name="Govtown Schools", kind="school_district")
    page = client.get(f"{ADDRESS}?government={member.slug}").content.decode()
    assert re.findall(r'"(/peers/join/.*?)"', page) == [f"/peers/join/?jurisdiction={member.pk}"]


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_asks_a_fixed_number_of_questions(count, town, client, django_assert_num_queries):
    for number in range(count):
        one = make_peer(f"Peer {number}")
        make_milestone(jurisdiction=one)
        make_adoption(jurisdiction=one)
        make_seat(jurisdiction=one)
    # The topics, the government, which rows are itself, the ranking.
    with django_assert_num_queries(4):
        client.get(f"{ADDRESS}?id={town.pk}")
