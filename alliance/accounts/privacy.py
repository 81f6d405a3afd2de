"""What is kept so that a person can sign in: addresses, second steps, sessions."""

import json

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

COVERS = ("account.EmailAddress", "mfa.Authenticator", "usersessions.UserSession", "sessions.Session")


def export(user):
    """No key, secret or code: whoever finds the file must not be able to sign in with it."""
    return {
        "e-mail addresses": [
            {"address": one.email, "confirmed": one.verified, "in use": one.primary}
            for one in EmailAddress.objects.filter(user=user).order_by("pk")
        ],
        "second steps": [
            {"kind": one.get_type_display(), "name": str(one), "added": one.created_at, "last used": one.last_used_at}
            for one in Authenticator.objects.filter(user=user).order_by("pk")
        ],
        "where you signed in": [
            {"computer": one.user_agent, "address": one.ip, "began": one.created_at, "last seen": one.last_seen_at}
            for one in UserSession.objects.filter(user=user).order_by("pk")
        ],
    }


def erase(user):
    Session.objects.filter(pk__in=list(sessions_of(user))).delete()
    for model in (UserSession, Authenticator, EmailAddress):
        model.objects.filter(user=user).delete()


def sessions_of(user):
    """The keys of the sessions that are theirs or, half signed in, hold their address. Only an opened one tells."""
    address = json.dumps(user.email)
    for session in Session.objects.iterator():
        held = session.get_decoded()
        if held.get(SESSION_KEY) == str(user.pk) or address in json.dumps(held):
            yield session.pk
