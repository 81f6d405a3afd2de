"""How applications fare: exact for the Alliance; for the public nothing that tells one application from the others."""

import re
import statistics
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import html5lib
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alliance.core.tests.factories import make_admin, sign_in
from alliance.tests.test_pages import BUDGET, served_bytes
from cohorts.models import Jurisdiction
from members.pathway import figures, workflow
from members.pathway.figures import PUBLIC_STEPS, STEPS, Figures, PublicFigures, count_quarter, medians, quarter_start
from members.pathway.models import Application, HistoryEntry, QuarterFigures
from members.pathway.states import OUTCOMES, Status
from members.pathway.tidy import TIDY

from .factories import assign, make_chair, make_reviewer

pytestmark = pytest.mark.django_db

PATH = [Status.SUBMITTED, Status.SCREENING, Status.IN_REVIEW, Status.DECIDED]


def make_past(days=(1, 2, 10, 4), outcome=Status.NOT_YET, end=None, kind="city", state="MN", path=PATH):
    """An application that spent so many days in each step of its path, up to an outcome."""
    end = end or quarter_start() - timedelta(hours=1)
    begin = end - timedelta(days=sum(days))
    number = Application.objects.count()
    application = Application.objects.create(
        reference=f"A-{number}", status=outcome, submitted_at=begin, since=end, kind=kind, state=state
    )
    moments = [begin + timedelta(days=sum(days[:place])) for place in range(len(path) + 1)]
    steps = [*path, outcome]
    HistoryEntry.objects.bulk_create(
        HistoryEntry(application=application, at=at, verb="submit", source=source, target=target)
        for at, (source, target) in zip(moments, pairwise([Status.DRAFT, *steps]), strict=True)
    )
    return application


def said(tables):
    """{name: {label: words}}"""
    return {one.name: {row.label: row.words for row in one.rows} for one in tables}


def counted_anew():
    """What the public would read if the quarter were counted now for the first time."""
    QuarterFigures.objects.all().delete()
    count_quarter()
    return PublicFigures()


# --- The days in each step ---


def test_the_days_of_a_step_are_the_median_of_what_each_application_spent_in_it():
    for review in (10, 30, 20):
        make_past((1, 2, review, 4))
    assert medians(Application.objects.all(), STEPS) == {
        "submitted": (3, 1),
        "screening": (3, 2),
        "in_review": (3, 20),
        "decided": (3, 4),
    }
    assert medians(Application.objects.all(), PUBLIC_STEPS) == {"screening": (3, 3), "review": (3, 24)}


def test_a_step_that_was_taken_twice_counts_together_and_one_that_is_not_over_counts_not():
    path = [Status.SUBMITTED, Status.SCREENING, Status.CHANGES_REQUESTED, Status.SCREENING, Status.IN_REVIEW]
    make_past((1, 2, 5, 3), path=path[:4], outcome=Status.IN_REVIEW)
    found = medians(Application.objects.all(), STEPS)
    assert found == {"submitted": (1, 1), "screening": (1, 5), "changes_requested": (1, 5)}


def test_a_deed_between_two_steps_changes_nothing():
    application = make_past()
    before = medians(Application.objects.all(), STEPS)
    for entry in list(application.history.all()):
        at = entry.at + timedelta(hours=1)
        application.history.create(at=at, verb="assign", source=entry.target, target=entry.target)
    assert medians(Application.objects.all(), STEPS) == before


# --- For the Alliance ---


def test_chairs_see_exact_numbers_of_what_is_there_for_them():
    chair, tied = make_chair(), make_chair()
    make_past(kind="city", state="MN")
    shut = make_past(kind="county", state="", outcome=Status.REFERRED)
    workflow.declare(application=shut, user=tied, has_conflict=True)
    assert said(Figures(chair).tables) == {
        "Median time in each step": {
            "Submitted": "1 day",
            "Screening": "2 days",
            "In review": "10 days",
            "Decided, not yet released": "4 days",
        },
        "Where applications stand": {"Not yet": "1", "Referred": "1"},
        "By kind of government": {"City": "1", "County": "1"},
        "By state": {"Minnesota": "1", "Not said": "1"},
    }
    tables = said(Figures(tied).tables)
    assert [tables[name] for name in list(tables)[1:]] == [{"Not yet": "1"}, {"City": "1"}, {"Minnesota": "1"}]


def test_the_figures_are_for_chairs_and_admins(client):
    reviewer = make_reviewer()
    assign(make_past(), reviewer)
    for person, status in ((make_chair(), 200), (make_admin(), 200), (reviewer, 404)):
        sign_in(client, person)
        assert client.get("/review/figures/").status_code == status


@pytest.mark.parametrize("rows", [0, 1, 30])
def test_the_page_of_the_figures_is_valid_small_and_asks_three_questions_beside_who_asks(rows, client, validate_html):
    states = ["MN", "WI", "IA", "WA", "OR", "CA"]
    for number in range(rows):
        make_past(outcome=OUTCOMES[number % 3], state=states[number % 6])
    sign_in(client, make_chair())
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/review/figures/").content.decode()
    assert len(asked) == 2 + 3
    html5lib.HTMLParser(strict=True).parse(page)
    validate_html([("figures", page)])


# --- For the public ---


def test_below_five_decisions_the_public_reads_nothing(client):
    for _number in range(4):
        make_past()
    assert counted_anew().tables == []
    assert "How applications fared" not in client.get("/pathway/").content.decode()


def test_the_public_reads_full_fives_of_every_outcome_and_kind_and_never_a_smaller_number(client):
    for outcome, kind, state, number in (
        (Status.ACCEPTED, "city", "MN", 7),
        (Status.NOT_YET, "county", "WI", 4),
        (Status.NOT_YET, "city", "WI", 1),
    ):
        for _number in range(number):
            make_past(outcome=outcome, kind=kind, state=state)
    few = "fewer than 5"
    kinds = {label: few for _kind, label in Jurisdiction.Kind.choices} | {"City": "5 or more"}
    assert said(counted_anew().tables) == {
        "Our answers": {"Accepted": "5 or more", "Not yet": "5 or more", "Referred": few},
        "Median time in each step": {"Screening": "3 days", "Review, up to our answer": "14 days"},
        "By kind of government": kinds,
        "States with five or more": {"Minnesota": "5 or more", "Wisconsin": "5 or more"},
    }
    page = client.get("/pathway/").content.decode()
    numbers = re.findall(r">(\d+) or more<", page)
    assert {int(number) % 5 for number in numbers} == {0}
    assert "of 10 decisions or more" in page


def test_what_was_hidden_cannot_be_found_by_subtraction():
    """Two worlds that differ in one small cell, and the same two a decision later, read the same."""

    def read():
        return said(counted_anew().tables) | {"number": PublicFigures().number}

    for kind, number in (("city", 11), ("county", 6)):
        for _number in range(number):
            make_past(kind=kind)
    before = read()
    make_past(kind="state", state="AK")
    assert read() == before
    make_past(kind="state", state="AK", outcome=Status.REFERRED)
    assert read() == before
    assert Counter(Application.objects.values_list("kind", flat=True))["state"] == 2


def test_the_public_reads_nothing_of_the_present_quarter_nor_of_what_is_under_way_or_held():
    for _number in range(5):
        make_past()
    before = counted_anew().numbers
    for _number in range(5):
        make_past(end=timezone.now(), kind="county")
        make_past(path=PATH[:3], days=(1, 2, 3), outcome=Status.IN_REVIEW, kind="county")
        Application.objects.create(
            reference=f"A-x{_number}", status=Status.DECIDED, came_from=Status.IN_REVIEW, kind="county",
            submitted_at=quarter_start() - timedelta(days=30), since=quarter_start() - timedelta(days=20),
        )  # fmt: skip
    assert counted_anew().numbers == before


def test_a_quarter_is_counted_once_by_what_runs_every_hour_and_the_next_one_anew(client, monkeypatch):
    def read():
        return client.get("/pathway/").content.decode()

    for _number in range(5):
        make_past()
    assert "How applications fared" not in read()
    for tidy in TIDY * 2:
        tidy()
    first = read()
    assert "How applications fared" in first
    for _number in range(5):
        make_past(outcome=Status.ACCEPTED, kind="county")
    count_quarter()
    assert read() == first
    monkeypatch.setattr(figures, "quarter_start", lambda: quarter_start() + timedelta(days=100))
    count_quarter()
    assert PublicFigures().numbers["outcomes"] == {Status.NOT_YET: 5, Status.ACCEPTED: 5}
    assert read() != first
    assert QuarterFigures.objects.count() == 2


def test_nothing_exact_is_kept_for_the_public():
    for kind, number in (("city", 6), ("county", 4), ("town", 13)):
        for place in range(number):
            make_past((1.2, 2, 3 + place, 4), kind=kind)
    days = list(Application.objects.days_to_outcome(quarter_start()))
    assert counted_anew().numbers == {
        "usual": statistics.median_high(days),
        "answered": 20,
        "decided": 20,
        "outcomes": {Status.NOT_YET: 20},
        "steps": {"screening": 3, "review": 10},
        "kinds": {"city": 5, "town": 10},
        "states": {"MN": 20},
    }


def test_the_public_page_stays_valid_and_within_its_budget_and_asks_a_fixed_number_of_questions(client, validate_html):
    states = ["MN", "WI", "IA", "WA", "OR", "CA", "TX", "NY", "MA", "FL", "GA", "OH"]
    asked_of = {}
    for rows in (10, 60):
        for number in range(rows):
            make_past(outcome=OUTCOMES[number % 3], state=states[number % 12])
        counted_anew()
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/pathway/").content.decode()
        asked_of[rows] = len(asked)
    assert asked_of == {10: 2, 60: 2}
    html5lib.HTMLParser(strict=True).parse(page)
    validate_html([("pathway", page)])
    (stylesheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    assert len(served_bytes(client, "/pathway/", "gzip")) + len(served_bytes(client, stylesheet, "br")) <= BUDGET
