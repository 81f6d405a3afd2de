"""What names a person in a text: how `privacy.py` finds it, to show it or to take it out."""

import re

from django.db.models import Q, TextField
from django.db.models.functions import Cast


def pattern_of(user, is_own):
    """What finds a person in a text: their address, and in an application of their own also their full name. One name
    alone is no one's own; and as everybody writes their own name, it proves nothing in applications of others."""
    return re.compile("|".join(ways_to_name(user.email, user.name if is_own else "")), re.IGNORECASE)


def ways_to_name(address, name):
    """Patterns of an address and a full name, each whole."""
    if address:
        yield rf"(?<![\w.+-]){re.escape(address)}(?!\.?[\w-])"
    if " " in name.strip():
        yield rf"(?<!\w){re.escape(name.strip())}(?!\w)"


def names(pattern, answer):
    texts = answer if isinstance(answer, list) else [answer]
    return any(pattern.search(str(text)) for text in texts)


def naming(user, queryset, column, own, application="application"):
    """The rows whose column, of text or of answers, may hold what names a person; `names` says for certain. `own` are
    the applications in which their name does, too."""
    by_name = Q(said__icontains=user.name.strip() or user.email, **{f"{application}__in": own})
    found = queryset.annotate(said=Cast(column, TextField()))
    return found.filter(Q(said__icontains=user.email) | by_name).order_by("pk")
