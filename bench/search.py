"""What a page of the library costs the database, in libraries of a thousand to a million resources.

    python bench/search.py [--sizes 1000 10000 100000 1000000] [--write FILE]

Makes a database of its own, fills it with synthetic resources of about 2 KB each, and drops it. Words are spread as in
natural language (a few very common, most rare), with some planted whose share is known. Figures are the CPU time of the
database's own process for the whole page (all its queries), which a busy computer does not stretch; without parallel
workers, so that all of it is counted. "Ranking everything" is what a plain search would do: rank every hit, keep 20.
"""

import argparse
import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.lookup import prepare

SIZES = [1_000, 10_000, 100_000, 1_000_000]
WORDS, PARAGRAPHS, JURISDICTIONS, BATCH = 90_000, 20_000, 400, 20_000

# A page is asked for again until so much CPU time went by (the clock of processes ticks every 10 ms), or so often.
ENOUGH_SECONDS, MOST_ROUNDS = 0.6, 60

# (what it shows, query string); the names of the planted words say how many resources have them.
PAGES = [
    ("nothing typed", ""),
    ("nothing typed, most used", "sort=used"),
    ("rare word (0.01 %)", "q=rareword"),
    ("medium word (1 %)", "q=mediumword"),
    ("common word (50 %)", "q=commonword"),
    ("common word, newest", "q=commonword&sort=newest"),
    ("common word, most used", "q=commonword&sort=used"),
    ("medium word, newest", "q=mediumword&sort=newest"),
    ("two common words", "q=commonword+usualword"),
    ("common and medium word", "q=commonword+mediumword"),
    ("either of two words", "q=commonword+or+mediumword"),
    ("without a word", "q=commonword+-usualword"),
    ("only without a word", "q=-commonword"),
    ("quoted phrase (5 %)", 'q="commonword+usualword"'),
    ("quoted phrase (none)", 'q="usualword+commonword"'),
    ("one filter", "topic=topic-3"),
    ("one filter, rare", "jurisdiction=government-7-mn"),
    ("three filters", "topic=topic-3&kind=toolkit&stage=organize"),
    ("old year, newest", "year=2001&sort=newest"),
    ("common word, two filters", "q=commonword&topic=topic-3&kind=toolkit"),
    ("common word, rare filter", "q=commonword&jurisdiction=government-7-mn"),
    ("medium word, two filters", "q=mediumword&topic=topic-3&kind=toolkit"),
    ("old word, newest", "q=oldword&sort=newest"),
    ("misspelled word", "q=mediumwrod"),
    ("two misspelled words", "q=comonword+mediumwrod"),
    ("six unknown words", "q=qwxyzab+ghtyrew+plmoknij+zxcvbasd+rtyfghvb+wsxedcrf"),
    ("punctuation", "q=%21%21%3A%2A"),
]


def main():
    arguments = read_arguments()
    prepare()
    from django.db import connection

    connection.settings_dict["TEST"]["NAME"] = "bench_search"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    report = Report(arguments.write)
    try:
        Library(connection).prepare()
        for size in arguments.sizes:
            Library(connection).grow_to(size)
            measure(connection, report, size)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many resources, in rising order")
    parser.add_argument("--write", type=Path, help="a file for the figures, besides the screen")
    return parser.parse_args()


class Report:
    """Lines for the screen and for a file."""

    def __init__(self, path):
        self.file = path.open("w") if path else None

    def line(self, text=""):
        print(text, flush=True)
        if self.file:
            print(text, file=self.file, flush=True)


class Library:
    """The tables of the library, filled by the database itself; triggers are off, and we write what they would."""

    def __init__(self, connection):
        self.connection = connection

    def run(self, sql, params=None):
        with self.connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall() if cursor.description else None

    def prepare(self):
        """Governments, topics, and the words and paragraphs that resources are made of."""
        self.run("SELECT setseed(0.5)")
        self.run(
            "INSERT INTO cohorts_jurisdiction (created_at, updated_at, slug, status, published_at, name, kind, state,"
            " website, summary, stage, stage_reason, role, role_words, sources)"
            " SELECT now(), now(), 'government-' || n || '-mn', 'published', now(), 'Government ' || n, 'city',"
            " (ARRAY['MN','WA','CA','OR','WI','TX','NY','MA'])[n %% 8 + 1], '', '', '', '', 'member', '', '{https://example.org/}'"
            " FROM generate_series(1, %s) n",
            [JURISDICTIONS],
        )
        self.run(
            "INSERT INTO resources_topic (created_at, updated_at, slug, status, published_at, name, description)"
            " SELECT now(), now(), 'topic-' || n, 'published', now(), 'Topic ' || n, '' FROM generate_series(1, 16) n"
        )
        # Made-up words of two to five syllables; the planted ones stand among them.
        self.run(
            "CREATE TABLE bench_word AS"
            " SELECT row_number() OVER (ORDER BY length(word), md5(word)) AS place, word FROM ("
            "  SELECT DISTINCT string_agg(syllable, '') AS word FROM ("
            "    SELECT n, (ARRAY['ba','cor','den','fi','gal','ho','jun','ke','lam','mo','nat','po','qui','ran','so',"
            "      'tur','ul','ver','wes','zin','ti','ree','pla','bri'])[1 + floor(random() * 24)::int] AS syllable"
            "    FROM generate_series(1, %s * 2) n, generate_series(1, 2 + n %% 4)) syllables"
            "  GROUP BY n) words WHERE length(word) > 3 LIMIT %s",
            [WORDS, WORDS],
        )
        self.run("CREATE UNIQUE INDEX ON bench_word (place)")
        self.run(
            "INSERT INTO resources_word SELECT word FROM bench_word UNION"
            " SELECT unnest(ARRAY['commonword', 'usualword', 'mediumword', 'rareword', 'oldword'])"
        )
        # Of natural length and spread: the place of a word is e to an even number, so it comes as often as 1 / place.
        self.run(
            "CREATE TABLE bench_paragraph AS SELECT n, string_agg(word, ' ') AS words FROM ("
            "  SELECT n, exp(random() * ln(%s))::int AS wanted"
            "  FROM generate_series(0, %s - 1) n, generate_series(1, 90)"
            ") drawn JOIN bench_word ON place = wanted GROUP BY n",
            [WORDS, PARAGRAPHS],
        )
        self.run("CREATE UNIQUE INDEX ON bench_paragraph (n)")
        self.run("ANALYZE")
        for table in ("resources_resource", "resources_resource_topics"):
            self.run(f"ALTER TABLE {table} DISABLE TRIGGER USER")

    def grow_to(self, size):
        """Add resources until there are `size`, without the indexes, which are built anew behind the last."""
        started = perf_counter()
        self.run("SET maintenance_work_mem = '1GB'")
        indexes = self.run(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'resources_resource' AND indexname IN"
            " ('resources_search', 'resources_newest', 'resources_most_used', 'resources_key_like')"
        )
        for name, _definition in indexes:
            self.run(f"DROP INDEX {name}")
        ((have,),) = self.run("SELECT count(*) FROM resources_resource")
        for first in range(have + 1, size + 1, BATCH):
            self.insert(first, min(first + BATCH - 1, size))
            done, passed = min(first + BATCH - 1, size) - have, perf_counter() - started
            print(f"\r{done + have:,} of {size:,} resources, {passed:.0f} s", end="", file=sys.stderr, flush=True)
        for _name, definition in indexes:
            self.run(definition)
        self.run("VACUUM ANALYZE resources_resource")
        self.run("VACUUM ANALYZE resources_resource_topics")
        self.run("VACUUM ANALYZE resources_word")
        print(f"\r{size:,} resources are there after {perf_counter() - started:.0f} s", file=sys.stderr, flush=True)

    def insert(self, first, last):
        self.run(
            """
            WITH made AS MATERIALIZED (
              SELECT n, random() AS a, random() AS b, random() AS c, random() AS d, random() AS e, random() AS f,
                1 + floor(16 * random() ^ 2)::int AS topic, 1 + floor(16 * random() ^ 2)::int AS topic_2,
                CASE WHEN random() < 0.3 THEN 1 + floor(%(jurisdictions)s * random() ^ 3)::int END AS government,
                2000 + floor(26 * sqrt(random()))::int AS year, random() < 0.05 AS is_undated,
                (ARRAY['toolkit','guide','action_plan','policy','report','case_study','training','data_tool','video',
                  'other'])[1 + floor(10 * random() ^ 1.5)::int] AS kind,
                (ARRAY['normalize','organize','operationalize',''])[1 + floor(4 * random())::int] AS stage,
                (ARRAY['en','en','en','en','en','en','en','es','so','hmn'])[1 + floor(10 * random())::int] AS language,
                floor(random() * %(paragraphs)s)::int AS p, floor(random() * %(paragraphs)s)::int AS q,
                floor(random() * %(paragraphs)s)::int AS r
              FROM generate_series(%(first)s::int, %(last)s) n
            ), written AS (
              SELECT made.*, one.words AS one, two.words AS two, three.words AS three,
                government.slug, government.state, government.name,
                CASE WHEN a < 0.05 THEN 'commonword usualword ' WHEN a < 0.5 THEN 'commonword ' ELSE '' END AS common,
                CASE WHEN b < 0.5 THEN ' usualword' ELSE '' END
                  || CASE WHEN c < 0.01 THEN ' mediumword' ELSE '' END
                  || CASE WHEN made.n %% 10000 = 777 THEN ' rareword' ELSE '' END
                  || CASE WHEN year < 2005 THEN ' oldword' ELSE '' END AS planted
              FROM made JOIN bench_paragraph one ON one.n = p JOIN bench_paragraph two ON two.n = q
              JOIN bench_paragraph three ON three.n = r
              LEFT JOIN cohorts_jurisdiction government ON government.slug = 'government-' || government || '-mn'
            ), inserted AS (
              INSERT INTO resources_resource (
                id, created_at, updated_at, slug, status, published_at, title,
                kind, publisher, authors, year, language,
                url, url_is_copy, file, file_name, summary, body, stage, license, link_status, sources,
                labels, names, uses)
              OVERRIDING SYSTEM VALUE
              SELECT n, now(), now(), 'resource-' || n, 'published', now(),
                CASE WHEN e < 0.04 THEN common ELSE '' END || concat_ws(' ',
                  split_part(one, ' ', 1), split_part(two, ' ', 2), split_part(three, ' ', 3), split_part(one, ' ', 4)),
                kind, concat_ws(' ', split_part(three, ' ', 9), split_part(one, ' ', 8)), '{}',
                CASE WHEN NOT is_undated THEN year END, language,
                'https://example.org/' || n, false, '', '',
                CASE WHEN f < 0.3 THEN common ELSE '' END || left(one, 240),
                concat_ws(' ', common || two || planted, three, one), stage, '', 'unchecked', '{}',
                array_remove(ARRAY['kind:' || kind, 'language:' || language, 'stage:' || nullif(stage, ''),
                  CASE WHEN NOT is_undated THEN 'year:' || year END, 'topic:topic-' || topic,
                  'topic:topic-' || nullif(topic_2, topic), 'jurisdiction:' || slug, 'state:' || state], NULL),
                concat_ws('; ', name, 'Topic ' || topic, 'Topic ' || nullif(topic_2, topic)),
                floor(1 / (random() + 0.02) / 3)::int
              FROM written
            )
            INSERT INTO resources_resource_topics (resource_id, topic_id)
            SELECT n, resources_topic.id FROM made JOIN resources_topic
            ON slug IN ('topic-' || topic, 'topic-' || topic_2)
            """,
            {"first": first, "last": last, "paragraphs": PARAGRAPHS, "jurisdictions": JURISDICTIONS},
        )


def measure(connection, report, size):
    import psutil

    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT pg_backend_pid()")
        backend = psutil.Process(cursor.fetchone()[0])

    def cost(act):
        """Milliseconds of CPU time that the database spends on it, on average."""
        act()
        rounds, start = 0, spent(backend)
        while rounds < MOST_ROUNDS and spent(backend) - start < ENOUGH_SECONDS:
            act()
            rounds += 1
        return (spent(backend) - start) / rounds * 1000

    report.line(f"\n{size:,} resources\n")
    report.line("| page | found | queries | CPU ms | ranking everything ÷ page |")
    report.line("|---|---:|---:|---:|---:|")
    for name, query in [*PAGES, *deep_pages(connection)]:
        found, queries = ask_for(connection, query)
        page = cost(lambda query=query: show(query))
        naive = cost(lambda query=query: rank_everything(connection, query)) if "q=" in query else None
        ratio = f"{naive / page:.1f}" if naive else ""
        report.line(f"| {name} | {found} | {queries} | {page:.1f} | {ratio} |")


def spent(process):
    times = process.cpu_times()
    return times.user + times.system


def listing(query):
    from django.http import QueryDict

    from resources.listings import ResourceListing
    from resources.models import Resource

    return ResourceListing(Resource.objects.published().with_topics(), QueryDict(query))


def show(query):
    """Whatever the page prints."""
    one = listing(query)
    rows = list(one.page.object_list)
    return one, rows, one.choices, one.suggestion, one.total or one.loosenings


def ask_for(connection, query):
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as context:
        one, *_shown = show(query)
    return one.found_in_words, len(context)


def rank_everything(connection, query):
    one = listing(query)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM resources_resource, websearch_to_tsquery('portal', %s) query"
            " WHERE status = 'published' AND search @@ query ORDER BY ts_rank(search, query) DESC LIMIT 20",
            [one.text],
        )
        cursor.fetchall()


def deep_pages(connection):
    """Pages further on: by number where the best matches are ranked, by cursor in the other orders."""
    from resources.search import COLUMNS, ORDERS

    pages = [(f"common word, page {number}", f"q=commonword&page={number}") for number in (5, 20)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM resources_resource")
        depth = cursor.fetchone()[0] * 9 // 10
        for order, names in ORDERS.items():
            columns = [COLUMNS[name] for name in names]
            cursor.execute(
                f"SELECT {', '.join(columns)} FROM resources_resource WHERE status = 'published'"
                f" ORDER BY {', '.join(f'{column} DESC' for column in columns)} LIMIT 1 OFFSET {depth}"
            )
            place = "-".join(map(str, cursor.fetchone()))
            pages += [
                (f"nothing typed, {order}, behind nine tenths", f"sort={order}&after={place}"),
                (f"common word, {order}, behind nine tenths", f"q=commonword&sort={order}&after={place}"),
            ]
    return pages


if __name__ == "__main__":
    main()
