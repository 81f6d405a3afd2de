"""Readiness checks and applications for tests; `levels` maps domains to levels."""

from alliance.core.tests.factories import make_user
from members.pathway.models import Answer, Application, Assessment, TeamMember


def make_assessment(levels=None, **fields):
    assessment = Assessment.objects.create(**fields)
    Answer.objects.bulk_create(
        Answer(assessment=assessment, domain=domain, level=level) for domain, level in (levels or {}).items()
    )
    return assessment


def make_application(lead=None, **fields):
    """A draft, with somebody who leads it."""
    application = Application.objects.create(**fields)
    make_member(application, TeamMember.Role.LEAD, lead)
    return application


def make_member(application, role, user=None):
    """Somebody's part in the team of an application."""
    return TeamMember.objects.create(application=application, user=user or make_user(), role=role)
