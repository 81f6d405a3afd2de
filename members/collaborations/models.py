from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from alliance.core.dates import PartialDateField
from alliance.core.fields import SourcesField
from alliance.core.models import Publishable, Timestamped
from alliance.core.search import Fold
from alliance.core.vocabulary import Stage, State
from cohorts.models import Cohort, Jurisdiction
from members.partners.models import Partner

from .querysets import CollaborationQuerySet, SeatQuerySet


class Collaboration(Publishable):
    """A local or regional collaboration: governments and organizations that work on racial equity together."""

    class Kind(models.TextChoices):
        LOCAL = "local", _("Local")
        REGIONAL = "regional", _("Regional")

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=Kind)
    region = models.CharField(max_length=120, help_text=_("In words: Twin Cities, Bay Area."))
    states = ArrayField(models.CharField(max_length=2, choices=State), default=list, blank=True)
    summary = models.TextField(blank=True)
    founded = PartialDateField(null=True, blank=True)
    stage = models.CharField(max_length=16, choices=Stage, blank=True)
    note = models.TextField(blank=True, help_text=_("What is uncertain in the record; readers see it."))
    cohort = models.OneToOneField(
        Cohort, models.SET_NULL, null=True, blank=True, related_name="collaboration",
        help_text=_("The learning cohort that this collaboration runs, if it is one."),
    )  # fmt: skip
    sources = SourcesField(blank=True)
    key = models.GeneratedField(expression=Fold("name"), output_field=models.TextField(), db_persist=True)

    history = HistoricalRecords(excluded_fields=["key"])

    objects = CollaborationQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("collaboration_detail", args=[self.slug])


class Seat(Timestamped):
    """A place in a collaboration: of a partner, of a government, or of a name as a page prints it."""

    class Role(models.TextChoices):
        BACKBONE = "backbone", _("Backbone")
        STEERING = "steering", _("Steering")
        MEMBER = "member", _("Member")

    collaboration = models.ForeignKey(Collaboration, models.CASCADE, related_name="seats")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="seats")
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, null=True, blank=True, related_name="seats")
    name_as_printed = models.CharField(
        max_length=200, blank=True, help_text=_("Only where the member is neither a partner nor a jurisdiction here.")
    )
    role = models.CharField(max_length=8, choices=Role, default=Role.MEMBER)

    history = HistoricalRecords()

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(partner__isnull=False, jurisdiction=None, name_as_printed="")
                | Q(partner=None, jurisdiction__isnull=False, name_as_printed="")
                | Q(partner=None, jurisdiction=None) & ~Q(name_as_printed=""),
                name="collaborations_seat_of_one",
                violation_error_message=_("Give exactly one: a partner, a jurisdiction or a name as printed."),
            ),
            models.UniqueConstraint(
                "collaboration", "partner", name="collaborations_seat_partner_once",
                violation_error_message=_("This partner already has a seat here."),
            ),
            models.UniqueConstraint(
                "collaboration", "jurisdiction", name="collaborations_seat_jurisdiction_once",
                violation_error_message=_("This government already has a seat here."),
            ),
            models.UniqueConstraint(
                "collaboration", Fold("name_as_printed"), condition=~Q(name_as_printed=""),
                name="collaborations_seat_name_once",
                violation_error_message=_("This name already has a seat here."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return str(self.partner or self.jurisdiction or self.name_as_printed)

    @property
    def government(self):
        """The government behind the seat: the jurisdiction itself, or the one that the partner is."""
        return self.jurisdiction or (self.partner and self.partner.jurisdiction)

    @property
    def page(self):
        """Who holds the seat, if they have a public page."""
        holder = self.partner or self.jurisdiction
        return holder if holder and holder.is_published else None

    @property
    def sector(self):
        """The sector of the member; None where only a printed name is known."""
        if self.partner:
            return Partner.Sector(self.partner.sector)
        return Partner.Sector.GOVERNMENT if self.jurisdiction else None

    @property
    def sector_label(self):
        return self.sector.label if self.sector else _("Sector not on record")

    @property
    def sector_order(self):
        return list(Partner.Sector).index(self.sector) if self.sector else len(Partner.Sector)
