"""Reads the Open Civic Data register of US governments, and refuses a file that is not wholly sound.

The file is `us_census_places.csv` of https://github.com/opencivicdata/ocd-division-ids (CC0). A row has the id of
a division, its name with the legal suffix ("Minneapolis city") and its Census identifier ("place-2743000").
"""

import csv
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.core.vocabulary import State

from .models import Place

COLUMNS = ("id", "name", "census_geoid")

# The register of all states has under 4 MB.
LARGEST_FILE = 32 * 2**20

ROWS_BETWEEN_NEWS = 10_000

ID = re.compile(r"ocd-division/country:us/(state|district|territory):(?P<state>[a-z]{2})(?P<levels>(/[a-z_]+:[^/]+)*)")
GEOID = re.compile(r"(?:place-(?P<digits>[0-9]{2,10}))?")
# A name that two places of a state share carries its counties in the id: st_anthony_~hennepin~ramsey_counties~
COUNTIES = re.compile(r"_~(?P<names>[^/]+)_(?P<word>county|counties)~$")

COUNTY, PLACE, SUBDIVISION = 5, 7, 10  # digits of a GEOID (Census Bureau, Understanding Geographic Identifiers)

# What the last words of a name say of the kind, longer suffixes before those in which they end. None stands for
# a division that has no government of its own (Census Bureau, Geographic Areas Reference Manual, chapters 4, 8 and 9).
KINDS = {
    "charter township": Place.Kind.TOWNSHIP,
    "unorganized township": None,
    "township": Place.Kind.TOWNSHIP,
    "plantation": Place.Kind.TOWN,
    "town": Place.Kind.TOWN,
    "village": Place.Kind.VILLAGE,
    "city and borough": Place.Kind.CITY_COUNTY,
    "consolidated government": Place.Kind.CITY_COUNTY,
    "metro government": Place.Kind.CITY_COUNTY,
    "metropolitan government": Place.Kind.CITY_COUNTY,
    "municipality": Place.Kind.CITY_COUNTY,
    "unified government": Place.Kind.CITY_COUNTY,
    "urban county": Place.Kind.CITY_COUNTY,
    "borough": Place.Kind.BOROUGH,
    "city": Place.Kind.CITY,
    "corporation": Place.Kind.CITY,
    "CDP": None,
    "UT": None,
    "gore": None,
    "grant": None,
    "location": None,
    "purchase": None,
    "unorganized territory": None,
}
COUNTY_KINDS = {
    "City and Borough": Place.Kind.COUNTY,
    "Borough": Place.Kind.COUNTY,
    "County": Place.Kind.COUNTY,
    "Municipality": Place.Kind.COUNTY,
    "Municipio": Place.Kind.COUNTY,
    "Parish": Place.Kind.COUNTY,
    "Census Area": None,
    "Planning Region": None,
}

NO_GEOID = gettext_lazy("it has no GEOID")
NOT_LOCAL = gettext_lazy("it is not a county, a place or a county subdivision")
NO_GOVERNMENT = gettext_lazy("it has no government of its own")


class FileError(Exception):
    """The file can't be imported; the message says why in one line."""


@dataclass(frozen=True)
class Division:
    """A row of the file. `level` is COUNTY, PLACE, SUBDIVISION or None; `geoid` is empty where the file gives none."""

    line: int
    id: str
    full_name: str
    state: str
    geoid: str
    level: int | None

    def __str__(self):
        return f"{self.full_name}, {self.state} ({self.geoid or self.id})"

    @cached_property
    def name_and_kind(self):
        name = self.full_name.removesuffix(" (balance)")
        for suffix, kind in (COUNTY_KINDS if self.level == COUNTY else KINDS).items():
            if name.endswith(f" {suffix}"):
                return name.removesuffix(suffix).strip(), kind
        return name, Place.Kind.COUNTY if self.level == COUNTY else Place.Kind.PLACE

    @property
    def name(self):
        """The name without its legal suffix: "Minneapolis" of "Minneapolis city"."""
        return self.name_and_kind[0]

    @property
    def kind(self):
        """The kind that the suffix tells; "place" if there is none, None for what has no government of its own."""
        return self.name_and_kind[1]

    @property
    def counties(self):
        """The counties that its id names to tell it from another place of its name, or ""."""
        if found := COUNTIES.search(self.id):
            names = found["names"].replace("_", " ").title().replace("~", " and ")
            return f"{names} {found['word'].title()}"
        return ""

    @property
    def reason_to_skip(self):
        if not self.level:
            return NOT_LOCAL
        if not self.geoid:
            return NO_GEOID
        return NO_GOVERNMENT if self.kind is None else None


def read(path, progress=lambda rows: None):
    """Return the divisions of the file at `path`; calls `progress` with the number of rows read now and then.

    Raises FileError when the file can't be read or any of its rows is unsound.
    """
    path = Path(path)
    try:
        _check(path)
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return _divisions(csv.reader(lines, strict=True), progress)
    except OSError as error:
        raise FileError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise FileError(_("%(file)s: this is not text in UTF-8") % {"file": path}) from error
    except csv.Error as error:
        raise FileError(_("%(file)s: this is not sound CSV: %(reason)s") % {"file": path, "reason": error}) from error
    except FileError as error:
        raise FileError(f"{path}: {error}") from error


def _check(path):
    """Refuse what is not worth reading, before it fills the memory."""
    if path.exists() and not path.is_file():
        raise FileError(_("this is not a file"))
    with path.open("rb") as file:
        if file.read(2) == b"\x1f\x8b":
            raise FileError(_("this file is compressed: unpack it first"))
    if path.stat().st_size > LARGEST_FILE:
        limit = LARGEST_FILE // 2**20
        raise FileError(_("this file is larger than %(limit)s MB, so it is not the register") % {"limit": limit})


def _divisions(rows, progress):
    header = next(rows, [])
    where = _columns(header)
    divisions, lines = [], {}
    for row in filter(None, rows):
        if len(row) != len(header):
            values = {"found": len(row), "expected": len(header)}
            raise _fault(rows.line_num, _("this row has %(found)s columns instead of %(expected)s") % values)
        division = _division(rows.line_num, *(row[index].strip() for index in where))
        _refuse_repeated(division, lines)
        divisions.append(division)
        if len(divisions) % ROWS_BETWEEN_NEWS == 0:
            progress(len(divisions))
    if not divisions:
        raise FileError(_("this file has no rows"))
    return divisions


def _columns(header):
    """Return where each of the columns stands."""
    if not set(COLUMNS) <= set(header):
        raise FileError(_("the first line must name the columns %(columns)s") % {"columns": ", ".join(COLUMNS)})
    return [header.index(column) for column in COLUMNS]


def _division(line, id_, name, geoid):
    id_parts, geoid_parts = ID.fullmatch(id_), GEOID.fullmatch(geoid)
    state = id_parts and id_parts["state"].upper()
    if state not in State.values or _too_long("source_id", id_):
        raise _fault(line, _("this is not the id of a division in the United States"))
    if not name or "\0" in name or _too_long("name", name):
        raise _fault(line, _("this is not a name"))
    digits = geoid_parts and (geoid_parts["digits"] or "")
    level = _level(id_parts["levels"])
    if digits is None or level and digits and len(digits) != level:
        raise _fault(line, _("this GEOID does not fit the division"))
    return Division(line, id_, name, state, digits, level)


def _level(levels):
    """Return COUNTY, PLACE, SUBDIVISION or None for the part of an id below the state: "/county:dane/place:madison"."""
    match [level.split(":")[0] for level in levels.split("/")[1:]]:
        case ["place"]:
            return PLACE
        case [_county]:
            return COUNTY
        case [_county, "place"]:
            return SUBDIVISION
    return None


def _too_long(field, value):
    return len(value) > Place._meta.get_field(field).max_length


def _refuse_repeated(division, lines):
    for value in filter(None, (division.id, division.geoid)):
        if (first := lines.setdefault(value, division.line)) != division.line:
            values = {"value": value, "first": first}
            raise _fault(division.line, _("%(value)s stands in line %(first)s already") % values)


def _fault(line, message):
    return FileError(_("line %(line)s: %(message)s") % {"line": line, "message": message})
