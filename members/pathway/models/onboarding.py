from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.core.models import Timestamped
from alliance.core.vocabulary import Domain
from cohorts.models import Jurisdiction

from ..querysets import OnboardingQuerySet, OnboardingStepQuerySet
from .application import Application


class Onboarding(Timestamped):
    """How an accepted government settles in: its plan, the peer that is offered as a guide, and the yes to its page.

    The page appears when somebody of its team has seen the preview and said yes, at once or from `list_from` on.
    """

    application = models.OneToOneField(Application, models.PROTECT, related_name="onboarding")
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="onboardings")
    guide = models.ForeignKey(
        Jurisdiction,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("guide"),
        help_text=_("A government of the network that is offered as a guide."),
    )
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    list_from = models.DateField(_("show the page from"), null=True, blank=True)
    listed_at = models.DateTimeField(null=True)

    objects = OnboardingQuerySet.as_manager()

    class Meta:
        verbose_name = _("onboarding")
        verbose_name_plural = _("onboardings")
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_by=None, agreed_at=None, list_from=None, listed_at=None)
                | Q(agreed_by__isnull=False, agreed_at__isnull=False),
                name="pathway_onboarding_agreed",
                violation_error_message=_("The page appears only after somebody of its team said yes."),
            ),
            models.CheckConstraint(
                condition=Q(guide=None) | ~Q(guide=models.F("jurisdiction")),
                name="pathway_onboarding_guide",
                violation_error_message=_("Nobody is their own guide."),
            ),
        ]

    def __str__(self):
        return f"{self.jurisdiction}"


class OnboardingStep(models.Model):
    """One step of a plan: what to do, by when, who owns it, and where to read how. `plan.py` has the template."""

    onboarding = models.ForeignKey(Onboarding, models.CASCADE, related_name="steps")
    step = models.CharField(max_length=30)
    domain = models.CharField(max_length=16, choices=Domain, blank=True)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("step"), max_length=200)
    help = models.TextField(_("how"), blank=True)
    due_on = models.DateField(_("by when"))
    owner = models.CharField(_("who"), max_length=120, blank=True, help_text=_("An office or a role, no name needed."))
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = OnboardingStepQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["onboarding", "step"], name="pathway_onboarding_step_once"),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="pathway_onboarding_step_done",
            ),
        ]

    def __str__(self):
        return self.title
