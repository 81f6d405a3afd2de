from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.core.fields import WebAddressField

from .resource import Resource


class LinkCheck(models.Model):
    """What one look at the web address of a resource found."""

    class Outcome(models.TextChoices):
        OK = "ok", _("It answers")
        FAILED = "failed", _("It does not answer as it should")
        REFUSED = "refused", _("We do not ask such an address")

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="link_checks")
    url = WebAddressField()
    checked_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome)
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    final_url = WebAddressField(_("where it led"), max_length=2000, blank=True)

    class Meta:
        ordering = ["-checked_at", "-pk"]
        indexes = [models.Index(fields=["resource", "-checked_at"], name="resources_check_latest")]

    def __str__(self):
        return f"{self.checked_at:%Y-%m-%d}: {self.get_outcome_display()}"
