from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone


class AssessmentQuerySet(models.QuerySet):
    def current(self):
        """Those whose time has not run out; the others are gone for everybody, also before they are deleted."""
        return self.filter(expires_on__gt=timezone.localdate())

    def expired(self):
        """Those whose time has run out, and those that were begun the day before or earlier and left empty."""
        yesterday = timezone.now() - timedelta(days=1)
        over = Q(expires_on__lte=timezone.localdate())
        return self.filter(over | Q(created_at__lt=yesterday, answers=None))

    def with_government(self):
        """Load the government that was chosen, whichever way."""
        return self.select_related("place__jurisdiction", "jurisdiction__place")
