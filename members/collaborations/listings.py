from django.utils.translation import gettext_lazy as _

from alliance.core.listing import ArrayFacet, Facet, Listing
from alliance.core.vocabulary import State

from .models import Collaboration


class CollaborationListing(Listing):
    texts = ("summary", "region")
    facets = (
        Facet("kind", _("Kind"), "kind", dict(Collaboration.Kind.choices)),
        ArrayFacet("state", _("State"), "states", dict(State.choices)),
    )
    orders = {
        "name": (_("Name"), ["key"]),
        "founded": (_("Earliest first"), ["founded", "key"]),
        "size": (_("Most members"), ["-seat_count", "key"]),
    }


class MeasureListing(Listing):
    texts = ("result", "method_note", "geography")
    facets = (
        Facet("state", _("State"), "state", dict(State.choices)),
        Facet("topic", _("Topic"), "topic"),
    )
    orders = {
        "name": (_("Name"), ["key"]),
        "place": (_("State"), ["state", "geography", "key"]),
    }
