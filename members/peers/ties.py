"""How somebody joins the peer network: staff verify that they work for a government of the United States.

    ask -> asked -- verify ---> verified: a Membership
             |----- decline --> declined
             +----- withdraw -> withdrawn

Staff find a contact on the government's own website and ask there; they use none that the person gave. The verbs are
the only code that writes a status. Each runs in one transaction and locks the request, so that of two at the same
moment one wins and the other reads what happened.
"""

from django.db import connection, transaction
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _

from alliance.core import audit, mail
from alliance.core.models import User
from alliance.core.pages import free_slug
from alliance.core.search import fold
from cohorts.models import Jurisdiction, Membership

from .models import TieRequest

Status = TieRequest.Status

# From which status to which a request may go.
MOVES = {
    (Status.ASKED, Status.VERIFIED),
    (Status.ASKED, Status.DECLINED),
    (Status.ASKED, Status.WITHDRAWN),
}
MOST_RESEMBLING = 8


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """This can't be done now; the message says why, for a person to read."""


# --- Which government it is -------------------------------------------------------------------------------------------


def certain(tie):
    """The record of the very government that was picked, shown or not; None where there is none."""
    return tie.jurisdiction or tie.place and Jurisdiction.objects.filter(place=tie.place).first()


def on_record(tie):
    """The records that a request may mean: the certain one alone, else those of its state whose names resemble its
    name, the closest first."""
    if one := certain(tie):
        return [one]
    # The government of another place of the register is another one, whatever its name.
    others = Jurisdiction.objects.filter(Q(place=None) if tie.place_id else Q(), state=tie.state)
    return list(others.named(tie.government_name)[:MOST_RESEMBLING])


def meant(tie, records):
    """The one among `records` that stands for the government for all we know: the certain one, or the only one of its
    name and kind. None where staff must look."""
    key = fold(tie.government_name)
    same = [one for one in records if (one.key, one.kind) == (key, tie.kind)]
    return certain(tie) or (same[0] if len(same) == 1 else None)


def new_record(tie, by):
    """The government of a request, on record from now on, without a page."""
    made = Jurisdiction(
        name=tie.government_name,
        slug=free_slug(Jurisdiction, f"{tie.government_name} {tie.state}"),
        kind=tie.kind,
        state=tie.state,
        place=tie.place,
        website=tie.website,
        sources=[tie.website] if tie.website else [],
    )
    made._history_user = by
    made._change_reason = _("Somebody who works there joined the peer network.")
    made.full_clean()
    made.save()
    return made


# --- The verbs --------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask(*, user, **said):
    """Ask staff to verify a tie; `said` are the fields of the form. Return the request, and whether it is new: whoever
    has asked already finds what they asked. Http404 for whoever deletes their account at this moment."""
    person = get_object_or_404(User.objects.select_for_update(no_key=True), pk=user.pk, erased_at=None)
    if there := person.tie_requests.open().first():
        return there, False
    tie = TieRequest.objects.create(user=person, **said)
    mail.send("tie_asked", person.email, user=person, link=mail.address_of("peers_join"))
    return tie, True


@transaction.atomic
def withdraw(*, tie, user):
    """Take back what one asked for oneself. Doing it twice changes nothing; Refused where staff were quicker with an
    answer, Http404 where somebody else asked."""
    tie = locked(tie)
    if tie.user_id != user.pk:
        raise Http404
    if tie.status != Status.WITHDRAWN:
        move(tie, Status.WITHDRAWN)
    return tie


@transaction.atomic
def verify(*, tie, by, jurisdiction, seen, contact_page, how):
    """Vouch that the person works for `jurisdiction`; None stands for a new record of the government. `seen` are the
    numbers of the records that the person `by` could choose from. Doing it twice changes nothing.

    Refused where `by` asked themselves, where the request is settled, and where another record came in the meantime.
    """
    tie = locked(tie)
    if is_done(tie, Status.VERIFIED, by):
        return tie
    with connection.cursor() as cursor:  # so that two at the same moment make one record of one government
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('acceptance', 0))")
    if not {one.pk for one in on_record(tie)} <= set(seen):
        raise Refused(_("The records have changed since you opened this. Look at them again, then choose."))
    settle(tie, Status.VERIFIED, by, contact_page=contact_page, how=how)
    is_new = jurisdiction is None
    tie.membership = make_member(tie, jurisdiction or new_record(tie, by), by)
    tie.save(update_fields=["membership"])
    audit.record("verify_tie", actor=by, about=tie, membership=tie.membership_id, is_new_government=is_new)
    return tie


@transaction.atomic
def decline(*, tie, by, answer):
    """Leave everything as it is and tell the person. Doing it twice changes nothing. Refused where `by` asked
    themselves, and where the request is settled."""
    tie = locked(tie)
    if not is_done(tie, Status.DECLINED, by):
        settle(tie, Status.DECLINED, by, answer=answer)
        audit.record("decline_tie", actor=by, about=tie)
    return tie


def make_member(tie, jurisdiction, by):
    """The verified tie of the person: the one that nobody has vouched for yet, or a new one."""
    membership, _is_new = Membership.objects.select_for_update().get_or_create(
        user=tie.user, jurisdiction=jurisdiction, ended_on=None, defaults={"title": tie.title}
    )
    if membership.verified_on:
        raise Refused(_("This person is verified for this government already. Decline the request, and say so."))
    membership.title, membership.verified_on, membership.verified_by = tie.title, timezone.localdate(), by
    membership.save(update_fields=["title", "verified_on", "verified_by", "updated_at"])
    return membership


def locked(tie):
    """The request, locked until the end of the transaction; Refused where it is gone with its author."""
    try:
        return TieRequest.objects.select_for_update().get(pk=tie.pk)
    except TieRequest.DoesNotExist:
        raise Refused(_("This was deleted in the meantime, with the account of who asked.")) from None


def move(tie, to, **values):
    """Write the status of a locked request; Refused where the table has no such way."""
    if (tie.status, to) not in MOVES:
        raise Refused(history_of(tie))
    for name, value in ({"status": to} | values).items():
        setattr(tie, name, value)
    tie.save()


def is_done(tie, status, by):
    return (tie.status, tie.settled_by_id) == (status, by.pk)


def history_of(tie):
    """What became of a request, in a sentence."""
    if tie.status == Status.WITHDRAWN:
        return _("Who asked for this has withdrawn it.")
    words = {"when": localize(timezone.localtime(tie.settled_at)), "state": tie.get_status_display()}
    return _("This was answered on %(when)s: %(state)s.") % words


def settle(tie, status, by, **values):
    """Answer a locked request and write the mail to who asked. The page has the words, and asks to sign in."""
    if tie.user_id == by.pk:
        raise Refused(_("You asked for this yourself. Another admin answers it."))
    move(tie, status, settled_at=timezone.now(), settled_by=by, **values)
    is_verified = status == Status.VERIFIED
    link = mail.address_of("peer_profile" if is_verified else "peers_join")
    mail.send("tie_settled", tie.user.email, user=tie.user, is_verified=is_verified, link=link)
