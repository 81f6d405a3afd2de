"""Periods of figures: a year "2012", a quarter "2012-Q3", a month "2012-07", or a span of years "2015/2019".

The text itself is stored. It has one form for each period, so that two figures of one period are found to be that.
"""

import datetime as dt
import re
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SHAPE = r"^\d{4}(-(0[1-9]|1[0-2]|Q[1-4])|/\d{4})?$"
PARTS = re.compile(
    r"([1-9]\d{3})(?:-(?:(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4]))|/(?P<last>[1-9]\d{3}))?", re.ASCII
)


class Period(NamedTuple):
    """A period by its kind ("year", "quarter", "month", "span"), its first month, counted from the year 0, and its
    length in months."""

    kind: str
    first: int
    months: int

    @property
    def middle(self):
        """Where a figure of it stands on an axis of time, in years."""
        return (self.first + self.months / 2) / 12


def parse(text):
    """The Period that a text names; ValueError where it names none."""
    found = PARTS.fullmatch(text)
    if not found:
        raise ValueError(text)
    year = int(found[1])
    if found["month"]:
        return Period("month", 12 * year + int(found["month"]) - 1, 1)
    if found["quarter"]:
        return Period("quarter", 12 * year + 3 * (int(found["quarter"]) - 1), 3)
    if found["last"]:
        years = int(found["last"]) - year + 1
        if years < 2:
            raise ValueError(text)
        return Period("span", 12 * year, 12 * years)
    return Period("year", 12 * year, 12)


def order(text):
    """The place of a period among others: by its middle, the shorter one first."""
    period = parse(text)
    return 2 * period.first + period.months, period.months


def describe(text):
    """A period in words: "2012", "July 2019", "third quarter of 2012", "2015 to 2019"."""
    if not text:
        return ""
    period = parse(text)
    year, month = divmod(period.first, 12)
    if period.kind == "month":
        return format_date(dt.date(year, month + 1, 1), "F Y")
    if period.kind == "quarter":
        words = (_("first quarter of"), _("second quarter of"), _("third quarter of"), _("fourth quarter of"))
        return f"{words[month // 3]} {year}"
    if period.kind == "span":
        return _("%(first)s to %(last)s") % {"first": year, "last": year + period.months // 12 - 1}
    return str(year)


def describe_in(text):
    """A period in words within a sentence: "in July 2019", "in the third quarter of 2012", "over 2015 to 2019"."""
    words = {"quarter": _("in the %(period)s"), "span": _("over %(period)s")}
    return words.get(parse(text).kind, _("in %(period)s")) % {"period": describe(text)}


def validate_period(value):
    try:
        parse(value)
    except ValueError:
        raise ValidationError(
            _("Enter a year, a quarter, a month or a span of years: 2012, 2012-Q3, 2012-07 or 2015/2019."),
            code="period",
        ) from None


class PeriodField(models.CharField):
    """Text of a period; null where none is given. The column carries its own CHECK."""

    description = gettext_lazy("Period of a figure")

    def __init__(self, *args, **kwargs):
        kwargs |= {"max_length": 9, "db_collation": "C"}
        kwargs.setdefault("help_text", gettext_lazy("2012, 2012-Q3, 2012-07 or 2015/2019."))
        kwargs["validators"] = [validate_period]
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for ours in ("max_length", "db_collation", "help_text", "validators"):
            kwargs.pop(ours, None)
        return name, path, args, kwargs

    def db_check(self, connection):
        column = connection.ops.quote_name(self.column)
        return f"{column} ~ '{SHAPE}' AND ({column} !~ '/' OR right({column}, 4) > left({column}, 4))"

    def get_prep_value(self, value):
        return super().get_prep_value(value) or None
