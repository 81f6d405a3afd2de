"""The one thread between a team and its reviewers."""

import uuid

from django.db import transaction

from ..models import Message
from ..team import WRITERS
from .base import NotPossible, locked, locked_for, tell_desk, tell_team


@transaction.atomic
def write(*, application, user, text, is_from_team, token=None):
    """Add a message to the thread of what was handed in once. The mail that tells of it never has its text. `token`, a
    UUID from the form, makes it safe to repeat: one form, one message."""
    application = locked(application, user, WRITERS) if is_from_team else locked_for(application, user)
    if not application.submitted_at:
        raise NotPossible(application.status_for_team, is_from_team)
    message, is_new = Message.objects.get_or_create(
        application=application,
        token=token or uuid.uuid4(),
        defaults={"author": user, "is_from_team": is_from_team, "text": text},
    )
    if is_new and not is_from_team:
        tell_team(application, "message_waits")
    elif is_new and not application.messages.unanswered().exclude(pk=message.pk).exists():
        tell_desk(application, "team_wrote")
    return message
