from datetime import timedelta

from django.utils import timezone

from .models import Assessment, Invitation
from .workflow import show_agreed_pages

# Long enough that a second click on the link of the mail finds its way.
INVITATION_IS_KEPT = timedelta(days=30)


def delete_expired_assessments():
    """Delete checks that were begun 24 months ago or earlier, or a day ago and left empty."""
    Assessment.objects.expired().delete()


def delete_old_invitations():
    """The addresses of whoever was asked into a team, whatever came of it: those who joined are in the team."""
    Invitation.objects.filter(expires_at__lte=timezone.now() - INVITATION_IS_KEPT).delete()


TIDY = [delete_expired_assessments, delete_old_invitations, show_agreed_pages]
