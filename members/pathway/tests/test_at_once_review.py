"""Two of the Alliance, or one of it and a team, at the same moment: one wins, or both follow each other."""

import pytest

from alliance.core.models import OutgoingMail
from alliance.core.tests.threads import at_once
from bench.decisions import hold, propose_in_pairs, release_and_kill
from members.pathway import desk, workflow
from members.pathway.models import Application, Decision
from members.pathway.states import Status
from members.pathway.team import Role
from members.pathway.workflow import NotReady

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
from .test_at_once_applications import ROUNDS, kinds, refusal_in

pytestmark = pytest.mark.django_db(transaction=True)

REFERRED = {"outcome": "referred", "letter": "Dear team", "referred_to": "The county"}


@pytest.fixture
def chairs():
    return [make_chair(name=name) for name in ("Ada First", "Bo Second", "Cy Third")]


@pytest.fixture
def held(chairs):
    """Decided, not confirmed: proposed by the first."""
    application = make_application_in(Status.DECIDED)
    have_no_conflict(application, *chairs)
    make_decision(application, chairs[0], **REFERRED)
    return application


@pytest.fixture
def confirmed(held, chairs):
    workflow.confirm(application=held, actor=chairs[1])
    return held


def verbs(application):
    return list(application.history.values_list("verb", flat=True))


def status(application):
    return Application.objects.get(pk=application.pk).status


def test_of_two_who_propose_at_once_one_wins_and_the_other_reads_who_decided_what_and_when():
    """A few of the pairs of bench/decisions.py."""
    pairs = 12
    assert propose_in_pairs(pairs) == {
        "winners": pairs,
        "refusals that say who and when": pairs,
        "lines of history": pairs,
        "entries in the audit log": pairs,
    }


@pytest.mark.parametrize("round", ROUNDS)
def test_of_confirming_and_sending_back_one_wins_or_the_other_follows(round, held, chairs):
    decision = Decision.objects.get()
    results = at_once(
        lambda: workflow.confirm(application=held, actor=chairs[1], decision=decision),
        lambda: workflow.send_back(application=held, actor=chairs[2], decision=decision),
    )
    assert (kinds(results), verbs(held)) in (
        (["done", "done"], ["confirm", "send_back"]),
        (["NotPossible", "done"], ["send_back"]),
    )
    assert (status(held), Decision.objects.held().count()) == ("in_review", 0)


@pytest.mark.parametrize("round", ROUNDS)
def test_of_two_who_confirm_one_does(round, held, chairs):
    results = at_once(*[lambda chair=chair: workflow.confirm(application=held, actor=chair) for chair in chairs[1:]])
    assert kinds(results) == ["NotReady", "done"]
    winner = Decision.objects.get().confirmed_by
    assert str(refusal_in(results)) == f"{winner} has confirmed this decision already."
    assert verbs(held) == ["confirm"]


@pytest.mark.parametrize("round", ROUNDS)
def test_what_is_withdrawn_is_not_released_and_what_is_released_is_not_withdrawn(round, confirmed, chairs):
    lead = user_of(confirmed, Role.LEAD)
    results = at_once(
        lambda: workflow.release(application=confirmed, actor=chairs[2]),
        lambda: workflow.withdraw(application=confirmed, user=lead, reason="Later"),
    )
    assert kinds(results) == ["NotPossible", "done"]
    told = set(OutgoingMail.objects.filter(kind__in=["decision_released", "application_withdrawn"]).values_list("kind"))
    decision = Decision.objects.get()
    ends = status(confirmed), verbs(confirmed)[1:], told, bool(decision.released_at), bool(decision.ended_at)
    assert ends in (
        ("referred", ["release"], {("decision_released",)}, True, False),
        ("withdrawn", ["withdraw"], {("application_withdrawn",)}, False, True),
    )


@pytest.mark.parametrize("round", ROUNDS)
def test_of_releasing_twice_one_does_and_each_of_the_team_has_one_mail(round, confirmed, chairs):
    decision = Decision.objects.get()
    ways = [
        lambda chair=chair: workflow.release(application=confirmed, actor=chair, decision=decision) for chair in chairs
    ]
    results = at_once(*ways)
    assert kinds(results) == ["done"] * 3  # the others find it done
    mails = OutgoingMail.objects.filter(kind="decision_released").values_list("to", flat=True)
    assert (verbs(confirmed), sorted(mails)) == (
        ["confirm", "release"],
        sorted(member.user.email for member in confirmed.team.current()),
    )


@pytest.mark.parametrize("round", ROUNDS)
def test_whoever_declares_a_conflict_while_they_are_assigned_reads_nothing(round, chairs):
    application, chair = make_application_in(Status.SCREENING), chairs[1]
    have_no_conflict(application, *chairs)
    results = at_once(
        lambda: workflow.assign(application=application, actor=chairs[0], reviewers=[chair]),
        lambda: workflow.declare(application=application, user=chair, has_conflict=True, words="My sister"),
    )
    assert (kinds(results), verbs(application)) in (
        (["done", "done"], ["assign", "declare", "unassign"]),
        (["NotReady", "done"], ["declare"]),
    )
    assert not application.assignments.current().exists()
    assert not desk.open_to(chair).exists()


@pytest.mark.parametrize("round", ROUNDS)
def test_whoever_is_taken_off_hands_their_review_in_before_or_not_at_all(round, chairs):
    application, reviewer = make_application_in(Status.IN_REVIEW), make_reviewer()
    have_no_conflict(application, *chairs)
    assign(application, reviewer)
    make_review(application, reviewer, submitted_at=None)
    results = at_once(
        lambda: workflow.hand_in_review(application=application, actor=reviewer),
        lambda: workflow.unassign(application=application, actor=chairs[0], reviewer=reviewer),
    )
    assert (kinds(results), verbs(application)) in (
        (["done", "done"], ["hand_in_review", "unassign"]),
        (["Http404", "done"], ["unassign"]),
    )
    assert application.reviews.handed_in().exists() == (len(verbs(application)) == 2)


def test_nobody_releases_what_somebody_with_a_conflict_stands_behind(confirmed, chairs):
    workflow.declare(application=confirmed, user=chairs[0], has_conflict=True)
    with pytest.raises(NotReady, match="has a conflict of interest now"):
        workflow.release(application=confirmed, actor=chairs[2])
    workflow.send_back(application=confirmed, actor=chairs[2])
    assert status(confirmed) == "in_review"


def test_a_release_of_many_that_is_killed_midway_loses_and_doubles_nothing():
    """A few of the decisions of bench/decisions.py; a real process, killed by SIGKILL, and another that goes on."""
    number = 18
    chair, _held = hold(number)
    assert release_and_kill(chair, number, kills=2) == {
        "killed": 2,
        "released": number,
        "held": 0,
        "released in part": 0,
        "done twice": 0,
    }
