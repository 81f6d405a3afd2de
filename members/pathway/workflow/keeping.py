"""What is given to others of an application, and what becomes of it long after its end."""

from django.db import transaction
from django.utils import timezone

from ..models import Application, Decision, ReviewPolicy, Score, SnapshotAnswer
from ..states import By
from .base import locked, locked_for, record

# For a text that the database wants.
NOTHING = "–"


@transaction.atomic
def export(*, application, actor):
    """Write down that it is given out for a request of public records; `records.py` says what that is."""
    record(locked_for(application, actor, By.CHAIR), "export", actor)


@transaction.atomic
def empty(*, application):
    """Blank what was written for an application whose time to be kept is over: answers, also those handed in; files;
    messages; what was asked again; notes, reviews and letters; what was said of conflicts of interest, overrides and
    the contact that was asked. Reference, government, status, history, levels, dates and outcomes stay. Does nothing
    where somebody has opened it again meanwhile."""
    application = locked(application)
    years = ReviewPolicy.current().years_kept
    if not Application.objects.kept_long_enough(years).filter(pk=application.pk).exists():
        return
    application.sections.all().delete()
    SnapshotAnswer.objects.filter(snapshot__application=application).update(answer=None)
    application.change_requests.update(words="", before=None)
    application.messages.update(text="")
    application.notes.update(text="")
    application.reviews.update(summary="")
    Score.objects.filter(review__application=application).update(rationale="")
    application.declarations.update(words="")
    application.overrides.update(reason="")
    application.authority_checks.update(contact="", words="", found_at="")
    application.decisions.update(letter="")
    application.decisions.filter(outcome=Decision.Outcome.CONDITIONS).update(conditions=NOTHING)
    application.invitations.all().delete()
    empty_files(application)
    application.emptied_at = timezone.now()
    application.save(update_fields=["emptied_at", "updated_at"])


def empty_files(application):
    """Let go of what the files hold, once that is certain; that there was one, and how long, stays."""
    for one in application.attachments.exclude(file=""):
        transaction.on_commit(lambda stored=one.file.name, storage=one.file.storage: storage.delete(stored))
    application.attachments.current().update(removed_at=timezone.now())
    application.attachments.update(file="", name="")
