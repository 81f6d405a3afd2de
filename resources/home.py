"""What of the library waits for curators."""

from django.utils.translation import gettext_lazy as _

from alliance.core.home import Need, holds, list_of

from . import upkeep
from .models import Resource, Suggestion


def resources(label, reason):
    """Resources that need a look for one of the reasons of `upkeep`."""
    return Need(
        label,
        holds("resources.change_resource"),
        lambda user: upkeep.needs_a_look(Resource.objects, reason),
        lambda: list_of(Resource, look=reason),
    )


NEEDS = [
    Need(
        _("Suggestions for the library"),
        holds("resources.change_suggestion"),
        lambda user: Suggestion.objects.waiting(),
        lambda: list_of(Suggestion, state=Suggestion.State.WAITING),
    ),
    resources(_("Resources with a broken link"), "broken"),
    resources(_("Resources that nobody has verified for 12 months"), "unverified"),
    resources(_("Resources that nobody has verified yet"), "never"),
]
