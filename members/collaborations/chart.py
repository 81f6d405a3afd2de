"""Charts of a measure as plain numbers for `_chart.html`: where each line, mark, band and label goes.

A place across is a part of the plot's width ("43.2%"), a place down is in CSS pixels. So the picture takes the width
that the page has, and its text is as large as other text, on a phone and on paper.
"""

import math
import textwrap
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from . import figures, periods

# Heights in CSS pixels: the plot of the main picture and of a small one, what the stylesheet leaves free around a plot,
# a line of text.
MAIN, SMALL, AROUND, LINE = 264, 136, 44, 17
# The label at the end of a line has room for so many letters; longer ones break.
LABEL = 12
# A label that had to move so far from the end of its line is tied to it.
TIED = 6
# The narrowest plot, on a phone, a letter of a gap's number, and what lies between that and its brace.
NARROW, LETTER, BESIDE = 158, 8, 9
# So many years fit below a plot on a phone, and on a wide page.
FEW_YEARS, MANY_YEARS = 4, 9
STEPS_OF_YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
# From which number on an axis prints it in larger units.
LARGE = ((10**12, 10**12, "T"), (10**9, 10**9, "B"), (10**6, 10**6, "M"), (10**4, 10**3, "K"))

# A mark for each group, drawn around 0,0, so that lines can be told apart without color: everyone, then the groups of
# the federal standard in their order. Other groups begin with the second again.
MARKS = (
    "M-7-2.5H7V2.5H-7z",
    "M0-6 6 4.5H-6z",
    "M-4-6 6 0-4 6z",
    "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z",
    "M0-6.2 6.2 0 0 6.2-6.2 0z",
    "M0 6-6-4.5H6z",
    "M-2-6H2V-2H6V2H2V6H-2V2H-6V-2H-2z",
    "M-4.5-4.5h9v9h-9z",
    "M0-2 4-6 6-4 2 0 6 4 4 6 0 2-4 6-6 4-2 0-6-4-4-6z",
)


# --- scales ---


def nice_ticks(values, wanted):
    """About `wanted` round numbers, equally far apart, that enclose zero and all `values`.

    The axis always holds zero, so that no difference looks larger than it is.
    """
    low, high = min([Decimal(0), *values]), max([Decimal(0), *values])
    if low == high:
        high = Decimal(1)
    rough = (high - low) / wanted
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(power * nice for nice in (1, 2, Decimal("2.5"), 5, 10) if power * nice >= rough)
    return [step * place for place in range(math.floor(low / step), math.ceil(high / step) + 1)]


def short(value, kind):
    """A value for an axis: "15%", "$60K", "1.5M"."""
    unit, letter = next(((unit, letter) for least, unit, letter in LARGE if abs(value) >= least), (1, ""))
    if kind == "percent" or not letter:
        return figures.printed(value, kind)
    sign = figures.MINUS if value < 0 else ""
    return f"{sign}{'$' if kind == 'dollars' else ''}{figures.plain(abs(value) / unit)}{letter}"


def year_ticks(first, last):
    """[(year, whether a phone has room for it)] from the year `first` to the one before `last`."""
    step = next(step for step in STEPS_OF_YEARS if (last - first - 1) // step < MANY_YEARS)
    years = range(first, last, step)
    every = math.ceil(len(years) / FEW_YEARS)
    return [(year, place % every == 0) for place, year in enumerate(years)]


def spread(wanted, heights, low, high):
    """The middles of labels of these heights: as `wanted`, but moved apart until none is above another.

    They keep their order, and stay between `low` and `high` if all have room there.
    """
    middles, edge = {}, low
    for label in sorted(range(len(wanted)), key=lambda label: wanted[label]):
        middles[label] = max(wanted[label], edge + heights[label] / 2)
        edge = middles[label] + heights[label] / 2
    edge = max(high, low + sum(heights))
    for label in reversed(middles):
        middles[label] = min(middles[label], edge - heights[label] / 2)
        edge = middles[label] - heights[label] / 2
    return [middles[label] for label in range(len(wanted))]


def percent(share):
    return f"{pixels(100 * share)}%"


def pixels(value):
    """A coordinate with as many digits as can be seen, with a point in every language."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


# --- pictures ---


@dataclass(frozen=True)
class Scale:
    """From a period to a share of the width, and from a value to pixels below the top of a plot of `height`."""

    first: int
    last: int
    low: Decimal
    high: Decimal
    height: int

    def across(self, middle):
        return (middle - self.first) / (self.last - self.first)

    def down(self, value):
        return float((self.high - value) / (self.high - self.low)) * self.height


class Picture:
    """Some of the series of a measure as one SVG, with the gap of one of them, if `marked`, as a band.

    `key` begins the ids in it, so that several stand on one page.
    """

    def __init__(self, read, series, marked, key, is_small=False):
        self.figures, self.measure, self.kind = read, read.measure, read.measure.format
        self.series = [one for one in series if one.known]
        self.marked, self.key = marked, key
        self.styles = styles(read)
        self.ends = [one.known[-1] for one in self.series]
        self.end_words = [self.words_at_end(point) for point in self.ends]
        self.is_small = is_small
        self.plot = max(SMALL if is_small else MAIN, sum(LINE * len(words) for words in self.end_words))
        self.height = self.plot + AROUND

    def words_at_end(self, point):
        """The lines of a label: the group, its last value, and when that was if others have a later one."""
        words = f"{point.group.short_name} {figures.printed_point(point, self.kind)}"
        if point.period != max((end.period for end in self.ends), key=periods.order):
            words = f"{words} ({periods.describe(point.period)})"
        return textwrap.wrap(words, LABEL)

    @cached_property
    def ticks_at(self):
        points = [point for one in self.figures.series for point in one.known]
        ends = [point.value + sign * (point.margin or 0) for point in points for sign in (1, -1)]
        return nice_ticks([*ends, *(value for _label, value, _words in self.figures.levels)], self.plot // 50)

    @cached_property
    def scale(self):
        """That of all figures of the measure, so that its pictures can be held against each other."""
        middles = [periods.parse(period).middle for period in self.figures.periods]
        return Scale(
            math.floor(min(middles)), math.floor(max(middles)) + 1, self.ticks_at[0], self.ticks_at[-1], self.plot
        )

    def x(self, period):
        return percent(self.scale.across(periods.parse(period).middle))

    def y(self, value):
        return pixels(self.scale.down(value))

    @property
    def symbols(self):
        """(style, path) of each mark that is used."""
        used = sorted({self.styles[one.group] for one in self.series})
        return [(style, MARKS[style]) for style in used]

    @property
    def ticks(self):
        """(y, text, whether it is zero)."""
        return [(self.y(value), short(value, self.kind), not value) for value in self.ticks_at]

    @property
    def years(self):
        """(x, year, whether only a wide page has room)."""
        years = year_ticks(self.scale.first, self.scale.last)
        return [
            (percent(self.scale.across(year + 0.5)), year, not fits)
            for year, fits in years
            if fits or not self.is_small
        ]

    @property
    def band(self):
        """The path of what lies between two lines, that of the marked group and that of the reference.

        Across it counts in hundredths of the width.
        """
        if not self.marked:
            return ""
        gaps = {gap.period: gap for gap in self.marked.gaps}
        joined = {(one.period, other.period) for one, other in self.figures.reference.lines}
        pieces = []
        for one, other in self.marked.lines:
            if (one.period, other.period) in joined and {one.period, other.period} <= gaps.keys():
                corners = [one, other, gaps[other.period].reference, gaps[one.period].reference]
                pieces.append(" ".join(f"{self.x(at.period)[:-1]},{self.y(at.value)}" for at in corners))
        return "".join(f"M{piece}z" for piece in pieces)

    @property
    def lines(self):
        """(style, x1, y1, x2, y2, whether one of its ends is approximate)."""
        return [
            (
                self.styles[one.group], self.x(start.period), self.y(start.value), self.x(end.period),
                self.y(end.value), start.is_approximate or end.is_approximate,
            )
            for one in self.series
            for start, end in one.lines
        ]  # fmt: skip

    @property
    def marks(self):
        """(style, x, y, whether it is approximate)."""
        return [
            (self.styles[one.group], self.x(point.period), self.y(point.value), point.is_approximate)
            for one in self.series
            for point in one.known
        ]

    @property
    def margins(self):
        """(style, x, y of the upper end, y of the lower end)."""
        return [
            (
                self.styles[one.group], self.x(point.period),
                self.y(point.value + point.margin), self.y(point.value - point.margin),
            )
            for one in self.series
            for point in one.known
            if point.margin
        ]  # fmt: skip

    @property
    def labels(self):
        """(style, y of the mark, y of the first line, lines of text, tie) at the right of the plot.

        The tie is (x, y) of the end of the line where the label had to move away from it, else nothing. A group whose
        last figure is older than others' has none: the tie would look like a figure.
        """
        wanted = [self.scale.down(point.value) for point in self.ends]
        heights = [LINE * len(words) for words in self.end_words]
        latest = max((point.period for point in self.ends), key=periods.order)
        return [
            (
                self.styles[point.group], pixels(middle), pixels(middle - LINE * (len(words) - 1) / 2), words,
                (self.x(point.period), pixels(end)) if point.period == latest and abs(end - middle) > TIED else None,
            )
            for point, middle, words, end in zip(
                self.ends, spread(wanted, heights, 0, self.plot), self.end_words, wanted, strict=True
            )
        ]  # fmt: skip

    @property
    def end_gaps(self):
        """The first and the last gap marked, if there are so many."""
        return [self.marked.first_gap, self.marked.last_gap][: len(self.marked.gaps)] if self.marked else []

    @property
    def gaps_in_words(self):
        """(amount, when) of those, for the words above a small picture, which has no room for them inside."""
        return [(gap.amount, periods.describe_in(gap.period)) for gap in self.end_gaps]

    @property
    def gaps(self):
        """(x, y1, y2, y of the text, text, unit, whether it stands at the left) of the first and the last gap marked.

        The unit is what a phone has no room for. The first number stands before its brace and the last one behind, so
        that neither is above the other's brace; where a phone has no room for it there, on the other side.
        """
        ends = self.end_gaps
        middles = [self.scale.down((gap.point.value + gap.reference.value) / 2) for gap in ends]
        return [
            (
                self.x(gap.period), self.y(gap.point.value), self.y(gap.reference.value), pixels(middle),
                *self.apart(gap.amount), self.is_left(gap, is_first=gap is ends[0]),
            )
            for gap, middle in zip(ends, spread(middles, [LINE] * len(ends), 0, self.plot), strict=True)
        ]  # fmt: skip

    def is_left(self, gap, *, is_first):
        across = self.scale.across(periods.parse(gap.period).middle)
        needed = (BESIDE + LETTER * len(self.apart(gap.amount)[0])) / NARROW
        return across >= needed if is_first else 1 - across < needed

    def apart(self, amount):
        number, blank, unit = amount.rpartition(" ") if self.kind == "percent" else (amount, "", "")
        return number, blank + unit

    @property
    def has_rough(self):
        return any(is_rough for *_place, is_rough in self.marks)

    @property
    def levels(self):
        """(y, y of the text, text, whether it is the target) of the baseline and the target."""
        levels = self.figures.levels
        places = [self.scale.down(value) for _label, value, _words in levels]
        middles = spread([place - LINE / 2 for place in places], [LINE] * len(levels), 0, self.plot)
        return [
            (pixels(place), pixels(middle), f"{label} {words}", value == self.measure.target)
            for (label, value, words), place, middle in zip(levels, places, middles, strict=True)
        ]


def styles(read):
    """{group: which of MARKS and of the styles g0 to g8 it has}; a group of the standard has the same everywhere."""
    others = [one.group for one in read.series if one.group.kind == one.group.Kind.OTHER]
    return {
        one.group: 1 + others.index(one.group) % (len(MARKS) - 1)
        if one.group in others
        else one.group.position % len(MARKS)
        for one in read.series
    }


@dataclass(frozen=True)
class Chart:
    """What `collaborations/_chart.html` shows of a measure: the picture of all groups, and one of each group held
    against the reference where there are several. `main` is None where no figure has a value."""

    measure: object
    figures: figures.Figures
    main: Picture | None
    panels: list


def draw(measure):
    """The Chart of a measure that was loaded by `with_figures()`.

    Show it by `{% include "collaborations/_chart.html" with chart=chart %}` (headline, summary in words, pictures) and
    its figures by `{% include "collaborations/_figure_table.html" with chart=chart %}`. Neither asks the database.
    """
    read = figures.read(measure)
    key = f"m{measure.pk}"
    if not any(one.known for one in read.series):
        return Chart(measure, read, None, [])
    panels = read.compared if len(read.compared) > 1 else []
    return Chart(
        measure,
        read,
        Picture(read, read.series, read.widest, key),
        [(one, Picture(read, [read.reference, one], one, f"{key}-{one.group.pk}", is_small=True)) for one in panels],
    )
