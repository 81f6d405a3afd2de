"""The files of an application."""

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.filetypes import MB

from ..models import Attachment
from ..models.attachment import MOST_BYTES, MOST_FILES
from ..states import EDITABLE
from ..team import WRITERS
from .base import NotReady, allow, locked


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
    """Remove a file; the row stays. The content goes when the transaction is committed, unless it was handed in once:
    then the reviewers keep what they were given."""
    application = locked(application, user, WRITERS)
    allow(application, EDITABLE)
    attachment = get_object_or_404(application.attachments, pk=attachment.pk)
    if not attachment.removed_at:
        attachment.removed_at = timezone.now()
        attachment.save(update_fields=["removed_at"])
        if not attachment.snapshots.exists():
            transaction.on_commit(lambda: attachment.file.delete(save=False))
