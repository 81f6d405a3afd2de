"""Beginning a draft, and keeping its answers."""

import hashlib
import json

from django.db import transaction
from django.utils import timezone

from alliance.core.vocabulary import State
from cohorts.models import Jurisdiction

from ..models import Application, SectionAnswers, TeamMember
from ..questions import A_LINE, BY_ID
from ..states import EDITABLE, Status
from ..team import WRITERS, Role
from .base import Stale, allow, locked, locked_person


def answers_of(application):
    """All answers of an application as they stand, {question id: answer}."""
    return {
        question: answer
        for section in application.sections.all()
        for question, answer in section.answers.items()
    }  # fmt: skip


def open_again(questions):
    """The ids of the questions that may be answered where these are asked again: they, and what hangs on them."""
    return {one.id for one in BY_ID.values() if one.id in questions or one.only_if and one.only_if[0] in questions}


def digest_of(answers, files=()):
    """A name for exactly these answers and files (attachments, whose content never changes)."""
    whole = [answers, sorted(file.pk for file in files)]
    return hashlib.sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def digest_now(application):
    """The digest of all that stands in an application."""
    return digest_of(answers_of(application), application.attachments.current())


@transaction.atomic
def start(*, key, user, place=None, jurisdiction=None, assessment=None, answers=None):
    """Begin a draft with `user` as its lead. `key`, a UUID from the form, makes it safe to repeat: one form, one draft.

    `answers` fills in what is known already, {section id: {question id: answer}}. Http404 where the key is that of
    somebody else's application.
    """
    locked_person(user)
    application, made = Application.objects.get_or_create(
        pk=key, defaults={"place": place, "jurisdiction": jurisdiction, "assessment": assessment}
    )
    if not made:
        return locked(application, user)
    TeamMember.objects.create(application=application, user=user, role=Role.LEAD)
    SectionAnswers.objects.bulk_create(
        SectionAnswers(application=application, section=section, answers=known, saved_at=timezone.now(), saved_by=user)
        for section, known in (answers or {}).items()
    )
    note_government(application, (answers or {}).get("identity", {}))
    return application


@transaction.atomic
def save_section(*, application, section, answers, version, user):
    """Keep the answers of one section, complete or not. `version` is the one that the writer began from, 0 for none.

    Raises Stale where somebody else saved since; saving the same twice changes nothing. While changes are asked for,
    only the questions that were asked again are taken.
    """
    application = locked(application, user, WRITERS)
    allow(application, EDITABLE)
    kept = application.sections.filter(section=section).first()
    if application.status == Status.CHANGES_REQUESTED:
        requests = application.change_requests.filter(answered_at=None)
        names = open_again(set(requests.values_list("question", flat=True)))
        before = kept.answers if kept else {}
        answers = {name: answer for name, answer in before.items() if name not in names} | {
            name: answer for name, answer in answers.items() if name in names
        }
    if kept and kept.answers == answers:
        return kept
    if (kept.version if kept else 0) != version:
        raise Stale(kept)
    kept = kept or SectionAnswers(application=application, section=section, version=0)
    kept.answers, kept.version, kept.saved_at, kept.saved_by = answers, version + 1, timezone.now(), user
    kept.save()
    if section == "identity":
        note_government(application, answers)
    return kept


def note_government(application, answers):
    """Keep beside the application which government its answers name: lists and hints need no more."""
    application.government_name = str(answers.get("name", ""))[:A_LINE]
    application.state = answers.get("state", "") if answers.get("state") in State.values else ""
    application.kind = answers.get("kind", "") if answers.get("kind") in Jurisdiction.Kind.values else ""
    application.save(update_fields=["government_name", "state", "kind", "updated_at"])
