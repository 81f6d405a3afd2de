"""Seats in collaborations as a table."""

from django.utils.translation import gettext_lazy as _

from alliance.core.exchange import Choice, Column, Number, Table, Tie

from .models import Seat

SEATS = Table(
    Seat,
    [
        Number("id"),
        Tie("collaboration"),
        Tie("partner"),
        Tie("jurisdiction"),
        Column("name_as_printed", _("only where the member is neither a partner nor a government here")),
        Choice("role"),
    ],
    identifiers={"id": ["id"]},
    likeness=("collaboration", "partner", "jurisdiction", "name_as_printed"),
    needed=("collaboration",),
)
