"""Search in one place: names that forgive spelling, texts by PostgreSQL's full-text search, and a safe highlighter."""

import re

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchVector, TrigramWordSimilarity
from django.db import connection, models
from django.db.models import Case, F, FloatField, Q, Value, When
from django.db.models.functions import Greatest, NullIf
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

# The text-search configuration of migration core.0001: English stems, no accents, no stop words.
CONFIG = "portal"

LONGEST_QUERY = 200

START, STOP = "\x02", "\x03"


def clean(text):
    """Return typed text without control characters, runs of blanks or anything past `LONGEST_QUERY` characters.

    A run of minus signs becomes one: each means "not" to PostgreSQL, which can only nest so many.
    """
    printable = re.sub(r"[\x00-\x1f\x7f\ufffd\ud800-\udfff]", " ", text[: 4 * LONGEST_QUERY])
    single = re.sub(r"-(\s*-)+", "-", " ".join(printable.split()))
    return single[:LONGEST_QUERY].strip()


def read(typed, label):
    """Return typed text as `clean` leaves it, and plain notes that say what it left out; `label` names the field."""
    text, notes = clean(typed), []
    if text != " ".join(typed.split())[:LONGEST_QUERY].strip():
        notes.append(_("%(label)s: we left out characters that cannot be searched.") % {"label": label})
    if len(typed) > LONGEST_QUERY:
        notes.append(_("We searched for the first %(count)s characters only.") % {"count": LONGEST_QUERY})
    return text, notes


class Fold(models.Func):
    """SQL `fold(text)`: lower case, no accents or punctuation, "Saint" as "st", no leading "City of"."""

    function = "fold"
    output_field = models.TextField()


def fold(text):
    """Return `text` as the database folds names."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT fold(%s)", [text])
        return cursor.fetchone()[0]


def fold_all(texts):
    """{text: as the database folds names} for many texts at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT typed, fold(typed) FROM unnest(%s::text[]) AS typed", [list(texts)])
        return dict(cursor.fetchall())


def folded(text):
    """SQL: the folded text, or null: where nothing is left of it, it is not the beginning of every name."""
    return NullIf(Fold(Value(text)), Value("", output_field=models.TextField()))


def closeness(key, *, names=("key",), meant=None):
    """SQL: 0 to 1, how much the columns `names`, which hold `fold(name)`, resemble the folded text `key`.

    1.0 is the name itself, then a name that starts with the text, one that contains it, and one that resembles it.
    `meant` is a further condition under which a row is meant by its name.
    """
    by_name = []
    for name in names:
        itself = Q(**{name: key})
        by_name.append(
            Case(
                When(itself | meant if meant else itself, then=Value(1.0)),
                When(Q(**{f"{name}__startswith": key}), then=Value(0.9)),
                When(Q(**{f"{name}__contains": key}), then=Value(0.8)),
                default=TrigramWordSimilarity(key, F(name)) * 0.75,
                output_field=FloatField(),
            )
        )
    return Greatest(*by_name) if len(by_name) > 1 else by_name[0]


def search(queryset, text, *, names=("key",), texts=(), meant=None):
    """Rows whose folded `names` resemble `text`, or whose `texts` hold its words; adds `closeness` for the order.

    `names` are columns that already hold `fold(name)`; `texts` are plain text columns, and a hit in them only comes
    last. `meant`: see `closeness`.
    """
    queryset = queryset.annotate(closeness=closeness(folded(text), names=names, meant=meant))
    condition = Q(closeness__gte=0.45)
    if texts:
        queryset = queryset.annotate(text_vector=SearchVector(*texts, config=CONFIG))
        condition |= Q(text_vector=SearchQuery(text, config=CONFIG, search_type="websearch"))
    return queryset.filter(condition)


def headline(column, text):
    """SQL: the whole text column with the words of `text` in it marked, for the template filter `marked`.

    SearchHeadline does not escape the text around its marks, so the marks are control characters that no page contains;
    `highlight` escapes first and swaps them for `<mark>` afterwards.
    """
    return SearchHeadline(
        column,
        SearchQuery(text, config=CONFIG, search_type="websearch"),
        config=CONFIG,
        start_sel=START,
        stop_sel=STOP,
        highlight_all=True,
    )


def highlight(text):
    """Return safe HTML of a headline: everything escaped, the marked words in `<mark>`."""
    marked = re.sub(f"{START}([^{START}{STOP}]*){STOP}", r"<mark>\1</mark>", str(escape(text)))
    return mark_safe(marked.translate({ord(START): None, ord(STOP): None}))
