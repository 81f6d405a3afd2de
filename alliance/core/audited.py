"""What the ground floor writes into the audit log."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "add": _("added"),
    "change": _("changed"),
    "delete": _("deleted"),
    "publish": _("published"),
    "archive": _("archived"),
    "restore": _("restored an older version"),
    "settle": _("settled"),
    "export": _("exported"),
    "import": _("imported"),
    "change_roles": _("changed what a person may do"),
    "try_mail_again": _("had mail tried again"),
    "deny": _("refused"),
    "read": _("read by an admin"),
}
