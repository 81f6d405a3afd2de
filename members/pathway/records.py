"""One application as a public record: what was handed in, what both sides wrote to each other, and the answer.

What names people is taken out. Internal notes, reviews and scores are not in it, nor a decision that is held.
"""

import re

from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from alliance.core.models import User

from .naming import ways_to_name
from .privacy import PEOPLE
from .states import Status
from .whole import Change, HandedIn

# Addresses and telephone numbers, whosever they are.
ANYBODY = (r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", r"(?<!\d)\(?\d{3}\)?[ .\u2011-]?\d{3}[ .\u2011-]\d{4}(?!\d)")
# The questions that ask about a person.
PERSONAL = {name for group in PEOPLE.values() for name in group if not name.endswith("_visibility")}


class PublicRecord:
    """What may be given to whoever asks for the record of an application. Each part asks the database once."""

    def __init__(self, application):
        self.application = application
        self.whole = HandedIn(application)

    @cached_property
    def people(self):
        """Everybody who had a hand in it, in the team or on our side."""
        own = (
            Q(pk__in=relation.order_by().values(person))
            for relation, person in (
                (self.application.team.all(), "user"),
                (self.application.messages.all(), "author"),
                (self.application.history.exclude(actor=None), "actor"),
                (self.application.history.exclude(person=None), "person"),
                (self.application.change_requests.all(), "asked_by"),
            )
        )
        anybody = next(own)
        for one in own:
            anybody |= one
        return list(User.objects.filter(anybody).order_by("pk"))

    @cached_property
    def naming(self):
        """What finds an address, a telephone number, and the full name of whoever the application knows of."""
        ways = [way for one in self.people for way in ways_to_name(one.email, one.name)]
        for address in self.application.invitations.values_list("email", flat=True):
            ways += ways_to_name(address, "")
        for snapshot in self.whole.snapshots:
            said = {one.question: one.answer for one in snapshot.answers.all()}
            for name in PERSONAL & set(said):
                if name.endswith("_name"):
                    ways += ways_to_name("", str(said[name] or ""))
        return re.compile("|".join([*dict.fromkeys(ways), *ANYBODY]), re.IGNORECASE)

    def without_names(self, text):
        return self.naming.sub(str(_("[removed]")), text)

    def answer(self, question, words):
        return _("[removed]") if words and question.id in PERSONAL else self.without_names(words)

    @cached_property
    def sections(self):
        """[(section, [(question, answer in words)])] as it was handed in last."""
        return [
            (part.section, [(row.question, self.answer(row.question, row.text)) for row in part.rows])
            for part in self.whole.parts
        ]

    @cached_property
    def requests(self):
        """What was asked again: (when, question, what we asked, the answer before)."""
        return [
            (
                one.asked_at,
                change.question,
                self.without_names(one.words),
                self.answer(change.question, change.before),
            )
            for one in self.whole.requests
            for change in [Change.of(one.question, one.before, None, one)]
        ]

    @cached_property
    def messages(self):
        return [
            (one.sent_at, _("The applicant") if one.is_from_team else _("The Alliance"), self.without_names(one.text))
            for one in self.application.messages.all()
        ]

    @cached_property
    def files(self):
        return [(self.without_names(one.name), one.size) for one in self.whole.files]

    @cached_property
    def decisions(self):
        return list(self.application.decisions.released().order_by("released_at"))

    @cached_property
    def answers_given(self):
        """The answers that were released: (decision, letter, conditions, to whom they were referred)."""
        return [
            (one, *(self.without_names(text) for text in (one.letter, one.conditions, one.referred_to)))
            for one in self.decisions
        ]

    @cached_property
    def steps(self):
        """What happened, as its team is told: (when, what, which side)."""
        return [
            (step.at, step.words, _("The applicant") if step.who else _("The Alliance"))
            for step in self.application.timeline.steps
        ]

    @property
    def status(self):
        return Status(self.application.status_for_team)

    @property
    def as_data(self):
        return {
            "reference": self.application.reference,
            "government": self.without_names(self.application.government_name),
            "status": self.status,
            "status_in_words": self.status.label,
            "submitted_at": self.application.submitted_at,
            "sections": [
                {
                    "id": section.id,
                    "label": section.label,
                    "questions": [{"id": one.id, "label": one.label, "words": words} for one, words in rows],
                }
                for section, rows in self.sections
            ],
            "asked_again": [
                {"at": at, "question": question.label, "asked": words, "answer_before": before}
                for at, question, words, before in self.requests
            ],
            "messages": [{"at": at, "from": side, "text": text} for at, side, text in self.messages],
            "files": [{"name": name, "bytes": size} for name, size in self.files],
            "decisions": [
                {
                    "outcome": one.outcome,
                    "released_at": one.released_at,
                    "letter": letter,
                    "conditions": conditions,
                    "referred_to": referred_to,
                    "invited_back_from": one.back_on,
                }
                for one, letter, conditions, referred_to in self.answers_given
            ],
            "history": [{"at": at, "what": words, "by": side} for at, words, side in self.steps],
        }
