from django.db import models
from django.utils import timezone


class AssessmentQuerySet(models.QuerySet):
    def current(self):
        """Those whose time has not run out; the others are gone for everybody, also before they are deleted."""
        return self.filter(expires_on__gt=timezone.localdate())

    def expired(self):
        return self.filter(expires_on__lte=timezone.localdate())

    def with_government(self):
        """Load the government that was chosen, whichever way."""
        return self.select_related("place__jurisdiction", "jurisdiction__place")
