"""Brings the Open Civic Data register into the table of places: which row is which place, and what is new.

Every division is judged by the places as they stand before the import, so that the order of the file does not matter
and a second import finds nothing to do.
"""

from collections import Counter, defaultdict
from typing import NamedTuple

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from alliance.core import search

from .models import Place
from .ocd import COUNTY, SUBDIVISION, Division


class Outcome(models.TextChoices):
    KNOWN = "known", _("already known")
    MATCHED = "matched", _("matched")
    ADDED = "added", _("added")
    AMBIGUOUS = "ambiguous", _("ambiguous")
    SKIPPED = "skipped", _("skipped")


SEVERAL_PLACES = _("several places have this name")
SEVERAL_DIVISIONS = _("another row of the file fits the same place")
OTHER_GEOID = _("its place has another GEOID")


class Verdict(NamedTuple):
    """What becomes of a division: the outcome, its reason where there is one, the place that it is."""

    division: Division
    outcome: Outcome
    reason: str = ""
    place: Place | None = None


def import_divisions(divisions):
    """Match or add `divisions` in one transaction and return a Verdict for each; the others are left as they are."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Nobody else writes places while we compare them; readers go on.
            cursor.execute("LOCK TABLE cohorts_place IN SHARE ROW EXCLUSIVE MODE")
        comparison = Comparison(divisions)
        verdicts = comparison.verdicts()
        _complete([verdict for verdict in verdicts if verdict.outcome == Outcome.MATCHED])
        added = [verdict.division for verdict in verdicts if verdict.outcome == Outcome.ADDED]
        Place.objects.bulk_create(comparison.new_place(division) for division in added)
    return verdicts


def _complete(verdicts):
    """Write GEOID and kind of the matched places, in one statement however many they are."""
    places = [verdict.place.pk for verdict in verdicts]
    geoids = [verdict.division.geoid for verdict in verdicts]
    kinds = [verdict.division.kind.value for verdict in verdicts]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cohorts_place SET geoid = found.geoid, kind = found.kind"
            " FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS found (id, geoid, kind)"
            " WHERE cohorts_place.id = found.id",
            [places, geoids, kinds],
        )


class Comparison:
    """The divisions of a file beside the places of the same states."""

    def __init__(self, divisions):
        self.divisions = divisions
        self.keys = search.fold_all({name for division in divisions for name in (division.name, division.full_name)})
        self.geoids = {division.geoid for division in divisions}
        self.names = Counter(self.name(division) for division in divisions if division.level != COUNTY)
        places = list(Place.objects.filter(state__in={division.state for division in divisions}))
        self.by_geoid = {place.geoid: place for place in places if place.geoid}
        self.ocd_ids = {place.source_id for place in places if place.source == Place.Source.OCD}
        self.by_name = defaultdict(list)
        for place in places:
            self.by_name[place.state, place.key].append(place)

    def name(self, division):
        """State and folded name without the legal suffix: what divisions and places are compared by."""
        return division.state, self.keys[division.name]

    def verdicts(self):
        """Return a Verdict for each division; those that fit one and the same place are ambiguous."""
        drafts = [self.draft(division) for division in self.divisions]
        claims = Counter(draft.place.pk for draft in drafts if draft.outcome == Outcome.MATCHED)
        return [
            Verdict(draft.division, Outcome.AMBIGUOUS, SEVERAL_DIVISIONS)
            if draft.outcome == Outcome.MATCHED and claims[draft.place.pk] > 1
            else draft
            for draft in drafts
        ]

    def draft(self, division):
        """Judge one division by itself."""
        if place := self.by_geoid.get(division.geoid):
            learns = place.kind == Place.Kind.PLACE and division.kind not in (None, Place.Kind.PLACE)
            return Verdict(division, Outcome.MATCHED if learns else Outcome.KNOWN, place=place)
        if reason := division.reason_to_skip:
            return Verdict(division, Outcome.SKIPPED, reason)
        namesakes = self.namesakes(division)
        if division.id in self.ocd_ids or any(self.is_recoded(place, division) for place in namesakes):
            return Verdict(division, Outcome.AMBIGUOUS, OTHER_GEOID)
        free = [place for place in namesakes if not place.geoid]
        if not free or division.level == SUBDIVISION and self.shares_its_name(division):
            return Verdict(division, Outcome.ADDED)
        if len(free) > 1:
            return Verdict(division, Outcome.AMBIGUOUS, SEVERAL_PLACES)
        return Verdict(division, Outcome.MATCHED, place=free[0])

    def namesakes(self, division):
        """The places of its name, state and kind; by the full name ("New York City") when none has the short one."""
        kinds = {division.kind} if division.level == COUNTY else {division.kind, Place.Kind.PLACE}
        for name in (division.name, division.full_name):
            places = self.by_name.get((division.state, self.keys[name]), [])
            if found := [place for place in places if place.kind in kinds]:
                return found
        return []

    def is_recoded(self, place, division):
        """Whether the place has another GEOID of the same level and parent, and not one of the file's."""
        geoid = place.geoid or ""
        alike = len(geoid) == division.level and geoid[:-5] == division.geoid[:-5]
        return alike and geoid not in self.geoids

    def shares_its_name(self, division):
        """Whether another government of the state has the name of this county subdivision: a city, or a township."""
        name = self.name(division)
        return self.names[name] > 1 or any(len(place.geoid or "") > COUNTY for place in self.by_name.get(name, []))

    def new_place(self, division):
        """The place that a division adds: without population and coordinates, which the file does not have."""
        return Place(
            source=Place.Source.OCD,
            source_id=division.id,
            name=division.name,
            county=self.county(division) if division.level == SUBDIVISION else division.counties,
            state=division.state,
            kind=division.kind,
            geoid=division.geoid,
        )

    def county(self, division):
        """The name of the county that a county subdivision lies in, or "" where we do not know that county."""
        place = self.by_geoid.get(division.geoid[:COUNTY])
        return place.full_name if place else ""
