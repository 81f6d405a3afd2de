"""How long finding a government by its name takes, beside the cheapest question that PostgreSQL answers.

    python bench/lookup.py

Makes a database of its own, with the shipped register and then with 90,000 names, and drops it. The last column says
how many times `SELECT 1`, asked in turn with the look-up, fits into it: that number can be compared between computers.
"""

import os
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

import django

ROUNDS = 15
NAMES = 90_000
ENDINGS = ["Center", "Creek", "Falls", "Grove", "Heights", "Hill", "Junction", "Lake", "Mills", "Park", "Valley"]
TYPED = [
    "st paul", "new york", "Madison WI", "st. louis park mn", "hennepin county", "Winston Salem", "washington dc",
    "minneaplis", "springfeild", "bosten", "heights", "minnesota", "s", "100%", "zzzzzz", "🏙️", "st " * 66, "x" * 200,
]  # fmt: skip


def main():
    prepare()
    from django.db import connection

    from cohorts import register

    connection.settings_dict["TEST"]["NAME"] = "bench_lookup"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        started = perf_counter()
        rows = register.load_shipped()
        print(f"Loading {rows:,} places took {perf_counter() - started:.1f} s")
        measure(connection)
        multiply(connection)
        measure(connection)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def prepare():
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
    os.environ.setdefault("EMBEDDED_CLUSTER", "test")
    django.setup()
    from django.conf import settings

    if settings.EMBEDDED:
        from dev.database import cluster

        cluster().hold()


def multiply(connection):
    """Add names of two parts, such as townships have, until there are `NAMES`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cohorts_place (source, source_id, name, county, state, kind)"
            " SELECT 'ocd', source_id || ending, name || ' ' || ending, '', state, 'township'"
            " FROM cohorts_place, unnest(%s::text[]) AS ending"
            " ORDER BY md5(source_id || ending) LIMIT %s - (SELECT count(*) FROM cohorts_place)",
            [ENDINGS, NAMES],
        )
        cursor.execute("ANALYZE cohorts_place")


def measure(connection):
    from cohorts.models import Place

    print(f"\n{Place.objects.count():,} names")
    print(f"{'typed':24}{'found':>6}{'median ms':>11}{'slowest ms':>12}{'× SELECT 1':>12}")
    for typed in TYPED:
        found = len(Place.objects.lookup(typed))
        asked, looked_up = [], []
        for _ in range(ROUNDS):
            asked.append(seconds(lambda: one(connection)))
            looked_up.append(seconds(lambda typed=typed: Place.objects.lookup(typed)))
        middle, slowest = median(looked_up) * 1000, max(looked_up) * 1000
        ratio = median(looked_up) / median(asked)
        print(f"{typed[:22]:24}{found:6}{middle:11.1f}{slowest:12.1f}{ratio:12.0f}")


def one(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchall()


def seconds(act):
    started = perf_counter()
    act()
    return perf_counter() - started


if __name__ == "__main__":
    main()
