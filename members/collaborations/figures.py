"""What can be read from the figures of a measure, and how it is said: lines, gaps and a summary in words.

Nothing is filled in. Two figures make a line only where they belong together, and a gap only where both groups have a
value for the same period that came about in the same way. All arithmetic is exact.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from . import periods

MINUS = "\u2212"

# Months between the beginnings of two figures that follow each other; `irregular` measures have no such number.
MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}


# --- numbers ---


def plain(value, least=0):
    """A Decimal with its thousands grouped, a true minus, and only the digits behind the point that it needs, but at
    least so many of them: "1,234.5"."""
    digits = max(-value.normalize().as_tuple().exponent, least)
    return f"{MINUS if value < 0 else ''}{number_format(abs(value), digits, force_grouping=True)}"


def printed(value, kind):
    """A value as it is printed: "8.6%", "$27,026", "1,234.5"."""
    if kind == "percent":
        return f"{plain(value)}%"
    if kind == "dollars":
        # Cents are two digits or none.
        amount = plain(abs(value), 0 if value == value.to_integral_value() else 2)
        return f"{MINUS if value < 0 else ''}${amount}"
    return plain(value)


def printed_difference(value, kind):
    """A difference of two values, without its sign: "8.6 points" between percents, "$37,255", "1,234.5"."""
    value = abs(value)
    if kind == "percent":
        return ngettext("%(n)s point", "%(n)s points", 1 if value == 1 else 2) % {"n": plain(value)}
    return printed(value, kind)


def printed_point(point, kind):
    """The value of a point: "15.3%", "about 70%" where its source says so, "withheld" where its publisher did."""
    if point.value is None:
        return _("withheld")
    words = printed(point.value, kind)
    return _("about %(value)s") % {"value": words} if point.is_approximate else words


# --- gaps ---


@dataclass(frozen=True)
class Gap:
    """How far the value of a group is from that of the reference group in one period."""

    point: object
    reference: object
    kind: str

    @property
    def period(self):
        return self.point.period

    @property
    def method(self):
        return self.point.method

    @property
    def value(self):
        """Above zero where the group's value is the higher one; in the unit of the measure, percents in points."""
        return self.point.value - self.reference.value

    @property
    def is_approximate(self):
        return self.point.is_approximate or self.reference.is_approximate

    @property
    def variance(self):
        """The square of the gap's margin of error; None where one of the two margins is not known.

        Source: Census Bureau, Understanding and Using American Community Survey Data, chapter 8, the margin of error of
        a difference: the square root of the sum of the squares.
        """
        margins = (self.point.margin, self.reference.margin)
        return None if None in margins else sum(margin**2 for margin in margins)

    @property
    def is_within_margin(self):
        """Whether the two values may as well be the same, by their margins of error."""
        return self.variance is not None and self.value**2 <= self.variance

    @property
    def amount(self):
        """Without its direction: "8.6 points", "about $400"."""
        words = printed_difference(self.value, self.kind)
        return _("about %(value)s") % {"value": words} if self.is_approximate else words

    @property
    def brief(self):
        """Where the reference group is named beside it: "8.6 points higher", "no difference"."""
        if not self.value:
            return _("about the same") if self.is_approximate else _("no difference")
        words = _("%(amount)s higher") if self.value > 0 else _("%(amount)s lower")
        return words % {"amount": self.amount}

    @property
    def words(self):
        """ "8.6 points higher than White"."""
        if not self.value:
            words = _("about the same as %(group)s") if self.is_approximate else _("no difference from %(group)s")
        elif self.value > 0:
            words = _("%(amount)s higher than %(group)s")
        else:
            words = _("%(amount)s lower than %(group)s")
        return words % {"amount": self.amount, "group": self.reference.group.name}

    @property
    def margin_in_words(self):
        """What goes on after `words`: the margin of error with as many digits as the two it comes from, if those are
        known."""
        if self.variance is None:
            return ""
        margins = (self.point.margin, self.reference.margin)
        digits = min(0, *(margin.normalize().as_tuple().exponent for margin in margins))
        margin = self.variance.sqrt().quantize(Decimal(1).scaleb(digits), ROUND_HALF_UP)
        words = (
            _(", which is within the margin of error of %(margin)s")
            if self.is_within_margin
            else _(", with a margin of error of %(margin)s")
        )
        return words % {"margin": printed_difference(margin, self.kind)}


def trend(first, last):
    """What became of a gap between two periods, as a word of `THEN`.

    "rough" where the figures came about in different ways, "about" where one is approximate, "unclear" where the change
    is within its margin of error: then both gaps are told, and no more is claimed.
    """
    if first.method != last.method:
        return "rough"
    if first.is_approximate or last.is_approximate:
        return "about"
    change = last.value - first.value
    if not change:
        return "stayed"
    if None not in (first.variance, last.variance) and change**2 <= first.variance + last.variance:
        return "unclear"
    if is_turned(first, last):
        return "turned"
    return "narrowed" if abs(last.value) < abs(first.value) else "widened"


def is_turned(first, last):
    """Whether the group's value was the higher one in one of the two periods and the lower one in the other."""
    return first.value * last.value < 0


# The second sentence about a group, by the word of `trend`.
THEN = {
    None: "",
    "narrowed": gettext_lazy("The gap narrowed from %(amount)s %(when)s."),
    "widened": gettext_lazy("The gap widened from %(amount)s %(when)s."),
    "stayed": gettext_lazy("It was the same %(when)s."),
    "turned": gettext_lazy("It turned around: %(brief)s %(when)s."),
    "about": gettext_lazy("First on record: %(brief)s %(when)s."),
    "unclear": gettext_lazy("First on record: %(brief)s %(when)s; the change is within the margin of error."),
    "rough": gettext_lazy(
        "First on record: %(brief)s %(when)s, measured in another way, so the two compare only roughly."
    ),
}

# What the headline says of the widest gap, by the same words.
HEADLINES = {
    None: gettext_lazy("The gap between %(group)s and %(reference)s was %(now)s %(last)s"),
    "narrowed": gettext_lazy(
        "The gap between %(group)s and %(reference)s narrowed from %(then)s %(first)s to %(now)s %(last)s"
    ),
    "widened": gettext_lazy(
        "The gap between %(group)s and %(reference)s widened from %(then)s %(first)s to %(now)s %(last)s"
    ),
    "stayed": gettext_lazy("The gap between %(group)s and %(reference)s was %(then)s %(first)s, and the same %(last)s"),
    "about": gettext_lazy("The gap between %(group)s and %(reference)s was %(then)s %(first)s and %(now)s %(last)s"),
    "unclear": gettext_lazy(
        "The gap between %(group)s and %(reference)s was %(then)s %(first)s and %(now)s %(last)s, "
        "a change within the margin of error"
    ),
    "rough": gettext_lazy(
        "The gap between %(group)s and %(reference)s was %(then)s %(first)s and %(now)s %(last)s, "
        "measured in different ways"
    ),
}

# The same where the group that was above the other one is below it: amounts alone would not tell.
TURNED = {
    "turned": gettext_lazy("%(group)s was %(then_brief)s than %(reference)s %(first)s, and %(now_brief)s %(last)s"),
    "about": gettext_lazy("%(group)s was %(then_brief)s than %(reference)s %(first)s, and %(now_brief)s %(last)s"),
    "unclear": gettext_lazy(
        "%(group)s was %(then_brief)s than %(reference)s %(first)s, and %(now_brief)s %(last)s, "
        "a change within the margin of error"
    ),
    "rough": gettext_lazy(
        "%(group)s was %(then_brief)s than %(reference)s %(first)s, and %(now_brief)s %(last)s, "
        "measured in different ways"
    ),
}


# --- the figures of a measure ---


@dataclass(frozen=True)
class Series:
    """The figures of one group in the order of time.

    `lines` are the pairs of points that belong together, `gaps` those from the reference group, in the order of time.
    """

    group: object
    points: list
    lines: list
    gaps: list

    @property
    def known(self):
        """The points that have a value."""
        return [point for point in self.points if point.value is not None]

    @property
    def first_gap(self):
        return self.gaps[0]

    @property
    def last_gap(self):
        return self.gaps[-1]

    @property
    def trend(self):
        return trend(self.first_gap, self.last_gap) if len(self.gaps) > 1 else None


@dataclass(frozen=True)
class Figures:
    """All figures of a measure: its periods in order, and a Series for each group in the fixed order of the groups."""

    measure: object
    periods: list
    series: list

    @property
    def reference(self):
        """The Series of the reference group; None where it has no figure."""
        return next((one for one in self.series if one.group == self.measure.reference), None)

    @property
    def compared(self):
        """The Series that have a gap."""
        return [one for one in self.series if one.gaps]

    @property
    def widest(self):
        """The Series with the widest gap in the latest period that has any; None where there is no gap."""
        latest = max((one.last_gap.period for one in self.compared), key=periods.order, default=None)
        lately = [one for one in self.compared if one.last_gap.period == latest]
        return max(lately, key=lambda one: abs(one.last_gap.value), default=None)

    @property
    def years(self):
        """The first and the last year that a figure is of; None where there is none."""
        if not self.periods:
            return None
        parsed = [periods.parse(period) for period in self.periods]
        return min(one.first for one in parsed) // 12, max(one.first + one.months - 1 for one in parsed) // 12

    @property
    def levels(self):
        """(label, value, value and period in words) of the baseline and the target, where the measure has them."""
        one = self.measure
        known = ((_("Baseline"), one.baseline, one.baseline_period), (_("Target"), one.target, one.target_period))
        return [
            (label, value, f"{printed(value, one.format)}, {periods.describe(period)}")
            for label, value, period in known
            if value is not None
        ]

    @property
    def changed_at(self):
        """When the measure or one of its figures was last changed."""
        return max([self.measure.updated_at, *(point.updated_at for one in self.series for point in one.points)])

    @property
    def headline(self):
        """The one thing to know, in few words."""
        if not self.series:
            return _("No figures yet")
        reference, one = self.measure.reference.short_name, self.widest
        if not one:
            return _("No gap to show: no period has figures for both %(reference)s and another group") % {
                "reference": reference
            }
        first, last = one.first_gap, one.last_gap
        return (TURNED if is_turned(first, last) else HEADLINES)[one.trend] % {
            "group": one.group.short_name, "reference": reference,
            "then": first.amount, "then_brief": first.brief, "first": periods.describe_in(first.period),
            "now": last.amount, "now_brief": last.brief, "last": periods.describe_in(last.period),
        }  # fmt: skip

    @property
    def summary(self):
        """(group, sentences) for each group that is held against the reference."""
        return [(one.group, self.told(one)) for one in self.series if is_held_against(self.measure, one.group)]

    def told(self, one):
        if not one.gaps:
            return _("No gap to tell: no period has figures for both this group and %(reference)s.") % {
                "reference": self.measure.reference
            }
        last = one.last_gap
        now = _("%(gap)s %(when)s%(margin)s.") % {
            "gap": last.words, "when": periods.describe_in(last.period), "margin": last.margin_in_words,
        }  # fmt: skip
        first = one.first_gap
        then = THEN[one.trend] % {
            "amount": first.amount, "brief": first.brief, "when": periods.describe_in(first.period),
        }  # fmt: skip
        return f"{now[0].upper()}{now[1:]} {then}".strip()

    @property
    def pairs(self):
        """(point, its gap or None) of all figures, by period and then by group."""
        gaps = {gap.point: gap for one in self.series for gap in one.gaps}
        found = {(point.period, one.group): point for one in self.series for point in one.points}
        places = [(period, one.group) for period in self.periods for one in self.series]
        return [(found[place], gaps.get(found[place])) for place in places if place in found]

    @property
    def table(self):
        """(period, cells) in words: of each group its value and its gap, either empty where there is none."""
        kind = self.measure.format
        cells = {
            (point.period, point.group): (printed_point(point, kind), gap.brief if gap else "")
            for point, gap in self.pairs
        }
        return [
            (periods.describe(period), [cells.get((period, one.group), ("", "")) for one in self.series])
            for period in self.periods
        ]

    @property
    def entries(self):
        """(period, value, margin of error, point) of each figure, the first three in words."""
        kind = self.measure.format
        return [
            (
                periods.describe(point.period), printed_point(point, kind),
                "" if point.margin is None else printed_difference(point.margin, kind), point,
            )
            for point, _gap in self.pairs
        ]  # fmt: skip


def read(measure):
    """The Figures of a measure that was loaded by `with_figures()`."""
    points = sorted(measure.points.all(), key=lambda point: periods.order(point.period))
    order = list(dict.fromkeys(point.period for point in points))
    by_group = {}
    for point in points:
        by_group.setdefault(point.group, []).append(point)
    kinds = list(type(measure.reference).Kind)
    groups = sorted(by_group, key=lambda group: (kinds.index(group.kind), group.position, group.name, group.pk))
    reference = {point.period: point for point in by_group.get(measure.reference, ())}
    series = [
        Series(
            group,
            by_group[group],
            lines_of(by_group[group], order, measure.interval),
            gaps_of(by_group[group], reference, measure) if is_held_against(measure, group) else [],
        )
        for group in groups
    ]
    return Figures(measure, order, series)


def is_held_against(measure, group):
    """Whether a group is compared with the reference: not with itself, and not everyone, who include it."""
    return group != measure.reference and group.kind != group.Kind.ALL


def gaps_of(points, reference, measure):
    """The Gaps of a group from the reference, whose points are given by period."""
    return [
        Gap(point, other, measure.format)
        for point in points
        if (other := reference.get(point.period))
        and None not in (point.value, other.value)
        and point.method == other.method
    ]


def lines_of(points, order, interval):
    """Pairs of points of a group, in the order of time, that a line may join.

    They came about in the same way and are of the same kind of period, and none that was due is missing between them.
    Where figures are irregular, none is due; but no other period of the measure, as `order` lists them, is between.
    """
    alike = {}
    for point in points:
        period = periods.parse(point.period)
        if point.value is not None:
            alike.setdefault((point.method, period.kind, period.months), []).append(point)
    pairs = [pair for those in alike.values() for pair in pairwise(those)]
    pairs.sort(key=lambda pair: order.index(pair[0].period))
    if interval in MONTHS:
        return [pair for pair in pairs if months_between(*pair) <= MONTHS[interval]]
    return [(one, other) for one, other in pairs if order.index(other.period) == order.index(one.period) + 1]


def months_between(one, other):
    """Months between the beginnings of the periods of two points."""
    return periods.parse(other.period).first - periods.parse(one.period).first
