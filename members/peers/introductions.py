"""How two people of the peer network get to know each other, and how they do not.

    ask -> asked -- accept ---> accepted -- end --> ended
             |----- decline --> declined
             |----- withdraw -> withdrawn
             +----- lapse ----> lapsed: nobody answered within 60 days

The verbs are the only code that writes a state. Each runs in one transaction and locks first the two people, then
their profiles, then the introduction, so that of two at the same moment one wins and the other reads what happened.

An introduction goes on only while each of the two may see the other. Where somebody hid, left or blocked the other, it
says no more than that they can't be found, whichever of these it was.
"""

from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.core import mail
from alliance.core.models import User

from .face import face_of
from .models import Block, Introduction, PeerProfile

State = Introduction.State

MOST_OPEN = 3
WAITS = timedelta(days=60)
# After what somebody may take for a no, the other asks again no sooner than this; after an end neither of the two.
REST = timedelta(days=90)
NO = (State.DECLINED, State.LAPSED)
# So often in that time, whatever becomes of it: each is a mail, and who asks may take it back at once.
MOST_ASKED = 2


class Move(NamedTuple):
    """From which state to which, and which of the two may do it."""

    start: State
    to: State
    by: tuple


MOVES = {
    "accept": Move(State.ASKED, State.ACCEPTED, ("asked",)),
    "decline": Move(State.ASKED, State.DECLINED, ("asked",)),
    "withdraw": Move(State.ASKED, State.WITHDRAWN, ("asker",)),
    "end": Move(State.ACCEPTED, State.ENDED, ("asker", "asked")),
}

# What somebody reads who comes too late.
HISTORY = {
    State.ASKED: gettext_lazy("This waits for an answer still."),
    State.ACCEPTED: gettext_lazy("This was accepted in the meantime."),
    State.DECLINED: gettext_lazy("This was declined in the meantime."),
    State.WITHDRAWN: gettext_lazy("Who asked has withdrawn it in the meantime."),
    State.LAPSED: gettext_lazy("Nobody answered this in time, and it is over."),
    State.ENDED: gettext_lazy("This has ended in the meantime."),
}
HIDDEN = gettext_lazy("Nobody can find you in the peer network now. Let others find you first, then come back to this.")
GONE = gettext_lazy("This person can't be found in the peer network now.")


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """This can't be done now; the message says why, for a person to read. `there` is the introduction that the two
    have already, where that is why."""

    def __init__(self, message, there=None):
        super().__init__(message)
        self.there = there


def role_of(introduction, user):
    return "asker" if user.pk == introduction.asker_id else "asked"


def ways(introduction, user):
    """What this one of the two can do with an introduction now, as verbs of `MOVES`."""
    role = role_of(introduction, user)
    return [verb for verb, move in MOVES.items() if introduction.state == move.start and role in move.by]


def lock_two(user, other):
    """Hold the rows of two people until the end of the transaction; Http404 where `user` deleted their account, or they
    are one. That the other did is no reason: it would be told apart from having hidden."""
    two = User.objects.select_for_update(no_key=True).filter(Q(pk=user.pk, erased_at=None) | Q(pk=other.pk))
    if len(two.order_by("pk")) != 2:
        raise Http404


def is_seen(user, by):
    return PeerProfile.objects.visible_to(by).filter(user=user).exists()


def listed_of_two(user, other):
    """Those of two locked people who are listed. Their profiles stay as they are until the end of the transaction."""
    listed = PeerProfile.objects.listed().filter(user__in=(user, other)).order_by("pk")
    return {one.user_id for one in listed.select_for_update(of=("self",), no_key=True)}


@transaction.atomic
def ask(*, asker, asked, message, domain=""):
    """Ask a person to get to know them, and tell them by mail that somebody did. Return the introduction, and whether
    it is new: who sends the same words again finds it.

    Http404 where the asker does not see them. Refused where the asker is not listed or has no name, where one of the
    two has asked the other already, while three wait for an answer, for 90 days after a no or an end, and the third
    time within 90 days.
    """
    lock_two(asker, asked)
    listed = listed_of_two(asker, asked)
    if not is_seen(asked, by=asker):
        raise Http404
    if asker.pk not in listed:
        raise Refused(HIDDEN)
    if not User.objects.get(pk=asker.pk).name:
        raise Refused(_("Tell us your name in your account first: whom you ask sees it."))
    met = Introduction.objects.between(asker, asked)
    if there := met.living().first():
        if there.asker_id == asker.pk and (there.message, there.domain) == (message, domain):
            return there, False
        if there.asker_id == asker.pk:
            raise Refused(_("You have asked this person already."), there)
        raise Refused(_("This person has asked you already. Nothing more is needed than your answer."), there)
    day, mine = timezone.now() - REST, met.filter(asker=asker)
    no = mine.filter(state__in=NO, settled_at__gt=day) | met.filter(state=State.ENDED, settled_at__gt=day)
    if no.exists() or mine.filter(created_at__gt=day).count() >= MOST_ASKED:
        raise Refused(_("You two were in touch not long ago. Leave them 90 days before you ask again."))
    waiting = Introduction.objects.open().filter(asker=asker)
    if waiting.filter(asked__in=PeerProfile.objects.visible_to(asker).values("user")).count() >= MOST_OPEN:
        raise Refused(_("Three people whom you asked have not answered yet. Wait, or withdraw one of these first."))
    introduction = Introduction.objects.create(asker=asker, asked=asked, message=message, domain=domain)
    tell("introduction_asked", asked, introduction)
    return introduction, True


def tell(kind, user, introduction):
    person = User.objects.get(pk=user.pk)
    mail.send(kind, person.email, user=person, link=mail.address_of("introduction", introduction.pk))


@transaction.atomic
def do(*, introduction, user, verb):
    """Accept, decline, withdraw or end, as one of the two; doing it twice changes nothing.

    Http404 where it is not for `user` to do. Refused where somebody was quicker, where the other can't be found now,
    and to accept where `user` is not listed.
    """
    move, role = MOVES[verb], role_of(introduction, user)
    other = introduction.asked if role == "asker" else introduction.asker
    if user.pk not in (introduction.asker_id, introduction.asked_id) or role not in move.by:
        raise Http404
    lock_two(user, other)
    listed = listed_of_two(user, other)
    introduction = Introduction.objects.select_for_update().get(pk=introduction.pk)
    if not is_seen(other, by=user):
        raise Refused(GONE)
    if introduction.state == move.to:
        return introduction
    if introduction.state != move.start:
        raise Refused(HISTORY[introduction.state])
    if verb == "accept" and user.pk not in listed:
        raise Refused(HIDDEN)
    introduction.state, introduction.settled_at = move.to, timezone.now()
    introduction.save()
    if role == "asked" and move.start == State.ASKED:
        tell("introduction_answered", other, introduction)
    return introduction


@transaction.atomic
def block(*, user, other):
    """Let the two meet nowhere in the peer network, and close what is open between them. The other is told nothing.
    Doing it twice changes nothing."""
    lock_two(user, other)
    Block.objects.get_or_create(blocker=user, blocked=other)
    met = Introduction.objects.between(user, other)
    settle(met.open().filter(asker=user), State.WITHDRAWN)
    settle(met.open(), State.DECLINED)
    settle(met.accepted(), State.ENDED)


def unblock(*, user, pk):
    """Let the two meet again, where `user` blocked the other; what was closed stays closed."""
    Block.objects.filter(blocker=user, pk=pk).delete()


def lapse():
    """Close what nobody has answered for long; who asked has the place free for another."""
    settle(Introduction.objects.open().filter(created_at__lte=timezone.now() - WAITS), State.LAPSED)


def settle(introductions, state):
    return introductions.update(state=state, settled_at=timezone.now(), updated_at=Now())


def with_others(introductions, user):
    """The introductions as a list, each with what `user` may see of the other: `profile` and `face`, both None where
    the other is not to be found, and `address`, "" unless both agreed and both are listed. Who asks shows name and
    government to whom they ask; two who agreed, to each other."""
    introductions = list(introductions)
    found = profiles_of(PeerProfile.objects.visible_to(user), [one.other_id(user) for one in introductions])
    is_listed = PeerProfile.objects.lists(user)
    for one in introductions:
        one.profile = found.get(one.other_id(user))
        one.face = one.profile and face_of(one.profile)
        one.address = ""
        is_agreed = one.profile and one.state == State.ACCEPTED
        if is_agreed or one.profile and one.is_open and one.asked_id == user.pk:
            tie = one.profile.membership
            one.face = one.face._replace(name=one.profile.user.name, government=tie.jurisdiction)
        if is_agreed and is_listed:
            one.address = one.profile.user.email
    return introductions


def blocks_of(user):
    """Whom `user` blocked, as a list of Blocks, each with `profile` and `face`: what others see of the person. Both are
    None where they can't be found, also because they blocked `user`."""
    blocks = list(user.blocks.all())
    found = profiles_of(PeerProfile.objects.open_to(user), [one.blocked_id for one in blocks])
    for one in blocks:
        one.profile = found.get(one.blocked_id)
        one.face = one.profile and face_of(one.profile)
    return blocks


def profiles_of(profiles, users):
    """Those of the profiles that are of these people, as {number of the person: profile}."""
    return {one.user_id: one for one in profiles.filter(user__in=users).with_people()}
