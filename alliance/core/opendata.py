"""Open data: each app declares its datasets in `opendata.py`, this module writes them as CSV, JSON and GeoJSON."""

import csv
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from django.http import StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

# A cell that a spreadsheet may run as a formula, whatever blanks or apostrophes stand before (OWASP, CSV injection).
LIKE_A_FORMULA = re.compile(r"'*(\s*[=+\-@＝＋－＠]|[\t\r\n])")
ROWS_AT_A_TIME = 500


@dataclass(frozen=True)
class Column:
    """A column: its name, what it means (printed in the data dictionary) and how to read it off an object."""

    name: str
    meaning: str
    read: Callable


@dataclass(frozen=True)
class Dataset:
    """A published table. `rows` gives a fresh QuerySet; `points`, if any, (longitude, latitude) pairs of an object."""

    name: str
    title: str
    rows: Callable
    columns: tuple
    points: Callable = None

    @property
    def formats(self):
        """The words of FORMATS in which it is given; what has no place on earth is no GeoJSON."""
        return [extension for extension in FORMATS if self.points or extension != "geojson"]

    def records(self):
        for thing in self.rows().iterator(chunk_size=ROWS_AT_A_TIME):
            yield thing, {column.name: column.read(thing) for column in self.columns}


def safe_cell(value):
    """Text of a CSV cell that no spreadsheet runs: lists joined by semicolons, formulas behind an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        value = "; ".join(map(str, value))
    if isinstance(value, str) and LIKE_A_FORMULA.match(value):
        return f"'{value}"
    return value


class _Line:
    """A file-like object whose write hands back the line, so that csv.writer can feed a stream."""

    def write(self, line):
        return line


def csv_lines(dataset):
    writer = csv.writer(_Line())
    yield writer.writerow([column.name for column in dataset.columns])
    for _thing, record in dataset.records():
        yield writer.writerow([safe_cell(value) for value in record.values()])


def _json_list(opening, items, closing):
    yield opening
    for number, item in enumerate(items):
        yield (",\n" if number else "\n") + json.dumps(item, ensure_ascii=False)
    yield closing


def json_lines(dataset):
    return _json_list("[", (record for _thing, record in dataset.records()), "\n]\n")


def geometry(points):
    """GeoJSON geometry (RFC 7946): nothing, a point or several; longitude first."""
    if not points:
        return None
    if len(points) == 1:
        return {"type": "Point", "coordinates": points[0]}
    return {"type": "MultiPoint", "coordinates": points}


def geojson_lines(dataset):
    features = (
        {"type": "Feature", "id": record["id"], "geometry": geometry(dataset.points(thing)), "properties": record}
        for thing, record in dataset.records()
    )
    return _json_list('{"type": "FeatureCollection", "features": [', features, "\n]}\n")


FORMATS = {
    "csv": ("text/csv; charset=utf-8", csv_lines),
    "json": ("application/json", json_lines),
    "geojson": ("application/geo+json", geojson_lines),
}


def download(dataset, extension):
    """Stream a dataset as a file."""
    content_type, lines = FORMATS[extension]
    return StreamingHttpResponse(
        lines(dataset),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{dataset.name}.{extension}"'},
    )


ID_MEANING = _("Number of the record; it never changes")
