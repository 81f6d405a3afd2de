"""A whole application on one page: every question with its answer, who is in the team, who signed."""

from itertools import pairwise
from typing import NamedTuple

from django.db.models import prefetch_related_objects
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from .answers import forms_of, in_words
from .questions import BY_ID, SECTION_OF
from .team import Role
from .workflow import answers_of, digest_of


class Row(NamedTuple):
    """A question that is asked, its answer in words, and what stands in the way of handing it in."""

    section: object
    question: object
    text: str
    errors: list


class Part(NamedTuple):
    """A section, when and by whom it was saved last (None if never), and its rows."""

    section: object
    saved: object
    rows: list


class Signature(NamedTuple):
    """A sign-off, and why it does not count, empty where it does."""

    by: object
    at: object
    why_not: str

    @property
    def counts(self):
        return not self.why_not


class Change(NamedTuple):
    """A question that was asked again, or whose answer changed: what was asked (None for nothing), the answer before
    and now in words."""

    request: object
    question: object
    section: object
    before: str
    now: str

    @property
    def is_waiting(self):
        """Whether it was asked again, and the answer is still the one from before."""
        return not self.request.answered_at and self.now == self.before

    @classmethod
    def of(cls, question, before, now, request=None):
        one = BY_ID[question]
        return cls(request, one, SECTION_OF[question], in_words(one, before), in_words(one, now))


class Round(NamedTuple):
    """What was different when an application was handed in again; the files by name."""

    snapshot: object
    changes: list
    added: list
    removed: list


class Whole:
    """Everything about an application that its team reads, as it stands. Each part asks the database when it is used,
    and once."""

    def __init__(self, application):
        self.application = application
        prefetch_related_objects([application], "sections__saved_by")
        self.answers = answers_of(application)

    @cached_property
    def digest(self):
        return digest_of(self.answers, self.files)

    @cached_property
    def parts(self):
        saved = {one.section: one for one in self.application.sections.all()}
        return [
            Part(form.section, saved.get(form.section.id), list(self.rows(form))) for form in forms_of(self.answers)
        ]

    def rows(self, form):
        for name in form.fields:
            words = in_words(BY_ID[name], self.answers.get(name))
            yield Row(form.section, BY_ID[name], words, form.errors.get(name, []))

    @cached_property
    def missing(self):
        """The row of each answer that is missing or will not do."""
        return [row for part in self.parts for row in part.rows if row.errors]

    @cached_property
    def team(self):
        return list(self.application.team.current().select_related("user").order_by("joined_at", "pk"))

    @cached_property
    def files(self):
        return list(self.application.attachments.current().order_by("added_at", "pk"))

    @cached_property
    def signatures(self):
        """Those that count; where none does, those that did once."""
        sign_offs = self.application.sign_offs.select_related("by").order_by("at", "pk")
        signatures = [Signature(one.by, one.at, self.why_not(one)) for one in sign_offs]
        return [one for one in signatures if one.counts] or signatures

    def why_not(self, sign_off):
        if sign_off.by_id not in {member.user_id for member in self.team if member.role == Role.SPONSOR}:
            return _("Who signed is no longer a sponsor in the team, so it does not count any more.")
        if sign_off.digest != self.digest:
            return _("An answer or a file has changed since, so it does not count any more.")
        return ""

    @property
    def is_signed(self):
        return any(one.counts for one in self.signatures)

    @cached_property
    def snapshots(self):
        """Each time that it was handed in."""
        return list(self.application.snapshots.select_related("taken_by").order_by("number"))


class HandedIn(Whole):
    """The same as its reviewers read it: as it was handed in last, whatever its team has written since."""

    def __init__(self, application):
        self.application = application
        self.answers = answers_in(self.latest) if self.latest else {}

    @cached_property
    def snapshots(self):
        taken = self.application.snapshots.select_related("taken_by").order_by("number")
        return list(taken.prefetch_related("answers", "files__attachment"))

    @property
    def latest(self):
        return self.snapshots[-1] if self.snapshots else None

    @cached_property
    def parts(self):
        return [Part(form.section, None, list(self.rows(form))) for form in forms_of(self.answers)]

    @cached_property
    def files(self):
        return files_in(self.latest) if self.latest else []

    @cached_property
    def signatures(self):
        """The one that it was last handed in with."""
        signed = self.application.sign_offs.select_related("by").order_by("at", "pk")
        signed = [one for one in signed if self.latest and one.at <= self.latest.taken_at]
        return [Signature(one.by, one.at, "") for one in signed[-1:]]

    @cached_property
    def requests(self):
        return list(self.application.change_requests.select_related("asked_by").order_by("asked_at", "pk"))

    @cached_property
    def asked(self):
        """The questions that were asked again and wait for their answer."""
        return [Change.of(one.question, one.before, None, one) for one in self.requests if not one.answered_at]

    @cached_property
    def rounds(self):
        """What changed each time that it was handed in again, the latest first."""
        return [self.round(*two) for two in pairwise(self.snapshots)][::-1]

    def round(self, before, after):
        then, now = answers_in(before), answers_in(after)
        asked = {
            one.question: one
            for one in self.requests
            if one.answered_at and before.taken_at < one.asked_at <= after.taken_at
        }
        changes = [
            Change.of(name, then.get(name), now.get(name), asked.get(name))
            for name in BY_ID
            if name in asked or then.get(name) != now.get(name)
        ]
        old, new = files_in(before), files_in(after)
        return Round(
            after,
            changes,
            [one.name for one in new if one not in old],
            [one.name for one in old if one not in new],
        )


def answers_in(snapshot):
    return {one.question: one.answer for one in snapshot.answers.all() if one.answer is not None}


def files_in(snapshot):
    return sorted((one.attachment for one in snapshot.files.all()), key=lambda file: (file.added_at, file.pk))


def changes_of(application):
    """What reviewers asked again, the open questions first. One query where sections are prefetched."""
    answers = answers_of(application)
    return [
        Change.of(one.question, one.before, answers.get(one.question), one)
        for one in sorted(application.change_requests.order_by("asked_at", "pk"), key=lambda one: bool(one.answered_at))
    ]
