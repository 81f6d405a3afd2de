"""The life of an application: its states, and which verb leads from where to where (DESIGN.md §5), as data.

`workflow.py` alone writes a status, and a trigger of the database holds every change against the same pairs.
"""

from enum import Enum
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


class By(Enum):
    """Whose verb it is: the applying team's, or that of the Alliance: assigned reviewers and chairs, chairs, admins."""

    TEAM = "team"
    REVIEWER = "reviewer"
    CHAIR = "chair"
    ADMIN = "admin"


class Verb(NamedTuple):
    """What somebody does to an application. `targets` of more than one: the verb's function says which; of none: the
    status stays. `is_told`: whether its team is told of it, in the history and in what is possible."""

    name: str
    label: str
    by: By
    sources: tuple
    targets: tuple = ()
    is_told: bool = True

    @property
    def by_team(self):
        return self.by == By.TEAM


CHECKED = (Status.SCREENING, Status.IN_REVIEW)

VERBS = {
    verb.name: verb
    for verb in (
        Verb("submit", _("submit it"), By.TEAM, (Status.DRAFT,), (Status.SUBMITTED,)),
        Verb("begin_screening", _("begin screening"), By.CHAIR, (Status.SUBMITTED,), (Status.SCREENING,)),
        Verb("begin_review", _("begin the review"), By.CHAIR, (Status.SCREENING,), (Status.IN_REVIEW,)),
        Verb("request_changes", _("ask for changes"), By.REVIEWER, CHECKED, (Status.CHANGES_REQUESTED,)),
        Verb("resubmit", _("hand in the changes"), By.TEAM, (Status.CHANGES_REQUESTED,), CHECKED),
        Verb("propose", _("propose a decision"), By.CHAIR, CHECKED, (Status.DECIDED,), is_told=False),
        Verb("confirm", _("confirm the decision"), By.CHAIR, (Status.DECIDED,), is_told=False),
        Verb("send_back", _("send the decision back"), By.CHAIR, (Status.DECIDED,), CHECKED, is_told=False),
        Verb("release", _("release the decision"), By.CHAIR, (Status.DECIDED,), OUTCOMES),
        Verb("withdraw", _("withdraw it"), By.TEAM, (Status.DRAFT, *UNDER_WAY), (Status.WITHDRAWN,)),
        Verb("reopen", _("open it again"), By.TEAM, (Status.WITHDRAWN,), (Status.DRAFT,)),
        Verb(
            "reconsider",
            _("reconsider the decision"),
            By.ADMIN,
            (Status.NOT_YET, Status.REFERRED),
            (Status.IN_REVIEW,),
        ),
    )
}

# The verbs after which the time of a step runs on: as its team is told, an application stands where it stood.
GO_ON = ("begin_screening", "propose", "confirm", "send_back")


class Deed(NamedTuple):
    """What else stands in the history: it changes nothing about where the application stands."""

    label: str
    by_team: bool
    is_told: bool


DEEDS = {
    "invite": Deed(_("invited somebody into the team"), by_team=True, is_told=True),
    "revoke": Deed(_("took an invitation back"), by_team=True, is_told=True),
    "join": Deed(_("joined the team"), by_team=True, is_told=True),
    "leave": Deed(_("left the team"), by_team=True, is_told=True),
    "hand_over": Deed(_("handed the lead over"), by_team=True, is_told=True),
    "defer": Deed(_("put the draft off, or took that back"), by_team=True, is_told=True),
    "appoint_lead": Deed(_("the Alliance named a new lead"), by_team=False, is_told=True),
    "assign": Deed(_("assigned a reviewer"), by_team=False, is_told=False),
    "unassign": Deed(_("took a reviewer off"), by_team=False, is_told=False),
    "declare": Deed(_("said whether there is a conflict of interest"), by_team=False, is_told=False),
    "hand_in_review": Deed(_("handed in a review"), by_team=False, is_told=False),
    "think_again": Deed(_("began a review anew"), by_team=False, is_told=False),
    "check_authority": Deed(_("checked the authority of the applicant"), by_team=False, is_told=False),
    "name_government": Deed(_("said which government it is"), by_team=False, is_told=False),
    "export": Deed(_("exported it for a request of public records"), by_team=False, is_told=False),
    "override": Deed(_("opened it by an override, with a reason"), by_team=False, is_told=False),
}

# All entries of the history: those that a team reads, and what the Alliance does.
ENTRIES = VERBS | DEEDS
TOLD = [name for name, entry in ENTRIES.items() if entry.is_told]
BY_ALLIANCE = [name for name, entry in ENTRIES.items() if not entry.by_team]


def possible(status, by_team):
    """The verbs of the team, or of the reviewers, that can be done to an application where it stands."""
    return [verb for verb in VERBS.values() if status in verb.sources and verb.by_team == by_team]


def pairs():
    """Every allowed (from, to) of a status."""
    return {(source, target) for verb in VERBS.values() for source in verb.sources for target in verb.targets}
