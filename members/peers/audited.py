"""What this app writes into the audit log."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "decline_tie": _("declined to verify a tie to a government"),
    "settle_abuse_report": _("settled a report of a person"),
    "hide_peer": _("hid a person in the peer network"),
    "show_peer": _("no longer hides a person in the peer network"),
}
