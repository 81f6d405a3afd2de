from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from alliance.core.dates import PartialDateField
from alliance.core.fields import SourcesField
from alliance.core.models import Timestamped

from ..querysets import MilestoneQuerySet
from .jurisdiction import Jurisdiction


class Milestone(Timestamped):
    """A dated, sourced public act of a government."""

    class Kind(models.TextChoices):
        RESOLUTION = "resolution", _("Resolution")
        ORDINANCE = "ordinance", _("Ordinance")
        OFFICE = "office", _("Office opened")
        ACTION_PLAN = "action_plan", _("Action plan")
        TOOL = "tool", _("Tool adopted")
        TRAINING = "training", _("Training")
        BUDGET = "budget", _("Budget")
        REPORT = "report", _("Report")
        OTHER = "other", _("Act")

    # Acts of the governing body itself; the timeline fills their points.
    ACTS_OF_LAW = (Kind.RESOLUTION, Kind.ORDINANCE)

    jurisdiction = models.ForeignKey(Jurisdiction, models.CASCADE, related_name="milestones")
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    date = PartialDateField()
    sources = SourcesField()

    history = HistoricalRecords()

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = ["date", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sources__len__gte=1), name="cohorts_milestone_sourced",
                violation_error_message=_("A milestone needs at least one source."),
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["-date", "-id"], name="cohorts_milestone_latest")]

    def __str__(self):
        return f"{self.title} ({self.date})"

    def get_absolute_url(self):
        return f"{self.jurisdiction.get_absolute_url()}#milestone-{self.pk}"

    @property
    def is_act_of_law(self):
        return self.kind in self.ACTS_OF_LAW
