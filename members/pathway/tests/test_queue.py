"""The queue: whoever looks meets what is there for them, what needs them comes first, and any view can be linked."""

import gzip
import re
from datetime import date, timedelta

import html5lib
import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alliance.core.tests.factories import make_admin, make_curator, make_user, sign_in
from alliance.tests.test_pages import BUDGET, served_bytes
from cohorts.tests.factories import make_jurisdiction, make_place
from members.pathway import workflow
from members.pathway.models import HistoryEntry, KeptView, ReviewPolicy
from members.pathway.queue import FLAGS, Queue, last_day_over
from members.pathway.states import Status
from members.pathway.team import Role
from members.pathway.timeline import working_days_after

from .factories import (
    assign,
    have_no_conflict,
    make_application_in,
    make_chair,
    make_decision,
    make_review,
    make_reviewer,
    user_of,
)

pytestmark = pytest.mark.django_db

PERSON = 2  # questions to find out who asks: session, and account with groups and second step


def make(status=Status.SUBMITTED, days=0, government_name="City of Example", state="", kind="", **fields):
    """An application that has stood where it stands for this many days."""
    # By the calendar: a day of the year has 23 hours, another 25.
    since = timezone.localtime().replace(hour=12) - timedelta(days=days) if days else timezone.now()
    application = make_application_in(status, **{"since": since} | fields)
    application.government_name, application.state, application.kind = government_name, state, kind
    application.save()
    return application


def look(user, query=""):
    return Queue(user, QueryDict(query))


def listed(user, query=""):
    return [row.application for row in look(user, query).rows]


def flagged(user, *, but=("overdue",)):
    """{flag: the applications that have it} as the queue of somebody counts and finds them."""
    found = {}
    for facet, choices in look(user).choices:
        if facet.param == "flag":
            found |= {choice.value: choice.number for choice in choices}
    there = {name: set(listed(user, f"flag={name}")) for name in look(user).flags}
    assert found == {name: len(rows) for name, rows in there.items() if rows}
    return {name: rows for name, rows in there.items() if rows and name not in but}


def needs(user):
    return {need.url.removeprefix("?flag="): need.number for need in look(user).needs}


# --- Who meets what ---


def test_a_chair_meets_whatever_was_handed_in_and_a_reviewer_what_they_read():
    one, two = make(), make(Status.IN_REVIEW)
    make(Status.DRAFT)
    reviewer, chair, admin = make_reviewer(), make_chair(), make_admin()
    assign(two, reviewer)
    assert set(listed(chair)) == set(listed(admin)) == {one, two}
    assert listed(reviewer) == [two]


def test_what_somebody_has_a_conflict_with_is_in_no_row_count_search_or_need():
    home = make_jurisdiction()
    shut = make(days=50, jurisdiction=home, government_name="City of Shut", state="MN", kind="city")
    shut.messages.create(author=user_of(shut, Role.LEAD), is_from_team=True, text="When?")
    free = make(government_name="City of Free", state="WI", kind="county")
    chair, declared, reviewer = make_chair(), make_chair(), make_reviewer()
    home.memberships.create(user=chair)
    workflow.declare(application=shut, user=declared, has_conflict=True)
    assign(shut, reviewer)
    home.memberships.create(user=reviewer)
    for user, expected in ((chair, [free]), (declared, [free]), (reviewer, [])):
        queue = look(user)
        assert [row.application for row in queue.rows] == expected
        assert queue.total == len(expected)
        assert needs(user) == ({"screen": 1} if expected else {})
        for query in ("q=shut", f"q={shut.reference}", "state=MN", "kind=city", "flag=overdue", "flag=answer"):
            assert listed(user, query) == [], query
        for facet, choices in queue.choices:
            assert sum(choice.number for choice in choices) <= len(expected), facet.param


def test_a_second_application_is_no_hint_for_whoever_may_not_know_of_it():
    place = make_place()
    one, other = make(place=place), make(place=place)
    chair, tied = make_chair(), make_chair()
    assert flagged(chair)["several"] == {one, other}
    workflow.declare(application=other, user=tied, has_conflict=True)
    assert "several" not in flagged(tied)


@pytest.mark.parametrize("make_person", [make_user, make_curator])
def test_who_has_no_part_in_the_review_finds_no_queue(make_person, client):
    sign_in(client, make_person())
    kept = KeptView.objects.create(owner=make_chair(), name="Mine", query="")
    answers = [client.get("/no-such-page/"), client.get("/review/"), client.post("/review/")]
    answers.append(client.post(f"/review/views/{kept.pk}/forget/"))
    assert [answer.status_code for answer in answers] == [404] * 4
    assert len({answer.content.replace(answer.request["PATH_INFO"].encode(), b"") for answer in answers}) == 1


# --- What needs somebody ---


@pytest.fixture
def work():
    """One application for each thing to do, by its flag, and a reviewer who reads some of them."""
    reviewer, second, chair = make_reviewer(), make_reviewer(), make_chair()
    stands = dict.fromkeys(("declare", "score", "differ", "decide", "answer", "reviewers"), Status.IN_REVIEW)
    stands |= {"screen": Status.SUBMITTED, "confirm": Status.DECIDED, "release": Status.DECIDED}
    made = {name: make(status, government_name=f"City of {name}") for name, status in stands.items()}
    for name, one in made.items():
        if name not in ("screen", "reviewers", "confirm", "release"):
            assign(one, second)
            one.assignments.create(reviewer=reviewer, assigned_by=chair)
    have_no_conflict(made["score"], reviewer)
    have_no_conflict(made["answer"], reviewer)
    have_no_conflict(made["differ"], reviewer)
    have_no_conflict(made["decide"], reviewer)
    make_review(made["answer"], reviewer)
    make_review(made["decide"], reviewer)
    make_review(made["decide"], second, level=3)
    make_review(made["differ"], reviewer, level=1)
    make_review(made["differ"], second, level=3)
    made["answer"].messages.create(author=user_of(made["answer"], Role.LEAD), is_from_team=True, text="When?")
    make_decision(made["confirm"], make_chair())
    make_decision(made["release"], make_chair(), chair)
    return made, reviewer, chair


def test_a_chair_is_told_what_to_screen_assign_settle_decide_confirm_release_and_answer(work):
    made, _reviewer, chair = work
    assert flagged(chair) == {
        "screen": {made["screen"]},
        "reviewers": {made["reviewers"]},
        "differ": {made["differ"]},
        "decide": {made["differ"], made["decide"]},
        "confirm": {made["confirm"]},
        "release": {made["release"]},
        "answer": {made["answer"]},
    }
    assert needs(chair) == {name: len(rows) for name, rows in flagged(chair).items()}


def test_a_reviewer_is_told_what_to_declare_score_and_answer_and_nothing_that_is_for_chairs(work):
    made, reviewer, _chair = work
    assert flagged(reviewer) == {
        "declare": {made["declare"]},
        "score": {made["score"]},
        "answer": {made["answer"]},
    }
    assert needs(reviewer) == {"declare": 1, "score": 1, "answer": 1}
    assert listed(reviewer, "flag=differ") == listed(reviewer)
    assert look(reviewer, "flag=differ").notes == ["Needs: we don't know “differ”, so we left it out."]


def test_who_proposed_a_decision_is_not_asked_to_confirm_it(work):
    made, _reviewer, _chair = work
    proposer = made["confirm"].decisions.get().proposed_by
    assert "confirm" not in flagged(proposer)


def test_a_message_waits_until_somebody_of_the_alliance_wrote_after_it(work):
    made, _reviewer, chair = work
    made["answer"].messages.create(author=chair, is_from_team=False, text="Soon.")
    assert "answer" not in flagged(chair)


def test_of_each_need_those_are_shown_that_wait_longest():
    one, two, three, _four = (make(days=days) for days in (30, 20, 10, 5))
    (screen,) = (need for need in look(make_chair()).needs if need.url == "?flag=screen")
    assert (screen.number, screen.first) == (
        4,
        [(one.pk, one.reference, "City of Example", days) for one, days in ((one, 30), (two, 20), (three, 10))],
    )


# --- Overdue ---


@pytest.mark.parametrize("number", [1, 5, 20, 60])
def test_the_last_day_over_is_the_latest_after_which_the_working_days_are_over(number):
    for today in (date(2026, 11, 16) + timedelta(days=day) for day in range(14)):
        day = last_day_over(today, number)
        assert working_days_after(day, number) < today <= working_days_after(day + timedelta(days=1), number)


@pytest.mark.parametrize(
    ("status", "came_from", "target"),
    [
        (Status.SUBMITTED, "", "screening_days"),
        (Status.SCREENING, "", "screening_days"),
        (Status.IN_REVIEW, "", "review_days"),
        (Status.DECIDED, Status.IN_REVIEW, "review_days"),
        (Status.DECIDED, Status.SCREENING, "screening_days"),
        (Status.CHANGES_REQUESTED, Status.IN_REVIEW, None),
        (Status.NOT_YET, "", None),
        (Status.WITHDRAWN, "", None),
    ],
)
def test_a_step_is_overdue_once_its_day_is_over_and_not_before(status, came_from, target):
    chair, policy = make_chair(), ReviewPolicy.objects.create(pk=1, screening_days=3, review_days=7)
    fields = {"submitted_at": timezone.now(), "reference": "A-1"} if status == Status.WITHDRAWN else {}
    one = make(status, came_from=came_from, **fields)
    for days in range(16):
        one.since = timezone.now() - timedelta(days=days)
        one.save()
        (row,) = look(chair).rows
        due = working_days_after(timezone.localdate(one.since), getattr(policy, target)) if target else None
        assert (row.due, row.is_overdue) == (due, bool(due and due < timezone.localdate())), days
        assert listed(chair, "flag=overdue") == ([one] if row.is_overdue else [])


def test_the_time_of_a_step_runs_on_where_its_team_is_told_of_no_step():
    application = make(Status.SUBMITTED, 9)
    chair, other = make_chair(application), make_chair(application)
    assign(application, chair, other)
    began = application.since

    def since():
        application.refresh_from_db()
        return application.since

    workflow.begin_screening(application=application, actor=chair)
    assert since() == began
    workflow.tick(application=application, actor=chair, points=["government", "answers", "files", "sponsor", "others"])
    workflow.begin_review(application=application, actor=chair)
    begun = since()
    assert begun > began
    for person in (chair, other):
        make_review(application, person)
    workflow.propose(application=application, actor=chair, outcome="referred", letter="Ask.", referred_to="County")
    workflow.confirm(application=application, actor=other)
    assert since() == begun
    workflow.send_back(application=application, actor=chair)
    assert since() == begun
    workflow.request_changes(application=application, actor=chair, questions={"goal": "Which?"})
    assert since() > begun
    last = HistoryEntry.objects.filter(application=application).latest("at", "pk")
    assert abs(last.at - since()) < timedelta(seconds=1)


# --- Filters, order, pages ---


def test_every_filter_narrows_alone_and_with_the_others():
    reader = make_reviewer()
    one = make(Status.IN_REVIEW, 40, state="MN", kind="city")
    two = make(Status.SUBMITTED, 2, state="WI", kind="county", government_name="County of Sample")
    assign(one, reader)
    chair = make_chair()
    for query, expected in {
        "status=in_review": [one],
        "state=WI": [two],
        "kind=city": [one],
        "age=quarter": [one],
        "age=week": [two],
        f"assignee={reader.pk}": [one],
        "flag=screen": [two],
        "q=sampl": [two],
        f"q={one.reference.lower()}": [one],
        f"status=in_review&state=MN&kind=city&age=quarter&assignee={reader.pk}": [one],
        "status=in_review&state=WI": [],
    }.items():
        assert listed(chair, query) == expected, query
        assert look(chair, query).total == len(expected)


@pytest.mark.parametrize("value", ["abc", "99999999999999999999", "-1", "1%00", "%F3"])
def test_a_reviewer_who_is_no_number_is_left_out(value, client):
    make()
    sign_in(client, make_chair())
    assert client.get(f"/review/?assignee={value}").status_code == 200


def test_the_longest_wait_comes_first_and_what_is_over_last():
    over, new, old = make(Status.NOT_YET, 400), make(days=1), make(days=30)
    assert listed(make_chair()) == [old, new, over]


def test_the_orders():
    chair = make_chair()
    one = make(days=3, government_name="Ames", state="IA", submitted_at=timezone.now() - timedelta(days=9))
    two = make(days=5, government_name="Zion", state="AL", submitted_at=timezone.now() - timedelta(days=7))
    orders = {name: listed(chair, f"sort={name}") for name in Queue.orders}
    assert orders == {"waiting": [two, one], "newest": [two, one], "oldest": [one, two], "name": [one, two],
                      "state": [two, one]}  # fmt: skip


# --- Views that people keep ---


def test_a_view_is_kept_under_a_name_for_the_person_and_opens_for_others_with_what_they_may_see(client):
    chair, reviewer = make_chair(), make_reviewer()
    make(state="MN", days=20)
    sign_in(client, chair)
    answer = client.post("/review/?state=MN&flag=overdue&sort=name&page=1&utm=x", {"name": "  Late in \x07 Minnesota "})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/review/?flag=overdue&state=MN&sort=name")
    kept = KeptView.objects.get()
    assert (kept.owner, kept.name, kept.query) == (chair, "Late in Minnesota", "flag=overdue&state=MN&sort=name")
    page = client.get("/review/").content.decode()
    assert 'href="/review/?flag=overdue&amp;state=MN&amp;sort=name#all">Late in Minnesota</a>' in page
    sign_in(client, reviewer)
    page = client.get(f"/review/?{kept.query}").content.decode()
    assert "Late in Minnesota" not in page
    assert listed(reviewer, kept.query) == []


def test_keeping_a_view_again_under_its_name_replaces_it_and_forgetting_it_twice_is_refused(client):
    chair = make_chair()
    sign_in(client, chair)
    for query in ("?state=MN", "?state=WI", "?state=WI"):
        client.post(f"/review/{query}", {"name": "Mine"})
    kept = KeptView.objects.get()
    assert kept.query == "state=WI"
    forget = f"/review/views/{kept.pk}/forget/"
    assert [client.post(forget).status_code, client.post(forget).status_code] == [303, 404]
    assert client.get(forget).status_code == 405
    assert KeptView.objects.count() == 0


def test_nobody_forgets_the_view_of_somebody_else(client):
    kept = KeptView.objects.create(owner=make_chair(), name="Mine", query="")
    sign_in(client, make_chair())
    assert client.post(f"/review/views/{kept.pk}/forget/").status_code == 404
    assert KeptView.objects.count() == 1


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "\x01"])
def test_a_view_without_a_name_is_not_kept_and_the_page_says_why(name, client):
    sign_in(client, make_chair())
    answer = client.post("/review/?state=MN", {"name": name})
    assert answer.status_code == 400
    assert 'href="#id_name"' in answer.content.decode()
    assert KeptView.objects.count() == 0


# --- The page ---


@pytest.mark.parametrize("rows", [1, 30])
def test_the_queue_asks_four_questions_beside_who_asks(rows, client):
    chair = make_chair()
    for number in range(rows):
        one = make(Status.IN_REVIEW, number, state="MN", kind="city")
        assign(one, make_reviewer())
        KeptView.objects.create(owner=chair, name=f"View {number}", query="state=MN")
    sign_in(client, chair)
    for query in ("", "?q=exam", "?state=MN&kind=city&flag=overdue&status=in_review&sort=name" if rows > 20 else ""):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/review/{query}").status_code == 200
        assert len(asked) == PERSON + 4, [one["sql"][:200] for one in asked]


def test_a_full_page_of_the_queue_stays_within_the_budget_and_is_valid(client, validate_html):
    chair, readers = make_chair(), [make_reviewer(name=f"Reader {number} of the Alliance") for number in range(6)]
    states = ["MN", "WI", "IA", "WA", "OR", "CA", "TX", "NY", "MA", "FL", "GA", "OH"]
    for number in range(35):
        one = make(
            (Status.SUBMITTED, Status.IN_REVIEW, Status.SCREENING, Status.ACCEPTED)[number % 4],
            number * 4,
            government_name=f"City of {number} Oaks and Elms",
            state=states[number % 12],
            kind=("city", "county", "state")[number % 3],
        )
        assign(one, readers[number % 6], readers[(number + 1) % 6])
    sign_in(client, chair)
    answer = client.get("/review/", headers={"accept-encoding": "br"})
    page = client.get("/review/").content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    validate_html([("queue", page)])
    (stylesheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    assert len(gzip.compress(page.encode())) + len(served_bytes(client, stylesheet, "br")) <= BUDGET
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert client.get("/review/?page=2").status_code == 200
    assert client.get("/review/?page=3").status_code == 404


def test_whoever_reviews_is_led_there_from_their_account(client):
    for person, is_led in (
        (make_reviewer(), True),
        (make_chair(), True),
        (make_admin(), True),
        (make_curator(), False),
    ):
        sign_in(client, person)
        assert ('href="/review/"' in client.get("/account/").content.decode()) == is_led


def test_every_flag_says_what_it_is():
    assert all(str(flag.label) for flag in FLAGS.values())
