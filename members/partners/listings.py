from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.core.listing import Facet, Listing
from alliance.core.vocabulary import State

from .models import Partner


class PartnerListing(Listing):
    # The Alliance's list of 52 stands on one page, as it was printed.
    per_page = 60
    texts = ("summary", "representative", "later_name")
    facets = (
        Facet("sector", _("Sector"), "sector", dict(Partner.Sector.choices)),
        Facet("state", _("State"), "state", dict(State.choices)),
        # The relation comes from an upper floor, so it is named, not imported.
        Facet(
            "collaboration", _("Collaboration"), "seats__collaboration__slug",
            label_path="seats__collaboration__name",
            only=Q(seats__collaboration__status="published", seats__ended=None),
        ),
    )  # fmt: skip
    orders = {
        "alliance": (_("As printed"), ["position", "key"]),
        "name": (_("Name"), ["key"]),
        "sector": (_("Sector"), ["sector", "key"]),
    }
