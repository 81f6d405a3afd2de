from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliance.core.fields import WebAddressField
from alliance.core.models import Timestamped
from alliance.core.vocabulary import State
from cohorts.models import Jurisdiction, Membership, Place

from ..querysets import TieRequestQuerySet


class TieRequest(Timestamped):
    """Somebody asks staff to verify that they work for a US government, in the network or not; `ties` has its verbs.

    Staff verify by a contact that they find on the government's own website, never by one that the person gave. What
    was verified is a `Membership`.
    """

    class Status(models.TextChoices):
        ASKED = "asked", _("Waits for staff")
        VERIFIED = "verified", _("Verified")
        DECLINED = "declined", _("Not verified")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tie_requests")
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, null=True, blank=True, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    government_name = models.CharField(_("government"), max_length=160)
    kind = models.CharField(_("kind"), max_length=16, choices=Jurisdiction.Kind)
    state = models.CharField(_("state"), max_length=2, choices=State)
    title = models.CharField(_("job title"), max_length=120)
    website = WebAddressField(_("website of the government"), blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.ASKED, editable=False)
    contact_page = WebAddressField(
        _("page of the government's own website with the contact"), blank=True, editable=False
    )
    how = models.CharField(_("how the tie was verified"), max_length=300, blank=True, editable=False)
    answer = models.TextField(max_length=1000, blank=True, editable=False)
    settled_at = models.DateTimeField(null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="settled_tie_requests"
    )
    membership = models.OneToOneField(
        Membership, models.SET_NULL, null=True, editable=False, related_name="tie_request"
    )

    objects = TieRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to join the peer network")
        verbose_name_plural = _("requests to join the peer network")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                "user", condition=Q(status="asked"), name="peers_tierequest_one_open",
                violation_error_message=_("You have asked already, and wait for an answer."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=("asked", "withdrawn"), settled_at=None, settled_by=None)
                | Q(status__in=("verified", "declined"), settled_at__isnull=False, settled_by__isnull=False),
                name="peers_tierequest_settled",
                violation_error_message=_("An answer has somebody who gave it and a time."),
            ),
            models.CheckConstraint(
                condition=~Q(status="verified") | ~Q(contact_page="") & ~Q(how=""),
                name="peers_tierequest_verified",
                violation_error_message=_("Say on which page of the government the contact stands, and how you asked."),
            ),
            models.CheckConstraint(
                condition=~Q(settled_by=F("user")), name="peers_tierequest_not_by_self",
                violation_error_message=_("Nobody verifies their own tie."),
            ),
        ]  # fmt: skip

    def __str__(self):
        """Without what the person wrote: the log keeps it, where nobody would find it again to forget it."""
        return f"Person {self.user_id}, {self.state}"

    @property
    def government(self):
        """The government with its state, as the person wrote it."""
        return f"{self.government_name}, {self.state}"

    @property
    def is_open(self):
        return self.status == self.Status.ASKED
