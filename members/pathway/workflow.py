"""What can be done to an application: one function for each verb, and the only code that writes a status.

Each runs in one transaction: it locks the application, looks whether the person may still do this and whether it is
possible now, and writes status, history and mail together. So each is safe to repeat, and of two at the same moment one
wins while the other is told what is possible now.

Raises, in every function: `Http404` where the person has no part in the application (any more), `NotPossible` where the
status does not allow it, `NotReady` where something is missing.
"""

import hashlib
import json
import uuid
from datetime import timedelta

from django.db import connection, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import mail
from alliance.core.emails import canonical
from alliance.core.filetypes import MB
from alliance.core.models import User

from .answers import forms_of
from .models import (
    Application,
    Attachment,
    ChangeRequest,
    HistoryEntry,
    Invitation,
    Message,
    SectionAnswers,
    SignOff,
    Snapshot,
    SnapshotAnswer,
    TeamMember,
)
from .models.attachment import MOST_BYTES, MOST_FILES
from .questions import BY_ID, asked
from .states import EDITABLE, VERBS, Status, possible
from .team import EVERY_ROLE, LEAD, SPONSOR, WRITERS, Role

INVITATION_LASTS = timedelta(days=7)


class NotPossible(Exception):  # noqa: N818 - an answer, not an error
    """The application stands where this can't be done; the text says what can, by the team or by the reviewers."""

    def __init__(self, status, by_team=True):
        self.status = Status(status)
        ways = [str(verb.label) for verb in possible(status, by_team)]
        text = _("It is “%(status)s” now.") % {"status": self.status.label}
        if ways:
            text += " " + _("What is possible: %(ways)s.") % {"ways": ", ".join(ways)}
        super().__init__(text)


class NotReady(Exception):  # noqa: N818 - an answer, not an error
    """Something is missing; `reasons` are sentences."""

    def __init__(self, *reasons):
        self.reasons = [str(reason) for reason in reasons]
        super().__init__(" ".join(self.reasons))


class Stale(Exception):  # noqa: N818 - an answer, not an error
    """Somebody saved in between; `theirs` is what stands there now."""

    def __init__(self, theirs):
        self.theirs = theirs


# --- Locking, and the one place that writes a status ------------------------------------------------------------------


def locked(application, user=None, roles=EVERY_ROLE):
    """The application, locked until the end of the transaction; Http404 where `user` has none of the roles in it."""
    application = get_object_or_404(Application.objects.select_for_update(), pk=application.pk)
    if user and not application.team.current().filter(user=user, role__in=roles).exists():
        raise Http404
    return application


def locked_person(user):
    """Hold on to the account of somebody who gets a part in a team, before the application is locked: whoever deletes
    their account at this moment comes before or after. Http404 where it is deleted."""
    return get_object_or_404(User.objects.select_for_update(no_key=True), pk=user.pk, erased_at=None)


def allow(application, statuses, by_team=True):
    """Raise NotPossible where a locked application stands in none of these. Its team is not told of a held decision."""
    if application.status not in statuses:
        raise NotPossible(application.status_for_team if by_team else application.status, by_team)


def lead_on(application, verb, actor, target=None, **changes):
    """Write the new status of a locked application, with what else changes, and the line of its history."""
    verb, source = VERBS[verb], Status(application.status)
    allow(application, verb.sources, verb.by_team)
    application.status = target or verb.targets[0]
    for name, value in changes.items():
        setattr(application, name, value)
    application.save(update_fields=["status", "updated_at", *changes])
    HistoryEntry.objects.create(
        application=application, actor=actor, verb=verb.name, source=source, target=application.status
    )


def turn_of(application):
    """How many verbs were done to an application so far that its team knows of, as text: forms carry it."""
    return str(application.history.for_team().count())


@transaction.atomic
def in_turn(verb, *, application, user, turn, **given):
    """Do a verb where nothing else was done since its form was shown, at `turn`; otherwise NotPossible.

    So a form that is sent twice, or from a page of last week, does nothing the second time.
    """
    application = locked(application, user)
    if turn != turn_of(application):
        raise NotPossible(application.status_for_team)
    return verb(application=application, user=user, **given)


def tell_team(application, kind, **context):
    """Write one mail to each person of the team."""
    link = mail.address_of("application", application.pk)
    for member in application.team.current().select_related("user"):
        mail.send(kind, member.user.email, user=member.user, application=application, link=link, **context)


# --- Answers ----------------------------------------------------------------------------------------------------------


def answers_of(application):
    """All answers of an application as they stand, {question id: answer}."""
    return {
        question: answer
        for section in application.sections.all()
        for question, answer in section.answers.items()
    }  # fmt: skip


def open_again(questions):
    """The ids of the questions that may be answered where these are asked again: they, and what hangs on them."""
    return {one.id for one in BY_ID.values() if one.id in questions or one.only_if and one.only_if[0] in questions}


def digest_of(answers):
    """A name for exactly these answers."""
    return hashlib.sha256(json.dumps(answers, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@transaction.atomic
def start(*, key, user, place=None, jurisdiction=None, assessment=None, answers=None):
    """Begin a draft with `user` as its lead. `key`, a UUID from the form, makes it safe to repeat: one form, one draft.

    `answers` fills in what is known already, {section id: {question id: answer}}. Http404 where the key is that of
    somebody else's application.
    """
    locked_person(user)
    application, made = Application.objects.get_or_create(
        pk=key, defaults={"place": place, "jurisdiction": jurisdiction, "assessment": assessment}
    )
    if not made:
        return locked(application, user)
    TeamMember.objects.create(application=application, user=user, role=Role.LEAD)
    SectionAnswers.objects.bulk_create(
        SectionAnswers(application=application, section=section, answers=known, saved_at=timezone.now(), saved_by=user)
        for section, known in (answers or {}).items()
    )
    return application


@transaction.atomic
def save_section(*, application, section, answers, version, user):
    """Keep the answers of one section, complete or not. `version` is the one that the writer began from, 0 for none.

    Raises Stale where somebody else saved since; saving the same twice changes nothing. While changes are asked for,
    only the questions that were asked again are taken.
    """
    application = locked(application, user, WRITERS)
    allow(application, EDITABLE)
    kept = application.sections.filter(section=section).first()
    if application.status == Status.CHANGES_REQUESTED:
        requests = application.change_requests.filter(answered_at=None)
        names = open_again(set(requests.values_list("question", flat=True)))
        before = kept.answers if kept else {}
        answers = {name: answer for name, answer in before.items() if name not in names} | {
            name: answer for name, answer in answers.items() if name in names
        }
    if kept and kept.answers == answers:
        return kept
    if (kept.version if kept else 0) != version:
        raise Stale(kept)
    kept = kept or SectionAnswers(application=application, section=section, version=0)
    kept.answers, kept.version, kept.saved_at, kept.saved_by = answers, version + 1, timezone.now(), user
    kept.save()
    return kept


# --- The team ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def invite(*, application, user, email, role):
    """Ask an address into the team; the mail has a link that works once, for 7 days. Asking twice sends one mail;
    NotReady where the address is in the team, or is asked already to do something else in it."""
    application = locked(application, user, LEAD)
    email = canonical(email)
    if application.team.current().filter(user__email=email).exists():
        raise NotReady(_("This person is in the team already."))
    application.invitations.filter(accepted_at=None, revoked_at=None, expires_at__lte=timezone.now()).update(
        revoked_at=timezone.now()
    )
    if invitation := application.invitations.open().filter(email=email).first():
        if invitation.role != role:
            raise NotReady(_("This address is invited already. Take that invitation back first."))
        return invitation
    invitation = Invitation.objects.create(
        application=application, email=email, role=role, invited_by=user, expires_at=timezone.now() + INVITATION_LASTS
    )
    link = mail.address_of("invitation", invitation.key)
    mail.send("invitation", email, role=invitation.get_role_display(), link=link)
    return invitation


@transaction.atomic
def revoke(*, application, user, invitation):
    """Take an invitation back; one that was accepted in the meantime stays, and NotReady says so."""
    application = locked(application, user, LEAD)
    invitation = get_object_or_404(application.invitations, pk=invitation.pk)
    if invitation.accepted_at:
        raise NotReady(_("The invitation was accepted in the meantime. You can remove the person from the team."))
    if not invitation.revoked_at:
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at"])


@transaction.atomic
def accept(*, invitation, user):
    """Join the team that one was invited to. Http404 for another address, and for an invitation that is over."""
    user = locked_person(user)
    application = locked(invitation.application)
    invitation = get_object_or_404(application.invitations, pk=invitation.pk, email=user.email)
    member = application.team.current().filter(user=user).first()
    if member and invitation.accepted_at:
        return member  # the same click a second time
    if not application.invitations.open().filter(pk=invitation.pk).exists():
        raise Http404
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    return member or TeamMember.objects.create(application=application, user=user, role=invitation.role)


@transaction.atomic
def leave(*, application, user, member):
    """End somebody's part in the team: the lead removes anybody else, everybody ends their own; the lead hands over
    first (NotReady)."""
    application = locked(application, user, EVERY_ROLE if member.user_id == user.pk else LEAD)
    member = get_object_or_404(application.team, pk=member.pk)
    if member.left_at:
        return  # the same click a second time
    if member.role == Role.LEAD:
        raise NotReady(_("The lead hands the application over first."))
    member.left_at = timezone.now()
    member.save(update_fields=["left_at"])


def make_lead(application, user):
    """Make somebody the lead of a locked application, in its team or new to it; the lead until now becomes an editor.
    Return whether anything changed."""
    member = application.team.current().filter(user=user).first()
    if member and member.role == Role.LEAD:
        return False
    application.team.current().filter(role=Role.LEAD).update(role=Role.EDITOR)
    if member:
        application.team.filter(pk=member.pk).update(role=Role.LEAD)
    else:
        TeamMember.objects.create(application=application, user=user, role=Role.LEAD)
    return True


@transaction.atomic
def hand_over(*, application, user, member):
    """Make another member of the team the lead; the lead until now becomes an editor. NotReady where they have left."""
    locked_person(member.user)
    application = locked(application, user)
    member = get_object_or_404(application.team, pk=member.pk)
    if member.role == Role.LEAD and not member.left_at:
        return  # the same click a second time
    locked(application, user, LEAD)
    if member.left_at:
        raise NotReady(_("This person has left the team in the meantime."))
    make_lead(application, member.user)
    tell_team(application, "new_lead", lead=str(member.user))


@transaction.atomic
def appoint_lead(*, application, actor, user, reason):
    """Staff make somebody the lead, of the team or new to it, as where the lead has left their government. The lead
    until now stays as an editor; all of the team is told, and finds the reason among the messages."""
    user = locked_person(user)
    application = locked(application)
    if make_lead(application, user):
        Message.objects.create(application=application, author=actor, is_from_team=False, text=reason)
        tell_team(application, "lead_appointed", lead=str(user))


# --- From draft to receipt --------------------------------------------------------------------------------------------


def is_signed_off(application, answers):
    """Whether a sponsor who is still in the team stands behind exactly these answers."""
    sponsors = application.team.current().filter(role=Role.SPONSOR).values("user")
    return application.sign_offs.filter(by__in=sponsors, digest=digest_of(answers)).exists()


@transaction.atomic
def sign_off(*, application, user, digest):
    """The sponsor stands behind the answers that they were shown, which `digest` names; NotReady where they changed."""
    application = locked(application, user, SPONSOR)
    allow(application, EDITABLE)
    if digest != digest_of(answers_of(application)):
        raise NotReady(_("Somebody changed an answer since you opened this page. Read it again, then sign."))
    SignOff.objects.get_or_create(application=application, by=user, digest=digest)


def need_everything(application, answers):
    """Raise NotReady with every reason why this can't be handed in yet."""
    reasons = [
        _("%(section)s, “%(question)s”: %(error)s")
        % {"section": form.section.label, "question": form.fields[name].label, "error": errors[0]}
        for form in forms_of(answers)
        for name, errors in form.errors.items()
    ]
    if not is_signed_off(application, answers):
        reasons.append(_("The executive sponsor has not signed these answers off."))
    if reasons:
        raise NotReady(*reasons)


def new_reference():
    """The next reference, as people read it on the phone: the year and a running number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('pathway_reference')")
        return f"A-{timezone.localdate().year}-{cursor.fetchone()[0]:04}"


def freeze(application, user, verb):
    """Take the snapshot that `verb` hands in: NotPossible where it is not its turn, NotReady where something is
    missing."""
    allow(application, VERBS[verb].sources)
    answers = answers_of(application)
    need_everything(application, answers)
    snapshot = Snapshot.objects.create(application=application, number=application.snapshots.count() + 1, taken_by=user)
    SnapshotAnswer.objects.bulk_create(
        SnapshotAnswer(snapshot=snapshot, question=question, answer=answers[question])
        for question in asked(answers)
        if question in answers
    )


@transaction.atomic
def submit(*, application, user):
    """Hand the draft in: everything answered, signed off by the sponsor. Freezes a snapshot and mails the receipt."""
    application = locked(application, user, LEAD)
    freeze(application, user, "submit")
    reference = application.reference or new_reference()
    lead_on(application, "submit", user, submitted_at=timezone.now(), reference=reference, deferred_until=None)
    tell_team(application, "application_received")
    return application


@transaction.atomic
def resubmit(*, application, user):
    """Hand in the changes that were asked for; it goes back to where it came from."""
    application = locked(application, user, LEAD)
    freeze(application, user, "resubmit")
    application.change_requests.filter(answered_at=None).update(answered_at=timezone.now())
    lead_on(application, "resubmit", user, target=Status(application.came_from), came_from="")
    tell_team(application, "changes_received")
    return application


@transaction.atomic
def hand_in(*, application, user, digest):
    """Submit the draft, or the changes that were asked for: those answers that the lead was shown, which `digest`
    names; NotReady where they changed."""
    application = locked(application, user, LEAD)
    if application.is_editable and digest != digest_of(answers_of(application)):
        raise NotReady(_("Somebody changed an answer since you opened this page. Read it again, then hand it in."))
    verb = resubmit if application.status == Status.CHANGES_REQUESTED else submit
    return verb(application=application, user=user)


@transaction.atomic
def withdraw(*, application, user, reason):
    """Take the application back, for now or for good; `reason` goes to the reviewers as a message."""
    application = locked(application, user, LEAD)
    lead_on(application, "withdraw", user, deferred_until=None, came_from="")
    Message.objects.create(application=application, author=user, is_from_team=True, text=reason)
    tell_team(application, "application_withdrawn")


@transaction.atomic
def reopen(*, application, user):
    """Make a draft again of what was withdrawn, with every answer that was there."""
    application = locked(application, user, LEAD)
    lead_on(application, "reopen", user)
    application.change_requests.filter(answered_at=None).delete()


@transaction.atomic
def defer(*, application, user, until):
    """Put a draft off until a day, or with None take that back."""
    application = locked(application, user, LEAD)
    allow(application, [Status.DRAFT])
    application.deferred_until = until
    application.save(update_fields=["deferred_until", "updated_at"])


# --- The reviewers' side, as far as the applicants answer it ----------------------------------------------------------


@transaction.atomic
def begin_screening(*, application, actor):
    lead_on(locked(application), "begin_screening", actor)


@transaction.atomic
def begin_review(*, application, actor):
    lead_on(locked(application), "begin_review", actor)


@transaction.atomic
def request_changes(*, application, actor, questions):
    """Ask some questions again: `questions` is {question id: what we ask}. The team sees just these opened."""
    application = locked(application)
    answers = answers_of(application)
    lead_on(application, "request_changes", actor, came_from=application.status)
    if not questions:
        raise NotReady(_("Choose at least one question to ask again."))
    ChangeRequest.objects.bulk_create(
        ChangeRequest(
            application=application, question=question, words=words, asked_by=actor, before=answers.get(question)
        )
        for question, words in questions.items()
    )
    tell_team(application, "changes_requested")


@transaction.atomic
def write(*, application, user, text, is_from_team, token=None):
    """Add a message to the thread of what was handed in once. The mail that tells of it never has its text. `token`, a
    UUID from the form, makes it safe to repeat: one form, one message."""
    application = locked(application, user if is_from_team else None, WRITERS)
    if not application.submitted_at:
        raise NotPossible(application.status_for_team, is_from_team)
    message, is_new = Message.objects.get_or_create(
        application=application,
        token=token or uuid.uuid4(),
        defaults={"author": user, "is_from_team": is_from_team, "text": text},
    )
    if is_new and not is_from_team:
        tell_team(application, "message_waits")
    return message


# --- Files ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def attach(*, application, user, file):
    """Keep a file that a form has checked; NotReady where it would be one too many or too much in all. The same bytes
    sent twice, as by a double click, are one file."""
    application = locked(application, user, WRITERS)
    allow(application, EDITABLE)
    kept = application.attachments.current()
    if same := next((one for one in kept.filter(size=file.size) if one.holds(file)), None):
        return same
    if kept.count() >= MOST_FILES:
        raise NotReady(_("An application has at most %(count)s files. Remove one first.") % {"count": MOST_FILES})
    if kept.bytes() + file.size > MOST_BYTES:
        raise NotReady(_("All files together have at most %(size)s MB.") % {"size": MOST_BYTES // MB})
    return Attachment.objects.create(application=application, file=file, size=file.size, added_by=user)


@transaction.atomic
def detach(*, application, user, attachment):
    """Remove a file; the row stays, the content goes when the transaction is committed."""
    application = locked(application, user, WRITERS)
    allow(application, EDITABLE)
    attachment = get_object_or_404(application.attachments, pk=attachment.pk)
    if not attachment.removed_at:
        attachment.removed_at = timezone.now()
        attachment.save(update_fields=["removed_at"])
        transaction.on_commit(lambda: attachment.file.delete(save=False))
