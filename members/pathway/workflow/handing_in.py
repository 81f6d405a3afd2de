"""From a draft to its receipt, and back: sign off, submit, withdraw, open again, put off."""

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..answers import forms_of
from ..models import Message, SignOff, Snapshot, SnapshotAnswer, SnapshotFile
from ..questions import asked
from ..states import EDITABLE, VERBS, Status
from ..team import LEAD, SPONSOR, Role
from .base import NotReady, allow, lead_on, locked, record, tell_team
from .drafts import answers_of, digest_now, digest_of


def is_signed_off(application, digest):
    """Whether a sponsor who is still in the team stands behind exactly these answers and files."""
    sponsors = application.team.current().filter(role=Role.SPONSOR).values("user")
    return application.sign_offs.filter(by__in=sponsors, digest=digest).exists()


@transaction.atomic
def sign_off(*, application, user, digest):
    """The sponsor stands behind what they were shown, which `digest` names; NotReady where it has changed."""
    application = locked(application, user, SPONSOR)
    allow(application, EDITABLE)
    if digest != digest_now(application):
        raise NotReady(_("Somebody changed an answer or a file since you opened this page. Read it again, then sign."))
    SignOff.objects.get_or_create(application=application, by=user, digest=digest)


def need_everything(application, answers, files):
    """Raise NotReady with every reason why this can't be handed in yet."""
    reasons = [
        _("%(section)s, “%(question)s”: %(error)s")
        % {"section": form.section.label, "question": form.fields[name].label, "error": errors[0]}
        for form in forms_of(answers)
        for name, errors in form.errors.items()
    ]
    if not is_signed_off(application, digest_of(answers, files)):
        reasons.append(_("The executive sponsor has not signed these answers and files off."))
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
    answers, files = answers_of(application), list(application.attachments.current())
    need_everything(application, answers, files)
    snapshot = Snapshot.objects.create(application=application, number=application.snapshots.count() + 1, taken_by=user)
    SnapshotAnswer.objects.bulk_create(
        SnapshotAnswer(snapshot=snapshot, question=question, answer=answers[question])
        for question in asked(answers)
        if question in answers
    )
    SnapshotFile.objects.bulk_create(SnapshotFile(snapshot=snapshot, attachment=file) for file in files)


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
    """Submit the draft, or the changes that were asked for: what the lead was shown, which `digest` names; NotReady
    where it has changed."""
    application = locked(application, user, LEAD)
    if application.is_editable and digest != digest_now(application):
        raise NotReady(
            _("Somebody changed an answer or a file since you opened this page. Read it again, then hand it in.")
        )
    verb = resubmit if application.status == Status.CHANGES_REQUESTED else submit
    return verb(application=application, user=user)


@transaction.atomic
def withdraw(*, application, user, reason):
    """Take the application back, for now or for good; `reason` goes to the reviewers as a message."""
    application = locked(application, user, LEAD)
    lead_on(application, "withdraw", user, deferred_until=None, came_from="")
    application.decisions.held().update(ended_at=timezone.now())
    Message.objects.create(application=application, author=user, is_from_team=True, text=reason)
    tell_team(application, "application_withdrawn")


@transaction.atomic
def reopen(*, application, user):
    """Make a draft again of what was withdrawn, with every answer that was there. Reviews stay on record, and no longer
    count: they speak of what was handed in before."""
    application = locked(application, user, LEAD)
    lead_on(application, "reopen", user)
    application.reviews.current().filter(submitted_at__isnull=False).update(replaced_at=timezone.now())
    application.change_requests.filter(answered_at=None).delete()


@transaction.atomic
def defer(*, application, user, until):
    """Put a draft off until a day, or with None take that back."""
    application = locked(application, user, LEAD)
    allow(application, [Status.DRAFT])
    if application.deferred_until == until:
        return  # the same click a second time
    application.deferred_until = until
    application.save(update_fields=["deferred_until", "updated_at"])
    record(application, "defer", user)
