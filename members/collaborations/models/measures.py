from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from alliance.core.fields import SourcesField, WebAddressField
from alliance.core.models import Publishable, Timestamped
from alliance.core.search import Fold
from alliance.core.vocabulary import State

from ..periods import PeriodField
from ..querysets import DataPointQuerySet, SharedMeasureQuerySet
from .collaboration import Collaboration
from .versioned import MadeOnce

DIGITS = {"max_digits": 20, "decimal_places": 4}


class PopulationGroup(models.Model):
    """A group of people that figures are given for: everyone, a category of the federal standard, or another one by its
    name.

    Source of the categories: Office of Management and Budget, Statistical Policy Directive No. 15 as revised on
    March 28, 2024 (89 FR 22182). Their order is that of the alphabet, as there.
    """

    class Kind(models.TextChoices):
        ALL = "all", _("Everyone")
        STANDARD = "standard", _("Category of the federal standard of 2024")
        OTHER = "other", _("Another grouping")

    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=24, help_text=_("For the end of a line in a chart."))
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.OTHER)
    position = models.PositiveSmallIntegerField(default=100, help_text=_("Where it stands among the others."))

    history = HistoricalRecords()

    class Meta:
        ordering = ["position", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Fold("name"), name="collaborations_populationgroup_once",
                violation_error_message=_("There is a group of this name already."),
            ),
            models.UniqueConstraint(
                "kind", condition=Q(kind="all"), name="collaborations_populationgroup_one_all",
                violation_error_message=_("There is one group for everyone."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name


class SharedMeasure(MadeOnce, Publishable):
    """A measure that the members of a collaboration keep together, or one on record that none has taken up yet.

    Its figures are `points`; `figures.read` says what can be read from them: lines, gaps and a summary in words.
    """

    class Direction(models.TextChoices):
        LOWER = "lower", _("Lower is better")
        HIGHER = "higher", _("Higher is better")

    class Format(models.TextChoices):
        """How its values are printed."""

        PERCENT = "percent", _("Percent")
        DOLLARS = "dollars", _("US dollars")
        NUMBER = "number", _("Number")

    class Interval(models.TextChoices):
        """How often a figure is due. Two that are further apart have a gap between them, and no line."""

        MONTHLY = "monthly", _("Every month")
        QUARTERLY = "quarterly", _("Every quarter")
        YEARLY = "yearly", _("Every year")
        IRREGULAR = "irregular", _("Now and then")

    collaboration = models.ForeignKey(
        Collaboration, models.SET_NULL, null=True, blank=True, related_name="measures",
        help_text=_("Empty: it is on record, and no collaboration has taken it up."),
    )  # fmt: skip
    name = models.CharField(max_length=160)
    result = models.CharField(
        max_length=300, blank=True, help_text=_("The result it belongs to: the condition of people that should change.")
    )
    topic = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=80, help_text=_("What is counted: percent of the labor force."))
    format = models.CharField(_("printed as"), max_length=8, choices=Format, default=Format.PERCENT)
    geography = models.CharField(max_length=120, help_text=_("Of where: Hennepin and Ramsey counties, Minnesota."))
    state = models.CharField(max_length=2, choices=State, blank=True)
    direction = models.CharField(max_length=6, choices=Direction)
    interval = models.CharField(_("a figure is due"), max_length=9, choices=Interval, default=Interval.YEARLY)
    reference = models.ForeignKey(
        PopulationGroup, models.PROTECT, related_name="+", verbose_name=_("reference group"),
        help_text=_("Each gap is the difference from this group, which is always named beside it."),
    )  # fmt: skip
    method_note = models.TextField(blank=True, help_text=_("How the figures came about, and what they cannot say."))
    sources = SourcesField(blank=True)
    baseline = models.DecimalField(null=True, blank=True, **DIGITS, help_text=_("Where you began."))
    baseline_period = PeriodField(null=True, blank=True)
    target = models.DecimalField(null=True, blank=True, **DIGITS, help_text=_("Where you want to be, for every group."))
    target_period = PeriodField(null=True, blank=True)
    key = models.GeneratedField(expression=Fold("name"), output_field=models.TextField(), db_persist=True)

    history = HistoricalRecords(excluded_fields=["key", "token", "version"])

    objects = SharedMeasureQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["name", "pk"]
        constraints = [
            *Publishable.Meta.constraints,
            models.UniqueConstraint(
                "collaboration", Fold("name"), Fold("geography"), nulls_distinct=False,
                name="collaborations_sharedmeasure_once",
                violation_error_message=_("There is a measure of this name for this geography already."),
            ),
            models.CheckConstraint(
                condition=Q(baseline=None, baseline_period=None)
                | Q(baseline__isnull=False, baseline_period__isnull=False),
                name="collaborations_sharedmeasure_baseline",
                violation_error_message=_("Give both the baseline and its period, or neither."),
            ),
            models.CheckConstraint(
                condition=Q(target=None, target_period=None) | Q(target__isnull=False, target_period__isnull=False),
                name="collaborations_sharedmeasure_target",
                violation_error_message=_("Give both the target and its period, or neither."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("measure_detail", args=[self.slug])

    @property
    def is_public(self):
        """Whether everyone may see it: as `published()` of the QuerySet."""
        return self.is_published and (self.collaboration is None or self.collaboration.is_published)


class DataPoint(MadeOnce, Timestamped):
    """One figure of a measure: its value for one group in one period, in the unit of the measure.

    `method` is how it came about, in few words; figures of different methods are never joined. A suppressed figure was
    withheld by its publisher, mostly because the group is small. `margin` is the margin of error as published.
    """

    measure = models.ForeignKey(SharedMeasure, models.CASCADE, related_name="points")
    period = PeriodField()
    group = models.ForeignKey(PopulationGroup, models.PROTECT, related_name="points")
    group_as_published = models.CharField(
        max_length=120, blank=True, help_text=_("The source's own words for the group, where they differ.")
    )
    value = models.DecimalField(null=True, blank=True, **DIGITS)
    margin = models.DecimalField(_("margin of error"), null=True, blank=True, **DIGITS)
    is_approximate = models.BooleanField(_("approximate"), default=False, help_text=_("The source says “about”."))
    is_suppressed = models.BooleanField(
        _("suppressed"), default=False, help_text=_("The publisher withheld the value, mostly as the group is small.")
    )
    method = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=200, blank=True)
    source = WebAddressField(blank=True)

    history = HistoricalRecords(excluded_fields=["token", "version"])

    objects = DataPointQuerySet.as_manager()

    class Meta:
        ordering = ["period", "group__position", "group__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "measure", "period", "group", name="collaborations_datapoint_once",
                violation_error_message=_("There is a figure for this group and period already."),
            ),
            models.CheckConstraint(
                condition=Q(is_suppressed=False, value__isnull=False)
                | Q(is_suppressed=True, value=None, margin=None, is_approximate=False),
                name="collaborations_datapoint_value",
                violation_error_message=_("Give a value, or mark it as suppressed by its publisher."),
            ),
            models.CheckConstraint(
                condition=Q(margin__gte=Decimal(0)), name="collaborations_datapoint_margin",
                violation_error_message=_("A margin of error is never below zero."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.group}, {self.period}"
