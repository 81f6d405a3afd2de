"""What this app writes into the audit log."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "accept_joining": _("accepted a request to join a collaboration"),
    "decline_joining": _("declined a request to join a collaboration"),
    "close_collaboration": _("said that a collaboration has ended"),
    "reopen_collaboration": _("opened a collaboration again"),
    "appoint_steward": _("appointed a steward"),
    "end_steward": _("ended the work of a steward"),
}
