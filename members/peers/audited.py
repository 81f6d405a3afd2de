"""What this app writes into the audit log."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "decline_tie": _("declined to verify a tie to a government"),
}
