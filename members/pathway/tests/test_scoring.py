"""To score an application: what is kept, what stays hidden from whom, and where reviewers are far apart."""

import gzip
import re
import uuid

import html5lib
import pytest
from django.test import Client
from django.urls import reverse

from alliance.core.tests.factories import make_user, sign_in
from alliance.core.vocabulary import Domain
from alliance.tests.test_pages import BUDGET, served_bytes
from alliance.tests.test_queries import queries_of
from members.pathway.models import Declaration, Review
from members.pathway.questions import BY_ID, SECTION_OF
from members.pathway.rubric import LATEST, RUBRICS
from members.pathway.scoring import SPEAKS_OF, Comparison, said_of
from members.pathway.states import Status
from members.pathway.tests.factories import (
    assign,
    complete_answers,
    make_application_in,
    make_chair,
    make_review,
    make_reviewer,
)

pytestmark = pytest.mark.django_db

JSON = {"accept": "application/json"}


@pytest.fixture
def application():
    return make_application_in(Status.IN_REVIEW, government_name="Le Roy", state="MN")


@pytest.fixture
def reviewer(application):
    person = make_reviewer(name="Ada Reed")
    assign(application, person)
    return person


@pytest.fixture
def client(reviewer):
    return client_of(reviewer)


def client_of(user):
    client = Client()
    sign_in(client, user)
    return client


def page_of(application, name="review_score"):
    return reverse(name, args=[application.pk])


def everything(level=2, version=0, **more):
    """A form with a level and a reason for each domain."""
    scores = {f"{domain}_level": level for domain in Domain} | {
        f"{domain}_rationale": "It says so." for domain in Domain
    }
    return scores | {"summary": "Ready.", "version": version} | more


def hand_in_snapshot(application, **answers):
    """What the team has handed in."""
    number = application.snapshots.count() + 1
    snapshot = application.snapshots.create(number=number, taken_by=application.team.first().user)
    whole = {name: answer for some in complete_answers().values() for name, answer in some.items()}
    for question, answer in (whole | answers).items():
        snapshot.answers.create(question=question, answer=answer)
    return snapshot


# --- what stands beside it ---


def test_each_domain_has_answers_beside_it_and_none_that_names_a_person_or_is_asked_twice():
    names = [name for domain in Domain for name in SPEAKS_OF[domain]]
    assert (len(names), sorted(set(names) - BY_ID.keys())) == (len(set(names)), [])
    left = {SECTION_OF[name].id for name in BY_ID if name not in names}
    assert left == {"eligibility", "identity", "contacts", "consent"}
    assert {name for name in BY_ID if SECTION_OF[name].id in ("eligibility", "identity") and name not in names} == {
        "whole", "department", "name", "kind", "state", "geoid", "population", "website",
    }  # fmt: skip


def test_reviewers_read_what_was_handed_in_last_and_not_what_the_team_is_writing(application):
    hand_in_snapshot(application, goal="Before")
    hand_in_snapshot(application, goal="After", obstacles="")
    section = application.sections.get(section="goals")
    section.answers["goal"] = "Half typed"
    section.save()
    said = {question.id: words for question, words in said_of(application)[Domain.PLANNING]}
    assert said == {
        "action_plan": "Yes",
        "goal": "After",
        "goal_measure": "Some words,\nin two lines.",
    }


def test_the_page_shows_the_words_of_every_level(client, application):
    page = client.get(page_of(application)).content.decode()
    text = "".join(html5lib.parse(page, namespaceHTMLElements=False).itertext())
    for question in RUBRICS[LATEST].questions.values():
        for words in question.levels:
            assert words in text


# --- what is kept ---


def test_a_draft_is_kept_as_far_as_it_goes_and_shown_again(client, application):
    answer = client.post(
        page_of(application),
        {"version": 0, "data_level": 3, "data_evidence": ["policy", "external"], "summary": "So far"},
    )
    assert (answer.status_code, answer.url) == (303, page_of(application))
    review = Review.objects.get()
    assert (review.in_data, review.summary, review.version, review.submitted_at) == (
        {"data": {"level": 3, "rationale": "", "evidence": ["policy", "external"]}},
        "So far",
        1,
        None,
    )
    form = client.get(page_of(application)).context["form"]
    assert (form["data_level"].value(), form["data_evidence"].value(), form["version"].value()) == (
        3, ["policy", "external"], 1,
    )  # fmt: skip


def test_a_script_is_told_when_it_was_saved_and_where_to_go_on(client, application):
    said = client.post(page_of(application), {"version": 0, "data_level": 3}, headers=JSON).json()
    assert (said["version"], said["next"], "Central time" in said["saved_at"]) == (1, page_of(application), True)
    done = client.post(page_of(application), everything(version=1, hand_in="1"), headers=JSON).json()
    assert done["next"] == page_of(application, "review_scores")


def test_the_same_twice_changes_nothing_and_another_window_is_shown_beside(client, application):
    for _time in range(2):
        assert client.post(page_of(application), {"version": 0, "data_rationale": "First"}).status_code == 303
    assert Review.objects.get().version == 1
    other = {"version": 0, "data_rationale": "Second", "tools_level": 1}
    assert client.post(page_of(application), other, headers=JSON).json() == {
        "reasons": ["You saved this review in another window. Press “Save” to see both versions."]
    }
    answer = client.post(page_of(application), other)
    rows = {row.question.domain: row for row in answer.context["rows"]}
    assert answer.status_code == 409
    assert (rows["data"].rationale.value(), rows["data"].other["rationale"]) == ("Second", "First")
    assert (rows["tools"].level.value(), rows["tools"].other["level"]) == ("1", "")
    assert [domain for domain, row in rows.items() if row.other] == ["data", "tools"]
    assert '<input type="hidden" name="version" value="1">' in answer.content.decode()
    client.post(page_of(application), other | {"version": 1})
    assert Review.objects.get().in_data["data"]["rationale"] == "Second"


@pytest.mark.parametrize(
    "wrong",
    [
        {"data_level": "5"},
        {"data_level": "-1"},
        {"data_level": "x"},
        {"data_rationale": "a" * 4001},
        {"summary": "a" * 4001},
        {"data_evidence": ["hearsay"]},
        {"version": "x"},
        {"version": ""},
        {"summary": "a\0b"},
    ],
)
def test_what_will_not_do_is_shown_again_whole_and_nothing_is_saved(wrong, client, application):
    typed = {"version": 0, "tools_rationale": "Long thought over"} | wrong
    answer = client.post(page_of(application), typed)
    assert (answer.status_code, Review.objects.count()) == (400, 0)
    page = answer.content.decode()
    assert "Long thought over" in page
    assert all(value in page for value in wrong.values() if len(value) > 100)
    assert client.post(page_of(application), typed, headers=JSON).status_code == 400


def test_lines_end_as_in_any_text(client, application):
    client.post(page_of(application), {"version": 0, "summary": "A point\r\nand more"})
    assert Review.objects.get().summary == "A point\nand more"


def test_words_of_whoever_signed_in_before_are_not_kept_under_ones_own_name(client, application):
    typed = {"version": 0, "summary": "Hers", "writer": make_user().pk}
    answer = client.post(page_of(application), typed)
    assert (answer.status_code, Review.objects.count(), "Hers" in answer.content.decode()) == (403, 0, True)
    assert client.post(page_of(application), typed, headers=JSON).status_code == 403


def test_what_is_sent_after_the_session_ended_waits_and_is_shown_after_signing_in(client, application, reviewer):
    client.logout()
    answer = client.post(page_of(application), {"version": 0, "data_rationale": "On the way", "writer": reviewer.pk})
    assert answer.status_code == 302
    session = client.session
    waiting = dict(session.items())
    sign_in(client, reviewer)
    session = client.session
    session.update({name: value for name, value in waiting.items() if not name.startswith("_")})
    session.save()
    answer = client.get(page_of(application))
    assert answer.context["form"]["data_rationale"].value() == "On the way"
    assert Review.objects.count() == 0


# --- handing in, thinking again ---


def test_to_hand_in_takes_a_level_and_a_reason_everywhere_and_what_is_there_is_kept(client, application):
    answer = client.post(page_of(application), everything(data_level="", tools_rationale=" ", hand_in="1"))
    assert answer.status_code == 400
    assert answer.context["form"].errors == {
        "data_level": ["Data: choose a level."],
        "tools_rationale": ["Tools in decisions: say why."],
    }
    review = Review.objects.get()
    assert (review.submitted_at, review.version, len(review.in_data)) == (None, 1, 8)
    assert '<input type="hidden" name="version" value="1">' in answer.content.decode()
    answer = client.post(page_of(application), everything(version=1, hand_in="1"))
    assert (answer.status_code, answer.url) == (303, page_of(application, "review_scores"))
    review.refresh_from_db()
    assert review.submitted_at is not None
    assert client.post(page_of(application), everything(version=1, hand_in="1")).status_code == 303


def test_what_is_handed_in_stands_there_to_read_and_other_words_for_it_are_shown_to_be_copied(client, application):
    client.post(page_of(application), everything(hand_in="1"))
    page = client.get(page_of(application)).content.decode()
    assert ("<textarea" in page, page.count("It says so.")) == (False, 8)
    answer = client.post(page_of(application), everything(version=1, summary="After all not"))
    assert (answer.status_code, "After all not" in answer.content.decode()) == (409, True)
    assert Review.objects.get().summary == "Ready."


@pytest.mark.parametrize("wrong", [{"data_level": "x"}, {"data_rationale": "a" * 4001}, {"writer": "0"}])
def test_also_what_will_not_do_is_shown_to_be_copied_where_the_review_is_handed_in(wrong, client, application):
    client.post(page_of(application), everything(hand_in="1"))
    answer = client.post(page_of(application), everything(version=1, summary="Long thought over") | wrong)
    assert (answer.status_code, "Long thought over" in answer.content.decode()) == (409, True)
    assert Review.objects.get().in_data["data"]["level"] == 2


def test_to_think_again_begins_from_what_was_handed_in_which_stays_on_record(client, application):
    client.post(page_of(application), everything(hand_in="1"))
    for _click in range(2):
        assert client.post(page_of(application), {"again": "1"}).url == page_of(application)
    first, second = Review.objects.order_by("pk")
    assert (first.submitted_at is None, first.replaced_at is None) == (False, False)
    assert (second.in_data, second.submitted_at) == (first.in_data, None)
    client.post(page_of(application), everything(level=4, version=second.version, hand_in="1"))
    assert {one.level for _l, review in Comparison(application).reviews for one in review.scores.all()} == {4}


@pytest.mark.parametrize("status", [Status.SCREENING, Status.DECIDED, Status.ACCEPTED, Status.WITHDRAWN])
def test_where_it_can_not_be_scored_the_words_are_shown_to_be_copied(status, reviewer):
    application = make_application_in(status)
    if status == Status.WITHDRAWN:
        type(application).objects.filter(pk=application.pk).update(submitted_at=application.created_at)
    assign(application, reviewer)
    client = client_of(reviewer)
    page = client.get(page_of(application))
    assert (page.status_code, "<textarea" in page.content.decode()) == (200, False)
    answer = client.post(page_of(application), everything(summary="Too late"))
    assert (answer.status_code, "Too late" in answer.content.decode()) == (409, True)
    assert client.post(page_of(application), everything(), headers=JSON).status_code == 409
    assert Review.objects.count() == 0


# --- what stays hidden ---


def test_nobody_scores_but_who_is_assigned(application):
    chair, nobody = make_chair(application), uuid.uuid4()
    answers = [client_of(one).get(page_of(application)) for one in (chair, make_reviewer(), make_user())]
    missing = client_of(chair).get(reverse("review_score", args=[nobody])).content.replace(str(nobody).encode(), b"")
    assert [(one.status_code, one.content.replace(str(application.pk).encode(), b"")) for one in answers] == [
        (404, missing)
    ] * 3


def test_others_reviews_are_hidden_until_ones_own_is_in_and_stay_open_while_one_thinks_again(client, application):
    make_review(application, make_reviewer(name="Zora Quill"), levels={"data": 4}, summary="Secret view")
    address = page_of(application, "review_scores")

    def shown():
        page = client.get(address)
        return page.status_code, [
            word in page.content.decode() for word in ("Zora Quill", "Secret view", "It says so.")
        ]

    assert shown() == (200, [False] * 3)
    client.post(page_of(application), everything())
    assert shown() == (200, [False] * 3)
    client.post(page_of(application), everything(version=1, hand_in="1"))
    assert shown() == (200, [True] * 3)
    client.post(page_of(application), {"again": "1"})
    assert shown() == (200, [True] * 3)


def test_a_chair_reads_all_unless_it_is_theirs_to_review(application):
    make_review(application, make_reviewer(), summary="Secret view")
    chair = make_chair(application)
    address = page_of(application, "review_scores")
    assert "Secret view" in client_of(chair).get(address).content.decode()
    assign(application, chair)
    assert "Secret view" not in client_of(chair).get(address).content.decode()


def test_the_review_of_somebody_who_declared_a_conflict_later_counts_no_more(application):
    theirs, other = make_review(application, level=4), make_review(application, level=1)
    Declaration.objects.filter(by=theirs.reviewer).update(has_conflict=True)
    assert [review for _letter, review in Comparison(application).reviews] == [other]
    assert list(application.reviews.handed_in()) == [other]


# --- how they compare ---


def test_two_levels_apart_are_pointed_out_and_one_is_not(application):
    make_review(application, level=2, levels={"data": 0, "tools": 1})
    make_review(application, level=2, levels={"data": 2, "tools": 2})
    comparison = Comparison(application)
    assert [row.question.domain for row in comparison.far_apart] == ["data"]
    (row,) = comparison.far_apart
    assert (row.lowest, row.highest, row.span, [one.x for one in row.opinions]) == (0, 2, (20, 176), [20, 196])


def test_marks_at_one_level_stand_beside_each_other(application):
    for _number in range(3):
        make_review(application, level=1)
    assert {tuple(one.x for one in row.opinions) for row in Comparison(application).rows} == {(108, 130, 152)}


@pytest.mark.parametrize("reviews", [1, 30])
def test_the_pages_ask_the_database_as_often_for_one_review_as_for_thirty(reviews, client, application, reviewer):
    make_review(application, reviewer)
    for _number in range(reviews - 1):
        make_review(application)
    hand_in_snapshot(application)
    counts = [queries_of(client, page_of(application, name)) for name in ("review_score", "review_scores")]
    assert counts == [7, 8]


def test_the_pages_are_valid_and_keep_to_the_budget(client, application, reviewer, validate_html):
    hand_in_snapshot(application)
    address = page_of(application)
    states = {"empty": client.get(address).content}
    states["refused"] = client.post(address, everything(data_level="", hand_in="1")).content
    states["draft"] = client.get(address).content
    states["other window"] = client.post(address, everything(level=4)).content
    client.post(address, everything(version=1, hand_in="1"))
    states["handed in"] = client.get(address).content
    make_review(application, levels={"data": 4})
    states["scores"] = client.get(page_of(application, "review_scores")).content
    pages = {name: page.decode() for name, page in states.items()}
    for page in pages.values():
        html5lib.HTMLParser(strict=True).parse(page)
    (stylesheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', pages["scores"])
    css = len(served_bytes(client, stylesheet, "br"))
    sizes = {name: len(gzip.compress(page)) + css for name, page in states.items()}
    assert {name: size for name, size in sizes.items() if size > BUDGET} == {}
    validate_html(list(pages.items()))
