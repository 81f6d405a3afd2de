"""The checklist of screening: what somebody has looked at before the review begins."""

from django.utils.translation import gettext_lazy as _

# {id: what to look at}
POINTS = {
    "government": _("It is a government, or a department of one."),
    "answers": _("Every answer says something that can be reviewed."),
    "files": _("Every file opens, and is what the answers say."),
    "sponsor": _("The executive sponsor has the office that the answers give."),
    "others": _("Other applications and pages of this government have been looked at."),
}
