"""From two reviewers' levels to an answer: proposed, confirmed by a second person, held, released."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from .. import desk
from ..acceptance import take_in, words_of
from ..models import Decision
from ..roadmap import roadmap_from
from ..states import By, Status
from .base import NotPossible, NotReady, lead_on, locked_for, record, tell_team
from .review import FEWEST_REVIEWERS


class AlreadyDecided(NotPossible):
    """Somebody proposed a decision in the meantime; the text and `decision` say who, what and when."""

    def __init__(self, decision):
        super().__init__(Status.DECIDED, by_team=False)
        self.decision = decision
        self.args = (
            _("On %(when)s, %(name)s proposed “%(outcome)s”.")
            % {
                "name": decision.proposed_by,
                "outcome": decision.get_outcome_display(),
                "when": formats.date_format(timezone.localtime(decision.proposed_at), "DATETIME_FORMAT"),
            },
        )


def held_decision(application):
    return application.decisions.held().select_related("proposed_by", "confirmed_by").first()


def held_as_read(application, decision):
    """The held decision of a locked application; NotPossible where there is none, or another than was read."""
    held = held_decision(application)
    if not held or decision and decision.pk != held.pk:
        raise NotPossible(application.status, by_team=False)
    return held


@transaction.atomic
def propose(*, application, actor, outcome, letter, note="", **more):
    """Propose an answer: `more` are the other fields of `Decision`; `note`, why, goes among the internal notes. From
    screening one can only refer elsewhere. NotReady where fewer than two reviews count; AlreadyDecided where somebody
    was first."""
    application = locked_for(application, actor, By.CHAIR)
    if held := held_decision(application):
        proposal = {"proposed_by": actor, "outcome": outcome, "letter": letter, **more}
        if all(getattr(held, name) == value for name, value in proposal.items()):
            return held  # the same click a second time
        raise AlreadyDecided(held)
    came_from = application.status
    lead_on(application, "propose", actor, came_from=came_from)
    if came_from == Status.SCREENING and outcome != Decision.Outcome.REFERRED:
        raise NotReady(_("From screening, an application can only be referred elsewhere. Begin the review first."))
    if came_from == Status.IN_REVIEW and desk.fair_reviews(application).count() < FEWEST_REVIEWERS:
        raise NotReady(
            _("Before a decision is proposed, two reviews are handed in by people without a conflict of interest.")
        )
    if note:
        application.notes.create(author=actor, text=note)
    return Decision.objects.create(application=application, outcome=outcome, letter=letter, proposed_by=actor, **more)


@transaction.atomic
def confirm(*, application, actor, decision=None):
    """A second person stands behind the held decision, `decision` being the one that they read. NotReady for the one
    who proposed it, and for a third."""
    application = locked_for(application, actor, By.CHAIR)
    decision = held_as_read(application, decision)
    if decision.confirmed_by_id == actor.pk:
        return decision  # the same click a second time
    if decision.confirmed_by_id:
        raise NotReady(_("%(name)s has confirmed this decision already.") % {"name": decision.confirmed_by})
    if decision.proposed_by_id == actor.pk:
        raise NotReady(_("A second person confirms a decision, not the one who proposed it."))
    decision.confirmed_by, decision.confirmed_at = actor, timezone.now()
    decision.save(update_fields=["confirmed_by", "confirmed_at"])
    record(application, "confirm", actor)
    return decision


@transaction.atomic
def send_back(*, application, actor, decision=None):
    """Take a held decision back to where it came from; it stays on record."""
    application = locked_for(application, actor, By.CHAIR)
    if decision and decision.ended_at:
        return  # the same click a second time
    held_as_read(application, decision)
    lead_on(application, "send_back", actor, target=Status(application.came_from or Status.IN_REVIEW), came_from="")
    application.decisions.held().update(ended_at=timezone.now())


@transaction.atomic
def release(*, application, actor, decision=None):
    """Tell the team the confirmed answer. On an acceptance the government, its seat or role, its people's membership
    and its onboarding begin in the same transaction. NotReady where it is not confirmed, where one of the two who stand
    behind it has a conflict of interest by now, or where the applicant's authority was not confirmed, when it was last
    checked, for an acceptance."""
    application = locked_for(application, actor, By.CHAIR)
    if decision and application.decisions.released().filter(pk=decision.pk).exists():
        return decision  # the same click a second time
    decision = held_as_read(application, decision)
    if not decision.confirmed_by_id:
        raise NotReady(_("A second person confirms a decision before it is released."))
    behind = [decision.proposed_by_id, decision.confirmed_by_id]
    if desk.without_conflict(application).filter(pk__in=behind).count() < len(behind):
        raise NotReady(_("Somebody who stands behind this decision has a conflict of interest now. Send it back."))
    if decision.is_accepting:
        decision.authority_check = application.authority_checks.that_count().first()
        if not (decision.authority_check and decision.authority_check.is_confirmed):
            raise NotReady(
                _(
                    "Before an acceptance is released, the applicant's authority is checked with a contact found on "
                    "the government's own website."
                )
            )
    if decision.outcome == Decision.Outcome.NOT_YET:
        decision.roadmap = roadmap_from(application)
    decision.released_by, decision.released_at = actor, timezone.now()
    decision.save()
    lead_on(application, "release", actor, target=Decision.STATUS[decision.outcome], came_from="")
    if decision.is_accepting:
        try:
            take_in(application, decision)
        except ValidationError as refusal:
            way_out = _("Name the government that joins, or put its record right; then release.")
            raise NotReady(*words_of(refusal), way_out) from None
    tell_team(application, "decision_released", to="application_answer")
    return decision


@transaction.atomic
def reconsider(*, application, actor, reason):
    """An admin takes a “not yet” or a referral back into review, with a reason among the internal notes."""
    application = locked_for(application, actor, By.ADMIN)
    lead_on(application, "reconsider", actor)
    application.notes.create(author=actor, text=reason)
    tell_team(application, "decision_reconsidered")
