from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from alliance.core.fields import SourcesField, WebAddressField
from alliance.core.models import Publishable, Timestamped
from alliance.core.querysets import PublishableQuerySet
from alliance.core.search import Fold
from alliance.core.vocabulary import State
from cohorts.models import Jurisdiction


class Partner(Publishable):
    """An organization that stands with the Alliance, under the name with which the Alliance printed it."""

    class Sector(models.TextChoices):
        GOVERNMENT = "government", _("Government")
        ASSOCIATION = "association", _("Association")
        UNIVERSITY = "university", _("University")
        COMMUNITY = "community", _("Community")
        PHILANTHROPY = "philanthropy", _("Philanthropy")

    name = models.CharField(max_length=200, help_text=_("Word for word as the Alliance prints it."))
    sector = models.CharField(max_length=12, choices=Sector)
    position = models.PositiveSmallIntegerField(
        _("place in the Alliance's list"), null=True, blank=True, unique=True, help_text=_("Empty for later partners.")
    )
    representative = models.CharField(
        max_length=120, blank=True, help_text=_("The office holder whom the Alliance's list names, if it names one.")
    )
    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, null=True, blank=True, related_name="partners",
        help_text=_("The government that this partner is."),
    )  # fmt: skip
    state = models.CharField(max_length=2, choices=State, blank=True)
    website = WebAddressField(blank=True)
    summary = models.TextField(blank=True)
    later_name = models.CharField(max_length=200, blank=True, help_text=_("A newer name, where a page shows one."))
    sources = SourcesField(blank=True)
    key = models.GeneratedField(expression=Fold("name"), output_field=models.TextField(), db_persist=True)

    history = HistoricalRecords(excluded_fields=["key"])

    objects = PublishableQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def public_jurisdiction(self):
        """The government that this partner is, if it has a public page."""
        return self.jurisdiction if self.jurisdiction and self.jurisdiction.is_published else None

    def get_absolute_url(self):
        return reverse("partner_detail", args=[self.slug])


class AffiliationQuerySet(models.QuerySet):
    def current(self):
        """Ties that have not ended."""
        return self.filter(ended_on=None)


class Affiliation(Timestamped):
    """A person's tie to a partner. It bars them from reviewing governments that the partner works with."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="affiliations")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="affiliations")
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "user", "partner", condition=Q(ended_on=None), name="partners_affiliation_one_open",
                violation_error_message=_("This person already has a current tie to this partner."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__gte=F("started_on")), name="partners_affiliation_dates",
                violation_error_message=_("The end cannot come before the start."),
            ),
        ]  # fmt: skip

    def __str__(self):
        """Without the name: the admin's log keeps it, where nobody would find it again to forget it."""
        return f"Person {self.user_id}, {self.partner}"
