"""How a government or an organization comes to sit in a collaboration, and how a collaboration ends.

    ask -> asked -- accept ---> accepted: it has a seat
             |----- decline --> declined: also where the collaboration ends before
             +----- withdraw -> withdrawn

The verbs are the only code that writes a state, and the end of a collaboration. Each runs in one transaction and locks
first the collaboration, then the request, so that of two at the same moment one wins and the other reads what happened.
"""

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _

from alliance.core import audit, mail
from alliance.core.models import User
from cohorts.models import Jurisdiction, Membership
from members.partners.models import Affiliation, Partner

from .models import Collaboration, JoinRequest, Seat

State = JoinRequest.State

# From which state to which a request may go.
MOVES = {
    (State.ASKED, State.ACCEPTED),
    (State.ASKED, State.DECLINED),
    (State.ASKED, State.WITHDRAWN),
}


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """This can't be done now; the message says why, for a person to read."""


def holders_for(user):
    """(partners, governments) for which somebody may ask: those of their own where staff have verified a tie; all that
    have a public page for those who have none."""
    ties = [Affiliation.objects.current().filter(user=user), Membership.objects.current().filter(user=user)]
    if any(tie.exists() for tie in ties):
        partners, governments = ties
        return (
            Partner.objects.filter(pk__in=partners.values("partner")),
            Jurisdiction.objects.filter(pk__in=governments.values("jurisdiction")),
        )
    return Partner.objects.published(), Jurisdiction.objects.published()


@transaction.atomic
def ask(*, collaboration, user, holder, title, message=""):
    """Ask for a seat for `holder`, a Partner or a Jurisdiction, and tell the stewards. Return the request, and whether
    it is new: who has asked already finds what they asked.

    Http404 for whoever deletes their account at this moment, and for a holder that `holders_for` does not offer;
    Refused where the collaboration has ended, where the holder sits in it, and where a colleague has asked.
    """
    collaboration = Collaboration.objects.select_for_update(no_key=True).get(pk=collaboration.pk)
    # All who get mail, too, in one order: nobody of them leaves unseen, and no two wait for each other.
    stewards = collaboration.stewards.current().values("user")
    people = User.objects.select_for_update(no_key=True).filter(Q(pk=user.pk) | Q(pk__in=stewards), erased_at=None)
    people = {person.pk: person for person in people.order_by("pk")}
    if user.pk not in people or not any(holders.contains(holder) for holders in holders_for(user)):
        raise Http404
    must_be_open(collaboration)
    of = {"partner" if isinstance(holder, Partner) else "jurisdiction": holder}
    if there := collaboration.join_requests.open().filter(**of).first():
        if there.asked_by_id == user.pk:
            return there, False
        raise Refused(
            _("Somebody else has asked for %(holder)s already, and waits for an answer.") % {"holder": holder}
        )
    if collaboration.seats.current().of(holder).exists():
        raise Refused(_("%(holder)s has a seat in this collaboration already.") % {"holder": holder})
    asked = collaboration.join_requests.create(asked_by=user, title=title, message=message, **of)
    for steward in people.values():
        if steward.pk != user.pk:
            words = {"collaboration": collaboration.name, "link": address_of(asked)}
            mail.send("join_asked", steward.email, user=steward, **words)
    return asked, True


def must_be_open(collaboration):
    if collaboration.ended:
        raise Refused(_("This collaboration has ended. Nobody can join it any more."))


def locked(asked):
    """The request, locked with its collaboration until the end of the transaction."""
    collaboration = Collaboration.objects.select_for_update(no_key=True).get(pk=asked.collaboration_id)
    asked = JoinRequest.objects.select_for_update().get(pk=asked.pk)
    asked.collaboration = collaboration
    return asked


def move(asked, to, **values):
    """Write the state of a locked request; Refused where the table has no such way."""
    if (asked.state, to) not in MOVES:
        raise Refused(history_of(asked))
    for name, value in ({"state": to} | values).items():
        setattr(asked, name, value)
    asked.save()


def history_of(asked):
    """What became of a request, in a sentence."""
    if asked.state == State.WITHDRAWN:
        return _("Who asked for this has withdrawn it.")
    words = {"when": localize(timezone.localtime(asked.answered_at)), "state": asked.get_state_display()}
    return _("This was answered on %(when)s: %(state)s.") % words


@transaction.atomic
def withdraw(*, asked, user):
    """Take back what one asked for oneself. Doing it twice changes nothing; Refused where somebody was quicker with an
    answer, Http404 where somebody else asked."""
    asked = locked(asked)
    if asked.asked_by_id != user.pk:
        raise Http404
    if asked.state != State.WITHDRAWN:
        move(asked, State.WITHDRAWN)
    return asked


@transaction.atomic
def accept(*, asked, by, answer=""):
    """Give who asked a seat, or the one that they have now, and tell them. Doing it twice changes nothing.

    Refused where `by` asked themselves, where the request is settled, and where the collaboration has ended.
    """
    asked = locked(asked)
    if is_done(asked, State.ACCEPTED, by):
        return asked
    must_be_open(asked.collaboration)
    seat = asked.collaboration.seats.current().of(asked.holder).first()
    if seat is None:
        seat = Seat(
            collaboration=asked.collaboration,
            partner=asked.partner,
            jurisdiction=asked.jurisdiction,
            began=timezone.localdate().isoformat(),
        )
        seat._history_user = by
        seat._change_reason = _("They asked to join.")
        seat.save()
    settle(asked, State.ACCEPTED, by, answer, seat=seat)
    audit.record("accept_joining", actor=by, about=asked)
    return asked


@transaction.atomic
def decline(*, asked, by, answer):
    """Leave everything as it is and tell who asked. Doing it twice changes nothing.

    Refused where `by` asked themselves, and where the request is settled.
    """
    asked = locked(asked)
    if not is_done(asked, State.DECLINED, by):
        settle(asked, State.DECLINED, by, answer)
        audit.record("decline_joining", actor=by, about=asked)
    return asked


def is_done(asked, state, by):
    return (asked.state, asked.answered_by_id) == (state, by.pk)


def settle(asked, state, by, answer, **values):
    """Answer a locked request and write the mail to who asked. Its page has the words, and asks to sign in."""
    if asked.asked_by_id == by.pk:
        raise Refused(_("You asked for this yourself. Somebody else answers it."))
    move(asked, state, answer=answer, answered_by=by, answered_at=timezone.now(), **values)
    person = asked.asked_by
    words = {"collaboration": asked.collaboration.name, "holder": str(asked.holder), "link": address_of(asked)}
    mail.send("join_answered", person.email, user=person, is_accepted=state == State.ACCEPTED, **words)


def address_of(asked):
    return mail.address_of("collaboration_request", asked.collaboration.slug, asked.pk)


@transaction.atomic
def close(*, collaboration, by, ended):
    """Say that a collaboration ended at `ended`, a partial date, and answer whoever waits: nobody joins what is over.
    Doing it twice changes nothing. Whoever clears the date opens it again. ValidationError for an end before the
    beginning, which somebody may have changed at this moment."""
    collaboration = Collaboration.objects.select_for_update(no_key=True).get(pk=collaboration.pk)
    if collaboration.ended != ended:
        was, collaboration.ended = collaboration.ended, ended
        collaboration._history_user = by
        collaboration.full_clean()
        collaboration.save()
        entry = {"before": {"ended": was}, "after": {"ended": ended}}
        audit.record("close_collaboration", actor=by, about=collaboration, **entry)
    for asked in collaboration.join_requests.open().order_by("pk"):
        asked = locked(asked)
        if asked.asked_by_id == by.pk:
            move(asked, State.WITHDRAWN)
        else:
            settle(asked, State.DECLINED, by, _("This collaboration has ended."))
            audit.record("decline_joining", actor=by, about=asked)
