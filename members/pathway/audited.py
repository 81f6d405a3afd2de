"""What the pathway writes into the audit log: all that the Alliance does to an application."""

from django.db.models import CharField, Q
from django.db.models.functions import Cast

from alliance.core import audited

from .models import Application
from .states import BY_ALLIANCE, ENTRIES

# The ground floor has "export".
ACTIONS = {name: ENTRIES[name].label for name in BY_ALLIANCE if name not in audited.ACTIONS}


def hidden_from(user):
    """What was done to an application is not there for whoever has a conflict of interest with it."""
    barred = Application.objects.exclude(pk__in=Application.objects.without_conflict(user).order_by().values("pk"))
    keys = barred.order_by().annotate(as_text=Cast("pk", CharField())).values("as_text")
    return Q(kind=Application._meta.label_lower, object_id__in=keys)
