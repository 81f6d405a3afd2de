from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session


def forget_ended_sessions():
    """django-allauth's list of who is signed in where, and from which address, outlives the sessions themselves."""
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


TIDY = [forget_ended_sessions]
