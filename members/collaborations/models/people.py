from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.core.models import Timestamped
from cohorts.models import Jurisdiction
from members.partners.models import Partner

from ..querysets import JoinRequestQuerySet, StewardQuerySet
from .collaboration import Collaboration, Seat


class Steward(Timestamped):
    """A person who keeps a collaboration's page. Staff appoint them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="stewardships")
    collaboration = models.ForeignKey(Collaboration, models.CASCADE, related_name="stewards")
    appointed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="appointed_stewards"
    )
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    objects = StewardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "user", "collaboration", condition=Q(ended_on=None), name="collaborations_steward_one_open",
                violation_error_message=_("This person is a steward of this collaboration already."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__gte=F("started_on")), name="collaborations_steward_dates",
                violation_error_message=_("The end cannot come before the start."),
            ),
            models.CheckConstraint(
                condition=~Q(appointed_by=F("user")), name="collaborations_steward_not_by_self",
                violation_error_message=_("Nobody appoints themselves."),
            ),
        ]  # fmt: skip

    def __str__(self):
        """Without the name: the admin's log keeps it, where nobody would find it again to forget it."""
        return f"Person {self.user_id}, {self.collaboration}"


class JoinRequest(Timestamped):
    """Somebody's wish that their government or organization takes a seat in a collaboration; `joining` has its verbs.

    Its message is for the people of the backbone and staff, and is forgotten with the person who wrote it.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Waits for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    collaboration = models.ForeignKey(Collaboration, models.CASCADE, related_name="join_requests")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="join_requests")
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, null=True, blank=True, related_name="join_requests")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="join_requests")
    title = models.CharField(_("job title"), max_length=120)
    message = models.TextField(max_length=2000, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    answer = models.TextField(max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="answered_join_requests"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    seat = models.ForeignKey(Seat, models.SET_NULL, null=True, blank=True, related_name="join_requests")

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(partner__isnull=False, jurisdiction=None) | Q(partner=None, jurisdiction__isnull=False),
                name="collaborations_joinrequest_of_one",
                violation_error_message=_("Give exactly one: a partner or a jurisdiction."),
            ),
            models.UniqueConstraint(
                "collaboration", "partner", condition=Q(state="asked"), name="collaborations_joinrequest_partner_once",
                violation_error_message=_("This partner has asked already, and waits for an answer."),
            ),
            models.UniqueConstraint(
                "collaboration", "jurisdiction", condition=Q(state="asked"),
                name="collaborations_joinrequest_jurisdiction_once",
                violation_error_message=_("This government has asked already, and waits for an answer."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=("asked", "withdrawn"), answered_by=None, answered_at=None)
                | Q(state__in=("accepted", "declined"), answered_by__isnull=False, answered_at__isnull=False),
                name="collaborations_joinrequest_answered",
                violation_error_message=_("An answer has somebody who gave it and a time."),
            ),
            models.CheckConstraint(
                condition=~Q(answered_by=F("asked_by")),
                name="collaborations_joinrequest_not_by_self",
                violation_error_message=_("Nobody answers what they asked themselves."),
            ),
            models.CheckConstraint(
                condition=Q(seat=None) | Q(state="accepted"),
                name="collaborations_joinrequest_seat",
                violation_error_message=_("Only what was accepted has a seat."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.holder}, {self.collaboration}"

    def get_absolute_url(self):
        return reverse("collaboration_request", args=[self.collaboration.slug, self.pk])

    @property
    def is_open(self):
        return self.state == self.State.ASKED

    @property
    def holder(self):
        """Who would hold the seat."""
        return self.partner or self.jurisdiction
