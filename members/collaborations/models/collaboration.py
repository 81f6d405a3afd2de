from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from alliance.core.dates import PartialDateField, not_before
from alliance.core.fields import SourcesField, WebAddressField
from alliance.core.models import Publishable, Timestamped
from alliance.core.search import Fold
from alliance.core.vocabulary import Stage, State
from cohorts.models import Cohort, Jurisdiction
from members.partners.models import Partner

from ..querysets import CollaborationQuerySet, SeatQuerySet
from .versioned import MadeOnce, Versioned


class Collaboration(Versioned, Publishable):
    """A local or regional collaboration: governments and organizations that work on racial equity together.

    It holds the first of the five conditions of collective impact, the common agenda, and by its relations the others:
    `measures` (shared measurement), `activities` (mutually reinforcing activities), `gatherings` and `updates`
    (continuous communication), and `seats` with the role of the backbone. Source of the conditions: J. Kania and
    M. Kramer, Collective Impact, Stanford Social Innovation Review, Winter 2011.
    """

    class Kind(models.TextChoices):
        LOCAL = "local", _("Local")
        REGIONAL = "regional", _("Regional")

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=Kind)
    region = models.CharField(max_length=120, help_text=_("In words: Twin Cities, Bay Area."))
    states = ArrayField(models.CharField(max_length=2, choices=State), default=list, blank=True)
    summary = models.TextField(blank=True)
    founded = PartialDateField(null=True, blank=True)
    ended = PartialDateField(null=True, blank=True)
    result = models.TextField(
        _("common agenda"),
        blank=True,
        max_length=600,
        help_text=_("The result that you work for together, in plain words."),
    )
    agreed_on = PartialDateField(_("agreed on"), null=True, blank=True)
    agenda = WebAddressField(_("document of the agenda"), blank=True, help_text=_("A public page that shows it."))
    stage = models.CharField(max_length=16, choices=Stage, blank=True)
    note = models.TextField(blank=True, help_text=_("What is uncertain in the record; readers see it."))
    cohort = models.OneToOneField(
        Cohort, models.SET_NULL, null=True, blank=True, related_name="collaboration",
        help_text=_("The learning cohort that this collaboration runs, if it is one."),
    )  # fmt: skip
    sources = SourcesField(blank=True)
    key = models.GeneratedField(expression=Fold("name"), output_field=models.TextField(), db_persist=True)

    history = HistoricalRecords(excluded_fields=["key", "version"])

    objects = CollaborationQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["name"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=not_before("founded", "ended"),
                name="collaborations_collaboration_dates",
                violation_error_message=_("The end cannot come before the beginning."),
            ),
            models.CheckConstraint(
                condition=~Q(result="") | Q(agreed_on=None, agenda=""),
                name="collaborations_collaboration_agenda",
                violation_error_message=_("Say first what the agenda is: the result that you work for."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("collaboration_detail", args=[self.slug])


class Seat(MadeOnce, Timestamped):
    """A place in a collaboration: of a partner, of a government, or of a name as a page prints it. It ends; it is
    deleted only where it was never true."""

    class Role(models.TextChoices):
        BACKBONE = "backbone", _("Backbone")
        STEERING = "steering", _("Steering")
        MEMBER = "member", _("Member")

    class Function(models.TextChoices):
        """What a backbone does. Source: S. Turner, K. Merchant, J. Kania, E. Martin, Understanding the Value of
        Backbone Organizations in Collective Impact, Stanford Social Innovation Review, July 2012."""

        VISION = "vision", _("Guides vision and strategy")
        ACTIVITIES = "activities", _("Supports the members' activities")
        MEASUREMENT = "measurement", _("Keeps the shared measures")
        PUBLIC_WILL = "public_will", _("Builds public will")
        POLICY = "policy", _("Advances policy")
        FUNDING = "funding", _("Raises money")

    collaboration = models.ForeignKey(Collaboration, models.CASCADE, related_name="seats")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="seats")
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, null=True, blank=True, related_name="seats")
    name_as_printed = models.CharField(
        max_length=200, blank=True, help_text=_("Only where the member is neither a partner nor a jurisdiction here.")
    )
    role = models.CharField(max_length=8, choices=Role, default=Role.MEMBER)
    functions = ArrayField(
        models.CharField(max_length=12, choices=Function),
        default=list,
        blank=True,
        help_text=_("Only for the backbone: what it does for the others."),
    )
    began = PartialDateField(null=True, blank=True)
    ended = PartialDateField(null=True, blank=True)

    history = HistoricalRecords(excluded_fields=["token", "version"])
    named_by = ("partner", "jurisdiction")

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
                "collaboration", "partner", condition=Q(ended=None), name="collaborations_seat_partner_once",
                violation_error_message=_("This partner already has a seat here."),
            ),
            models.UniqueConstraint(
                "collaboration", "jurisdiction", condition=Q(ended=None), name="collaborations_seat_jurisdiction_once",
                violation_error_message=_("This government already has a seat here."),
            ),
            models.UniqueConstraint(
                "collaboration", Fold("name_as_printed"), condition=Q(ended=None) & ~Q(name_as_printed=""),
                name="collaborations_seat_name_once",
                violation_error_message=_("This name already has a seat here."),
            ),
            models.CheckConstraint(
                condition=not_before("began", "ended"), name="collaborations_seat_dates",
                violation_error_message=_("The end cannot come before the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(role="backbone") | Q(functions=[]), name="collaborations_seat_functions",
                violation_error_message=_("Only the backbone has functions."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return str(self.partner or self.jurisdiction or self.name_as_printed)

    @property
    def is_current(self):
        return self.ended is None

    @property
    def function_labels(self):
        """What the backbone does, in words, in the order of the list."""
        return [one.label for one in self.Function if one in self.functions]

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
