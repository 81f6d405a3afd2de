"""Readiness checks for tests; `levels` maps domains to levels."""

from members.pathway.models import Answer, Assessment


def make_assessment(levels=None, **fields):
    assessment = Assessment.objects.create(**fields)
    Answer.objects.bulk_create(
        Answer(assessment=assessment, domain=domain, level=level) for domain, level in (levels or {}).items()
    )
    return assessment
