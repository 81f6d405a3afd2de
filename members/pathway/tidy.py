from datetime import timedelta

from django.utils import timezone

from .figures import count_quarter
from .models import Application, Assessment, Invitation, ReviewPolicy
from .workflow import empty, show_agreed_pages

# Long enough that a second click on the link of the mail finds its way.
INVITATION_IS_KEPT = timedelta(days=30)


def delete_expired_assessments():
    """Delete checks that were begun 24 months ago or earlier, or a day ago and left empty."""
    Assessment.objects.expired().delete()


def delete_old_invitations():
    """The addresses of whoever was asked into a team, whatever came of it: those who joined are in the team."""
    Invitation.objects.filter(expires_at__lte=timezone.now() - INVITATION_IS_KEPT).delete()


def empty_old_applications():
    """What was written for applications whose outcome, or withdrawal, is longer ago than the policy says."""
    for application in Application.objects.kept_long_enough(ReviewPolicy.current().years_kept).order_by("since", "pk"):
        empty(application=application)


TIDY = [delete_expired_assessments, delete_old_invitations, empty_old_applications, show_agreed_pages, count_quarter]
