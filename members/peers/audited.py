"""What this app writes into the audit log."""

from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from .models import AbuseReport

ACTIONS = {
    "decline_tie": _("declined to verify a tie to a government"),
    "settle_abuse_report": _("settled a report of a person"),
    "hide_peer": _("hid a person in the peer network"),
    "show_peer": _("no longer hides a person in the peer network"),
}


def hidden_from(user):
    """What was done to a report is not there for whoever made it, or whom it is about."""
    own = AbuseReport.objects.exclude(pk__in=AbuseReport.objects.for_staff(user).values("pk"))
    keys = own.order_by().annotate(as_text=Cast("pk", CharField())).values("as_text")
    return Q(kind=AbuseReport._meta.label_lower, object_id__in=keys)
