"""What is cleared away every hour by `manage.py send_mail`.

Each app that keeps something for a time only has a `tidy.py` with `TIDY`: functions without arguments, each of which
deletes what has expired. This module gathers them, and is itself that of the ground floor.
"""

import logging
from datetime import timedelta
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import module_has_submodule

from .limits import forget
from .models import OutgoingMail

logger = logging.getLogger(__name__)

MAIL_IS_KEPT = timedelta(days=30)


def delete_old_mail():
    OutgoingMail.objects.filter(done_at__lte=timezone.now() - MAIL_IS_KEPT).delete()


def delete_expired_sessions():
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


TIDY = [forget, delete_old_mail, delete_expired_sessions]


def tidy():
    """Clear everything away. What fails is in the log, and the rest is done."""
    for app in apps.get_app_configs():
        if module_has_submodule(app.module, "tidy"):
            for function in import_module(f"{app.name}.tidy").TIDY:
                try:
                    function()
                except Exception:
                    logger.exception("%s.%s failed", function.__module__, function.__name__)
