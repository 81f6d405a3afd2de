"""What can be done to an application: one function for each verb, and the only code that writes a status.

Each runs in one transaction: it locks the application, looks whether the person may still do this and whether it is
possible now, and writes status, history and mail together. So each is safe to repeat, and of two at the same moment one
wins while the other is told what is possible now.

Raises, in every function: `Http404` where the person has no part in the application (any more), `NotPossible` where the
status does not allow it, `NotReady` where something is missing.
"""

from .base import HandedInAlready, NotPossible, NotReady, Stale, in_turn, locked, turn_of
from .decision import AlreadyDecided, confirm, held_decision, propose, reconsider, release, send_back
from .drafts import answers_of, digest_now, digest_of, open_again, save_section, start
from .files import attach, detach
from .handing_in import defer, hand_in, is_signed_off, new_reference, reopen, resubmit, sign_off, submit, withdraw
from .keeping import empty, export
from .messages import write
from .onboarding import (
    AGREES,
    agree,
    offer_guide,
    onboarding_of,
    plan_anew,
    show_agreed_pages,
    take_yes_back,
    tick_off,
)
from .review import (
    FEWEST_REVIEWERS,
    SCORED,
    assign,
    begin_review,
    begin_screening,
    check_authority,
    declare,
    hand_in_review,
    name_government,
    note,
    override,
    request_changes,
    reviewers_for,
    save_review,
    think_again,
    tick,
    unassign,
)
from .team import INVITATION_LASTS, accept, appoint_lead, hand_over, invite, leave, revoke

__all__ = [
    "AGREES",
    "FEWEST_REVIEWERS",
    "INVITATION_LASTS",
    "SCORED",
    "AlreadyDecided",
    "HandedInAlready",
    "NotPossible",
    "NotReady",
    "Stale",
    "accept",
    "agree",
    "answers_of",
    "appoint_lead",
    "assign",
    "attach",
    "begin_review",
    "begin_screening",
    "check_authority",
    "confirm",
    "declare",
    "defer",
    "detach",
    "digest_now",
    "digest_of",
    "hand_in",
    "hand_in_review",
    "hand_over",
    "empty",
    "export",
    "held_decision",
    "in_turn",
    "invite",
    "is_signed_off",
    "leave",
    "locked",
    "name_government",
    "new_reference",
    "note",
    "offer_guide",
    "onboarding_of",
    "open_again",
    "override",
    "plan_anew",
    "propose",
    "reconsider",
    "release",
    "reopen",
    "request_changes",
    "resubmit",
    "reviewers_for",
    "revoke",
    "save_review",
    "save_section",
    "send_back",
    "show_agreed_pages",
    "sign_off",
    "start",
    "submit",
    "take_yes_back",
    "think_again",
    "tick",
    "tick_off",
    "turn_of",
    "unassign",
    "withdraw",
    "write",
]
