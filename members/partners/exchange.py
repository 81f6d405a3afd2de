"""Partners as a table."""

from django.utils.translation import gettext_lazy as _

from alliance.core.exchange import Choice, Column, Items, Name, Table, Tie

from .models import Partner

PARTNERS = Table(
    Partner,
    [
        Column("slug", _("the address word; without one, what is new gets one from its name")),
        Name("name"),
        Choice("sector"),
        Choice("state", _("two letters, as MN")),
        Column("position"),
        Column("representative"),
        Tie("jurisdiction", _("the government that this partner is, by its address word")),
        Column("website"),
        Column("summary"),
        Column("later_name"),
        Items("sources"),
        Choice("status"),
    ],
    identifiers={"slug": ["slug"]},
    likeness=("name", "state"),
    needed=("name", "sector"),
    word_from=("name",),
)
