"""The questions that a list of the library asks. Each is bounded at any size; `docs/search.md` shows their plans.

A question is a text in the syntax of web search and a list of labels ("kind:toolkit"). Both become one `tsquery`, which
one index answers.
"""

import difflib
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import connection

# Up to about 3,000 hits (migration 0004) a list is exact. More are counted in a sample of about so many to four times
# as many, and of them about so many with the words in their title are ranked, and so many others.
COUNTED, RANKED = 500, 200

# Of a facet with many values, so many of the most frequent are offered.
MOST_CHOICES = 60

# The newest or most used rows are looked through first, so many of them; only rare hits need the index of the search.
WALKED = 2000

# What a hit is worth by where it stands, as `ts_rank` takes it: text, summary, makers and names, title.
TEXT, SUMMARY, NAMES, TITLE = 0.05, 0.3, 0.5, 1.0

# What a resource that governments use gains at most; one use gives half of it.
USE = 0.1

# At most so many different words of a text are corrected, each by one of so many that resemble it.
CORRECTED, RESEMBLING = 4, 10

# A word is the other one misspelled from this likeness on (`difflib`, 0 to 1), and surely meant where so many times
# as many resources have the other.
ALIKE, SURELY = 0.75, 10


@dataclass(frozen=True)
class Question:
    """What a list shows: a text to search for, may be empty, and a label of each filter, by facet."""

    text: str = ""
    labels: dict = field(default_factory=dict)

    def filters(self, without=None):
        """The labels as a `tsquery`, but for one facet's."""
        return " & ".join(literal(label) for facet, label in self.labels.items() if facet != without)


def literal(word):
    """A word as a `tsquery` reads it without any parsing."""
    return "'{}'".format(word.replace("\\", "\\\\").replace("'", "''"))


def ask(sql, params=()):
    """The rows that the database answers with."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


class Reading(NamedTuple):
    """What the database understands of what was typed."""

    has_words: bool
    only_excludes: bool
    topic: str | None
    jurisdiction: str | None


def read(text, topic="", jurisdiction=""):
    """Return a `Reading` of a text and of two slugs: their names, None where no published page has them."""
    sql = """
        SELECT numnode(query) > 0, numnode(query) > 0 AND querytree(query) = 'T',
          (SELECT name FROM resources_topic WHERE slug = %s AND status = 'published'),
          (SELECT name FROM cohorts_jurisdiction WHERE slug = %s AND status = 'published')
        FROM websearch_to_tsquery('portal', %s) query
    """
    return Reading(*ask(sql, [topic, jurisdiction, text])[0])


@dataclass
class Count:
    """How many rows there are, and how many behind each value of each facet as {facet: [(value, name, number)]}."""

    total: int = 0
    is_exact: bool = True
    values: dict = field(default_factory=dict)


COUNT = """
    WITH asked AS MATERIALIZED (
      SELECT without, rate, sample
      FROM unnest(%s::text[], %s::text[]::tsquery[]) AS given(without, filters),
        resources_sampled(websearch_to_tsquery('portal', %s) && filters, %s)
    ), counts AS MATERIALIZED (
      SELECT without, rate, number, split_part(label, ':', 1) AS facet,
        substr(label, strpos(label, ':') + 1) COLLATE "default" AS value
      FROM asked LEFT JOIN LATERAL (
        SELECT label, count(*) AS number FROM (
          SELECT unnest(array_prepend(':', labels)) COLLATE "C" AS label FROM resources_resource
          WHERE status = 'published' AND search @@ sample
        ) found
        WHERE without = '' OR label = ':' OR starts_with(label, without || ':')
        GROUP BY label
      ) counted ON true
    ), placed AS (
      SELECT *, row_number() OVER (PARTITION BY without, facet ORDER BY number DESC, value) AS place FROM counts
    )
    SELECT without, facet, value, number * rate, rate = 1, CASE facet
      WHEN 'topic' THEN (SELECT name FROM resources_topic WHERE slug = value AND status = 'published')
      WHEN 'jurisdiction' THEN (SELECT name FROM cohorts_jurisdiction WHERE slug = value AND status = 'published')
      ELSE value END
    FROM placed WHERE place <= %s
"""


def count(question, without=()):
    """Return {"": Count of the question, facet: Count of the question without that facet's filter, …}; one query."""
    facets = ["", *without]
    filters = [question.filters(without=facet) for facet in facets]
    counts = {facet: Count() for facet in facets}
    rows = ask(COUNT, [facets, filters, question.text, COUNTED, MOST_CHOICES])
    for facet, counted, value, number, is_exact, name in rows:
        one = counts[facet]
        one.is_exact = is_exact
        if counted:
            one.values.setdefault(counted, []).append((value, name, number))
        else:
            one.total = number or 0
    return counts


RANK = r"""
    WITH asked AS MATERIALIZED (
      SELECT words, words && %(filters)s::tsquery AS query,
        regexp_replace(
          regexp_replace(words::text, '<(-|\d+)>', '&', 'g'), $$'((?:[^']|'')+)'$$, $$'title:\1'$$, 'g'
        )::tsquery AS title
      FROM websearch_to_tsquery('portal', %(text)s) words
    ), chosen AS MATERIALIZED (
      SELECT CASE WHEN %(is_exact)s THEN query
        ELSE (resources_sampled(query && title, %(ranked)s)).sample || (resources_sampled(query, %(ranked)s)).sample
        END AS sample
      FROM asked
    )
    SELECT id, count(*) OVER () FROM resources_resource
    WHERE status = 'published' AND search @@ (SELECT sample FROM chosen)
    ORDER BY
      ts_rank(%(weights)s::real[], search, (SELECT words FROM asked)) + %(use)s * uses / (uses + 1.0) DESC,
      coalesce(year, 0) DESC, id DESC
    LIMIT %(limit)s OFFSET %(offset)s
"""


def rank(question, is_exact, limit, offset=0):
    """Return (keys, how many were ranked) of the best matches: relevance, then year, then key.

    Relevance is how well the text fits, by where its words stand, and a little for being in use. All hits are ranked
    where `is_exact`, else some hundreds of them, those with the words in their title first of all.
    """
    rows = ask(RANK, {
        "text": question.text, "filters": question.filters(), "is_exact": is_exact, "ranked": RANKED,
        "weights": [TEXT, SUMMARY, NAMES, TITLE], "use": USE, "limit": limit, "offset": offset,
    })  # fmt: skip
    return [key for key, _number in rows], rows[0][1] if rows else 0


# The columns of each order; all descend, and what has no year comes behind what has one.
ORDERS = {"newest": ["year", "id"], "used": ["uses", "year", "id"]}
COLUMNS = {"uses": "uses", "year": "coalesce(year, 0)", "id": "id"}

LIST = """
    WITH asked AS MATERIALIZED (
      SELECT websearch_to_tsquery('portal', %(text)s) && %(filters)s::tsquery && '''sample:1''' AS query
    ), walked AS MATERIALIZED (
      SELECT id, uses, year FROM (
        SELECT id, uses, year, search FROM resources_resource
        WHERE status = 'published' AND {beyond} ORDER BY {order} LIMIT %(walked)s
      ) near
      WHERE search @@ (SELECT query FROM asked) LIMIT %(limit)s
    )
    SELECT id FROM (
      SELECT * FROM walked
      UNION
      SELECT * FROM (
        SELECT id, uses, year FROM resources_resource
        WHERE status = 'published' AND search @@ (SELECT query FROM asked) AND {beyond}
          AND (SELECT count(*) FROM walked) < %(limit)s OFFSET 0
      ) found
    ) listed
    ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
"""


def listed(question, order, is_exact, limit, offset=0, after=None, before=None):
    """Return the keys of the next `limit` hits in an order, behind the row `after` or in front of the row `before`.

    Rows are given by the numbers of the columns of `ORDERS[order]`. Where the hits are so few that they were counted
    exactly they are sorted; else the index of the order is walked, which meets enough of them soon. An `offset` is for
    the former only.
    """
    names = ORDERS[order]
    columns = [COLUMNS[name] for name in names]
    way, beyond = ("ASC", ">") if before else ("DESC", "<")
    row = f"({', '.join(columns)}) {beyond} ({', '.join(f'%({name})s' for name in names)})"
    sql = LIST.format(
        order=", ".join(f"{column} {way}" for column in columns), beyond=row if before or after else "true"
    )
    rows = ask(sql, {
        "text": question.text, "filters": question.filters(), "walked": 0 if is_exact else WALKED,
        "limit": limit, "offset": offset, **dict(zip(names, before or after or [], strict=False)),
    })  # fmt: skip
    keys = [key for (key,) in rows]
    return keys[::-1] if before else keys


RESEMBLE = """
    WITH typed AS MATERIALIZED (
      SELECT word, folded, {hits} AS hits, EXISTS (SELECT FROM resources_word WHERE word = folded) AS is_spelled_so
      FROM unnest(%(words)s::text[]) word, lower(public.unaccent(word)) folded
    )
    SELECT typed.word, typed.hits, other.word, other.hits,
      plainto_tsquery('portal', typed.word) = plainto_tsquery('portal', other.word)
    FROM typed, LATERAL (
      SELECT word, {hits} AS hits FROM (
        SELECT word FROM resources_word WHERE typed.hits <= %(few)s OR NOT is_spelled_so
        ORDER BY word <-> folded LIMIT %(resembling)s
      ) nearest
      WHERE word <> folded
    ) other
"""

HITS = "(resources_sampled(plainto_tsquery('portal', word), 1)).about"

WORD = re.compile(r"[^\W\d_]{4,30}")


def correct(text, few=0):
    """Return (corrected text, suggested text): each the text itself where no word of it needs changing.

    Corrected are words that no published resource has, and with them those that are found all the same but that nobody
    spells so. Suggested are also words that at most `few` have, while many more have the other. Quotes, minus and "or"
    stay as they are.
    """
    words = list(dict.fromkeys(WORD.findall(text)))[:CORRECTED]
    rows = ask(RESEMBLE.format(hits=HITS), {"words": words, "few": few, "resembling": RESEMBLING}) if words else []
    unknown, respelled, rare = {}, {}, {}
    for word in words:
        others = [
            (likeness(word, other), more, other, hits, is_same)
            for typed, hits, other, more, is_same in rows
            if typed == word and more
        ]
        alike, more, other, hits, is_same = max(others, default=(0, 0, "", 0, False))
        if alike < ALIKE:
            continue
        if not hits:
            unknown[word] = other
        elif is_same:
            respelled[word] = other
        elif hits <= few and more >= SURELY * hits:
            rare[word] = other
    corrected = replaced(text, unknown | respelled) if unknown else text
    return corrected, replaced(corrected, rare)


def likeness(typed, word):
    return difflib.SequenceMatcher(None, typed.lower(), word).ratio()


def replaced(text, words):
    """The text with some of its words replaced."""
    return WORD.sub(lambda match: words.get(match[0], match[0]), text)
