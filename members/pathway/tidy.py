from datetime import timedelta

from django.utils import timezone

from .models import Invitation

# Long enough that a second click on the link of the mail finds its way.
INVITATION_IS_KEPT = timedelta(days=30)


def delete_old_invitations():
    """The addresses of whoever was asked into a team, whatever came of it: those who joined are in the team."""
    Invitation.objects.filter(expires_at__lte=timezone.now() - INVITATION_IS_KEPT).delete()


TIDY = [delete_old_invitations]
