"""The register of places: how people's words find a government."""

import re
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan

from alliance.core.search import Fold, clean, fold
from alliance.core.vocabulary import State

# "Town of Madison" is read as "Madison town": what kind of government is meant stands last, as in the Census's names.
KIND_FIRST = re.compile(r"^(?:the )?(city|town|village|township|borough|county|parish) of (.+)", re.IGNORECASE)

# The kinds that a last word may mean. Each municipal word also means "place", whose legal kind is not known yet.
KINDS_MEANT = {
    "county": ("county", "city_county"),
    "co": ("county", "city_county"),
    "parish": ("county", "city_county"),
    "borough": ("borough", "place", "county"),
    "city": ("city", "place", "city_county"),
    "town": ("town", "place"),
    "township": ("township", "place"),
    "village": ("village", "place"),
}

NICKNAMES = {"nyc": "new york city", "philly": "philadelphia", "sf": "san francisco"}

# The register has no population of counties; half of them have more people than this (2020 census), half have fewer.
MEDIAN_COUNTY = 26_000

# No name is longer, and to compare a long text with every name costs more than it finds.
LONGEST_NAME = 60


class Reading(NamedTuple):
    """One way to understand what was typed: a folded name or its beginning, perhaps a state, perhaps certain kinds."""

    name: str
    state: str = ""
    kinds: tuple = ()

    def shorter(self):
        """Yield the readings that take the name's last words for a state, or for a kind of government."""
        words = self.name.split()
        tails = [] if self.state else [" ".join(words[-count:]) for count in (3, 2, 1)]
        if tail := next((tail for tail in tails if tail in states()), None):
            yield self._replace(name=self.name.removesuffix(tail).strip(), state=states()[tail])
        if len(words) > 1 and not self.kinds and words[-1] in KINDS_MEANT:
            yield self._replace(name=" ".join(words[:-1]), kinds=KINDS_MEANT[words[-1]])

    @property
    def in_state(self):
        return Q(state=self.state) if self.state else Q()

    @property
    def of_kind(self):
        return Q(kind__in=self.kinds) if self.kinds else Q()

    @property
    def names(self):
        """The name itself; "New York" also is "New York City"."""
        return [self.name, f"{self.name} city"]

    @property
    def exactly(self):
        return Q(key__in=self.names) & self.in_state & self.of_kind

    @property
    def beginning(self):
        return Q(key__startswith=self.name) & self.in_state & self.of_kind

    @property
    def resembling(self):
        """Names like this one as a whole, or with a part like it; people mistake the kind, so any kind will do."""
        return (Q(key__trigram_similar=self.name) | Q(key__trigram_word_similar=self.name)) & self.in_state

    @property
    def resemblance(self):
        """SQL: 0 to 2, from nothing in common to the name itself."""
        return TrigramSimilarity("key", self.name) + TrigramWordSimilarity(self.name, "key")


def states():
    """Return the code of each state by its name and by its code, all lower case and without points."""
    return {word.lower().replace(".", ""): state.value for state in State for word in (state.value, str(state.label))}


def readings(folded):
    """Return the ways to read a folded text, the most literal first; none of an empty text."""
    found = [Reading(folded)] if folded else []
    for reading in found:  # grows as it is read: the state may stand before the kind or after it
        found += reading.shorter()
    return [reading._replace(name=NICKNAMES.get(reading.name, reading.name)) for reading in found]


def meant(text, column="key"):
    """Return the condition under which a row's folded name (`column`), state and kind are what `text` says.

    The database folds the names, so what was typed need not be folded yet.
    """
    words = re.sub(r"[^\w\s]", " ", re.sub(r"[.'’]", "", text.lower())).split()
    ways = [way for way in readings(" ".join(words)) if way.name]
    conditions = [
        Q(**{f"{column}__in": [Fold(Value(name)) for name in way.names]}) & way.in_state & way.of_kind
        for way in ways
    ]  # fmt: skip
    return reduce(or_, conditions, Q(pk__in=[]))


class PlaceQuerySet(models.QuerySet):
    def lookup(self, text, limit=10):
        """Return a list of at most `limit` places that a person may mean by `text`, the best match first.

        Exact names come first, then names that begin with the text, then names that resemble it; of equals, the one
        with more people. A state at the end ("Madison WI") narrows the search, a kind ("Hennepin County") comes before
        others. Each place carries `is_exact`, whether the text is its name, and without a further query its
        `jurisdiction`, where it has one.
        """
        ways = readings(fold(KIND_FIRST.sub(r"\2 \1", clean(text))))
        if not ways:
            return []
        found = list(self._beginning(ways)[:limit])
        if len(found) < limit and 0 < len(ways[-1].name) <= LONGEST_NAME:
            known = [place.pk for place in found]
            found += self._resembling(ways[-1]).exclude(pk__in=known)[: limit - len(found)]
        return found

    def called(self, text):
        """Places whose name is `text`, perhaps with a state or a kind behind it; of equals, those with more people."""
        return self.filter(meant(text))._best_first()

    def outside_the_network(self):
        """Places whose government has no public page."""
        return self.exclude(jurisdiction__status="published")

    def _beginning(self, ways):
        beginnings = [way.beginning for way in ways]
        conditions = [way.exactly for way in ways] + beginnings
        rank = Case(*(When(condition, then=rank) for rank, condition in enumerate(conditions)))
        rows = self.filter(reduce(or_, beginnings)).annotate(is_exact=LessThan(rank, len(ways)))
        return rows._best_first(rank)

    def _resembling(self, way):
        ranks = [way.resemblance.desc()]
        if way.kinds:
            ranks.append(Case(When(way.of_kind, then=0), default=1))
        return self.filter(way.resembling).annotate(is_exact=Value(False))._best_first(*ranks)

    def _best_first(self, *ranks):
        """Order by rank, then by population. Of equal counties, an independent city comes last: its code is higher."""
        people = Coalesce(F("population"), Case(When(kind="county", then=MEDIAN_COUNTY), default=0))
        return self.order_by(*ranks, people.desc(), "geoid", "pk").select_related("jurisdiction")
