from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from alliance.core.models import User

TIME_TO_COME_IN = timedelta(days=7)


def forget_ended_sessions():
    """django-allauth's list of who is signed in where, and from which address, outlives the sessions themselves."""
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def forget_unconfirmed_accounts():
    """Whoever typed an address that is not theirs holds it for a week only. Staff, and whom staff gave a role or a tie,
    may take longer to come in for the first time."""
    week_ago = timezone.now() - TIME_TO_COME_IN
    unused = User.objects.filter(last_login=None, date_joined__lt=week_ago, erased_at=None, is_staff=False)
    unused.filter(groups=None, memberships=None).exclude(emailaddress__verified=True).delete()


TIDY = [forget_ended_sessions, forget_unconfirmed_accounts]
