"""The filtered lists of this app: which facets and orders each one offers."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.core.listing import Facet, Listing
from alliance.core.vocabulary import Stage, State

from .models import Cohort, Jurisdiction, Milestone

PUBLISHED_COHORT = Q(cohort_seats__cohort__status="published")


class JurisdictionListing(Listing):
    texts = ("summary",)
    facets = (
        Facet("state", _("State"), "state", dict(State.choices)),
        Facet("kind", _("Kind"), "kind", dict(Jurisdiction.Kind.choices)),
        Facet("stage", _("Stage"), "stage", dict(Stage.choices)),
        Facet(
            "cohort", _("Cohort"), "cohort_seats__cohort__slug",
            label_path="cohort_seats__cohort__name", only=PUBLISHED_COHORT,
        ),
        Facet("link", _("Link"), "role", dict(Jurisdiction.Role.choices)),
    )  # fmt: skip
    orders = {
        "name": (_("Name"), ["key", "state"]),
        "state": (_("State"), ["state", "key"]),
        "milestones": (_("Most milestones"), ["-milestone_count", "key"]),
        "year": (_("Earliest link"), ["role_year", "key"]),
    }

    def matching(self, queryset):
        return queryset.named(self.text, texts=self.texts)


class CohortListing(Listing):
    texts = ("summary",)
    facets = (Facet("kind", _("Kind"), "kind", dict(Cohort.Kind.choices)),)
    orders = {
        "start": (_("Earliest first"), ["start", "key"]),
        "name": (_("Name"), ["key"]),
        "size": (_("Most governments"), ["-seat_count", "key"]),
    }


class MilestoneListing(Listing):
    names = ("jurisdiction__key",)
    texts = ("title", "description")
    facets = (
        Facet("kind", _("Kind"), "kind", dict(Milestone.Kind.choices)),
        Facet("state", _("State"), "jurisdiction__state", dict(State.choices)),
        Facet("jurisdiction", _("Jurisdiction"), "jurisdiction__slug", label_path="jurisdiction__name"),
    )
    orders = {
        "latest": (_("Latest first"), ["-date", "-pk"]),
        "oldest": (_("Oldest first"), ["date", "pk"]),
    }
