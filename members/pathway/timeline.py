"""Where an application stands, in words for its team: what happened, what is next, and by when."""

from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .states import DEEDS as DONE
from .states import VERBS, Status

# Which target of the policy, in working days, holds where.
TARGETS = {Status.SUBMITTED: "screening_days", Status.SCREENING: "screening_days", Status.IN_REVIEW: "review_days"}
# The verbs from which these days count.
STARTS = ("submit", "resubmit", "begin_review", "reconsider")

# Who did it is said of the team only; its reviewers are "the Alliance".
BY_TEAM = [verb.name for verb in VERBS.values() if verb.by_team] + ["hand_over", "defer"]
DEEDS = {
    "submit": _("Handed in"),
    "begin_screening": _("We began to check whether everything is there"),
    "begin_review": _("The review began"),
    "request_changes": _("We asked about some answers again"),
    "resubmit": _("Changes handed in"),
    "release": _("We gave you our answer"),
    "reconsider": _("We took our answer back, and review the application again"),
    "withdraw": _("Withdrawn"),
    "reopen": _("Opened again, as a draft"),
    "hand_over": _("The lead was handed over"),
    "appoint_lead": _("We named a new lead"),
    "defer": _("The draft was put off, or that was taken back"),
}

# The same and the rest as the people of the Alliance read it, after the name of whoever did it.
AT_DESK = {name: deed.label for name, deed in DONE.items()} | {
    "submit": _("handed it in"),
    "begin_screening": _("began screening"),
    "begin_review": _("began the review"),
    "request_changes": _("asked for changes"),
    "resubmit": _("handed in the changes"),
    "propose": _("proposed a decision"),
    "confirm": _("confirmed the decision"),
    "send_back": _("sent the decision back"),
    "release": _("released the decision"),
    "withdraw": _("withdrew it"),
    "reopen": _("opened it again, as a draft"),
    "reconsider": _("took the decision back into review"),
}

NEXT = {
    Status.DRAFT: _(
        "The team answers the questions, the executive sponsor signs, and the lead hands the application in. Take the "
        "time you need: there is no deadline."
    ),
    Status.SUBMITTED: _("We check whether everything is there. Then the review begins."),
    Status.SCREENING: _("We are checking whether everything is there. Then the review begins."),
    Status.IN_REVIEW: _("Reviewers are reading your application. Then you get our answer in writing."),
    Status.CHANGES_REQUESTED: _(
        "It is your turn: answer the questions that we ask again, let the executive sponsor sign, and hand the "
        "changes in. Until then we wait for you."
    ),
    Status.ACCEPTED: _("Your onboarding: the plan of your first months is on its own page."),
    Status.NOT_YET: _(
        "Work along the roadmap that we made for you, and come back: our answer says from when. You can write to us "
        "at any time."
    ),
    Status.REFERRED: _("Turn to those whom our answer names. You can write to us at any time."),
    Status.WITHDRAWN: _("Nothing, unless you want to: the lead can open the application again, with every answer."),
}


def working_days_after(day, number):
    """The day that lies `number` working days (Monday to Friday) after a day."""
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < 5
    return day


class Step(NamedTuple):
    """Something that happened: when, what in words, who of the team did it, None for the Alliance, and whether it has
    a letter to read."""

    at: object
    words: str
    who: object
    is_answer: bool = False


class Timeline:
    """What the team of an application is told about its way. Asks the database twice."""

    def __init__(self, application):
        self.status = application.status_for_team
        entries = list(application.history.for_team().filter(verb__in=DEEDS).select_related("actor"))
        self.policy = application.policy
        self.steps = [
            Step(
                entry.at,
                DEEDS[entry.verb],
                entry.actor if entry.verb in BY_TEAM else None,
                is_answer=entry.verb == "release",
            )
            for entry in entries
        ]
        self.began_at = application.created_at
        self.next = NEXT[self.status]
        started = next((entry.at for entry in reversed(entries) if entry.verb in STARTS), None)
        self.expected_by = None
        if started and self.status in TARGETS:
            days = getattr(self.policy, TARGETS[self.status])
            self.expected_by = working_days_after(timezone.localdate(started), days)

    @property
    def reviewed_by(self):
        """The day by which we aim to have done the review, where it has not begun; None in every other step."""
        if self.expected_by and self.status != Status.IN_REVIEW:
            return working_days_after(self.expected_by, self.policy.review_days)
        return None
