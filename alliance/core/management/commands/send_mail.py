"""Sends the mail of the outbox, and clears away every hour what is kept for a time only."""

import logging
import os
import select
import signal
import sys
import time

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, connection
from django.utils.translation import gettext as _

from alliance.core.models import OutgoingMail
from alliance.core.outbox import ServerAway, send_next
from alliance.core.tidy import tidy

logger = logging.getLogger(__name__)

# Seconds
IDLE = 1  # between two looks into an empty outbox
LONGEST_PAUSE = 30  # while the mail server or the database is away
BETWEEN_TIDYINGS = 3600


class Command(BaseCommand):
    help = _("Send the mail of the outbox as it comes, until SIGTERM or Ctrl-C; then end after the mail in hand.")

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help=_("Send what is due, then end."))
        parser.add_argument(
            "--until-eof",
            action="store_true",
            help=_("End as well when the standard input does, as when the program at its other end is gone."),
        )

    def handle(self, once, until_eof, **options):
        before = os.umask(0o077)  # mail that is kept as files is for the eyes of their owner alone
        try:
            if once:
                self.send_all()
            else:
                self.go_on([sys.stdin] if until_eof else [])
        finally:
            os.umask(before)

    def send_all(self):
        try:
            while send_next():
                pass
        except ServerAway as error:
            raise CommandError(_("The mail server takes no mail now: %(reason)s") % {"reason": error}) from None

    def go_on(self, inputs):
        """Send, tidy and wait, until a signal or the end of an input. Whatever is away is one line in the log."""
        inputs = [*inputs, signals()]
        pause, away, tidy_at = 0, None, time.monotonic()
        while not select.select(inputs, [], [], pause)[0]:
            try:
                mail = send_next()
                if time.monotonic() >= tidy_at:
                    tidy()
                    tidy_at = time.monotonic() + BETWEEN_TIDYINGS
            except (ServerAway, OperationalError, InterfaceError) as error:
                if not away:
                    logger.warning("Mail waits: %s", " ".join(str(error).split()))
                away, pause = error, min(max(IDLE, 2 * pause), LONGEST_PAUSE)
                connection.close()
            else:
                pause = 0 if mail else IDLE
                # An empty outbox says nothing about the mail server.
                if not isinstance(away, ServerAway) or mail and mail.state == OutgoingMail.State.SENT:
                    away = None


def signals():
    """A file that can be read from when a signal that says stop has come, and from then on."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, frame: None)
    return reader
