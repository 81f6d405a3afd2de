"""What people write for a figure, a period or a group, in a box or in the cell of a spreadsheet, and what it means.

Whatever can mean two things is refused with words that say so; nothing is guessed.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .models import PopulationGroup, SharedMeasure
from .periods import parse

NUMBER = re.compile(r"(-?) ?(\$?) ?((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+) ?(%|percent)?", re.ASCII)
DASHES = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212", "------")
ABOUT = re.compile(r"(?:~|≈|(?:about|approximately|approx\.?|around|circa|ca\.?|c\.) )\s*", re.IGNORECASE)
MARGIN = re.compile(r"\s*(?:±|\+/-)\s*")
# What stands where a publisher has no figure, and where one was withheld.
NONE = {"", "-", "--", ".", "..", "...", "…", "n/a", "n.a.", "na", "n/d", "nd", "no data", "not available"}
WITHHELD = {"*", "**", "(s)", "s", "suppressed", "withheld"}


class Figure(NamedTuple):
    """One figure, in the names of the fields of a DataPoint. A value of None was withheld."""

    value: Decimal | None
    margin: Decimal | None = None
    is_approximate: bool = False

    @property
    def is_suppressed(self):
        return self.value is None


def one_line(text):
    return " ".join(text.translate(DASHES).split())


def number(text, form=""):
    """The number that a text says, like “13.8”, “13.8%”, “$27,026” or “-1,234.5”; ValidationError for anything else.

    With `form`, how a measure prints its values, a sign of another unit is refused.
    """
    found = NUMBER.fullmatch(one_line(text))
    if not found:
        raise ValidationError(_("“%(text)s” is no number that we can read. Write 13.8 or 1,234.5.") % {"text": text})
    minus, dollar, digits, percent = found.groups()
    for sign, unit in ((dollar, SharedMeasure.Format.DOLLARS), (percent, SharedMeasure.Format.PERCENT)):
        if sign and form and form != unit:
            complaint = _("“%(text)s” is in another unit than this measure, which is printed as: %(unit)s.")
            raise ValidationError(complaint % {"text": text, "unit": SharedMeasure.Format(form).label})
    return Decimal(minus + digits.replace(",", ""))


def figure(text, form=""):
    """The Figure that a cell says, None where it says that there is none: “about 30”, “*”, “n/a”, “13.8 ± 0.4”."""
    text = one_line(text)
    if text.lower() in NONE:
        return None
    if text.lower() in WITHHELD:
        return Figure(None)
    about = ABOUT.match(text)
    value, *margin = MARGIN.split(text[about.end() :] if about else text, maxsplit=1)
    return Figure(number(value, form), number(margin[0], form) if margin else None, bool(about))


def margin(text, form=""):
    """The margin of error that a cell says, None for none."""
    text = MARGIN.sub("", one_line(text), count=1)
    return None if text.lower() in NONE else number(text, form)


# --- Periods ----------------------------------------------------------------------------------------------------------

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
QUARTERS = {word: number for number, words in enumerate(
    [("first", "1st"), ("second", "2nd"), ("third", "3rd"), ("fourth", "4th")], start=1
) for word in words}  # fmt: skip
YEAR = r"(?P<year>[1-9]\d{3})"
SHAPES = [
    re.compile(shape, re.ASCII)
    for shape in (
        rf"q ?(?P<quarter>[1-4]) {YEAR}",
        rf"{YEAR}[ -]?q ?(?P<quarter>[1-4])",
        rf"(?P<nth>{'|'.join(QUARTERS)}) quarter (?:of )?{YEAR}",
        rf"(?P<name>[a-z]{{3,9}}) {YEAR}",
        rf"{YEAR} (?P<name>[a-z]{{3,9}})",
        rf"(?P<month>0?[1-9]|1[0-2])/{YEAR}",
        rf"{YEAR} ?(?:-|/|to) ?(?P<last>[1-9]\d{{3}})",
    )
]


def period(text):
    """The period that a text names, as it is stored; ValidationError where it names none."""
    plain = one_line(text)
    stored = as_stored(plain.lower().replace(",", "").replace(".", "")) or plain
    try:
        parse(stored)
    except ValueError:
        complaint = _("“%(text)s” is no period that we can read. Write 2019, July 2019, Q3 2019 or 2015-2019.")
        raise ValidationError(complaint % {"text": text}) from None
    return stored


def as_stored(text):
    for shape in SHAPES:
        if found := shape.fullmatch(text):
            said = found.groupdict()
            if said.get("last"):
                return f"{said['year']}/{said['last']}"
            if quarter := said.get("quarter") or QUARTERS.get(said.get("nth")):
                return f"{said['year']}-Q{quarter}"
            if month := said.get("month") or month_of(said["name"]):
                return f"{said['year']}-{int(month):02}"
    return None


def month_of(name):
    """The number of a month by its name or the first three letters or more of it; None for anything else."""
    return next((place for place, month in enumerate(MONTHS, start=1) if month.startswith(name)), None)


# --- Groups -----------------------------------------------------------------------------------------------------------

# Further common words for the groups that every measure may have, beside their own names.
WORDS = {
    "Everyone": ("all", "all groups", "all races", "overall", "total", "everybody"),
    "American Indian or Alaska Native": ("alaska native", "native american", "american indian and alaska native"),
    "Black or African American": ("african american", "black and african american"),
    "Hispanic or Latino": ("hispanic", "latino", "latina", "latinx", "latine", "hispanic and latino", "latino a"),
    "Middle Eastern or North African": ("north african", "mena"),
    "Native Hawaiian or Pacific Islander": ("native hawaiian", "nhpi", "native hawaiian and pacific islander"),
    "Multiracial or Multiethnic": ("multiethnic", "two or more races", "mixed race", "more than one race"),
}
# What says how a source drew the line, not which group it means; the point keeps the source's own words.
AROUND = re.compile(r"^non ?hispanic | (alone|non ?hispanic|not hispanic or latino|residents|people|population)$")


def plain_group(word):
    """The word for a group without what differs between spellings."""
    word = " ".join(re.sub(r"[\W_]+", " ", word.lower()).split())
    while (shorter := AROUND.sub("", word)) != word:
        word = shorter
    return word


class Groups:
    """All groups there are, and which of them a word means."""

    def __init__(self):
        self.all = list(PopulationGroup.objects.all())
        self.meaning = {}
        for group in self.all:
            for word in {plain_group(one) for one in (group.name, group.short_name, *WORDS.get(group.name, ()))}:
                self.meaning.setdefault(word, []).append(group)

    def find(self, word):
        """The one group that the word means; None where that is none, or more than one."""
        found = self.meaning.get(plain_group(word), [])
        return found[0] if len(found) == 1 else None
