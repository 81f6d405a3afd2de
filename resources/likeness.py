"""Which resources are like another: shared topics, the same stage, the same words. Each reason can be said in words."""

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Case, F, FloatField, Value, When
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from alliance.core.search import CONFIG

# What each part adds to the likeness of two resources that agree in it fully; together 1.
TOPICS_WEIGHT, STAGE_WEIGHT, TEXT_WEIGHT = 0.5, 0.15, 0.35
# So many of the newest candidates are compared; in a large library all of them would be too many.
COMPARED = 400


class AnyWord(SearchQuery):
    """SQL: a search for whatever has one of the words of a text."""

    template = "replace(%(function)s(%(expressions)s)::text, ' & ', ' | ')::tsquery"


class AnyLabel(SearchQuery):
    """SQL: a search for whatever has one of the labels, which no parser of texts may touch."""

    template = "(%(expressions)s)::tsquery"

    def __init__(self, labels):
        super().__init__(" | ".join(f"'{label}'" for label in labels))


def rank(queryset, resource):
    """Order `queryset` by likeness to `resource`, best first; adds `likeness` (0 to 1).

    Candidates share a topic with it or, where it has none, a word of its title.
    """
    topics = [label for label in resource.labels if label.startswith("topic:")]
    words = AnyWord(resource.title, config=CONFIG)
    candidates = queryset.exclude(pk=resource.pk).filter(search=AnyLabel(topics) if topics else words).newest()
    score = TEXT_WEIGHT * SearchRank(F("search"), words, normalization=32)
    for label in topics:
        score += _where(label, TOPICS_WEIGHT / len(topics))
    if resource.stage:
        score += _where(f"stage:{resource.stage}", STAGE_WEIGHT)
    compared = queryset.filter(pk__in=candidates.values("pk")[:COMPARED])
    return compared.annotate(likeness=score).order_by("-likeness", F("year").desc(nulls_last=True), "-pk")


def _where(label, points):
    """SQL: the points of a resource that has the label."""
    return Case(When(labels__contains=[label], then=Value(points)), default=0.0, output_field=FloatField())


def most_like(resource, ranked, count):
    """The first `count` of `ranked` (with their topics loaded) as (resource, reasons in words)."""
    return [(one, reasons(one, resource)) for one in ranked[:count]]


def reasons(one, resource):
    """Say in words why `one` is like `resource`; only what is true of both."""
    ours = {topic.pk for topic in resource.public_topics}
    shared = [topic.name.lower() for topic in one.public_topics if topic.pk in ours]
    words = []
    if shared:
        words.append(_("also about %(topics)s") % {"topics": get_text_list(shared, _("and"))})
    if one.stage and one.stage == resource.stage:
        words.append(_("also for the stage “%(stage)s”") % {"stage": one.get_stage_display().lower()})
    return words or [_("words in common")]
