"""The register that the project ships: US places (GeoNames) and counties (Census Bureau); see docs/register.md."""

import csv
import gzip
from pathlib import Path

from django.db import connection, transaction

from .models import Place

SHIPPED = Path(__file__).parent / "data" / "register.csv.gz"


def load_shipped():
    """Load the shipped register into the empty table of places; return the number of rows.

    Raises IntegrityError, and loads nothing, when rows of the shipped register are there already.
    """
    with transaction.atomic():
        places = Place.objects.bulk_create(shipped_places(), batch_size=5000)
        # The server's own statistics come minutes later; until then it would plan look-ups as for an empty table.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE cohorts_place")
    return len(places)


def shipped_places():
    """Yield an unsaved Place for each row of the shipped file."""
    with gzip.open(SHIPPED, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            is_county = row["source"] == Place.Source.CENSUS
            numbers = {name: row.pop(name) or None for name in ("population", "latitude", "longitude")}
            kind = Place.Kind.COUNTY if is_county else Place.Kind.PLACE
            yield Place(**row, **numbers, kind=kind, geoid=row["source_id"] if is_county else None)
