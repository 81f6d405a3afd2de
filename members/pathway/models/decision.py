from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort

from ..querysets import DecisionQuerySet
from ..states import Status
from .application import Application
from .assessment import Assessment
from .review import AuthorityCheck


class Decision(models.Model):
    """What the Alliance answers: proposed by one person, confirmed by another, held until it is released.

    One that was sent back, or whose application was withdrawn meanwhile, stays with the time at which it ended.
    """

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        CONDITIONS = "conditions", _("Accepted with conditions")
        NOT_YET = "not_yet", _("Not yet")
        REFERRED = "referred", _("Referred")

    ACCEPTING = (Outcome.ACCEPTED, Outcome.CONDITIONS)
    # Where each leads the application.
    STATUS = {
        Outcome.ACCEPTED: Status.ACCEPTED,
        Outcome.CONDITIONS: Status.ACCEPTED,
        Outcome.NOT_YET: Status.NOT_YET,
        Outcome.REFERRED: Status.REFERRED,
    }

    application = models.ForeignKey(Application, models.PROTECT, related_name="decisions")
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    letter = models.TextField(_("letter"))
    conditions = models.TextField(_("conditions"), blank=True)
    referred_to = models.CharField(_("referred to"), max_length=200, blank=True)
    back_on = models.DateField(_("invited back from"), null=True, blank=True)
    cohort = models.ForeignKey(
        Cohort,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("seat in a cohort"),
        help_text=_("Empty: it joins the network as a member without a seat."),
    )
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    authority_check = models.ForeignKey(AuthorityCheck, models.PROTECT, null=True, related_name="+")
    roadmap = models.ForeignKey(Assessment, models.SET_NULL, null=True, related_name="+")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(released_at=None, ended_at=None),
                name="pathway_decision_one_held",
                violation_error_message=_("A decision about this application is held already."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("proposed_by")),
                name="pathway_decision_two_people",
                violation_error_message=_("A second person confirms a decision, not the one who proposed it."),
            ),
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False, confirmed_by__isnull=False, ended_at=None),
                name="pathway_decision_released",
                violation_error_message=_("A decision is confirmed before it is released."),
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["accepted", "conditions"])
                | Q(released_at=None)
                | Q(authority_check__isnull=False),
                name="pathway_decision_authority",
                violation_error_message=_(
                    "Before an acceptance is released, the applicant's authority is checked with a contact found on "
                    "the government's own website."
                ),
            ),
            models.CheckConstraint(
                condition=Q(outcome="conditions") & ~Q(conditions="") | ~Q(outcome="conditions") & Q(conditions=""),
                name="pathway_decision_conditions",
                violation_error_message=_("An acceptance with conditions says which; no other decision has any."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="referred") & ~Q(referred_to="") | ~Q(outcome="referred") & Q(referred_to=""),
                name="pathway_decision_referred",
                violation_error_message=_("Say to whom you refer them."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="not_yet", back_on__isnull=False) | ~Q(outcome="not_yet") & Q(back_on=None),
                name="pathway_decision_back_on",
                violation_error_message=_("“Not yet” names the day from which they are invited back."),
            ),
            models.CheckConstraint(
                condition=Q(cohort=None) | Q(outcome__in=["accepted", "conditions"]),
                name="pathway_decision_cohort",
                violation_error_message=_("Only an acceptance gives a seat in a cohort."),
            ),
        ]

    def __str__(self):
        return f"{self.application}: {self.outcome}"

    @property
    def is_accepting(self):
        return self.outcome in self.ACCEPTING
