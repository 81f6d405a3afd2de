"""Resources as a table."""

from django.utils.translation import gettext_lazy as _

from alliance.core.exchange import Choice, Column, Items, Table, Ties, YesOrNo

from . import upkeep
from .models import Resource


class ResourceTable(Table):
    def resembling(self, rows):
        """What brings a title or an address must not say the same as another resource unnoticed."""
        bringing = [row for row in rows if row.values.keys() & {"title", "url"}]
        pairs = [(row.thing.title, row.thing.url) for row in bringing]
        found, firsts = {}, {}
        for row, alike, keys in zip(bringing, upkeep.resembling(pairs), upkeep.keys(pairs), strict=True):
            earlier = {firsts.setdefault(key, row) for key in enumerate(keys) if key[1]}
            found[row] = [resource for resource in alike if resource.pk != row.thing.pk]
            found[row] += [other.thing for other in earlier if other is not row]
        return [found.get(row, []) for row in rows]


RESOURCES = ResourceTable(
    Resource,
    [
        Column("slug", _("the address word; by it we know a resource again")),
        Column("title"),
        Choice("kind"),
        Column("publisher"),
        Items("authors"),
        Column("year", _("four digits")),
        Choice("language"),
        Column("url"),
        YesOrNo("url_is_copy"),
        Column("summary"),
        Column("body"),
        Choice("stage"),
        Ties("topics"),
        Ties("contributed_by_jurisdictions"),
        Ties("contributed_by_partners"),
        Ties("mentions"),
        Column("license"),
        Column("last_verified_on", _("a day as 2026-01-31")),
        Items("sources"),
        Choice("status"),
    ],
    identifiers={"slug": ["slug"]},
    needed=("slug", "title", "kind"),
)
