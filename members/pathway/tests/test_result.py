"""Whatever was answered, the result is whole, and each reason that it prints is true."""

import math
import re

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliance.core.vocabulary import Domain, Stage
from cohorts.models import Jurisdiction, Place
from members.pathway import result as results
from members.pathway.result import Result
from members.pathway.rubric import RUBRICS, Rubric
from resources.models import Collection, Resource

from .factories import make_assessment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

LEADERSHIP, INFRASTRUCTURE, LEARNING, DATA, TOOLS, PARTNERSHIP, PLANNING, COLLABORATION = Domain

GOVERNMENTS = {
    "a small city": lambda: {"place": Place.objects.lookup("Northfield, MN")[0]},
    "a county without a population": lambda: {"place": Place.objects.lookup("Rice County, MN")[0]},
    "a city of the network": lambda: {"place": Place.objects.lookup("Saint Paul, MN")[0]},
    "a court without a place": lambda: {
        "jurisdiction": Jurisdiction.objects.get(slug="fourth-judicial-district-mn")
    },
    "a regional agency without a place": lambda: {
        "jurisdiction": Jurisdiction.objects.get(slug="metropolitan-council-mn")
    },
    "a town of 921": lambda: {"place": Place.objects.lookup("Le Roy, MN")[0]},
    "the county of a city and county": lambda: {"place": Place.objects.lookup("San Francisco County, CA")[0]},
    "a city of the network, typed": lambda: {"name": "City of St. Paul", "state": "MN"},
    "a typed name": lambda: {"name": "Northfield Public Schools", "state": "MN"},
    "a state without anyone": lambda: {"name": "Somewhere", "state": "GU"},
    "nobody": dict,
}  # fmt: skip

# What each is called in the network.
OWN = dict.fromkeys(GOVERNMENTS) | {
    "a city of the network": "Saint Paul, MN",
    "a city of the network, typed": "Saint Paul, MN",
    "a court without a place": "Fourth Judicial District, MN",
    "a regional agency without a place": "Metropolitan Council, MN",
    "the county of a city and county": "San Francisco, CA",
}
NOT_ALIKE = {"in the same state", "in a cohort at the forefront"} | {
    f"its work is at the stage “{stage}”" for stage in Stage
}

answers = st.dictionaries(st.sampled_from(list(Domain)), st.integers(0, 4))


def miles_between(one, other):
    """Haversine, another formula than the finder's."""
    angles = [math.radians(value) for value in (one.latitude, one.longitude, other.latitude, other.longitude)]
    south, west, north, east = angles
    half = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin((east - west) / 2) ** 2
    return 2 * 3959 * math.asin(math.sqrt(half))


def is_true(reason, peer, assessment):
    """Check one printed reason against the tables."""
    government = assessment.government
    figures, own = peer.figures, getattr(government, "figures", government)
    if kind := re.fullmatch(r"(also )?an? (.+)", reason):
        return kind[2] == peer.get_kind_display().lower() and (not kind[1] or peer.kind == government.kind)
    if size := re.fullmatch(r"(about the same size|larger|smaller), with ([\d,]+) people", reason):
        ratio = figures.population / own.population
        word = "larger" if ratio > 2 else "smaller" if ratio < 0.5 else "about the same size"
        return (size[1], int(size[2].replace(",", ""))) == (word, figures.population)
    if away := re.fullmatch(r"(\d+) miles? away", reason):
        return abs(int(away[1]) - miles_between(own, figures)) <= 1
    if stage := re.fullmatch(r"its work is at the stage “(\w+)”", reason):
        return stage[1] == peer.stage
    if reason == "in the same state":
        return peer.state == (government.state if government else assessment.state)
    assert reason == "in a cohort at the forefront"
    return peer.cohort_seats.filter(cohort__kind="forefront", cohort__status="published").exists()


def did(peer):
    """Check what a peer is said to have done against the page that the link leads to."""
    one = peer.jurisdiction
    milestones = {f"{act.title}": act.get_absolute_url() for act in one.milestones.all()}
    uses = {f"uses “{use.resource}”": use.resource.get_absolute_url() for use in one.adoptions.published().in_use()}
    seats = {
        f"has a seat in {seat.collaboration}": seat.collaboration.get_absolute_url()
        for seat in one.seats.filter(collaboration__status="published")
    }
    known = milestones | uses | seats
    return known.get(peer.deed, known.get(peer.deed.rpartition(" (")[0])) == peer.url


def why_is_true(why, domain, levels, start):
    lower = [other for other in levels if levels[other] < levels[domain]]
    equal = [other for other in levels if levels[other] == levels[domain] and other not in start]
    sentences = re.findall(r"[^.]+\.", why)
    if sentences[0] == "None of your answers stands lower.":
        assert lower == []
    else:
        assert sentences[0] == f"Only one answer stands lower than this one: {lower[0].label}."
        assert len(lower) == 1
    if "What else stands at this level builds on this one" in why:
        assert equal
        assert domain in (LEADERSHIP, INFRASTRUCTURE)
    elif "Of what stands at this level, this one comes first" in why:
        assert all(list(Domain).index(domain) < list(Domain).index(other) for other in equal)
        assert equal
    else:
        assert (equal, len(sentences)) == ([], 1)


@pytest.mark.parametrize("government", GOVERNMENTS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(levels=answers)
def test_every_set_of_answers_yields_a_result_whose_every_reason_is_true(government, levels):
    assessment = make_assessment(levels, **GOVERNMENTS[government]())
    assert Client().get(assessment.get_absolute_url()).status_code == 200

    result = Result(assessment)
    assert {row.question.domain: row.level for row in result.rows} == {one: levels.get(one) for one in Domain}
    assert {row.question.domain for row in result.missing} == set(Domain) - set(levels)

    starts = [row.question.domain for row, _why in result.start_with]
    assert len(starts) == min(2, sum(level < 4 for level in levels.values()))
    for row, why in result.start_with:
        why_is_true(why, row.question.domain, levels, starts)

    strong = [row.question.domain for row in result.strengths]
    assert not set(strong) & set(starts)
    left = [levels[one] for one in levels if one not in (*strong, *starts)]
    assert all(levels[one] >= max([2, *left]) for one in strong)

    assert {section.row.question.domain for section in result.roadmap} == set(levels)
    assert [section.row.question.domain for section in result.roadmap][: len(starts)] == [
        one for one in Domain if one in starts
    ]
    for section in result.roadmap:
        stage = section.step.stage if section.step else Stage.OPERATIONALIZE
        assert (section.step is None) == (section.row.level == 4)
        assert {
            (one.stage, one.status) for one in Resource.objects.filter(pk__in=[one.pk for one in section.resources])
        } <= {(stage, "published")}
        assert all(one.domain == section.row.question.domain for one in section.collections)
        peers = [peer.jurisdiction for peer in section.peers]
        assert len(set(peers)) == len(peers) <= 5
        assert OWN[government] not in {str(one) for one in peers}
        if assessment.government:
            # Who is not like it fills up to three, behind those who are.
            others = [number for number, peer in enumerate(section.peers) if set(peer.reasons) <= NOT_ALIKE]
            assert others == list(range(len(peers)))[len(peers) - len(others) :]
            assert not others or len(peers) <= 3
        for peer in section.peers:
            false = [reason for reason in peer.reasons if not is_true(reason, peer.jurisdiction, assessment)]
            assert (false, bool(peer.reasons), did(peer)) == ([], True, True)
            assert peer.jurisdiction.stage == "" or list(Stage).index(peer.jurisdiction.stage) >= list(Stage).index(
                stage
            )


@pytest.mark.parametrize(
    ("levels", "starts"),
    [
        (dict.fromkeys(Domain, 0), [LEADERSHIP, INFRASTRUCTURE]),
        (dict.fromkeys(Domain, 4), []),
        (dict.fromkeys(Domain, 2) | {PLANNING: 1}, [PLANNING, LEADERSHIP]),
        (dict.fromkeys(Domain, 3) | {COLLABORATION: 0, DATA: 1}, [COLLABORATION, DATA]),
        ({TOOLS: 4, DATA: 3}, [DATA]),
        ({}, []),
    ],
)
def test_the_lowest_levels_come_first_and_of_equals_what_others_build_on(levels, starts):
    assert Result(make_assessment(levels)).start == starts


def test_the_strengths_are_the_highest_answers():
    levels = dict(zip(Domain, [4, 0, 2, 3, 1, 2, 2, 0], strict=True))
    strengths = Result(make_assessment(levels)).strengths
    assert [(row.question.domain, row.level) for row in strengths] == [(LEADERSHIP, 4), (DATA, 3), (LEARNING, 2)]


def test_the_roadmap_of_northfield_names_governments_near_it():
    assessment = make_assessment({COLLABORATION: 1}, **GOVERNMENTS["a small city"]())
    (section,) = Result(assessment).roadmap
    assert [str(peer.jurisdiction) for peer in section.peers] == [
        "Red Wing, MN",
        "Willmar, MN",
        "White Bear Lake, MN",
        "Shoreview, MN",
        "Brooklyn Center, MN",
    ]


def test_the_library_has_something_for_every_domain_and_level():
    for level in range(5):
        sections = Result(make_assessment(dict.fromkeys(Domain, level))).roadmap
        assert [bool(one.resources or one.collections) for one in sections] == [True] * 8
    assert {one.domain for one in Collection.objects.published()} >= set(Domain)


def test_resources_and_collections_that_are_not_published_are_not_shown():
    Resource.objects.update(status="archived")
    Collection.objects.update(status="draft")
    sections = Result(make_assessment(dict.fromkeys(Domain, 1))).roadmap
    assert [(list(one.resources), one.collections) for one in sections] == [([], [])] * 8


def test_an_old_result_keeps_its_version(client, monkeypatch):
    old = make_assessment({LEADERSHIP: 1})
    before = client.get(old.get_absolute_url()).content
    questions = {
        domain: one._replace(text="New words?", levels=["New."] * 4) for domain, one in RUBRICS[1].questions.items()
    }
    monkeypatch.setitem(RUBRICS, 2, Rubric(2, ["a", "b", "c", "d", "e"], questions))
    monkeypatch.setattr("members.pathway.models.assessment.LATEST", 2)
    new = make_assessment({LEADERSHIP: 1})
    assert (old.rubric.version, new.rubric.version) == (1, 2)
    assert client.get(old.get_absolute_url()).content == before
    assert "“b”" in client.get(new.get_absolute_url()).content.decode()


def test_the_chart_fills_as_many_segments_as_the_level_says():
    row = next(Result(make_assessment({LEADERSHIP: 3})).rows)
    assert [on for _x, on in row.segments] == [True, True, True, False]
    assert [x for x, _on in row.segments] == [
        0,
        results.SEGMENT_STEP,
        2 * results.SEGMENT_STEP,
        3 * results.SEGMENT_STEP,
    ]
