"""What members may propose for the page of their government, of what this app holds."""

from django.utils.translation import gettext_lazy as _

from .forms import MilestoneForm, OfficeForm, SummaryForm, WebsiteForm
from .proposals import Kind

PROPOSABLE = [
    Kind("summary", _("Summary"), _("What visitors read first. Keep to what a public page shows."), SummaryForm),
    Kind("website", _("Website"), _("Where visitors read more."), WebsiteForm),
    Kind(
        "office",
        _("Public contact"),
        _("The office that others may ask about this work. Everybody sees it, on the page and in the open data."),
        OfficeForm,
    ),
    Kind(
        "milestone",
        _("Milestone"),
        _("A dated public act of your government, with a public page that shows it."),
        MilestoneForm,
        rows="milestones",
        plural=_("Milestones"),
        title="title",
    ),
]
