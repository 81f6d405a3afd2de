"""What keeps the library good: why a resource needs a look, and which ones say the same."""

from datetime import timedelta
from functools import reduce
from operator import or_

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models import Case, Exists, Func, OuterRef, Q, Value, When
from django.db.models.functions import Now, TruncDate
from django.utils.translation import gettext_lazy as _

from .models import Resource

GOOD_FOR = timedelta(days=365)

NO_TOPIC = ~Exists(Resource.topics.through.objects.filter(resource=OuterRef("pk")))

# Why a resource needs a look: the label, and how to tell.
REASONS = {
    "never": (_("Never verified"), Q(last_verified_on=None)),
    "unverified": (_("Not verified for 12 months"), Q(last_verified_on__lt=TruncDate(Now()) - GOOD_FOR)),
    "broken": (_("Broken link"), Q(link_status=Resource.LinkStatus.BROKEN)),
    "refused": (
        _("Address that is never asked"),
        Q(link_status=Resource.LinkStatus.UNCHECKED, link_checked_at__isnull=False),
    ),
    "topic": (_("No topic"), Q(NO_TOPIC)),
    "year": (_("No year"), Q(year=None)),
    "copy": (_("Third-party copy"), Q(url_is_copy=True)),
}

CURRENT = ~Q(status=Resource.Status.ARCHIVED)


def with_reasons(resources):
    """Add `reasons`: the list of words from `REASONS` that hold. What is archived needs no look."""
    cases = [
        Case(When(CURRENT & condition, then=Value(word)), output_field=models.TextField())
        for word, (_label, condition) in REASONS.items()
    ]
    array = Func(
        *cases,
        function="ARRAY",
        template="array_remove(%(function)s[%(expressions)s], NULL)",
        output_field=ArrayField(models.TextField()),
    )
    return resources.annotate(reasons=array)


def needs_a_look(resources, word=None):
    """The resources for which the reason `word` holds, or any reason at all."""
    conditions = [condition for reason, (_label, condition) in REASONS.items() if word in (None, reason)]
    return resources.filter(CURRENT & reduce(or_, conditions))


# How much of their trigrams two titles share at least to be called nearly equal: a plural, a typo, a year.
NEARLY = 0.7

GIVEN = "unnest(%(titles)s::text[], %(urls)s::text[]) WITH ORDINALITY AS given (title, url, number)"
KEYS = f"SELECT fold(title), normal_url(url) FROM {GIVEN} ORDER BY number"
RESEMBLING = f"""
WITH given AS (SELECT * FROM {GIVEN})
SELECT number, id FROM given JOIN resources_resource ON url_key = normal_url(given.url)
WHERE given.url <> ''
UNION
SELECT number, id FROM given JOIN resources_resource ON key %% fold(given.title)
"""


def resembling(pairs):
    """For each pair (title, web address), the resources with the same address or nearly the same title, oldest first.

    Addresses are compared without what makes no difference, titles without case, accents and punctuation.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(NEARLY)])
        cursor.execute(RESEMBLING, as_columns(pairs))
        rows = cursor.fetchall()
    resources = Resource.objects.defer("search", "body").in_bulk({pk for _number, pk in rows})
    found = [[] for _pair in pairs]
    for number, pk in sorted(rows):
        found[number - 1].append(resources[pk])
    return found


def keys(pairs):
    """For each pair (title, web address), what the database compares of the two."""
    with connection.cursor() as cursor:
        cursor.execute(KEYS, as_columns(pairs))
        return cursor.fetchall()


def as_columns(pairs):
    return {"titles": [title for title, _url in pairs], "urls": [url for _title, url in pairs]}
