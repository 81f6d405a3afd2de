"""What the accounts write into the audit log."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {"forget_two_step": _("removed the second steps of a person")}
