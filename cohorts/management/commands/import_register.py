"""Imports the Open Civic Data register of US governments into the table of places; docs/register.md explains it."""

from collections import Counter, defaultdict

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cohorts import ocd
from cohorts.matching import Outcome, import_divisions

EXAMPLES = 20


class Command(BaseCommand):
    help = _("Add GEOIDs and missing governments from an Open Civic Data file of US census places.")

    def add_arguments(self, parser):
        parser.add_argument("file", help=_("The file us_census_places.csv, or a part of it."))

    def handle(self, file, verbosity, **options):
        try:
            divisions = ocd.read(file, progress=self.tell_progress)
        except ocd.FileError as error:
            raise CommandError(error) from error
        self.tell(_("Comparing %(count)s rows with the register") % {"count": f"{len(divisions):,}"})
        self.report(import_divisions(divisions), examples=EXAMPLES if verbosity < 2 else None)

    def tell_progress(self, rows):
        self.tell(_("%(count)s rows read") % {"count": f"{rows:,}"})

    def tell(self, text):
        self.stderr.write(text, self.style.HTTP_INFO)

    def report(self, verdicts, examples):
        """Write how many rows had each outcome, then the reasons with their rows, at most `examples` for each."""
        counts = Counter(verdict.outcome for verdict in verdicts)
        for outcome in Outcome:
            self.stdout.write(f"{counts[outcome]:>8,} {outcome.label}")
        by_reason = defaultdict(list)
        for verdict in verdicts:
            if verdict.reason:
                by_reason[verdict.outcome, verdict.reason].append(verdict.division)
        for (outcome, reason), divisions in by_reason.items():
            values = {"count": f"{len(divisions):,}", "outcome": outcome.label, "reason": reason}
            self.stdout.write("\n" + _("%(count)s %(outcome)s because %(reason)s:") % values)
            self.list(divisions, examples)

    def list(self, divisions, examples):
        for division in divisions[:examples]:
            self.stdout.write("  " + _("line %(line)s: %(division)s") % {"line": division.line, "division": division})
        if examples and len(divisions) > examples:
            values = {"count": f"{len(divisions) - examples:,}"}
            self.stdout.write("  " + _("and %(count)s more, which --verbosity 2 lists") % values)
