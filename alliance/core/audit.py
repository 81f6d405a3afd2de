"""The audit log: who did what to which object, when and within which request.

Each app names its actions in `audited.py`: `ACTIONS`, {word: label}. `record` writes an entry in the caller's
transaction, so a change and its entry come together or not at all. A trigger refuses every change of one.
"""

import secrets
from contextvars import ContextVar
from datetime import timedelta
from functools import cache

from django.contrib import admin
from django.contrib.auth.models import Permission

from .limits import Limit, Locked
from .models import AuditEntry, User
from .rooms import rooms

LABEL_LENGTH = AuditEntry._meta.get_field("label").max_length

# Of one person: enough to see what they are after, and no way to fill the log.
DENIALS = Limit("access.denials", 100, timedelta(hours=1))

request_id = ContextVar("request_id", default="")


class RequestIdMiddleware:
    """Gives each request a name of its own, for the log. `AccessMiddleware` tells it to whoever has signed in."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.id = secrets.token_hex(8)
        token = request_id.set(request.id)
        try:
            return self.get_response(request)
        finally:
            request_id.reset(token)


@cache
def actions():
    """All actions, {word: label}, in the order of the apps."""
    return {word: label for room in rooms("audited") for word, label in room.ACTIONS.items()}


def shown_to(user, entries):
    """Those of the entries that somebody may know of: an app may hide some of them, with `hidden_from` in its
    `audited.py`, which takes the person and gives the condition."""
    for room in rooms("audited"):
        if hasattr(room, "hidden_from"):
            entries = entries.exclude(room.hidden_from(user))
    return entries


def record(action, **said):
    """Write down what somebody did, as `entry` makes it, and return it."""
    written = entry(action, **said)
    written.save()
    return written


def deny(user, **said):
    """Write down that somebody who has signed in was refused, unless they were very often in this hour."""
    try:
        DENIALS.count(str(user.pk))
    except Locked:
        return
    record("deny", actor=user, **said)


def entry(action, *, actor=None, about=None, before=None, after=None, **facts):
    """An entry that is not written yet, about an action of `actions()`; KeyError for any other.

    `actor` is who did it, None for the portal itself; `about` the object. `before` and `after`, {field: value}, are for
    curated content and for rights alone. `facts` say the rest in a few small values for JSON: numbers, words of a list,
    states. None of them may hold a message, a key, or the name or address of a person.
    """
    actions()[action]
    named = {"kind": about._meta.label_lower, "object_id": str(about.pk), "label": label(about)} if about else {}
    return AuditEntry(
        action=action,
        actor=actor if actor and actor.is_authenticated else None,
        before=before,
        after=after,
        facts=facts,
        request_id=request_id.get(),
        **named,
    )


def label(thing):
    """What the log calls an object: by its name where it is one of the admin's, which name nobody; else, as people
    themselves, by its number."""
    if isinstance(thing, Permission):
        return thing.codename
    if isinstance(thing, User) or not admin.site.is_registered(type(thing)):
        return f"{thing._meta.verbose_name} {thing.pk}"[:LABEL_LENGTH]
    return str(thing)[:LABEL_LENGTH]
