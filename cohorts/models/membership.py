from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.core.models import Timestamped

from ..querysets import MembershipQuerySet
from .jurisdiction import Jurisdiction


class Membership(Timestamped):
    """A person's tie to a government. A *member* is someone whose tie is current and verified."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="memberships")
    title = models.CharField(_("job title"), max_length=120, blank=True)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="verified_memberships"
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "user", "jurisdiction", condition=Q(ended_on=None), name="cohorts_membership_one_open",
                violation_error_message=_("This person already has a current tie to this government."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__gte=F("started_on")), name="cohorts_membership_dates",
                violation_error_message=_("The end cannot come before the start."),
            ),
            models.CheckConstraint(
                condition=Q(verified_on=None, verified_by=None)
                | Q(verified_on__isnull=False, verified_by__isnull=False),
                name="cohorts_membership_verified",
                violation_error_message=_("Say both when the tie was verified and by whom, or neither."),
            ),
            models.CheckConstraint(
                condition=~Q(verified_by=F("user")), name="cohorts_membership_not_by_self",
                violation_error_message=_("Nobody verifies their own tie."),
            ),
        ]  # fmt: skip

    def __str__(self):
        """Without the name: the admin's log keeps it, where nobody would find it again to forget it."""
        return gettext("Person %(number)s, %(government)s") % {
            "number": self.user_id,
            "government": self.jurisdiction,
        }
