import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.core.models import Timestamped
from alliance.core.vocabulary import Domain

from ..querysets import AbuseReportQuerySet, IntroductionQuerySet


class Introduction(Timestamped):
    """One person asks another to get to know them; `introductions` has the verbs.

    Addresses are shown only between two people who both agreed. Nobody but the two reads the message, staff neither.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Waits for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        LAPSED = "lapsed", _("Without an answer")
        ENDED = "ended", _("Ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="introductions_asked")
    asked = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="introductions_received")
    domain = models.CharField(_("what it is about"), max_length=16, choices=Domain, blank=True)
    message = models.TextField(max_length=2000)
    state = models.CharField(max_length=9, choices=State, default=State.ASKED, editable=False)
    settled_at = models.DateTimeField(null=True, editable=False)

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(asker=F("asked")), name="peers_introduction_of_two",
                violation_error_message=_("An introduction is between two people."),
            ),
            models.UniqueConstraint(
                Least("asker", "asked"), Greatest("asker", "asked"),
                condition=Q(state__in=("asked", "accepted")), name="peers_introduction_once",
                violation_error_message=_("One of you has asked the other already."),
            ),
            models.CheckConstraint(
                condition=Q(state="asked", settled_at=None) | ~Q(state="asked") & Q(settled_at__isnull=False),
                name="peers_introduction_settled",
                violation_error_message=_("What was settled has the time of it."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"Persons {self.asker_id} and {self.asked_id}"

    def get_absolute_url(self):
        return reverse("introduction", args=[self.pk])

    @property
    def is_open(self):
        return self.state == self.State.ASKED

    @property
    def is_over(self):
        return self.state not in (self.State.ASKED, self.State.ACCEPTED)

    def other_id(self, user):
        """The number of the other of the two."""
        return self.asked_id if user.pk == self.asker_id else self.asker_id


class Block(models.Model):
    """Somebody wants to meet another person nowhere in the peer network, nor be met; the other is not told."""

    blocker = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="blocked_by")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("blocker", "blocked", name="peers_block_once"),
            models.CheckConstraint(
                condition=~Q(blocker=F("blocked")), name="peers_block_of_two",
                violation_error_message=_("Nobody blocks themselves."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"Persons {self.blocker_id} and {self.blocked_id}"


class AbuseReport(Timestamped):
    """What somebody tells staff of how another person behaves in the peer network. Staff see it, never the messages of
    the two; whoever reports may copy into it what they want staff to read."""

    class State(models.TextChoices):
        OPEN = "open", _("Waits for staff")
        SETTLED = "settled", _("Settled")

    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="abuse_reports")
    about = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="abuse_reported")
    introduction = models.ForeignKey(Introduction, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField(_("what happened"), max_length=4000)
    state = models.CharField(max_length=7, choices=State, default=State.OPEN, editable=False)
    settled_at = models.DateTimeField(null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="settled_abuse_reports"
    )
    outcome = models.TextField(_("what was done"), max_length=1000, blank=True)
    hides = models.BooleanField(
        _("hide the person in the peer network"), default=False,
        help_text=_("Nobody finds them then, whatever they want. Untick it here to let them be found again."),
    )  # fmt: skip

    objects = AbuseReportQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", settled_at=None, settled_by=None)
                | Q(state="settled", settled_at__isnull=False, settled_by__isnull=False) & ~Q(outcome=""),
                name="peers_abusereport_settled",
                violation_error_message=_("Say what was done."),
            ),
            models.CheckConstraint(
                condition=Q(hides=False) | Q(state="settled"), name="peers_abusereport_hides",
                violation_error_message=_("Settle the report to hide somebody."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"Report {self.pk}"
