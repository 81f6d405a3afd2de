"""Governments, cohorts and their seats as tables."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.core.exchange import Choice, Column, Items, Name, Number, Table, Tie, YesOrNo

from .models import Cohort, CohortSeat, Jurisdiction, Place

SLUG = gettext_lazy("the address word; without one, what is new gets one from its name")
STATE = gettext_lazy("two letters, as MN")


class Geoid(Column):
    """The GEOID of a government: that of its place, or its own where the register of places has none.

    One that the register has ties the government to its place.
    """

    leads_to = (Place, ("geoid",))

    def value_of(self, government):
        return government.figures.geoid

    def read(self, text, others):
        return super().read(with_zero(text), others)

    def named(self, text):
        return [with_zero(text)]

    def set(self, government, geoid, others):
        if government.place and not government.place.geoid:
            raise ValidationError(_("Its entry in the register of places has none yet. Leave this cell empty."))
        [government.place] = others.all(self, geoid) or [None]
        government.geoid = None if government.place else geoid


def with_zero(text):
    """The GEOID with its first zero, which spreadsheets take away from the states 01 to 09."""
    text = text.strip()
    return f"0{text}" if text.isdecimal() and len(text) in (1, 4, 6, 9) else text


JURISDICTIONS = Table(
    Jurisdiction,
    [
        Column("slug", SLUG),
        Geoid("geoid", gettext_lazy("one of the register of places ties the government to its entry there")),
        Name("name"),
        Choice("kind"),
        Choice("state", STATE),
        Tie("parent", gettext_lazy("of a department: the address word of the government that it belongs to")),
        Column("population", gettext_lazy("only where the register of places has none")),
        Column("latitude", gettext_lazy("in degrees, only where the register of places has none")),
        Column("longitude", gettext_lazy("in degrees, only where the register of places has none")),
        Column("website"),
        Column("summary"),
        Choice("stage"),
        Column("stage_reason"),
        Choice("role"),
        Column("role_year", gettext_lazy("four digits")),
        Column("role_words"),
        Column("office"),
        Column("office_url"),
        Column("office_email"),
        Column("office_person"),
        YesOrNo("office_person_agreed"),
        Items("sources"),
        Choice("status"),
    ],
    identifiers={"slug": ["slug"], "geoid": ["geoid", "place__geoid"]},
    likeness=("name", "state", "kind"),
    needed=("name", "kind", "state"),
    word_from=("name", "state"),
    joins=["place"],
)

COHORTS = Table(
    Cohort,
    [
        Column("slug", SLUG),
        Name("name"),
        Choice("kind"),
        Column("summary"),
        Column("start"),
        Column("end"),
        Items("sources"),
        Choice("status"),
    ],
    identifiers={"slug": ["slug"]},
    likeness=("name",),
    needed=("name", "kind"),
    word_from=("name",),
)

COHORT_SEATS = Table(
    CohortSeat,
    [
        Number("id"),
        Tie("cohort"),
        Tie("jurisdiction"),
        Column("joined"),
        Column("left"),
        Items("sources"),
    ],
    identifiers={"id": ["id"]},
    likeness=("cohort", "jurisdiction", "joined"),
    needed=("cohort", "jurisdiction"),
)
