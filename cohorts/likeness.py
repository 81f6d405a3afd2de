"""How alike two governments are: the same kind, a similar size, not far away. Each reason can be said in words."""

from django.db.models import Case, F, FloatField, Q, Value, When
from django.db.models.functions import Abs, ACos, Coalesce, Cos, Least, Ln, NullIf, Radians, Sin
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

EARTH_RADIUS_MILES = 3959

# What each part adds to the likeness of two governments that agree in it fully; together 1.
KIND_WEIGHT, SIZE_WEIGHT, DISTANCE_WEIGHT = 0.4, 0.35, 0.25
# At this distance the third part has fallen to a half.
HALF_WAY_MILES = 200
# What lies farther off is not like it for being near.
FAR_AWAY_MILES = 300

MUNICIPAL = {"place", "city", "town", "township", "village", "borough", "city_county"}
COUNTY = {"county", "city_county"}


def kinds_like(kind):
    """The kinds of government that do the same work as `kind`: a city that is also a county counts with both."""
    return sorted({kind}.union(*(family for family in (MUNICIPAL, COUNTY) if kind in family)))


def miles_from(latitude, longitude):
    """SQL: great-circle distance in miles from a point to each government; null where it has no coordinates."""
    there = Radians(Coalesce(F("place__latitude"), F("latitude")))
    turn = Radians(Coalesce(F("place__longitude"), F("longitude")) - Value(longitude))
    here = Radians(Value(latitude))
    cosine = Sin(here) * Sin(there) + Cos(here) * Cos(there) * Cos(turn)
    # Rounding may carry the cosine of a distance of zero past 1, where acos has no value.
    miles = ACos(Least(Value(1.0), cosine)) * EARTH_RADIUS_MILES
    # LEAST passes over a null, so an unknown place would lie at no distance at all.
    known = Q(place__latitude__isnull=False) | Q(latitude__isnull=False)
    return Case(When(known, then=miles), default=None, output_field=FloatField())


def rank(queryset, thing):
    """Order `queryset` (of Jurisdiction) by likeness to `thing`, a Place or a Jurisdiction, best first."""
    is_jurisdiction = isinstance(thing, queryset.model)
    figures = thing.figures if is_jurisdiction else thing
    queryset = queryset.exclude(pk=thing.pk) if is_jurisdiction else queryset.exclude(place=thing)
    score = Case(When(kind__in=kinds_like(thing.kind), then=KIND_WEIGHT), default=0.0, output_field=FloatField())
    if figures.population:
        # Unknown stays unknown, and nobody has a logarithm of nobody.
        size = NullIf(Coalesce(F("place__population"), F("population")), 0)
        factor = Abs(Ln(size * 1.0 / figures.population))
        score += Coalesce(SIZE_WEIGHT / (1 + factor), 0.0, output_field=FloatField())
    miles = Value(None, output_field=FloatField())
    if figures.latitude is not None:
        miles = miles_from(figures.latitude, figures.longitude)
        score += Coalesce(DISTANCE_WEIGHT / (1 + miles / HALF_WAY_MILES), 0.0, output_field=FloatField())
    found = queryset.select_related("place").annotate(miles=miles, likeness=score).filter(likeness__gt=0)
    return found.order_by("-likeness", "name", "pk")


def most_like(thing, ranked, count):
    """The first `count` of `ranked` with the reasons, as (jurisdiction, reasons); nothing is like without a reason."""
    pairs = ((one, reasons(one, thing)) for one in ranked[:count])
    return [(one, why) for one, why in pairs if why]


def reasons(jurisdiction, thing):
    """Say in words why `jurisdiction`, a row of `rank`, is like `thing`; only what is true and known."""
    figures = getattr(thing, "figures", thing)
    words = []
    if jurisdiction.kind in kinds_like(thing.kind):
        words.append(kind_in_words(jurisdiction, thing))
    ours, theirs = figures.population, jurisdiction.figures.population
    if ours and theirs:
        words.append(_size_in_words(ours, theirs))
    return words + whereabouts(jurisdiction, thing)


def whereabouts(jurisdiction, thing):
    """Say in words that `jurisdiction`, with its `miles`, is near `thing`; nothing of what is far away or not known."""
    words = [_("in the same state")] if jurisdiction.state == thing.state else []
    if jurisdiction.miles is not None and jurisdiction.miles < FAR_AWAY_MILES:
        miles = round(jurisdiction.miles)
        words.append(ngettext("%(miles)s mile away", "%(miles)s miles away", miles) % {"miles": f"{miles:,}"})
    return words


def kind_in_words(jurisdiction, thing):
    """Say "also" only of the same kind: a place of the register may be a city or a town."""
    kind = {"kind": jurisdiction.get_kind_display().lower()}
    return (_("also a %(kind)s") if jurisdiction.kind == thing.kind else _("a %(kind)s")) % kind


def _size_in_words(ours, theirs):
    people = {"people": f"{theirs:,}"}
    if theirs > 2 * ours:
        return _("larger, with %(people)s people") % people
    if ours > 2 * theirs:
        return _("smaller, with %(people)s people") % people
    return _("about the same size, with %(people)s people") % people
