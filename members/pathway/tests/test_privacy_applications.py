"""Who deletes their account while they work on applications: what must come first, what goes, what stays."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from alliance.accounts.leaving import HandOverFirst, erase_account, held_about, to_hand_over
from alliance.core.tests.factories import make_admin, make_user
from alliance.core.tests.files import SAMPLES
from alliance.core.tidy import tidy
from members.pathway import workflow
from members.pathway.models import Application, Attachment, Invitation
from members.pathway.questions import asked
from members.pathway.states import OUTCOMES, Status
from members.pathway.team import Role
from members.pathway.workflow import Stale

from .factories import (
    make_application,
    make_application_in,
    make_authority_check,
    make_chair,
    make_complete_application,
    make_member,
    make_review,
    user_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa():
    return make_user(name="Rosa Diaz", email="rosa@leroy.example.gov")


def write(application, section, **answers):
    """Put answers down as somebody of the team did once."""
    return application.sections.create(section=section, answers=answers, saved_at=timezone.now())


# --- What must be handed over first ---


@pytest.mark.parametrize("status", Status)
def test_the_lead_of_what_is_under_way_hands_over_or_withdraws_first(status):
    application = make_application_in(status)
    lead = user_of(application, Role.LEAD)
    name = application.reference or "A line"
    stays = status != Status.WITHDRAWN and status not in OUTCOMES
    assert (
        to_hand_over(lead)
        == [
            (
                f"You lead the application {name}: hand it over or withdraw it first.",
                reverse("application_team", args=[application.pk]),
            )
        ]
        * stays
    )
    if stays:
        with pytest.raises(HandOverFirst):
            erase_account(user=lead)
        assert user_of(application, Role.LEAD) == lead


def test_a_draft_that_has_no_name_yet_is_called_a_draft(rosa):
    make_member(make_application(rosa), Role.EDITOR)
    assert [sentence for sentence, _page in to_hand_over(rosa)] == [
        "You lead the application that is a draft: hand it over or withdraw it first."
    ]


def test_whoever_handed_over_or_withdrew_may_go(rosa):
    handed, withdrawn = (make_complete_application(rosa) for _ in range(2))
    workflow.hand_over(application=handed, user=rosa, member=make_member(handed, Role.EDITOR))
    workflow.withdraw(application=withdrawn, user=rosa, reason="I leave")
    erase_account(user=rosa)
    assert [one.team.current().filter(user=rosa).count() for one in (handed, withdrawn)] == [0, 0]
    assert [one.team.filter(user=rosa).count() for one in (handed, withdrawn)] == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_only_its_lead_knew_of_goes_with_them(rosa):
    alone = make_application(rosa)
    write(alone, "goals", goal="A secret")
    gone = make_member(alone, Role.EDITOR)
    workflow.leave(application=alone, user=rosa, member=gone)
    file = SimpleUploadedFile("plan.pdf", SAMPLES["pdf"])
    stored = workflow.attach(application=alone, user=rosa, file=file).file
    assert to_hand_over(rosa) == []
    erase_account(user=rosa)
    assert (Application.objects.count(), Attachment.objects.count()) == (0, 0)
    assert not stored.storage.exists(stored.name)


@pytest.mark.parametrize("what", ["a member", "a signature", "a history"])
def test_a_draft_that_others_know_of_does_not(what, rosa):
    application = make_application(rosa)
    if what == "a member":
        make_member(application, Role.VIEWER)
    elif what == "a signature":
        application.sign_offs.create(by=make_user(), digest="0")
    else:
        workflow.withdraw(application=application, user=rosa, reason="Later")
        workflow.reopen(application=application, user=rosa)
    assert len(to_hand_over(rosa)) == 1


# --- What goes ---


def test_what_names_them_is_blanked_in_what_was_handed_in_too_and_nothing_else(rosa):
    application = make_complete_application(make_user())
    member = make_member(application, Role.EDITOR, rosa)
    lead, sponsor = user_of(application, Role.LEAD), user_of(application, Role.SPONSOR)
    people = application.sections.get(section="contacts")
    named = {"backup_name": "R. Diaz", "backup_title": "Clerk", "backup_email": rosa.email}
    workflow.save_section(
        application=application, section="contacts", answers=people.answers | named, version=1, user=member.user
    )
    goals = application.sections.get(section="goals")
    answers = goals.answers | {"goal": "Ask rosa diaz.", "obstacles": "Rosa Diazmann and primrosa@leroy.example.gov"}
    kept = workflow.save_section(application=application, section="goals", answers=answers, version=1, user=lead)
    digest = workflow.digest_now(application)
    workflow.sign_off(application=application, user=sponsor, digest=digest)
    before = workflow.answers_of(application)
    workflow.submit(application=application, user=lead)

    erase_account(user=rosa)

    theirs = {"backup_name", "backup_title", "backup_email", "backup_visibility", "goal"}
    assert workflow.answers_of(application) == {name: said for name, said in before.items() if name not in theirs}
    handed_in = dict(application.snapshots.get().answers.values_list("question", "answer"))
    assert {name for name, said in handed_in.items() if said is None} == theirs
    assert {name: said for name, said in handed_in.items() if said} == {
        name: before[name] for name in asked(before) if name not in theirs
    }
    # Whoever still has the old words open can't put them back unseen.
    Application.objects.filter(pk=application.pk).update(status="withdrawn")
    Application.objects.filter(pk=application.pk).update(status="draft")
    with pytest.raises(Stale):
        workflow.save_section(
            application=application, section="goals", answers=answers, version=kept.version, user=lead
        )


MAYOR = {"champion_name": "Rosa Diaz", "champion_title": "Mayor"}


def test_an_application_of_others_that_has_their_address_forgets_them_too(rosa):
    section = write(make_application(), "contacts", **MAYOR, champion_email=rosa.email, lead_name="Lee")
    erase_account(user=rosa)
    section.refresh_from_db()
    assert (section.answers, section.version) == ({"lead_name": "Lee"}, 2)


def test_what_an_application_of_others_says_of_them_is_told_without_the_rest(rosa):
    other = make_application()
    write(other, "contacts", champion_name="Rosa Diaz", champion_email=rosa.email, lead_name="Lee")
    write(other, "goals", goal=f"{rosa.email} and Lee quarrel.")
    told = held_about(rosa)["what applications say of you"]
    assert told == [
        {"application": str(other.pk), "question": "Elected champion: name", "answer": "Rosa Diaz"},
        {"application": str(other.pk), "question": "Elected champion: e-mail address", "answer": rosa.email},
    ]


def test_a_name_opens_and_blanks_nothing_in_applications_of_others(rosa):
    """Everybody writes their own name: it must neither show what others wrote of somebody, nor delete it."""
    for name in ("Rosa Diaz", "some words"):
        application = make_application_in(Status.SUBMITTED)
        stranger = make_chair(application, name=name)
        workflow.write(application=application, user=stranger, text="Some words of Rosa Diaz", is_from_team=False)
        contacts = application.sections.get(section="contacts")
        contacts.answers |= MAYOR
        contacts.save()
        before = workflow.answers_of(application)
        assert held_about(stranger)["what applications say of you"] == []
        erase_account(user=stranger)
        application = Application.objects.get(pk=application.pk)
        assert workflow.answers_of(application) == before
        assert application.messages.get().text


def test_a_message_that_does_not_name_them_stays_with_its_day(rosa):
    application = make_application_in(Status.SUBMITTED)
    make_member(application, Role.EDITOR, rosa)
    for text in ("Which form?", "Call Rosa Diaz."):
        workflow.write(application=application, user=rosa, text=text, is_from_team=True)
    erase_account(user=rosa)
    assert list(application.messages.values_list("author", "text")) == [(rosa.pk, "Which form?"), (rosa.pk, "")]


def test_invitations_are_forgotten_a_month_after_they_ran_out():
    application = make_application()
    ask = {"application": application, "user": user_of(application, Role.LEAD), "role": Role.EDITOR}
    for days, address in ((30, "old@example.gov"), (29, "new@example.gov")):
        invitation = workflow.invite(**ask, email=address)
        ended = timezone.now() - timedelta(days=days)
        Invitation.objects.filter(pk=invitation.pk).update(invited_at=ended - timedelta(days=7), expires_at=ended)
    tidy()
    assert [one.email for one in Invitation.objects.all()] == ["new@example.gov"]


# --- What the Alliance wrote ---


@pytest.fixture
def read_by_rosa(rosa):
    """An application in review, whose reviewer is Rosa Diaz; texts of the Alliance name her, and somebody else."""
    rosa.is_staff = True
    rosa.save()
    application = make_application_in(Status.IN_REVIEW)
    review = make_review(application, rosa)
    review.scores.filter(domain="data").update(rationale="Rosa Diaz counted.")
    chair = make_chair(application)
    workflow.note(application=application, actor=chair, text=f"Ask rosa diaz or {rosa.email}, not Rosa Diazmann.")
    make_authority_check(application, chair, contact=f"Clerk, {rosa.email}")
    return application


def test_of_what_the_alliance_wrote_a_name_is_taken_out_and_the_reasons_stay(rosa, read_by_rosa):
    erase_account(user=rosa)
    assert read_by_rosa.notes.get().text == "Ask […] or […], not Rosa Diazmann."
    assert read_by_rosa.authority_checks.get().contact == "Clerk, […]"
    review = read_by_rosa.reviews.get()
    assert review.scores.get(domain="data").rationale == "[…] counted."
    assert review.scores.get(domain="tools").rationale == "It says so."
    assert (review.reviewer, review.submitted_at is None) == (rosa, False)
    assert not read_by_rosa.assignments.current().exists()


def test_whoever_reviewed_is_taken_out_of_the_thread_of_what_was_asked_and_of_what_they_kept(rosa, read_by_rosa):
    """Also an admin who had no part in it but to name a new lead."""
    admin, _other, team = make_admin(name="Ada Min"), make_admin(), user_of(read_by_rosa, Role.LEAD)
    read_by_rosa.messages.create(author=rosa, text=f"Best, Rosa Diaz, {rosa.email}", is_from_team=False)
    workflow.write(application=read_by_rosa, user=team, text="Dear Rosa Diaz, thanks.", is_from_team=True)
    workflow.appoint_lead(application=read_by_rosa, actor=admin, user=make_user(), reason="Ada Min was asked to.")
    read_by_rosa.change_requests.create(question="goal", words="Tell Rosa Diaz more.", asked_by=rosa)
    rosa.kept_views.create(name="What Rosa Diaz reads", query="q=Rosa")
    for one in (rosa, admin):
        erase_account(user=one)
    texts = list(read_by_rosa.messages.values_list("text", flat=True))
    assert texts == ["Best, […], […]", "Dear […], thanks.", "[…] was asked to."]
    assert read_by_rosa.change_requests.get().words == "Tell […] more."
    assert not rosa.kept_views.exists()


def test_elsewhere_a_name_proves_nothing_and_an_address_does(rosa, read_by_rosa):
    stranger = make_user(name="Rosa Diaz")
    erase_account(user=stranger)
    assert "rosa diaz" in read_by_rosa.notes.get().text
    other = make_application_in(Status.IN_REVIEW)
    workflow.note(application=other, actor=make_chair(other), text=f"Rosa Diaz, {rosa.email}")
    erase_account(user=rosa)
    assert other.notes.get().text == "Rosa Diaz, […]"


def test_whoever_reviewed_is_given_what_they_wrote_and_nothing_of_others(rosa, read_by_rosa):
    held = held_about(rosa)
    (review,) = held["your reviews"]
    assert review["application"] == read_by_rosa.reference
    assert review["scores"]["Data"] == {"level": 2, "reason": "Rosa Diaz counted."}
    assert (held["your internal notes"], held["letters that you proposed"]) == ([], [])


def test_a_team_is_given_nothing_that_the_alliance_wrote(rosa, read_by_rosa):
    lead = user_of(read_by_rosa, Role.LEAD)
    told = str(held_about(lead))
    assert "counted" not in told
    assert "Diazmann" not in told
