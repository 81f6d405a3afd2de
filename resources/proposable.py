"""What members may propose for the page of their government, of what this app holds."""

from django.utils.translation import gettext_lazy as _

from cohorts.proposals import Kind

from .forms import AdoptionForm

PROPOSABLE = [
    Kind(
        "adoption",
        _("Resource in use"),
        _("A tool, plan or guide of the library that your government works with."),
        AdoptionForm,
        rows="adoptions",
        plural=_("Resources in use"),
        title="resource",
        heavy=("resource__body", "resource__search", "resource__labels", "resource__names"),
    ),
]
