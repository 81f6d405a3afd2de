"""Asks whether the links of the library still work; one run at a time, and a run that was stopped is gone on with."""

import argparse
import contextlib
from collections import Counter
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from resources.link_checks import LINKS, OfflineError, ask_all, believable, due, record
from resources.models import LinkCheck, Resource


def number(kind, least):
    """An argument that is a number of this kind, not below `least`."""

    def read(text):
        with contextlib.suppress(ValueError):
            if least <= (value := kind(text)) < 1_000_000:
                return value
        raise argparse.ArgumentTypeError(_("give a number from %(least)s on") % {"least": least})

    return read


@contextlib.contextmanager
def only_run():
    """Refuse to start while another run, here or on another computer, is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('check_links'))")
        if cursor.fetchone() == (False,):
            raise CommandError(_("Another run is checking links now. Wait until it is done."))
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('check_links'))")


class Command(BaseCommand):
    help = _("Ask the web addresses of published resources whether they still work.")

    def add_arguments(self, parser):
        parser.add_argument(
            "--older-than",
            type=number(int, 0),
            default=7,
            metavar="DAYS",
            help=_("Check links that were last checked so long ago; those that failed once, after a day. Default: 7."),
        )
        parser.add_argument(
            "--limit",
            type=number(int, 1),
            default=10_000,
            help=_("Check so many links at most; the others wait for the next run. Default: 10000."),
        )
        parser.add_argument("--slug", help=_("Check the link of this resource, whenever it was checked."))
        parser.add_argument(
            "--pause",
            type=number(float, 0),
            default=1,
            metavar="SECONDS",
            help=_("Wait so long between two requests to the same host. Default: 1."),
        )

    def handle(self, older_than, limit, slug, pause, **options):
        with only_run():
            links = LINKS.filter(slug=slug) if slug else due(timedelta(days=older_than))[:limit]
            if slug and not links:
                raise CommandError(_("No published resource called %(slug)s has a web address.") % {"slug": slug})
            self.check(links, pause)

    def check(self, links, pause):
        """Check the links, record each finding as it comes, and tell what was found."""
        outcomes, broken, changed = Counter(), [], 0
        findings = tqdm(ask_all(links, pause), total=len(links), unit=" links", disable=None)
        try:
            for link, finding in believable(findings, pause):
                status = record(link, finding)
                outcomes[finding.outcome] += status is not None
                changed += status is None
                if status == Resource.LinkStatus.BROKEN != link.link_status:
                    broken.append((link, finding))
        except OfflineError:
            raise CommandError(
                _("No server answered at all. Is this computer online? The failures are not recorded.")
            ) from None
        except KeyboardInterrupt:
            raise CommandError(_("Stopped. What was found is recorded, and the next run goes on from there.")) from None
        finally:
            self.tell(outcomes, broken, changed)

    def tell(self, outcomes, broken, changed):
        for outcome in LinkCheck.Outcome:
            self.stdout.write(f"{outcomes[outcome]:>8,} {outcome.label}")
        if changed:
            text = ngettext(
                "%(count)s was changed or withdrawn meanwhile.",
                "%(count)s were changed or withdrawn meanwhile.",
                changed,
            )
            self.stdout.write(text % {"count": changed})
        if broken:
            self.stdout.write("\n" + _("Newly broken:"))
        for link, finding in broken:
            self.stdout.write(f"  {link.slug}: {finding.detail} {link.url}")
