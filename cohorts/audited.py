"""What this app writes into the audit log."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "accept": _("accepted a proposed change"),
    "decline": _("declined a proposed change"),
    "verify_tie": _("verified a tie to a government"),
}
