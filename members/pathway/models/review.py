"""What the Alliance's side writes about an application: who reads it, what they think, and what they checked.

None of it ever reaches the applying team.
"""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.fields import WebAddressField
from alliance.core.vocabulary import Domain

from ..querysets import AssignmentQuerySet, AuthorityCheckQuerySet, ReviewQuerySet
from ..rubric import HIGHEST, NOT_STARTED
from ..screening import POINTS
from .application import Application
from .assessment import latest_version


class Assignment(models.Model):
    """A reviewer who reads an application. Who is taken off stays on record with the day."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments")
    assigned_at = models.DateTimeField(default=timezone.now)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "reviewer"],
                condition=Q(removed_at=None),
                name="pathway_assignment_once",
                violation_error_message=_("This reviewer is assigned already."),
            )
        ]

    def __str__(self):
        return f"{self.application}: {self.reviewer_id}"


class Declaration(models.Model):
    """Somebody of the Alliance says whether they have a conflict of interest, before the content opens to them."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="declarations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    has_conflict = models.BooleanField(_("conflict of interest"))
    words = models.TextField(_("what it is"), blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "by"], name="pathway_declaration_once")]

    def __str__(self):
        return f"{self.application}: {self.by_id}"


class Override(models.Model):
    """An admin reads what they could not read otherwise, for an hour, with a reason that the lead is shown."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="overrides")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=models.F("at")),
                name="pathway_override_time",
                violation_error_message=_("An override ends after it begins."),
            )
        ]

    def __str__(self):
        return f"{self.application}: {self.by_id}"


class AdminReading(models.Model):
    """A day on which an admin opened an application; its lead is shown the days."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="readings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField(default=timezone.localdate)

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["application", "by", "on"], name="pathway_reading_once")]

    def __str__(self):
        return f"{self.application}: {self.by_id}, {self.on}"


class ScreeningCheck(models.Model):
    """One point of the checklist of screening that somebody ticked; `screening.py` has the points."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="checks")
    point = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "point"], name="pathway_check_once")]

    def __str__(self):
        return f"{self.application}: {self.point}"

    @property
    def words(self):
        return POINTS.get(self.point, self.point)


class Review(models.Model):
    """What one reviewer thinks of an application: a level with its reason for each domain. A draft until handed in.

    Who thinks again begins a new one; the one before stays, with the time at which it was replaced. `version` counts
    the saves of the draft.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews")
    rubric_version = models.PositiveSmallIntegerField(default=latest_version, editable=False)
    version = models.PositiveIntegerField(default=1)
    summary = models.TextField(_("in short"), blank=True)
    begun_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "reviewer"],
                condition=Q(replaced_at=None),
                name="pathway_review_once",
                violation_error_message=_("You have begun this review already."),
            ),
            models.CheckConstraint(
                condition=Q(replaced_at=None) | Q(submitted_at__isnull=False), name="pathway_review_replaced"
            ),
        ]

    def __str__(self):
        return f"{self.application}: {self.reviewer_id}"

    @property
    def in_data(self):
        """What was scored, {domain: {"level", "rationale", "evidence"}}, in the order of the domains."""
        given = {one.domain: one for one in self.scores.all()}
        return {
            domain: {part: getattr(given[domain], part) for part in ("level", "rationale", "evidence")}
            for domain in Domain
            if domain in given
        }


class Score(models.Model):
    """The level of one domain, 0 (not started) to 4, with its reason and the kinds of evidence that it rests on."""

    class Evidence(models.TextChoices):
        POLICY = "policy", _("Policy")
        INTERNAL = "internal", _("Internal practice")
        EXTERNAL = "external", _("External practice")

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    domain = models.CharField(max_length=16, choices=Domain)
    level = models.PositiveSmallIntegerField(null=True)
    rationale = models.TextField(_("reason"), blank=True)
    evidence = ArrayField(models.CharField(max_length=10, choices=Evidence), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "domain"], name="pathway_score_once"),
            models.CheckConstraint(
                condition=Q(level=None) | Q(level__range=(NOT_STARTED, HIGHEST)), name="pathway_score_level"
            ),
            models.CheckConstraint(condition=Q(domain__in=Domain.values), name="pathway_score_domain"),
        ]

    def __str__(self):
        return f"{self.domain}: {self.level}"


class InternalNote(models.Model):
    """A note among the people of the Alliance about an application."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(_("note"))
    at = models.DateTimeField(default=timezone.now)
    token = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["application", "token"], name="pathway_note_once")]

    def __str__(self):
        return f"{self.application}: {self.author_id}, {self.at}"


class AuthorityCheck(models.Model):
    """Somebody asked the government itself whether the applicant speaks for it, through a contact found on the
    government's own website and not one that the applicant gave."""

    class Way(models.TextChoices):
        PHONE = "phone", _("By phone")
        MAIL = "mail", _("By e-mail")
        LETTER = "letter", _("By letter")
        IN_PERSON = "in_person", _("In person")

    application = models.ForeignKey(Application, models.PROTECT, related_name="authority_checks")
    found_at = WebAddressField(_("page of the government's website with the contact"))
    contact = models.CharField(
        _("whom you asked"),
        max_length=200,
        help_text=_("The office and its number or address, as the page gives them."),
    )
    way = models.CharField(_("how"), max_length=10, choices=Way)
    asked_on = models.DateField(_("when"), default=timezone.localdate)
    is_confirmed = models.BooleanField(_("they confirmed it"))
    words = models.TextField(_("what they said"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = AuthorityCheckQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.application}: {self.asked_on}"
