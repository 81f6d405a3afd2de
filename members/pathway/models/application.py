import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from alliance.core.models import Timestamped
from alliance.core.search import Fold
from cohorts.models import Jurisdiction, Place

from .. import questions
from ..querysets import ApplicationQuerySet
from ..states import EDITABLE, OUTCOMES, UNDER_WAY, Status
from ..timeline import Timeline
from .assessment import Assessment
from .desk import ReviewPolicy


def latest_questions():
    return questions.VERSION


class Application(Timestamped):
    """A government's application for entry, from the first draft to its outcome.

    `workflow.py` alone writes `status`; a trigger refuses a change that `states.py` does not name.
    Answers stand in `SectionAnswers`; what was handed in, in `Snapshot`s that never change.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True, null=True, editable=False)  # noqa: DJ001
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    # Where it goes back to, from changes that were asked for and from a decision that is held.
    came_from = models.CharField(max_length=20, choices=Status, blank=True, editable=False)
    questions_version = models.PositiveSmallIntegerField(default=latest_questions, editable=False)
    place = models.ForeignKey(Place, models.SET_NULL, null=True, blank=True, related_name="+")
    jurisdiction = models.ForeignKey(Jurisdiction, models.SET_NULL, null=True, blank=True, related_name="+")
    assessment = models.ForeignKey(
        Assessment, models.SET_NULL, null=True, blank=True, related_name="applications", editable=False
    )
    # Of the answers, as the team wrote them: for lists, searches and hints that do not open the answers.
    government_name = models.CharField(_("government"), max_length=200, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=2, blank=True, editable=False)
    kind = models.CharField(_("kind"), max_length=16, blank=True, editable=False)
    key = models.GeneratedField(expression=Fold("government_name"), output_field=models.TextField(), db_persist=True)
    deferred_until = models.DateField(_("put off until"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    # From when the time counts for which it stands where it stands, as its team is told.
    since = models.DateTimeField(default=timezone.now, editable=False)
    # When its time to be kept was over and its content went; the row stays.
    emptied_at = models.DateTimeField(null=True, editable=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        constraints = [
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT)
                | Q(status=Status.WITHDRAWN)
                | Q(submitted_at__isnull=False, reference__isnull=False),
                name="pathway_application_submitted",
                violation_error_message=_("What was submitted has a reference and the time of it."),
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[Status.CHANGES_REQUESTED, Status.DECIDED],
                    came_from__in=[Status.SCREENING, Status.IN_REVIEW],
                )
                | ~Q(status__in=[Status.CHANGES_REQUESTED, Status.DECIDED]) & Q(came_from=""),
                name="pathway_application_came_from",
                violation_error_message=_("Changes are asked for, and decisions made, in screening or in review."),
            ),
            models.CheckConstraint(
                condition=Q(deferred_until=None) | Q(status=Status.DRAFT),
                name="pathway_application_deferred",
                violation_error_message=_("Only a draft can be put off."),
            ),
        ]
        indexes = [
            models.Index("status", "since", name="pathway_application_since"),
            models.Index("state", "key", name="pathway_application_same"),
        ]

    def __str__(self):
        return self.reference or str(_("Draft"))

    def get_absolute_url(self):
        return reverse("application", args=[self.pk])

    @property
    def status_for_team(self):
        """The status that its team is told: a decision that is held looks like the step before it."""
        return Status(self.came_from if self.status == Status.DECIDED else self.status)

    @cached_property
    def policy(self):
        """The targets that hold now; one query."""
        return ReviewPolicy.current()

    @cached_property
    def timeline(self):
        """What happened, what is next, and by when, as its team is told; two queries."""
        return Timeline(self)

    @property
    def expected_by(self):
        """The day by which we aim to have done the present step; None where the team itself is next."""
        return self.timeline.expected_by

    @property
    def is_editable(self):
        """Whether its team may write answers now: all of a draft, the questions asked again of one sent back."""
        return self.status in EDITABLE

    @property
    def is_answered(self):
        """Whether our answer is there, and holds."""
        return self.status in OUTCOMES

    @property
    def is_under_way(self):
        return self.status in UNDER_WAY

    @property
    def is_emptied(self):
        """Whether its content went, and it was not opened again since."""
        return self.emptied_at is not None and self.emptied_at >= self.since


class SectionAnswers(models.Model):
    """What a team has written in one section so far, complete or not: {question id: answer}.

    `version` counts the saves: whoever saves names the version that they began from, so that nothing is overwritten
    unseen.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="sections")
    section = models.CharField(max_length=20)
    answers = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "section"], name="pathway_section_once"),
            models.CheckConstraint(
                condition=Q(section__in=[section.id for section in questions.SECTIONS]), name="pathway_section_known"
            ),
        ]

    def __str__(self):
        return f"{self.application}: {self.section}"
