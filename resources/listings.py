"""The filtered list of the library: its facets and orders."""

from django.utils.translation import gettext_lazy as _

from alliance.core.listing import Facet, Listing
from alliance.core.vocabulary import Language, Stage

from .models import Resource


class ResourceListing(Listing):
    per_page = 20
    texts = ("summary", "title")
    facets = (
        Facet("kind", _("Kind"), "kind", dict(Resource.Kind.choices)),
        Facet("stage", _("Stage"), "stage", dict(Stage.choices)),
        Facet("language", _("Language"), "language", dict(Language.choices)),
    )
    orders = {"newest": (_("Newest"), ["-year", "-pk"])}
