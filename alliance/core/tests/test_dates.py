import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from alliance.core.dates import FirstDay, describe, first_day, validate_partial_date
from cohorts.models import Milestone
from cohorts.tests.factories import make_milestone

DAYS = st.dates().map(lambda day: day.isoformat())


@pytest.mark.parametrize(
    ("value", "printed"),
    [("2014", "2014"), ("2014-07", "July 2014"), ("2014-07-15", "July 15, 2014"), ("", ""), (None, "")],
)
def test_a_date_prints_just_as_exactly_as_it_is_known(value, printed):
    assert describe(value) == printed


@given(DAYS)
def test_every_precision_of_a_day_is_valid_and_begins_no_later(day):
    for value in (day, day[:7], day[:4]):
        validate_partial_date(value)
        assert first_day(value).isoformat() <= day
        assert first_day(value).isoformat().startswith(value)


@pytest.mark.parametrize(
    "value",
    ["14", "2014-7", "2014-13", "2014-00", "2014-02-30", "2014-07-15T00", "2014-07-", "July", "２０１４", "0000"],
)
def test_what_is_no_date_is_refused(value):
    with pytest.raises(ValidationError, match="Enter a year, a month or a day"):
        validate_partial_date(value)


@pytest.mark.django_db
def test_a_bare_year_stands_before_its_months_and_a_month_before_its_days():
    dates = ["2014", "2014-01", "2014-01-01", "2014-01-02", "2014-02", "2015"]
    for date in reversed(dates):
        make_milestone(date=date)
    assert list(Milestone.objects.values_list("date", flat=True)) == dates
    assert list(Milestone.objects.latest_first().values_list("date", flat=True)) == dates[::-1]


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["14", "2014-13", "2014-1", "", "2014-07-32"])
def test_the_column_itself_refuses_what_has_not_the_shape_of_a_date(value):
    milestone = make_milestone()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE cohorts_milestone SET date = %s WHERE id = %s", [value, milestone.pk])


@pytest.mark.django_db
@pytest.mark.parametrize(("value", "day"), [("2014", "2014-01-01"), ("2014-07", "2014-07-01"), ("2014-07-15",) * 2])
def test_sql_and_python_agree_on_the_first_day(value, day):
    make_milestone(date=value)
    assert str(Milestone.objects.values_list(FirstDay("date"), flat=True).get()) == day == str(first_day(value))
