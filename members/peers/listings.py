"""The directory of the peer network as a filtered list. What somebody does not show is not searched, filtered, counted
or sorted by."""

from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Case, F, Func, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from alliance.core import search
from alliance.core.listing import ArrayFacet, Facet, Listing
from alliance.core.vocabulary import Domain, Language, State
from cohorts.models import Jurisdiction

from .querysets import shows

HELPS, GOVERNMENT = shows("helps"), shows("government")
BY_GOVERNMENT = Case(When(GOVERNMENT, then=F("membership__jurisdiction__key"))).asc(nulls_last=True)


class PeerListing(Listing):
    facets = (
        ArrayFacet("domain", _("Can help with"), "helps_domains", dict(Domain.choices), only=HELPS),
        Facet(
            "topic", _("Topic"), "helps_topics__slug",
            label_path="helps_topics__name", only=HELPS & Q(helps_topics__status="published"),
        ),
        Facet("state", _("State"), "membership__jurisdiction__state", dict(State.choices), only=GOVERNMENT),
        Facet(
            "kind", _("Kind of government"), "membership__jurisdiction__kind",
            dict(Jurisdiction.Kind.choices), only=GOVERNMENT,
        ),
        ArrayFacet("language", _("Language"), "languages", dict(Language.choices), only=shows("languages")),
    )  # fmt: skip
    orders = {
        "new": (_("Newest first"), ["-listed_at"]),
        "government": (_("Government"), [BY_GOVERNMENT]),
    }

    @cached_property
    def closest(self):
        """The numbers of all whom the text finds, the closest first. Asked once: it folds the words of everybody."""
        names = ("shown_name", "shown_government")
        found = search.search(self.queryset.with_shown_words(), self.text, names=names, texts=("shown_words",))
        return list(found.order_by("-closeness", "pk").values_list("pk", flat=True))

    def matching(self, queryset):
        numbers = Value(self.closest, ArrayField(BigIntegerField()))
        position = Func(numbers, F("pk"), function="array_position", output_field=IntegerField())
        return queryset.filter(pk__in=self.closest).annotate(closeness=-position)
