"""What is done every hour by `manage.py send_mail`.

Each app that keeps something for a time only has a `tidy.py` with `TIDY`: functions without arguments, each of which
deletes what has expired, or writes to those for whom something waits. This module gathers them, and is itself that of
the ground floor.
"""

import logging
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from . import limits, notes
from .models import OutgoingMail
from .rooms import rooms

logger = logging.getLogger(__name__)

MAIL_IS_KEPT = timedelta(days=30)


def delete_old_mail():
    OutgoingMail.objects.filter(done_at__lte=timezone.now() - MAIL_IS_KEPT).delete()


def delete_expired_sessions():
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


TIDY = [limits.forget, delete_old_mail, delete_expired_sessions, notes.forget, notes.tell_curators]


def tidy():
    """Clear everything away. What fails is in the log, and the rest is done; without a database nothing can be."""
    for function in (function for room in rooms("tidy") for function in room.TIDY):
        try:
            function()
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("%s.%s failed", function.__module__, function.__name__)
