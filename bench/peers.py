"""How long the peer finder takes to rank a network, from 500 governments to 100,000, in a register of 100,000 places.

    python bench/peers.py [--sizes 500 10000 100000] [--rounds 20]

Makes a database of its own, and drops it. One government in three has milestones and resources in use. Figures are
milliseconds of wall time of the one statement behind the finder (`useful_to`), asked from towns all over the register
for several kinds of work in turn with a reference, which reads the kind and the state of every published government and
counts them; the ratio is what can be compared between computers. `page` is the whole answer to a visitor.
"""

import argparse
import contextlib
import sys
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.lookup import prepare, seconds
from bench.review import collected

PLACES = 100_000
REFERENCE = "SELECT kind, state, count(*) FROM cohorts_jurisdiction WHERE status = 'published' GROUP BY kind, state"
WORKS = {
    "anything": {},
    "leadership": {"domain": "leadership"},
    "tools, on contracting": {"domain": "tools", "topics": ("contracting",)},
    "contracting": {"topics": ("contracting",)},
}

FILL_PLACES = """
INSERT INTO cohorts_place (source, source_id, name, county, state, kind, population, latitude, longitude)
SELECT 'ocd', 'bench-' || n, 'Benchton ' || n, '',
    (ARRAY['MN','WI','IA','WA','OR','CA','TX','NY','MA','FL'])[1 + n %% 10],
    (ARRAY['place','town','county'])[1 + n %% 3], (100 * exp(random() * 8))::int,
    25 + random() * 24, -124 + random() * 57
FROM generate_series(1, %s) AS n
"""
FILL_NETWORK = """
INSERT INTO cohorts_jurisdiction (slug, status, published_at, name, kind, state, place_id, website, summary, stage,
    stage_reason, role, role_words, sources, office, office_url, office_email, office_person, office_person_agreed,
    created_at, updated_at)
SELECT 'bench-' || place.id, 'published', now(), place.name,
    CASE place.kind WHEN 'place' THEN 'city' ELSE place.kind END,
    place.state, place.id, '', repeat('What was done here, in plain words. ', 8),
    CASE WHEN place.id %% 4 = 0 THEN 'organize' ELSE '' END,
    CASE WHEN place.id %% 4 = 0 THEN 'It has a core team.' ELSE '' END,
    'member', '', ARRAY['https://example.org/source'], '', '', '', '', false, now(), now()
FROM cohorts_place place LEFT JOIN cohorts_jurisdiction one ON one.place_id = place.id
WHERE one.id IS NULL ORDER BY md5(place.id::text)
LIMIT %s - (SELECT count(*) FROM cohorts_jurisdiction WHERE status = 'published')
"""
FILL_MILESTONES = """
INSERT INTO cohorts_milestone (jurisdiction_id, kind, title, description, date, sources, created_at, updated_at)
SELECT id, (ARRAY['resolution','ordinance','office','action_plan','tool','training','report'])[1 + (id + n) %% 7],
    'Act ' || n, '', (2010 + (id + n) %% 14)::text, ARRAY['https://example.org/source'], now(), now()
FROM cohorts_jurisdiction, generate_series(1, 3) AS n
WHERE id %% 3 = 0 AND NOT EXISTS (SELECT FROM cohorts_milestone WHERE jurisdiction_id = cohorts_jurisdiction.id)
"""
FILL_USES = """
INSERT INTO resources_adoption (jurisdiction_id, resource_id, how, outcome, contact, contact_visibility, sources,
    created_at, updated_at)
SELECT one.id, resource.id, '', '', '', 'staff', '{}', now(), now()
FROM cohorts_jurisdiction one, resources_resource resource
WHERE one.id %% 3 = 0 AND (one.id + resource.id) %% 10 = 0 ON CONFLICT DO NOTHING
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    prepare()
    from django.db import connection

    connection.settings_dict["TEST"]["NAME"] = "bench_peers"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    with collected(), contextlib.ExitStack() as at_the_end:
        at_the_end.callback(connection.creation.destroy_test_db, connection.settings_dict["NAME"], verbosity=0)
        begin(connection)
        print("| published | work | p50 ms | p99 ms | reference p50 ms | p50 ÷ reference | page p50 ms |")
        print("|--:|---|--:|--:|--:|--:|--:|")
        for size in sorted(options.sizes):
            grow(connection, size)
            for name, work in WORKS.items():
                measure(connection, size, name, work, options.rounds)


def begin(connection):
    """The register, and a library of 40 resources on four topics."""
    from resources.models import Resource, Topic

    topics = [
        Topic.objects.create(name=slug.capitalize(), slug=slug, status="published")
        for slug in ("contracting", "budgeting", "leadership", "training")
    ]
    for number in range(40):
        resource = Resource.objects.create(
            title=f"Guidebook {number}", slug=f"guidebook-{number}", kind="guide", status="published",
            url=f"https://example.org/guidebook-{number}",
        )  # fmt: skip
        resource.topics.set([topics[number % 4]])
    with connection.cursor() as cursor:
        cursor.execute(FILL_PLACES, [PLACES])


def grow(connection, size):
    """Publish governments until there are `size`. What adoptions change in the library is no part of this."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(FILL_NETWORK, [size])
        cursor.execute(FILL_MILESTONES, [])
        cursor.execute(FILL_USES, [])
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")


def measure(connection, size, name, work, rounds):
    from django.test import Client

    from cohorts.models import Place
    from members.peers.ranking import Weights, governments
    from members.peers.work import Work

    client, found = Client(headers={"host": "localhost"}), Work(**work)
    query = f"domain={found.domain}" + "".join(f"&topic={topic}" for topic in found.topics)
    asked, ranked, pages = [], [], []
    for place in Place.objects.order_by("source_id")[:rounds]:
        asked.append(seconds(lambda: reference(connection)))
        ranked.append(seconds(lambda place=place: list(governments.useful_to(place, found, Weights()))))
        pages.append(seconds(lambda place=place: client.get(f"/jurisdictions/peers/?id={place.pk}&{query}")))
    middle, slowest = median(ranked) * 1000, quantiles(ranked, n=100)[98] * 1000
    plain, page = median(asked) * 1000, median(pages) * 1000
    print(
        f"| {size:,} | {name} | {middle:.1f} | {slowest:.1f} | {plain:.1f} | {middle / plain:.1f} | {page:.0f} |",
        flush=True,
    )


def reference(connection):
    with connection.cursor() as cursor:
        cursor.execute(REFERENCE)
        cursor.fetchall()


if __name__ == "__main__":
    main()
