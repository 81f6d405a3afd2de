"""Deletes readiness checks whose time has run out; a timer runs it every night."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.pathway.models import Assessment


class Command(BaseCommand):
    help = _("Delete readiness checks that were begun 24 months ago or earlier, or a day ago and left empty.")

    def handle(self, **options):
        _all, by_model = Assessment.objects.expired().delete()
        count = by_model.get(Assessment._meta.label, 0)
        text = ngettext("Deleted %(count)s readiness check.", "Deleted %(count)s readiness checks.", count)
        self.stdout.write(text % {"count": count})
