"""The way back in: the roadmap that a “not yet” carries, made from what the reviewers found."""

from statistics import median_low

from alliance.core.vocabulary import Domain

from .desk import fair_reviews
from .models import Answer, Assessment


def agreed_levels(application):
    """{domain: the level between its reviewers', the lower of two}, from the reviews that count."""
    levels = {}
    for review in fair_reviews(application):
        for score in review.scores.all():
            levels.setdefault(score.domain, []).append(score.level)
    return {domain: median_low(levels[domain]) for domain in Domain if domain in levels}


def roadmap_from(application):
    """A readiness result at the levels that the reviewers found; the team reads it by its key."""
    government = {"place": application.place} if application.place else {"jurisdiction": application.jurisdiction}
    if not any(government.values()) and application.government_name and application.state:
        government = {"name": application.government_name[:160], "state": application.state}
    roadmap = Assessment.objects.create(**government)
    Answer.objects.bulk_create(
        Answer(assessment=roadmap, domain=domain, level=level) for domain, level in agreed_levels(application).items()
    )
    return roadmap
