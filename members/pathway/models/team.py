from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliance.core.keys import new_key

from ..querysets import InvitationQuerySet, TeamMemberQuerySet
from .application import Application


class TeamMember(models.Model):
    """Somebody who works on an application, in one role. Who leaves or is removed stays on record with the day."""

    class Role(models.TextChoices):
        LEAD = "lead", _("Lead")
        EDITOR = "editor", _("Editor")
        VIEWER = "viewer", _("Viewer")
        SPONSOR = "sponsor", _("Executive sponsor")

    application = models.ForeignKey(Application, models.CASCADE, related_name="team")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="applications")
    role = models.CharField(_("role"), max_length=10, choices=Role)
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True)

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "user"],
                condition=Q(left_at=None),
                name="pathway_team_once",
                violation_error_message=_("This person is in the team already."),
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(left_at=None, role="lead"),
                name="pathway_team_one_lead",
                violation_error_message=_("A team has one lead."),
            ),
        ]

    def __str__(self):
        return f"{self.user} ({self.get_role_display()})"


class Invitation(models.Model):
    """An address that was asked into a team. The key in the mail works once, for whoever signs in with that address."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"), max_length=254)
    role = models.CharField(_("role"), max_length=10, choices=TeamMember.Role)
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="pathway_invitation_once",
                violation_error_message=_("This address is invited already. Take that invitation back first."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None),
                name="pathway_invitation_one_end",
                violation_error_message=_("An invitation is either accepted or taken back."),
            ),
            models.CheckConstraint(
                condition=~Q(role="lead"),
                name="pathway_invitation_no_lead",
                violation_error_message=_("The lead hands the application over; nobody is invited as the lead."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("invited_at")),
                name="pathway_invitation_time",
                violation_error_message=_("An invitation ends after it begins."),
            ),
        ]

    def __str__(self):
        return f"{self.email} ({self.get_role_display()})"
