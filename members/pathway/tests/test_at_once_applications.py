"""Two of a team at the same moment, each over a connection of their own: one wins, the other is told, nobody hangs."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from alliance.accounts.leaving import erase_account
from alliance.core.models import OutgoingMail
from alliance.core.tests.factories import make_admin, make_user
from alliance.core.tests.files import SAMPLES
from alliance.core.tests.threads import at_once
from members.pathway import workflow
from members.pathway.models import Application, SectionAnswers
from members.pathway.models.attachment import MOST_FILES
from members.pathway.states import Status
from members.pathway.team import Role
from members.pathway.workflow import NotReady, Stale

from .factories import (
    make_application,
    make_application_in,
    make_chair,
    make_complete_application,
    make_member,
    user_of,
)

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = range(6)


def kinds(results):
    """What each did: the name of what it raised, or "done"."""
    return sorted(type(one).__name__ if isinstance(one, Exception) else "done" for one in results)


def refusal_in(results):
    return next(one for one in results if isinstance(one, Exception))


def ready(signed=True):
    application = make_complete_application(make_user(), signed=signed)
    return application, user_of(application, Role.LEAD)


@pytest.mark.parametrize("round", ROUNDS)
def test_of_submitting_twice_one_hands_in(round):
    application, lead = ready()

    def submit():
        return workflow.submit(application=application, user=lead)

    results = at_once(submit, submit, submit)
    assert kinds(results) == ["NotPossible", "NotPossible", "done"]
    assert str(refusal_in(results)) == "It is “Submitted” now. What is possible: withdraw it."
    counts = application.snapshots.count(), application.history.count()
    receipts = OutgoingMail.objects.filter(kind="application_received").count()
    assert (counts, receipts) == ((1, 1), 2)  # one mail to each of the two in the team


def test_two_applications_that_are_handed_in_at_once_have_two_references():
    ones = [ready() for _ in range(6)]
    results = at_once(*[lambda one=one, lead=lead: workflow.submit(application=one, user=lead) for one, lead in ones])
    assert len({one.reference for one in results}) == 6


@pytest.mark.parametrize("round", ROUNDS)
def test_of_saving_the_same_section_twice_one_is_kept_and_the_other_sees_it(round):
    application = make_application()
    lead, editor = user_of(application, Role.LEAD), make_member(application, Role.EDITOR).user
    for version in (0, 1):
        words = [f"{number} from {version}" for number in range(2)]

        def save(user, goal, version=version):
            return workflow.save_section(
                application=application, section="goals", answers={"goal": goal}, version=version, user=user
            )

        results = at_once(lambda: save(lead, words[0]), lambda: save(editor, words[1]))  # noqa: B023 - run in this turn
        assert kinds(results) == ["Stale", "done"]
        kept = SectionAnswers.objects.get(application=application)
        winner = next(one for one in results if not isinstance(one, Stale))
        assert (kept.answers, kept.version) == (winner.answers, version + 1)
        assert refusal_in(results).theirs == kept


def test_of_saving_different_sections_all_are_kept():
    application = make_application()
    lead = user_of(application, Role.LEAD)
    sections = ("goals", "peers", "data", "consent")
    results = at_once(
        *[
            lambda section=section: workflow.save_section(
                application=application, section=section, answers={"x": section}, version=0, user=lead
            )
            for section in sections
        ]
    )
    assert kinds(results) == ["done"] * 4
    assert {one.section: one.answers["x"] for one in application.sections.all()} == {one: one for one in sections}


@pytest.mark.parametrize("round", ROUNDS)
def test_of_inviting_again_and_taking_back_either_order_leaves_at_most_one_open(round):
    application = make_application()
    lead = user_of(application, Role.LEAD)
    ask = {"application": application, "user": lead, "email": "clerk@example.gov", "role": Role.EDITOR}
    first = workflow.invite(**ask)
    results = at_once(
        lambda: workflow.invite(**ask),
        lambda: workflow.revoke(application=application, user=lead, invitation=first),
    )
    assert kinds(results) == ["done", "done"]
    opened = list(application.invitations.open())
    # Asked first: the same invitation, which is then taken back. Taken back first: a new one, with a mail of its own.
    assert (results[0] == first, opened, OutgoingMail.objects.count()) in (
        (True, [], 1),
        (False, [results[0]], 2),
    )


@pytest.mark.parametrize("round", ROUNDS)
def test_of_asking_for_two_parts_one_wins(round):
    application = make_application()
    lead = user_of(application, Role.LEAD)
    ask = {"application": application, "user": lead, "email": "clerk@example.gov"}
    results = at_once(
        lambda: workflow.invite(**ask, role=Role.EDITOR), lambda: workflow.invite(**ask, role=Role.VIEWER)
    )
    assert kinds(results) == ["NotReady", "done"]
    assert str(refusal_in(results)) == "This address is invited already. Take that invitation back first."


@pytest.mark.parametrize("round", ROUNDS)
def test_of_accepting_and_taking_back_one_wins(round):
    application, invited = make_application(), make_user()
    lead = user_of(application, Role.LEAD)
    ask = {"application": application, "user": lead, "email": invited.email, "role": Role.EDITOR}
    invitation = workflow.invite(**ask)
    results = at_once(
        lambda: workflow.accept(invitation=invitation, user=invited),
        lambda: workflow.revoke(application=application, user=lead, invitation=invitation),
    )
    assert kinds(results) in (["Http404", "done"], ["NotReady", "done"])
    joined = application.team.current().filter(user=invited).exists()
    assert type(refusal_in(results)) is (NotReady if joined else Http404)


@pytest.mark.parametrize("round", ROUNDS)
def test_of_withdrawing_and_submitting_from_the_same_page_one_wins(round):
    application, lead = ready()
    turn = workflow.turn_of(application)
    digest = workflow.digest_now(application)
    given = {"application": application, "user": lead, "turn": turn}
    results = at_once(
        lambda: workflow.in_turn(workflow.withdraw, **given, reason="Later"),
        lambda: workflow.in_turn(workflow.hand_in, **given, digest=digest),
    )
    assert kinds(results) == ["NotPossible", "done"]
    status = Application.objects.get(pk=application.pk).status
    assert (status, str(refusal_in(results))) in (
        ("withdrawn", "It is “Withdrawn” now. What is possible: open it again."),
        ("submitted", "It is “Submitted” now. What is possible: withdraw it."),
    )
    assert application.history.count() == 1


@pytest.mark.parametrize("round", ROUNDS)
def test_of_withdrawing_and_asking_for_changes_what_comes_second_is_told_or_follows(round):
    application = make_application_in(Status.IN_REVIEW)
    lead, chair = user_of(application, Role.LEAD), make_chair(application)
    results = at_once(
        lambda: workflow.withdraw(application=application, user=lead, reason="Later"),
        lambda: workflow.request_changes(application=application, actor=chair, questions={"goal": "Which?"}),
    )
    verbs = list(application.history.values_list("verb", flat=True))
    assert (kinds(results), verbs) in (
        (["done", "done"], ["request_changes", "withdraw"]),
        (["NotPossible", "done"], ["withdraw"]),
    )
    application.refresh_from_db()
    assert (application.status, application.came_from) == ("withdrawn", "")


@pytest.mark.parametrize("round", ROUNDS)
def test_of_handing_over_to_two_one_leads(round):
    application = make_application()
    lead = user_of(application, Role.LEAD)
    heirs = [make_member(application, Role.EDITOR) for _ in range(2)]
    results = at_once(
        *[lambda heir=heir: workflow.hand_over(application=application, user=lead, member=heir) for heir in heirs]
    )
    assert kinds(results) == ["Http404", "done"]  # who leads no more hands nothing over
    winner = heirs[results.index(None)]
    assert application.team.current().get(role=Role.LEAD) == winner
    assert sorted(application.team.values_list("role", flat=True)) == ["editor", "editor", "lead"]


@pytest.mark.parametrize("round", ROUNDS)
def test_of_handing_over_and_appointing_there_is_one_lead(round):
    application, named, admin = make_application(), make_user(), make_admin()
    lead, heir = user_of(application, Role.LEAD), make_member(application, Role.EDITOR)
    results = at_once(
        lambda: workflow.hand_over(application=application, user=lead, member=heir),
        lambda: workflow.appoint_lead(application=application, actor=admin, user=named, reason="Why"),
    )
    assert kinds(results) in (["done", "done"], ["Http404", "done"])
    assert user_of(application, Role.LEAD) == named


@pytest.mark.parametrize("round", ROUNDS)
def test_whoever_is_removed_saves_before_or_not_at_all(round):
    application = make_application()
    lead, editor = user_of(application, Role.LEAD), make_member(application, Role.EDITOR)
    results = at_once(
        lambda: workflow.leave(application=application, user=lead, member=editor),
        lambda: workflow.save_section(
            application=application, section="goals", answers={"goal": "A"}, version=0, user=editor.user
        ),
    )
    assert kinds(results) in (["done", "done"], ["Http404", "done"])
    assert application.sections.exists() == (kinds(results) == ["done", "done"])


@pytest.mark.parametrize("round", ROUNDS)
def test_a_signature_counts_only_for_what_stands_after_a_save(round):
    application, lead = ready(signed=False)
    sponsor = user_of(application, Role.SPONSOR)
    digest = workflow.digest_now(application)
    kept = application.sections.get(section="goals")
    results = at_once(
        lambda: workflow.sign_off(application=application, user=sponsor, digest=digest),
        lambda: workflow.save_section(
            application=application, section="goals", answers=kept.answers | {"goal": "A"}, version=1, user=lead
        ),
    )
    assert kinds(results) in (["done", "done"], ["NotReady", "done"])
    assert not workflow.is_signed_off(application, workflow.digest_now(application))


def test_one_form_begins_one_draft_however_often_it_is_sent():
    key, user = uuid.uuid4(), make_user()
    results = at_once(*[lambda: workflow.start(key=key, user=user, answers={"goals": {"goal": "A"}})] * 6)
    assert {one.pk for one in results} == {key}
    application = Application.objects.get()
    assert (application.team.count(), application.sections.count()) == (1, 1)


def test_files_that_come_at_once_never_are_too_many():
    application = make_application()
    lead = user_of(application, Role.LEAD)
    for number in range(MOST_FILES - 1):
        application.attachments.create(name=f"{number}.pdf", size=1, added_by=lead)
    files = [SimpleUploadedFile(f"{number}.pdf", SAMPLES["pdf"] + b"\n" * number) for number in range(4)]
    results = at_once(
        *[lambda file=file: workflow.attach(application=application, user=lead, file=file) for file in files]
    )
    assert kinds(results) == ["NotReady"] * 3 + ["done"]
    assert application.attachments.current().count() == MOST_FILES


@pytest.mark.parametrize("round", ROUNDS)
def test_whoever_becomes_the_lead_while_they_delete_their_account_stays_or_never_leads(round):
    application = make_application()
    lead, heir = user_of(application, Role.LEAD), make_member(application, Role.EDITOR)
    results = at_once(
        lambda: workflow.hand_over(application=application, user=lead, member=heir),
        lambda: erase_account(user=heir.user),
    )
    heir.user.refresh_from_db()
    leads = user_of(application, Role.LEAD)
    assert (kinds(results), leads, heir.user.erased_at is None) in (
        (["HandOverFirst", "done"], heir.user, True),
        (["Http404", "done"], lead, False),
    )


@pytest.mark.parametrize("round", ROUNDS)
def test_deleting_an_account_and_working_on_its_applications_never_wait_for_each_other(round):
    editor = make_user()
    ones = [make_application_in(Status.DRAFT) for _ in range(3)]
    for one in ones:
        make_member(one, Role.EDITOR, editor)
    ways = [lambda one=one: workflow.submit(application=one, user=user_of(one, Role.LEAD)) for one in ones]
    results = at_once(lambda: erase_account(user=editor), *ways)
    assert kinds(results) == ["done"] * 4
    assert not any(one.team.current().filter(user=editor).exists() for one in ones)


@pytest.mark.parametrize("round", ROUNDS)
def test_whoever_deletes_their_account_joins_before_or_not_at_all(round):
    application, invited = make_application(), make_user()
    ask = {"application": application, "user": user_of(application, Role.LEAD), "role": Role.EDITOR}
    invitation = workflow.invite(**ask, email=invited.email)
    results = at_once(lambda: workflow.accept(invitation=invitation, user=invited), lambda: erase_account(user=invited))
    assert kinds(results) in (["done", "done"], ["Http404", "done"])
    assert not application.team.current().filter(user=invited).exists()
