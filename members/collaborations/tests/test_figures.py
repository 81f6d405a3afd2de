"""What is read from figures: which make a line, where there is a gap, and how it is said."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.collaborations import figures, periods
from members.collaborations.tests.factories import GROUPS, build_measure


def lines(points, **fields):
    """{group: pairs of periods} of what is joined."""
    read = figures.read(build_measure(points, **fields))
    return {one.group.name: [(a.period, b.period) for a, b in one.lines] for one in read.series}


def told(points, **fields):
    """{group: what is said of it}."""
    return {group.name: words for group, words in figures.read(build_measure(points, **fields)).summary}


def headline(points, **fields):
    return figures.read(build_measure(points, **fields)).headline


def pair(period, group, other, **more):
    """The figure of Black residents and that of White ones in one period."""
    return [(period, "Black", group, more), (period, "White", other, more)]


# --- lines ---


@pytest.mark.parametrize(
    ("interval", "first", "then", "are_joined"),
    [
        ("monthly", "2012-11", "2012-12", True),
        ("monthly", "2012-12", "2013-01", True),
        ("monthly", "2012-11", "2013-01", False),
        ("quarterly", "2012-Q4", "2013-Q1", True),
        ("quarterly", "2012-Q3", "2013-Q1", False),
        ("yearly", "2012", "2013", True),
        ("yearly", "2012", "2014", False),
        ("yearly", "2012-07", "2013-07", True),
        ("yearly", "2012-07", "2013-08", False),
        ("yearly", "2012/2016", "2013/2017", True),
        ("yearly", "2012/2016", "2013/2015", False),
        ("yearly", "2012", "2013-01", False),
        ("irregular", "2000", "2018", True),
    ],
)
def test_figures_that_are_due_after_one_another_make_a_line(interval, first, then, are_joined):
    found = lines([(first, "Asian", 1), (then, "Asian", 2)], interval=interval)
    assert found == {"Asian": [(first, then)] if are_joined else []}


def test_figures_of_different_methods_make_no_line():
    survey, count = {"method": "survey"}, {"method": "count"}
    points = [("2012", "Asian", 1, survey), ("2013", "Asian", 2, survey), ("2014", "Asian", 3, count)]
    assert lines(points) == {"Asian": [("2012", "2013")]}


@pytest.mark.parametrize("between", [[], [("2013", "White", 5)], [("2013", "Asian", None), ("2013", "White", 5)]])
def test_a_missing_or_withheld_figure_is_a_hole_in_the_line(between):
    points = [("2012", "Asian", 1), *between, ("2014", "Asian", 2)]
    assert lines(points)["Asian"] == []
    assert lines(points, interval="irregular")["Asian"] == ([] if between else [("2012", "2014")])


# --- gaps ---


def test_a_gap_is_exact_and_only_where_both_have_a_value_of_one_method():
    read = figures.read(
        build_measure(
            pair("2012", "0.3", "0.1")
            + [("2013", "Black", 1), ("2014", "White", 1)]
            + pair("2015", None, 2)
            + [("2016", "Black", 1, {"method": "survey"}), ("2016", "White", 2, {"method": "count"})]
        )
    )
    assert {one.group.name: [(gap.period, gap.value) for gap in one.gaps] for one in read.series} == {
        "Black": [("2012", Decimal("0.2"))],
        "White": [],
    }


def test_everyone_is_held_against_nobody_but_each_group_against_everyone():
    points = [("2012", "Everyone", 4), ("2012", "Asian", 5), ("2012", "White", 3)]
    assert told(points) == {"Asian": "2 points higher than White in 2012."}
    assert told(points, reference=GROUPS["Everyone"]) == {
        "Asian": "1 point higher than Everyone in 2012.",
        "White": "1 point lower than Everyone in 2012.",
    }


def test_groups_stand_in_their_fixed_order():
    points = [("2012", name, 1) for name in ("Somali", "White", "Hmong", "Asian", "Everyone")]
    read = figures.read(build_measure(points))
    assert [one.group.name for one in read.series] == ["Everyone", "Asian", "White", "Hmong", "Somali"]


def test_periods_stand_in_the_order_of_time_however_they_are_written():
    points = [(period, "Asian", 1) for period in ("2015/2019", "2014-Q1", "2014", "2014-01", "2013-12")]
    assert figures.read(build_measure(points)).periods == ["2013-12", "2014-01", "2014-Q1", "2014", "2015/2019"]


# --- words ---


@pytest.mark.parametrize(
    ("value", "kind", "printed", "difference"),
    [
        ("8.6000", "percent", "8.6%", "8.6 points"),
        ("1.0000", "percent", "1%", "1 point"),
        ("-2.5", "percent", "−2.5%", "2.5 points"),
        ("27026", "dollars", "$27,026", "$27,026"),
        ("-400", "dollars", "−$400", "$400"),
        ("12.5", "dollars", "$12.50", "$12.50"),
        ("1000000000", "number", "1,000,000,000", "1,000,000,000"),
        ("1234.5", "number", "1,234.5", "1,234.5"),
        ("0.0001", "number", "0.0001", "0.0001"),
        ("0", "percent", "0%", "0 points"),
    ],
)
def test_numbers_are_printed_as_people_write_them(value, kind, printed, difference):
    number = Decimal(value)
    assert (figures.printed(number, kind), figures.printed_difference(number, kind)) == (printed, difference)


ABOUT = {"is_approximate": True}
FIRST = pair("2012", "13.8", "5.2")
CASES = {
    "one": (FIRST, "8.6 points higher than White in 2012.", "The gap between Black and White was 8.6 points in 2012"),
    "narrowed": (
        FIRST + pair("2013-07", "6.3", "3.1"),
        "3.2 points higher than White in July 2013. The gap narrowed from 8.6 points in 2012.",
        "The gap between Black and White narrowed from 8.6 points in 2012 to 3.2 points in July 2013",
    ),
    "widened": (
        pair("2012-Q3", 3, 4) + pair("2013/2017", 3, 5),
        "2 points lower than White over 2013 to 2017. The gap widened from 1 point in the third quarter of 2012.",
        "The gap between Black and White widened from 1 point in the third quarter of 2012 "
        "to 2 points over 2013 to 2017",
    ),
    "stayed": (
        FIRST + pair("2013", "10", "1.4"),
        "8.6 points higher than White in 2013. It was the same in 2012.",
        "The gap between Black and White was 8.6 points in 2012, and the same in 2013",
    ),
    "turned": (
        FIRST + pair("2013", 1, 2),
        "1 point lower than White in 2013. It turned around: 8.6 points higher in 2012.",
        "Black was 8.6 points higher than White in 2012, and 1 point lower in 2013",
    ),
    "closed": (
        FIRST + pair("2013", 4, 4),
        "No difference from White in 2013. The gap narrowed from 8.6 points in 2012.",
        "The gap between Black and White narrowed from 8.6 points in 2012 to 0 points in 2013",
    ),
    "about": (
        FIRST + [("2013", "Black", 20, ABOUT), ("2013", "White", 5)],
        "About 15 points higher than White in 2013. First on record: 8.6 points higher in 2012.",
        "The gap between Black and White was 8.6 points in 2012 and about 15 points in 2013",
    ),
    "about the same": (
        [("2013", "Black", 5, ABOUT), ("2013", "White", 5)],
        "About the same as White in 2013.",
        "The gap between Black and White was about 0 points in 2013",
    ),
    "rough": (
        FIRST + pair("2013", "15.3", "6.3", method="survey"),
        "9 points higher than White in 2013. First on record: 8.6 points higher in 2012, measured in another way, so "
        "the two compare only roughly.",
        "The gap between Black and White was 8.6 points in 2012 and 9 points in 2013, measured in different ways",
    ),
    "margins": (
        pair("2012", 9, 4, margin=Decimal(3)),
        "5 points higher than White in 2012, with a margin of error of 4 points.",
        "The gap between Black and White was 5 points in 2012",
    ),
    "within": (
        pair("2012", 7, 4, margin=Decimal("3.0")),
        "3 points higher than White in 2012, which is within the margin of error of 4 points.",
        "The gap between Black and White was 3 points in 2012",
    ),
    "unclear": (
        pair("2012", 30, 4, margin=Decimal(4)) + pair("2013", 25, 4, margin=Decimal("3.5")),
        "21 points higher than White in 2013, with a margin of error of 4.9 points. First on record: 26 points higher "
        "in 2012; the change is within the margin of error.",
        "The gap between Black and White was 26 points in 2012 and 21 points in 2013, "
        "a change within the margin of error",
    ),
    "turned within the margin": (
        pair("2012", "4.3", 4, margin=Decimal(1)) + pair("2013", "3.8", 4, margin=Decimal(1)),
        "0.2 points lower than White in 2013, which is within the margin of error of 1 point. First on record: "
        "0.3 points higher in 2012; the change is within the margin of error.",
        "Black was 0.3 points higher than White in 2012, and 0.2 points lower in 2013, "
        "a change within the margin of error",
    ),
    "turned, approximate": (
        pair("2012", 7, 4, is_approximate=True) + pair("2013", 2, 4),
        "2 points lower than White in 2013. First on record: about 3 points higher in 2012.",
        "Black was about 3 points higher than White in 2012, and 2 points lower in 2013",
    ),
    "turned, measured in another way": (
        pair("2012", 7, 4, method="survey") + pair("2013", 2, 4),
        "2 points lower than White in 2013. First on record: 3 points higher in 2012, measured in another way, so "
        "the two compare only roughly.",
        "Black was 3 points higher than White in 2012, and 2 points lower in 2013, measured in different ways",
    ),
    "none": (
        [("2012", "Black", 1), ("2013", "White", 1)],
        "No gap to tell: no period has figures for both this group and White.",
        "No gap to show: no period has figures for both White and another group",
    ),
}


@pytest.mark.parametrize(("points", "sentences", "line"), CASES.values(), ids=CASES)
def test_a_gap_is_told_with_its_periods_and_nothing_more_is_claimed(points, sentences, line):
    assert told(points) == {"Black": sentences}
    assert headline(points) == line


def test_the_headline_tells_the_widest_gap_of_the_latest_period():
    points = pair("2012", 90, 5) + pair("2013", 10, 5) + [("2013", "Asian", 1), ("2012", "Asian", 1)]
    assert headline(points).startswith("The gap between Black and White narrowed")
    assert headline([*points, ("2013", "Hmong", "-0.5")]).startswith("The gap between Hmong and White was 5.5 points")


def test_without_figures_that_is_what_is_said():
    assert (headline([]), told([])) == ("No figures yet", {})


def test_the_margin_of_a_gap_is_the_root_of_the_sum_of_the_squares():
    points = [("2012", "Black", 9, {"margin": Decimal("0.30")}), ("2012", "White", 5, {"margin": Decimal("0.04")})]
    (gap,) = figures.read(build_measure(points)).compared[0].gaps
    assert (gap.variance, gap.margin_in_words) == (Decimal("0.0916"), ", with a margin of error of 0.3 points")


def test_a_gap_has_no_margin_where_one_of_the_two_has_none():
    points = [("2012", "Black", 9, {"margin": Decimal(3)}), ("2012", "White", 8)]
    assert told(points) == {"Black": "1 point higher than White in 2012."}


def test_the_table_says_what_is_withheld_and_leaves_empty_what_nobody_has():
    points = [("2012", "Asian", None), ("2012", "White", 5), ("2013", "Asian", 4, ABOUT)] + [("2013", "White", 5)]
    assert figures.read(build_measure(points + [("2014", "White", 6)])).table == [
        ("2012", [("withheld", ""), ("5%", "")]),
        ("2013", [("about 4%", "about 1 point lower"), ("5%", "")]),
        ("2014", [("", ""), ("6%", "")]),
    ]


# --- whatever the figures ---

years = st.integers(1990, 2030)
PERIODS = st.one_of(
    years.map(str),
    st.builds("{}-Q{}".format, years, st.integers(1, 4)),
    st.builds("{}-{:02}".format, years, st.integers(1, 12)),
    st.builds(lambda year, more: f"{year}/{year + more}", years, st.integers(1, 5)),
)
VALUES = st.one_of(
    st.none(),
    st.sampled_from([Decimal(0), Decimal(10**9), Decimal("-3.5")]),
    st.decimals(-(10**9), 10**9, allow_nan=False, places=4),
)
POINTS = st.lists(
    st.tuples(PERIODS, st.sampled_from(list(GROUPS)), VALUES, st.builds(dict, method=st.sampled_from(["", "survey"]))),
    unique_by=lambda point: point[:2],
    max_size=30,
)
INTERVALS = st.sampled_from(["monthly", "quarterly", "yearly", "irregular"])


@given(POINTS, INTERVALS)
def test_no_line_joins_what_does_not_belong_together(points, interval):
    read = figures.read(build_measure(points, interval=interval))
    for one in read.series:
        for first, then in one.lines:
            begin, end = periods.parse(first.period), periods.parse(then.period)
            assert (first.group, first.method, begin.kind, begin.months) == (one.group, then.method, *end[::2])
            assert None not in (first.value, then.value)
            distance = read.periods.index(then.period) - read.periods.index(first.period)
            if interval == "irregular":
                assert distance == 1
            else:
                assert 0 < end.first - begin.first <= {"monthly": 1, "quarterly": 3, "yearly": 12}[interval]


@given(POINTS, INTERVALS)
def test_each_gap_is_the_exact_difference_of_two_values_that_are_there(points, interval):
    values = {(period, group): (value, more["method"]) for period, group, value, more in points if value is not None}
    expected = {
        (period, group): value - values[period, "White"][0]
        for (period, group), (value, method) in values.items()
        if group not in ("White", "Everyone") and values.get((period, "White"), (0, None))[1] == method
    }
    read = figures.read(build_measure(points, interval=interval))
    assert {(gap.period, one.group.name): gap.value for one in read.series for gap in one.gaps} == expected
    assert len(read.pairs) == len(points)
    assert read.headline
    assert len(read.table) == len({period for period, *_more in points})
