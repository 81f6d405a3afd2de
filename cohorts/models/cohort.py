from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Case, Func, Q, Value, When
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from alliance.core.dates import FirstDay, PartialDateField, not_before
from alliance.core.fields import SourcesField
from alliance.core.models import Publishable, Timestamped
from alliance.core.search import Fold

from ..querysets import CohortQuerySet, CohortSeatQuerySet
from .jurisdiction import Jurisdiction


class Cohort(Publishable):
    """A named group of governments that learn together over a period."""

    class Kind(models.TextChoices):
        FOREFRONT = "forefront", _("Cohort at the forefront")
        REGIONAL = "regional", _("Regional learning cohort")
        STATE_AGENCIES = "state_agencies", _("Learning cohort of state agencies")
        NATIONAL = "national", _("National learning cohort")

    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=16, choices=Kind)
    summary = models.TextField(blank=True)
    start = PartialDateField(null=True, blank=True)
    end = PartialDateField(null=True, blank=True)
    sources = SourcesField(blank=True)
    key = models.GeneratedField(expression=Fold("name"), output_field=models.TextField(), db_persist=True)

    history = HistoricalRecords(excluded_fields=["key"])

    objects = CohortQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["name"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=not_before("start", "end"), name="cohorts_cohort_dates",
                violation_error_message=_("The end cannot come before the start."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("cohort_detail", args=[self.slug])


class Span(Func):
    """SQL: the days from the first of `joined` up to, but without, the first of `left`; at least one day.

    Unknown dates leave the range open. With bare years, a seat left in 2016 and one joined in 2016 do not overlap.
    """

    function = "daterange"

    def __init__(self, joined, left):
        next_day = Func(FirstDay(joined), template="(%(expressions)s + 1)", output_field=models.DateField())
        end = Case(
            When(Q(**{f"{left}__isnull": False}), then=Greatest(FirstDay(left), next_day)),
            default=Value(None),
            output_field=models.DateField(),
        )
        super().__init__(FirstDay(joined), end)


class CohortSeat(Timestamped):
    """A government's place in a cohort. The same pair may come again later, but never at the same time."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="seats")
    jurisdiction = models.ForeignKey(Jurisdiction, models.CASCADE, related_name="cohort_seats")
    joined = PartialDateField(null=True, blank=True)
    left = PartialDateField(null=True, blank=True)
    sources = SourcesField(blank=True)

    history = HistoricalRecords()

    objects = CohortSeatQuerySet.as_manager()

    class Meta:
        ordering = ["jurisdiction__name", "joined"]
        constraints = [
            models.CheckConstraint(
                condition=not_before("joined", "left"), name="cohorts_cohortseat_dates",
                violation_error_message=_("The seat cannot be left before it was joined."),
            ),
            ExclusionConstraint(
                name="cohorts_cohortseat_no_overlap",
                expressions=[
                    ("cohort", RangeOperators.EQUAL),
                    ("jurisdiction", RangeOperators.EQUAL),
                    (Span("joined", "left"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This government already has a seat in this cohort at that time."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.jurisdiction} in {self.cohort}"
