"""How long it takes to offer names while somebody types, beside the cheapest question that PostgreSQL answers.

    python bench/typeahead.py

Makes a database of its own with 80,000 titles of resources and 10,000 governments, and drops it. Figures are the CPU
time of the database's own process, which a busy computer does not stretch, and the number of times that `SELECT 1`,
asked in turn with the names, fits into it.
"""

import sys
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.lookup import one, prepare

ROUNDS = 9
TITLES, GOVERNMENTS = 80_000, 10_000

HITS = [
    "ra", "st paul", "saint paul, mn", "new york", "racial eq", "racial equity toolkit", "the", "of", "toolkit",
    "equity", "health", "city of springfield", "action plan",
]  # fmt: skip
TYPOS = [
    "toolkt", "racil equty", "comunity engagment", "springfeild", "minneaplis", "hennipen county", "bugdet", "equitty",
    "acton plan for the comunity", "zzzzzz", "racial equity tolkit for springfeild illinios", "st " * 20,
]  # fmt: skip


def main():
    prepare()
    from django.db import connection

    connection.settings_dict["TEST"]["NAME"] = "bench_typeahead"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        fill(connection)
        print(f"{GOVERNMENTS:,} governments and {TITLES:,} titles")
        print(f"{'typed':34}{'names':>6}{'CPU ms':>8}{'most':>8}{'× SELECT 1':>12}")
        for title, typed in (("hits, at most 5 ms", HITS), ("typos, at most 40 ms", TYPOS)):
            print(f"-- {title}")
            for text in typed:
                measure(connection, text)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def fill(connection):
    """Governments of the register's own names, and the seed's titles with names of places in front, behind, inside."""
    from alliance.core.seeding import read
    from cohorts import register
    from resources.seed import FOLDER

    register.load_shipped()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cohorts_jurisdiction (created_at, updated_at, slug, status, published_at, name, kind, state,"
            " website, summary, stage, stage_reason, role, role_words, sources)"
            " SELECT now(), now(), 'government-' || id, 'published', now(), name, 'city', state,"
            " '', '', '', '', 'member', '', '{https://example.org/}'"
            " FROM cohorts_place ORDER BY md5(source_id) LIMIT %s",
            [GOVERNMENTS],
        )
        # The triggers would describe each row; here only titles count, and their words are collected at the end.
        cursor.execute("ALTER TABLE resources_resource DISABLE TRIGGER USER")
        cursor.execute(
            "INSERT INTO resources_resource (created_at, updated_at, slug, status, published_at, title, kind,"
            " publisher, authors, language, url, url_is_copy, file, file_name, summary, body, stage, license,"
            " link_status, sources, labels, names, uses)"
            " SELECT now(), now(), 'title-' || number, 'published', now(), CASE number %% 4"
            " WHEN 0 THEN name || ' ' || lower(title) WHEN 1 THEN title || ' for ' || name"
            " WHEN 2 THEN title || ' in ' || name || ', ' || state ELSE 'City of ' || name || ' ' || title END,"
            " 'toolkit', '', '{}', 'en', 'https://example.org/' || number, false, '', '', '', '', '', '', 'unchecked',"
            " '{}', '{}', '', 0 FROM ("
            "  SELECT row_number() OVER (ORDER BY md5(source_id || title)) AS number, name, state, title"
            "  FROM cohorts_place, unnest(%s::text[]) AS title"
            "  WHERE cohorts_place.id %% 25 = 0"
            " ) titles LIMIT %s",
            [[record["title"] for record in read(FOLDER, "resources")], TITLES],
        )
        cursor.execute(
            "INSERT INTO resources_word SELECT DISTINCT word FROM resources_resource,"
            " regexp_split_to_table(key, '[^a-z]+') AS word WHERE length(word) BETWEEN 4 AND 30"
        )
        cursor.execute("VACUUM ANALYZE")


def measure(connection, text):
    from alliance.search import names

    found = len(names(text))
    reference, times = [], []
    for _ in range(ROUNDS):
        reference.append(cpu(connection, lambda: one(connection)))
        times.append(cpu(connection, lambda: names(text)))
    middle, most = median(times) * 1000, max(times) * 1000
    print(f"{text[:32]:34}{found:6}{middle:8.1f}{most:8.1f}{median(times) / median(reference):12.0f}")


def cpu(connection, act):
    """Seconds for which the database's process was on a processor while `act` ran (Linux counts them)."""
    schedule = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    before = schedule.read_text()
    act()
    return (int(schedule.read_text().split()[0]) - int(before.split()[0])) / 1e9


if __name__ == "__main__":
    main()
