"""Dates that are only as exact as the page that shows them: "2014", "2014-07" or "2014-07-15".

The text itself is stored. Its length is its precision, its order is the order of time (a bare year stands before the
months of that year), and nothing is ever filled in.
"""

import datetime as dt
import re

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Cast, Coalesce, Left, Length, NullIf, Substr
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext_lazy as _

SHAPE = r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"


def first_day(value):
    """Return the first day of the period that a partial date names; ValueError if there is no such day."""
    return dt.date.fromisoformat(value + "-01-01"[len(value) - 4 :])


def describe(value):
    """Print a partial date just as exactly as it is known: "2014", "July 2014", "July 15, 2014"."""
    if not value:
        return ""
    return format_date(first_day(value), {4: "Y", 7: "F Y", 10: "F j, Y"}[len(value)])


def validate_partial_date(value):
    try:
        if not re.match(SHAPE, value):
            raise ValueError
        first_day(value)
    except ValueError:
        raise ValidationError(
            _("Enter a year, a month or a day: 2014, 2014-07 or 2014-07-15."), code="partial_date"
        ) from None


class PartialDateField(models.CharField):
    """Text of 4, 7 or 10 characters; null where the date is not known. The column carries its own CHECK."""

    description = _("Date, as exact as it is known")

    def __init__(self, *args, **kwargs):
        # "C" makes the order of the text the order of time in every database, whatever its language.
        kwargs |= {"max_length": 10, "db_collation": "C"}
        kwargs.setdefault("help_text", _("As exact as the source: 2014, 2014-07 or 2014-07-15."))
        kwargs["validators"] = [validate_partial_date]
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for ours in ("max_length", "db_collation", "help_text", "validators"):
            kwargs.pop(ours, None)
        return name, path, args, kwargs

    def db_check(self, connection):
        return f"{connection.ops.quote_name(self.column)} ~ '{SHAPE}'"

    def get_prep_value(self, value):
        return super().get_prep_value(value) or None


def not_before(first, last):
    """Condition: the period `last` (a partial date) does not end before the period `first` begins; unknown is fine."""
    return models.Q(**{f"{last}__gte": Left(models.F(first), Length(models.F(last)))})


class FirstDay(models.Func):
    """SQL: the first day of a partial date, or NULL where it is unknown. Immutable, so constraints may use it."""

    function = "make_date"
    output_field = models.DateField()

    def __init__(self, value):
        def number(text):
            return Cast(text, models.IntegerField())

        def part(start):
            return Coalesce(number(NullIf(Substr(value, start, 2), models.Value(""))), 1)

        super().__init__(number(Left(value, 4)), part(6), part(9))
