"""The life of an application: its states, and which verb leads from where to where (DESIGN.md §5), as data.

`workflow.py` alone writes a status, and a trigger of the database holds every change against the same pairs.
"""

from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    SCREENING = "screening", _("Screening")
    IN_REVIEW = "in_review", _("In review")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    DECIDED = "decided", _("Decided, not yet released")
    ACCEPTED = "accepted", _("Accepted")
    NOT_YET = "not_yet", _("Not yet")
    REFERRED = "referred", _("Referred")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# Where an application stands that somebody is waiting for.
UNDER_WAY = (
    Status.SUBMITTED,
    Status.SCREENING,
    Status.IN_REVIEW,
    Status.CHANGES_REQUESTED,
    Status.DECIDED,
)
# Where its team may write answers: all of a draft, the questions asked again of one sent back.
EDITABLE = (Status.DRAFT, Status.CHANGES_REQUESTED)
OUTCOMES = (Status.ACCEPTED, Status.NOT_YET, Status.REFERRED)


class Verb(NamedTuple):
    """What somebody does to an application: its team, else the reviewers. `targets` of more than one: the verb's
    function says which."""

    name: str
    label: str
    by_team: bool
    sources: tuple
    targets: tuple


VERBS = {
    verb.name: verb
    for verb in (
        Verb("submit", _("submit it"), True, (Status.DRAFT,), (Status.SUBMITTED,)),
        Verb("begin_screening", _("begin screening"), False, (Status.SUBMITTED,), (Status.SCREENING,)),
        Verb("begin_review", _("begin the review"), False, (Status.SCREENING,), (Status.IN_REVIEW,)),
        Verb(
            "request_changes",
            _("ask for changes"),
            False,
            (Status.SCREENING, Status.IN_REVIEW),
            (Status.CHANGES_REQUESTED,),
        ),
        Verb(
            "resubmit",
            _("hand in the changes"),
            True,
            (Status.CHANGES_REQUESTED,),
            (Status.SCREENING, Status.IN_REVIEW),
        ),
        Verb("withdraw", _("withdraw it"), True, (Status.DRAFT, *UNDER_WAY), (Status.WITHDRAWN,)),
        Verb("reopen", _("open it again"), True, (Status.WITHDRAWN,), (Status.DRAFT,)),
    )
}


def possible(status, by_team):
    """The verbs of the team, or of the reviewers, that lead on from a status."""
    return [verb for verb in VERBS.values() if status in verb.sources and verb.by_team == by_team]


def pairs():
    """Every allowed (from, to) of a status."""
    return {(source, target) for verb in VERBS.values() for source in verb.sources for target in verb.targets}
