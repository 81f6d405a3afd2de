"""What people write for figures, periods and groups, and what it means."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from members.collaborations import periods, reading
from members.collaborations.models import PopulationGroup
from members.collaborations.reading import Figure, Groups

from .factories import make_group, make_standard_groups


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13.8", "13.8"),
        (" 13.8 % ", "13.8"),
        ("13.8 percent", "13.8"),
        ("$27,026", "27026"),
        ("1,234.5", "1234.5"),
        ("1,234,567", "1234567"),
        ("-3", "-3"),
        ("−3.5", "-3.5"),
        ("–3.5", "-3.5"),
        (".5", "0.5"),
        ("0", "0"),
        ("\u00a012\u00a0", "12"),
    ],
)
def test_a_number_is_read_as_people_write_it(text, number):
    assert reading.number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    ["", "x", "1,23", "12,3456", "1.2.3", "13,8", "1e9", "NaN", "Infinity", "$", "%", "١٢", "3 4", "(3)", "=1+1"],
)
def test_what_is_no_number_beyond_doubt_is_refused(text):
    with pytest.raises(ValidationError, match="is no number that we can read"):
        reading.number(text)


@pytest.mark.parametrize(("text", "form"), [("13.8%", "dollars"), ("$5", "percent"), ("5%", "number")])
def test_the_sign_of_another_unit_is_refused(text, form):
    with pytest.raises(ValidationError, match="is in another unit than this measure"):
        reading.number(text, form)


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("about 30", Figure(Decimal(30), None, True)),
        ("~30%", Figure(Decimal(30), None, True)),
        ("approx. 1,200", Figure(Decimal(1200), None, True)),
        ("13.8 ± 0.4", Figure(Decimal("13.8"), Decimal("0.4"))),
        ("13.8 +/- 0.4", Figure(Decimal("13.8"), Decimal("0.4"))),
        ("*", Figure(None)),
        ("Suppressed", Figure(None)),
        ("n/a", None),
        ("N/A", None),
        ("–", None),
        ("", None),
        ("..", None),
    ],
)
def test_a_cell_says_a_figure_that_it_was_withheld_or_that_there_is_none(text, figure):
    assert reading.figure(text, "percent") == figure


@pytest.mark.parametrize("text", ["more than 30", "30?", "about", "30 ±", "30-40", "< 5"])
def test_a_cell_that_says_something_else_is_refused(text):
    with pytest.raises(ValidationError, match="is no number that we can read"):
        reading.figure(text)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2012", "2012"),
        ("July 2019", "2019-07"),
        ("jul 2019", "2019-07"),
        ("Sept. 2019", "2019-09"),
        ("July, 2019", "2019-07"),
        ("2019 July", "2019-07"),
        ("2019-07", "2019-07"),
        ("7/2019", "2019-07"),
        ("07/2019", "2019-07"),
        ("Q3 2019", "2019-Q3"),
        ("2019 Q3", "2019-Q3"),
        ("2019-Q3", "2019-Q3"),
        ("third quarter of 2019", "2019-Q3"),
        ("3rd quarter 2019", "2019-Q3"),
        ("2015-2019", "2015/2019"),
        ("2015–2019", "2015/2019"),
        ("2015 to 2019", "2015/2019"),
        ("2015/2019", "2015/2019"),
    ],
)
def test_a_period_is_read_as_people_write_it(text, period):
    assert reading.period(text) == period


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Jul-19",
        "2019-13",
        "13/2019",
        "Q5 2019",
        "2019-2015",
        "7/1/2019",
        "FY 2019",
        "0123",
        "May",
        "Smarch 2019",
        "2٠19",
        "２０19",
    ],
)
def test_what_is_no_period_beyond_doubt_is_refused(text):
    with pytest.raises(ValidationError, match="is no period that we can read"):
        reading.period(text)


@given(
    st.integers(1000, 9998),
    st.sampled_from(["", *(f"-{n:02}" for n in range(1, 13)), *(f"-Q{n}" for n in range(1, 5))]),
)
def test_what_we_print_for_a_period_is_read_as_that_period(year, rest):
    for stored in (f"{year}{rest}", f"{year}/{year + 1}"):
        assert reading.period(periods.describe(stored)) == reading.period(stored) == stored


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("Black", "Black or African American"),
        ("black or african-american", "Black or African American"),
        ("African American", "Black or African American"),
        ("Latino", "Hispanic or Latino"),
        ("Latino/a", "Hispanic or Latino"),
        ("White, non-Hispanic", "White"),
        ("Non-Hispanic White", "White"),
        ("White alone, not Hispanic or Latino", "White"),
        ("Black residents", "Black or African American"),
        ("American Indian/Alaska Native", None),
        ("American Indian and Alaska Native", "American Indian or Alaska Native"),
        ("TOTAL", "Everyone"),
        ("Two or more races", "Multiracial or Multiethnic"),
        ("Asian/Pacific Islander", None),
        ("Native", None),
        ("People of color", None),
        ("", None),
    ],
)
def test_a_group_is_found_by_its_names_and_common_words_and_never_guessed(word, name):
    make_standard_groups()
    found = Groups().find(word)
    assert (found and found.name) == name


@pytest.mark.django_db
def test_another_grouping_is_found_by_its_name_and_two_of_one_short_name_are_not():
    make_group("Hmong")
    for name in ("Dakota", "Dakota people of the city"):
        PopulationGroup.objects.create(name=name, short_name="Native nation")
    assert Groups().find("hmong").name == "Hmong"
    assert Groups().find("Native nation") is None
