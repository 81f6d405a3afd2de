"""Where things go in a chart, whatever the figures, and every number and label of the charts of the first content."""

import re
from decimal import Decimal
from xml.etree import ElementTree

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.collaborations import chart, periods
from members.collaborations.models import SharedMeasure
from members.collaborations.tests.factories import GROUPS, build_measure
from members.collaborations.tests.test_figures import INTERVALS, POINTS

NUMBERS = st.decimals(-(10**9), 10**9, allow_nan=False, places=4)


# --- scales ---


@given(st.lists(NUMBERS), st.integers(2, 8))
def test_ticks_are_round_equally_far_apart_and_enclose_zero_and_all_values(values, wanted):
    ticks = chart.nice_ticks(values, wanted)
    (step,) = {after - before for before, after in zip(ticks, ticks[1:], strict=False)}
    assert step.normalize().as_tuple().digits in [(1,), (2,), (2, 5), (5,)]
    assert ticks[0] <= min([0, *values])
    assert ticks[-1] >= max([0, *values])
    assert 0 in ticks
    assert 2 <= len(ticks) <= wanted + 2


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([], [0, "0.2", "0.4", "0.6", "0.8", 1]),
        ([0], [0, "0.2", "0.4", "0.6", "0.8", 1]),
        (["16.1"], [0, 5, 10, 15, 20]),
        ([70], [0, 20, 40, 60, 80]),
        ([-3, 4], [-4, -2, 0, 2, 4]),
        ([10**9], [0, 2 * 10**8, 4 * 10**8, 6 * 10**8, 8 * 10**8, 10**9]),
    ],
)
def test_ticks_of_some_values(values, ticks):
    assert chart.nice_ticks([Decimal(value) for value in values], 5) == [Decimal(tick) for tick in ticks]


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (15, "percent", "15%"),
        (20000, "percent", "20,000%"),
        (60000, "dollars", "$60K"),
        (8000, "dollars", "$8,000"),
        (-2500000, "dollars", "−$2.5M"),
        (10**9, "number", "1B"),
        (3 * 10**12, "number", "3T"),
        (0, "dollars", "$0"),
    ],
)
def test_an_axis_has_room_for_its_numbers(value, kind, words):
    assert chart.short(Decimal(value), kind) == words


@given(st.integers(1000, 9000), st.integers(1, 999))
def test_a_few_years_stand_below_a_plot_and_fewer_on_a_phone(first, count):
    ticks = chart.year_ticks(first, first + count)
    assert ticks[0] == (first, True)
    assert 1 <= len(ticks) <= 9
    assert sum(fits for _year, fits in ticks) <= 4
    assert all(first <= year < first + count for year, _fits in ticks)


@given(st.lists(st.tuples(st.floats(0, 300), st.integers(10, 60)), max_size=12))
def test_labels_move_apart_until_none_covers_another(labels):
    wanted, heights = [place for place, _height in labels], [height for _place, height in labels]
    places = chart.spread(wanted, heights, 0, 300)
    tops = sorted((place - height / 2, place + height / 2) for place, height in zip(places, heights, strict=True))
    assert all(after[0] >= before[1] - 1e-6 for before, after in zip(tops, tops[1:], strict=False))
    if sum(heights) <= 300:
        assert all(top >= -1e-6 and bottom <= 300 + 1e-6 for top, bottom in tops)
    order = sorted(range(len(labels)), key=lambda label: wanted[label])
    assert [places[label] for label in order] == sorted(places)


def test_labels_that_have_room_stay_where_they_belong():
    assert chart.spread([200, 100, 20], [30, 17, 17], 0, 264) == [200, 100, 20]


# --- pictures ---


def inside(share):
    return 0 <= float(share.removesuffix("%")) <= 100


@given(POINTS, INTERVALS, st.none() | NUMBERS)
def test_all_of_a_picture_is_in_its_place_whatever_the_figures(points, interval, target):
    drawn = chart.draw(
        build_measure(points, interval=interval, target=target, target_period=None if target is None else "2030")
    )
    known = [point for point in points if point[2] is not None]
    assert (drawn.main is None) == (not known)
    pictures = [drawn.main, *(picture for _series, picture in drawn.panels)] if known else []
    for picture in pictures:
        places = [(x, y) for _style, x, y, _is_rough in picture.marks]
        places += [(x, y) for _style, x1, y1, x2, y2, _is_rough in picture.lines for x, y in ((x1, y1), (x2, y2))]
        places += [(x, y) for x, *ys, _text, _unit, _is_left in picture.gaps for y in ys]
        places += [("0%", y) for y, *_rest in [*picture.ticks, *picture.labels, *picture.levels]]
        places += [(x, "0") for x, _year, _is_fine in picture.years]
        assert all(inside(x) and -0.01 <= float(y) <= picture.plot + 0.01 for x, y in places)
        middles = [(float(y), 17 * len(words)) for _style, y, _first, words, _tie in picture.labels]
        tops = sorted((middle - height / 2, middle + height / 2) for middle, height in middles)
        assert all(after[0] >= before[1] - 0.02 for before, after in zip(tops, tops[1:], strict=False))
    if known:
        assert len(drawn.main.marks) == len(known)
        assert len(drawn.main.labels) == len({group for _period, group, *_more in known})


def test_the_band_lies_between_two_lines_and_nowhere_else():
    points = [(year, "Black", 20) for year in ("2010", "2011", "2012", "2014")]
    points += [(year, "White", 10) for year in ("2010", "2011", "2013", "2014")]
    picture = chart.draw(build_measure(points)).main
    assert picture.band == "M10,0 30,0 30,132 10,132z"
    assert [(x, text) for x, _y1, _y2, _y, text, _unit, _is_left in picture.gaps] == [("10%", "10"), ("90%", "10")]


@pytest.mark.parametrize(
    ("years", "first", "last"),
    [
        # Far apart, near in the middle, near at the left edge, near at the right edge.
        ((2010, 2020), "behind", "before"),
        ((2014, 2015), "before", "behind"),
        ((2010, 2011), "behind", "behind"),
        ((2019, 2020), "before", "before"),
        ((2012, 2013), "before", "behind"),
    ],
)
def test_a_gap_s_number_stands_beside_the_band_where_a_phone_has_room_for_it(years, first, last):
    points = [(str(year), "Black", "6.8") for year in years]
    points += [(year, "White", "5.0") for year in {"2010", "2020", *map(str, years)}]
    gaps = chart.draw(build_measure(points)).main.gaps
    assert [("before" if is_left else "behind") for *_place, is_left in gaps] == [first, last]


def test_small_pictures_stand_beside_the_main_one_where_several_groups_are_compared():
    points = [("2012", name, 1) for name in ("Everyone", "Asian", "White")]
    assert chart.draw(build_measure(points)).panels == []
    panels = chart.draw(build_measure([*points, ("2012", "Hmong", 2)])).panels
    assert [(one.group.name, [each.group.name for each in picture.series]) for one, picture in panels] == [
        ("Asian", ["White", "Asian"]),
        ("Hmong", ["White", "Hmong"]),
    ]
    assert [picture.gaps_in_words for _one, picture in panels] == [[("0 points", "in 2012")], [("1 point", "in 2012")]]


def test_a_group_has_the_same_style_in_every_chart_and_others_are_told_apart():
    points = [("2012", name, 1) for name in GROUPS]
    picture = chart.draw(build_measure(points)).main
    assert {group.name: style for group, style in picture.styles.items()} == {
        "Everyone": 0, "Asian": 2, "Black": 3, "White": 7, "Hmong": 1, "Somali": 2,
    }  # fmt: skip


def test_margins_baseline_and_target_are_drawn_to_scale():
    points = [("2012", "White", 10, {"margin": Decimal(2)})]
    levels = {"baseline": Decimal(16), "baseline_period": "2010", "target": Decimal(4), "target_period": "2030"}
    picture = chart.draw(build_measure(points, **levels)).main
    # From 0 to 20 in 264 pixels.
    assert picture.margins == [(7, "50%", "105.6", "158.4")]
    assert [(y, text, is_target) for y, _text_y, text, is_target in picture.levels] == [
        ("52.8", "Baseline 16%, 2010", False),
        ("211.2", "Target 4%, 2030", True),
    ]


# --- the first content ---

STYLES = {"g0": "all", "g1": "indian", "g2": "asian", "g3": "black", "g4": "hispanic", "g7": "white"}
FIGURES = {
    "unemployment-rate-minnesota": [
        "2012: all 5.8, black 13.8, hispanic 8.5, asian 5.8, white 5.2",
        "2013-12: all 4.9, black 14.7, hispanic 6.8, white 4.3",
        "2014-12: all 4.0, black 11.4, hispanic 7.2, white 3.4",
        "2015-09: black 16.1",
        "2016-12: black 8.8, hispanic 5.3, white 3.0",
        "2017-12: black 7.5, hispanic 5.0, white 2.9",
        "2018-06: black 5.6, hispanic 5.3, white 2.6",
        "2019-07: black 6.3, hispanic 4.3, white 3.1",
        "2020-07: black 15.3, hispanic 8.6, white 6.3",
    ],
    "graduation-rate-minnesota": [
        "2013: all ~79.5, white 85, black 56, hispanic 58, indian 49, asian 77.7",
        "2014: all 81.2, black 60.4",
        "2015: all 81.9, black 62.0, hispanic 65.6, indian 51.9, asian 82.7, white 86.9",
        "2016: all 82, white 87",
        "2018: all 83.2, black ~67, indian 51, white ~88",
        "2019: all 83.7",
    ],
    "household-income-minnesota": [
        "2013: all 60702, black 31021, indian 35764, white 62634",
        "2014: all 61481, black 27026, indian 32764, white 64281",
        "2016: all 65599, black 33436",
    ],
    "homeownership-rate-hennepin-and-ramsey-counties": [
        "2000: black 31, white ~70, hispanic ~35",
        "2018: black 21, white ~70, hispanic ~35",
    ],
    "poverty-rate-minnesota": [
        "2013: all 11.2, black 33",
        "2014: all 11.5, black 38",
        "2015: all 10.2",
        "2016: black ~30, indian ~30",
    ],
}
LINES = {
    "unemployment-rate-minnesota": {
        "all": ["2013-12 2014-12"],
        **dict.fromkeys(
            ("black", "hispanic", "white"),
            ["2013-12 2014-12", "2016-12 2017-12", "2018-06 2019-07", "2019-07 2020-07"],
        ),
    },
    "graduation-rate-minnesota": {
        "all": ["2013 2014", "2014 2015", "2015 2016", "2018 2019"],
        "black": ["2013 2014", "2014 2015"],
        "white": ["2015 2016"],
    },
    "household-income-minnesota": dict.fromkeys(("all", "black", "indian", "white"), ["2013 2014"]),
    "homeownership-rate-hennepin-and-ramsey-counties": dict.fromkeys(("black", "hispanic", "white"), ["2000 2018"]),
    "poverty-rate-minnesota": {"all": ["2013 2014", "2014 2015"], "black": ["2013 2014"]},
}
# Of each picture: the group whose gap is marked, its first and its last gap.
GAPS = {
    "unemployment-rate-minnesota": [
        ["8.6 points", "9 points"], ["0.6 points"], ["8.6 points", "9 points"], ["3.3 points", "2.3 points"],
    ],
    "graduation-rate-minnesota": [
        ["36 points", "about 37 points"], ["36 points", "about 37 points"], ["7.3 points", "4.2 points"],
        ["29 points", "about 21 points"], ["27 points", "21.3 points"],
    ],
    "household-income-minnesota": [["$31,613", "$37,255"], ["$26,870", "$31,517"], ["$31,613", "$37,255"]],
    "homeownership-rate-hennepin-and-ramsey-counties": [
        ["about 39 points", "about 49 points"], ["about 39 points", "about 49 points"],
        ["about 35 points", "about 35 points"],
    ],
    "poverty-rate-minnesota": [["21.8 points", "26.5 points"]],
}  # fmt: skip
LABELS = {
    "unemployment-rate-minnesota": [
        "Everyone 4% (December 2014)", "Asian 5.8% (2012)", "Black 15.3%", "Hispanic or Latino 8.6%", "White 6.3%",
    ],
    "graduation-rate-minnesota": [
        "Everyone 83.7%", "American Indian 51% (2018)", "Asian 82.7% (2015)", "Black about 67% (2018)",
        "Hispanic or Latino 65.6% (2015)", "White about 88% (2018)",
    ],
    "household-income-minnesota": [
        "Everyone $65,599", "American Indian $32,764 (2014)", "Black $33,436", "White $64,281 (2014)",
    ],
    "homeownership-rate-hennepin-and-ramsey-counties": [
        "Black 21%", "Hispanic or Latino about 35%", "White about 70%",
    ],
    "poverty-rate-minnesota": ["Everyone 10.2% (2015)", "American Indian about 30%", "Black about 30%"],
}  # fmt: skip
TICKS = {
    "unemployment-rate-minnesota": ["0%", "5%", "10%", "15%", "20%"],
    "graduation-rate-minnesota": ["0%", "20%", "40%", "60%", "80%", "100%"],
    "household-income-minnesota": ["$0", "$20K", "$40K", "$60K", "$80K"],
    "homeownership-rate-hennepin-and-ramsey-counties": ["0%", "20%", "40%", "60%", "80%"],
    "poverty-rate-minnesota": ["0%", "10%", "20%", "30%", "40%"],
}


def figures_of(slug):
    """{(group, period): (value, whether it is approximate)} as the lists above have them."""
    found = {}
    for row in FIGURES[slug]:
        period, figures = row.split(": ")
        for figure in figures.split(", "):
            group, value = figure.split()
            found[group, period] = (float(value.lstrip("~")), value.startswith("~"))
    return found


class Svg:
    """What a picture of a page shows, read back by its own axes."""

    def __init__(self, element, periods_shown, above):
        self.element = element
        self.above = above
        self.ticks = {self.text(one): float(one.get("y")) for one in self.all("text", "tick")}
        self.years = {int(self.text(one)): float(one.get("x")[:-1]) for one in self.all("text", "year")}
        self.periods_shown = periods_shown

    def all(self, tag, word):
        return [one for one in self.element.iter(tag) if word in one.get("class", "").split()]

    @staticmethod
    def text(element):
        return " ".join("".join(element.itertext()).split())

    def value(self, y):
        (low, low_y), *_others, (high, high_y) = [(self.number(text), at) for text, at in self.ticks.items()]
        return low + (low_y - float(y)) / (low_y - high_y) * (high - low)

    @staticmethod
    def number(text):
        return float(re.sub(r"[^0-9.]", "", text)) * (1000 if text.endswith("K") else 1)

    def period(self, x):
        """The one that lies at this share of the width."""
        (first, first_x), *_others, (last, last_x) = self.years.items()
        moment = first + 0.5 + (float(x[:-1]) - first_x) / (last_x - first_x) * (last - first)
        (period,) = [one for one in self.periods_shown if abs(periods.parse(one).middle - moment) < 0.02]
        return period

    @property
    def marks(self):
        """{(group, period): (value, whether it is hollow)}."""
        return {
            (STYLES[word], self.period(one.get("x"))): (self.value(one.get("y")), bool(rough))
            for one in self.element.iter("use")
            if one.get("x") != "100%"
            for word, *rough in [one.get("class").split()]
        }

    @property
    def lines(self):
        found = {}
        for one in self.element.iter("line"):
            if (group := STYLES.get(one.get("class").split()[0])) is not None:
                assert self.value(one.get("y1")) == pytest.approx(self.marks[group, self.period(one.get("x1"))][0])
                assert self.value(one.get("y2")) == pytest.approx(self.marks[group, self.period(one.get("x2"))][0])
                pair = f"{self.period(one.get('x1'))} {self.period(one.get('x2'))}"
                found.setdefault(group, []).append(pair)
        return found

    @property
    def gaps(self):
        """[text of each gap]; a small picture has them above it."""
        return [self.text(one) for one in self.all("text", "gap")] + self.above

    @property
    def braces(self):
        return [abs(self.value(one.get("y1")) - self.value(one.get("y2"))) for one in self.all("line", "brace")]

    @property
    def labels(self):
        return [self.text(one) for one in self.all("text", "name")]


@pytest.fixture(scope="module")
def pictures(seeded, django_db_blocker):
    """{slug: every picture of the page of that measure, the main one first}."""
    from django.test import Client

    found = {}
    for slug in FIGURES:
        html = Client().get(f"/collaborations/measures/{slug}/").content.decode()
        document = html5lib.parse(html, namespaceHTMLElements=False)
        shown = [row.split(": ")[0] for row in FIGURES[slug]]
        for figure in document.iter("figure"):
            svg = next(figure.iter("{http://www.w3.org/2000/svg}svg"))
            plain = ElementTree.fromstring(re.sub(r"\bsvg:|ns\d+:", "", ElementTree.tostring(svg, "unicode")))
            above = [Svg.text(one) for one in figure.iter("b")]
            found.setdefault(slug, []).append(Svg(plain, shown, above))
    return found


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
class TestFirstContent:
    @pytest.mark.parametrize("slug", FIGURES)
    def test_the_database_holds_these_figures(self, slug):
        names = {"all": "Everyone", "indian": "American Indian or Alaska Native", "asian": "Asian", "white": "White"}
        names |= {"black": "Black or African American", "hispanic": "Hispanic or Latino"}
        points = SharedMeasure.objects.with_figures().get(slug=slug).points.all()
        assert {(point.group.name, point.period): (float(point.value), point.is_approximate) for point in points} == {
            (names[group], period): figure for (group, period), figure in figures_of(slug).items()
        }

    def test_there_are_73_of_them(self):
        assert sum(len(figures_of(slug)) for slug in FIGURES) == 73

    @pytest.mark.parametrize("slug", FIGURES)
    def test_each_mark_and_line_of_each_picture_is_a_figure(self, slug, pictures):
        main, *panels = pictures[slug]
        expected = figures_of(slug)
        for picture in (main, *panels):
            groups = {group for group, _period in picture.marks}
            figures = {place: figure for place, figure in expected.items() if place[0] in groups}
            values = {place: pytest.approx(value, rel=0.002) for place, (value, _is_rough) in figures.items()}
            assert {place: value for place, (value, _is_hollow) in picture.marks.items()} == values
            assert {place: is_hollow for place, (_value, is_hollow) in picture.marks.items()} == {
                place: is_rough for place, (_value, is_rough) in figures.items()
            }
            assert picture.lines == {group: pairs for group, pairs in LINES[slug].items() if group in groups}
        assert {group for group, _period in main.marks} == {group for group, _period in expected}

    @pytest.mark.parametrize("slug", FIGURES)
    def test_each_gap_of_each_picture_has_its_number_and_its_length(self, slug, pictures):
        assert [picture.gaps for picture in pictures[slug]] == GAPS[slug]
        for picture in pictures[slug]:
            assert picture.braces == [pytest.approx(Svg.number(text), rel=0.01) for text in picture.gaps]

    @pytest.mark.parametrize("slug", FIGURES)
    def test_the_lines_and_the_axis_say_what_they_are(self, slug, pictures):
        assert pictures[slug][0].labels == LABELS[slug]
        assert list(pictures[slug][0].ticks) == TICKS[slug]
