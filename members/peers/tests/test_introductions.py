"""One person asks another to meet; the two answer, end it, block each other, at once or one after the other."""

import threading
from datetime import timedelta
from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.utils import timezone

from alliance.accounts.leaving import erase_account
from alliance.core.models import OutgoingMail
from alliance.core.tests.factories import make_admin, make_user
from alliance.core.tests.threads import at_once
from members.peers import introductions, reports
from members.peers.introductions import GONE, HIDDEN, HISTORY, MOVES, Refused
from members.peers.models import AbuseReport, Block, Introduction, PeerProfile
from members.peers.tidy import TIDY

from .factories import make_abuse_report, make_introduction, make_member, make_profile

pytestmark = pytest.mark.django_db

State = Introduction.State


def make_peer(name="Rosa", **fields):
    """Somebody with a name who is listed."""
    return make_profile(make_member(make_user(name=name)), **fields).user


def ask(asker, asked, message="How did you begin?", domain=""):
    return introductions.ask(asker=asker, asked=asked, message=message, domain=domain)


def do(introduction, user, verb):
    return introductions.do(introduction=introduction, user=user, verb=verb)


def hide(user):
    PeerProfile.objects.filter(user=user).update(is_listed=False)


def leave(user):
    user.memberships.update(ended_on=timezone.localdate())


def seen(introduction, user):
    """(the other is found, their address, the parts of them that are shown) for one of the two."""
    [one] = introductions.with_others([Introduction.objects.get(pk=introduction.pk)], user)
    parts = one.face._asdict().items() if one.face else ()
    return bool(one.profile), one.address, {name for name, value in parts if value}


def mails():
    return sorted(OutgoingMail.objects.values_list("kind", "to"))


# --- Asking ---


def test_whoever_is_asked_is_told_that_somebody_asks_and_nothing_else():
    rosa, paul = make_peer("Rosa"), make_peer("Paul")
    introduction, is_new = ask(rosa, paul, "Teach me budgets.", "tools")
    found = Introduction.objects.get()
    assert (is_new, found, found.asker, found.asked, found.message, found.domain, found.state) == (
        True, introduction, rosa, paul, "Teach me budgets.", "tools", "asked",
    )  # fmt: skip
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.to, mail.user) == ("introduction_asked", paul.email, paul)
    assert f"/account/introductions/{introduction.pk}/" in mail.text
    government = str(rosa.peer_profile.membership.jurisdiction)
    private = ("Rosa", "Paul", "budgets", rosa.email, government)
    assert [word for word in private if word in mail.subject + mail.text + mail.html] == []


def test_the_same_words_sent_twice_are_one_introduction_and_one_mail():
    rosa, paul = make_peer(), make_peer()
    (first, is_new), (again, is_new_again) = ask(rosa, paul), ask(rosa, paul)
    assert (first == again, is_new, is_new_again, len(mails())) == (True, True, False, 1)


def test_other_words_to_the_same_person_are_refused_and_lead_to_what_waits():
    rosa, paul = make_peer(), make_peer()
    introduction, _is_new = ask(rosa, paul)
    with pytest.raises(Refused, match="You have asked this person already") as refused:
        ask(rosa, paul, "Another question.")
    assert refused.value.there == introduction


@pytest.mark.parametrize("state", [State.ASKED, State.ACCEPTED])
def test_whoever_asks_somebody_who_has_asked_them_is_led_there(state):
    rosa, paul = make_peer(), make_peer()
    there = make_introduction(paul, rosa, state=state)
    with pytest.raises(Refused, match="This person has asked you already") as refused:
        ask(rosa, paul)
    assert (refused.value.there, Introduction.objects.count()) == (there, 1)


def test_the_database_holds_one_living_introduction_of_two_people():
    rosa, paul = make_peer(), make_peer()
    for state in (State.DECLINED, State.WITHDRAWN, State.LAPSED, State.ENDED, State.ASKED):
        make_introduction(rosa, paul, state=state)
    for state in (State.ASKED, State.ACCEPTED):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_introduction(paul, rosa, state=state)


def test_nobody_asks_themselves_or_whom_they_do_not_see():
    rosa, hidden, left, barred, blocker, blocked, erased = (make_peer() for _ in range(7))
    hide(hidden)
    leave(left)
    report = make_abuse_report(about=barred)
    reports.settle(report=report, by=make_admin(), outcome="They wrote to many.", hides=True)
    introductions.block(user=blocker, other=rosa)
    introductions.block(user=rosa, other=blocked)
    erase_account(user=erased)
    OutgoingMail.objects.all().delete()
    for other in (rosa, hidden, left, barred, blocker, blocked, erased, make_user()):
        with pytest.raises(Http404):
            ask(rosa, other)
    assert (Introduction.objects.count(), mails()) == (0, [])


@pytest.mark.parametrize("way", [hide, leave])
def test_whoever_is_not_listed_asks_nobody(way):
    rosa, paul = make_peer(), make_peer()
    way(rosa)
    with pytest.raises(Refused, match=str(HIDDEN)):
        ask(rosa, paul)


def test_whoever_has_no_name_asks_nobody():
    with pytest.raises(Refused, match="Tell us your name"):
        ask(make_peer(name=""), make_peer())


def test_three_wait_at_a_time_and_an_answer_a_withdrawal_or_a_lapse_frees_the_place():
    rosa = make_peer()
    peers = [make_peer() for _ in range(6)]
    first, second, third = [ask(rosa, peer)[0] for peer in peers[:3]]
    freed = [
        lambda: do(first, peers[0], "decline"),
        lambda: do(second, rosa, "withdraw"),
        lambda: Introduction.objects.filter(pk=third.pk).update(created_at=timezone.now() - timedelta(days=60)),
    ]
    for peer, free in zip(peers[3:], freed, strict=True):
        with pytest.raises(Refused, match="Three people"):
            ask(rosa, peer)
        free()
        introductions.lapse()
        assert ask(rosa, peer)[1]


def test_whoever_hid_or_blocked_takes_no_place():
    """Else the number of places would tell the two apart."""
    for way in (lambda peer, rosa: hide(peer), lambda peer, rosa: introductions.block(user=peer, other=rosa)):
        rosa = make_peer()
        peers = [make_peer() for _ in range(4)]
        for peer in peers[:3]:
            ask(rosa, peer)
        way(peers[0], rosa)
        assert ask(rosa, peers[3])[1]


@pytest.mark.parametrize(("state", "days"), [*product([State.DECLINED, State.LAPSED, State.ENDED], [89, 90])])
def test_after_a_no_the_same_person_is_asked_again_after_90_days_only(state, days):
    rosa, paul = make_peer(), make_peer()
    make_introduction(rosa, paul, state=state, settled_at=timezone.now() - timedelta(days=days))
    if days < 90:
        with pytest.raises(Refused, match="Leave them 90 days"):
            ask(rosa, paul)
    else:
        assert ask(rosa, paul)[1]


@pytest.mark.parametrize("by", ["asker", "asked"])
def test_after_an_end_neither_asks_the_other_again_for_90_days(by):
    introduction = make_introduction(make_peer(), make_peer(), state=State.ACCEPTED)
    do(introduction, getattr(introduction, by), "end")
    for asker, asked in ((introduction.asker, introduction.asked), (introduction.asked, introduction.asker)):
        with pytest.raises(Refused, match="Leave them 90 days"):
            ask(asker, asked)
    Introduction.objects.update(settled_at=timezone.now() - timedelta(days=90))
    assert ask(introduction.asked, introduction.asker)[1]


@pytest.mark.parametrize("way", ["withdraw", "block and unblock"])
def test_nobody_is_asked_again_and_again_by_whoever_takes_it_back(way):
    rosa, paul = make_peer(), make_peer()
    for number in range(2):
        introduction, is_new = ask(rosa, paul, f"Question {number}")
        assert is_new
        if way == "withdraw":
            do(introduction, rosa, "withdraw")
        else:
            introductions.block(user=rosa, other=paul)
            introductions.unblock(user=rosa, pk=Block.objects.get().pk)
    with pytest.raises(Refused, match="Leave them 90 days"):
        ask(rosa, paul)
    assert mails() == [("introduction_asked", paul.email)] * 2
    Introduction.objects.update(created_at=timezone.now() - timedelta(days=90))
    assert ask(rosa, paul)[1]


def test_whoever_withdrew_asks_again_and_whoever_said_no_may_ask_themselves():
    rosa, paul = make_peer(), make_peer()
    do(ask(rosa, paul)[0], rosa, "withdraw")
    do(ask(rosa, paul)[0], paul, "decline")
    assert ask(paul, rosa)[1]


# --- Answering: every state with every verb, by each of the two and by a third ---

LEFT_AS_IT_IS = {move.to: verb for verb, move in MOVES.items()}


@pytest.mark.parametrize(("state", "verb", "who"), [*product(State, MOVES, ["asker", "asked", "third"])])
def test_each_verb_moves_what_the_table_says_and_nothing_else(state, verb, who):
    introduction = make_introduction(make_peer(), make_peer(), state=state)
    move, user = MOVES[verb], getattr(introduction, who, None) or make_peer()
    if who not in move.by:
        with pytest.raises(Http404):
            do(introduction, user, verb)
    elif state in (move.start, move.to):
        do(introduction, user, verb)
    else:
        with pytest.raises(Refused, match=str(HISTORY[state])):
            do(introduction, user, verb)
    is_moved = state == move.start and who in move.by
    found = Introduction.objects.get()
    assert (found.state, found.settled_at is None) == ((move.to, False) if is_moved else (state, state == State.ASKED))
    told = [("introduction_answered", introduction.asker.email)] if is_moved and verb in ("accept", "decline") else []
    assert mails() == told


def test_a_yes_and_a_no_are_told_with_the_same_words():
    texts = set()
    for verb in ("accept", "decline"):
        introduction = make_introduction(make_peer("Rosa"), make_peer("Paul"))
        do(introduction, introduction.asked, verb)
        mail = OutgoingMail.objects.get(user=introduction.asker)
        texts.add((mail.subject, mail.text.replace(str(introduction.pk), "")))
    assert len(texts) == 1
    assert [word for word in ("Rosa", "Paul", "ccept", "eclin") if word in str(texts)] == []


@pytest.mark.parametrize(("verb", "way"), [*product(MOVES, [hide, leave, "block", "blocked"])])
def test_nothing_goes_on_with_somebody_who_cannot_be_found_whatever_the_reason(verb, way):
    move = MOVES[verb]
    introduction = make_introduction(make_peer(), make_peer(), state=move.start)
    user, other = introduction.asker, introduction.asked
    if "asker" not in move.by:
        user, other = other, user
    if way == "block":
        introductions.block(user=other, other=user)
    elif way == "blocked":
        introductions.block(user=user, other=other)
    else:
        way(other)
    with pytest.raises(Refused, match=str(GONE)):
        do(introduction, user, verb)
    assert seen(introduction, user) == (False, "", set())


def test_whoever_is_hidden_themselves_declines_withdraws_and_ends_but_does_not_accept():
    for verb, move in MOVES.items():
        introduction = make_introduction(make_peer(), make_peer(), state=move.start)
        user = getattr(introduction, move.by[0])
        hide(user)
        if verb == "accept":
            with pytest.raises(Refused, match=str(HIDDEN)):
                do(introduction, user, verb)
        else:
            assert do(introduction, user, verb).state == move.to


# --- What the two see of each other ---


def test_addresses_are_seen_by_both_while_both_agree_and_both_are_listed_and_else_by_nobody():
    for state in State:
        introduction = make_introduction(make_peer(), make_peer(), state=state)
        rosa, paul = introduction.asker, introduction.asked
        addresses = (paul.email, rosa.email) if state == State.ACCEPTED else ("", "")
        assert (seen(introduction, rosa)[1], seen(introduction, paul)[1]) == addresses
    accepted = Introduction.objects.get(state=State.ACCEPTED)
    for user, way in product((accepted.asker, accepted.asked), (hide, leave)):
        with transaction.atomic():
            way(user)
            assert (seen(accepted, accepted.asker)[1], seen(accepted, accepted.asked)[1]) == ("", "")
            transaction.set_rollback(True)


def test_whoever_asks_shows_name_and_government_and_whoever_is_asked_only_after_a_yes():
    rosa, paul = make_peer(shown=["time"]), make_peer(shown=["helps"])
    introduction, _is_new = ask(rosa, paul)
    known = {"name", "government"}
    assert (seen(introduction, rosa)[2], seen(introduction, paul)[2]) == ({"helps"}, {"time"} | known)
    do(introduction, paul, "accept")
    assert (seen(introduction, rosa)[2], seen(introduction, paul)[2]) == ({"helps"} | known, {"time"} | known)
    do(introduction, rosa, "end")
    assert (seen(introduction, rosa)[2], seen(introduction, paul)[2]) == ({"helps"}, {"time"})


# --- Blocking ---


def test_a_block_hides_the_two_from_each_other_at_once_and_closes_what_is_open_without_a_mail():
    rosa, paul = make_peer(), make_peer()
    asked = make_introduction(rosa, paul)
    make_introduction(rosa, make_peer())
    for _ in range(2):
        introductions.block(user=paul, other=rosa)
    assert [PeerProfile.objects.visible_to(user).filter(user=other).exists()
            for user, other in ((rosa, paul), (paul, rosa))] == [False, False]  # fmt: skip
    asked.refresh_from_db()
    assert (asked.state, Introduction.objects.open().count(), Block.objects.count(), mails()) == (
        State.DECLINED, 1, 1, [],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "by", "after"),
    [
        (State.ASKED, "asker", State.WITHDRAWN),
        (State.ASKED, "asked", State.DECLINED),
        (State.ACCEPTED, "asker", State.ENDED),
        (State.ACCEPTED, "asked", State.ENDED),
        *[(state, by, state) for state in LEFT_AS_IT_IS if state != State.ACCEPTED for by in ("asker", "asked")],
        (State.LAPSED, "asker", State.LAPSED),
    ],
)
def test_a_block_ends_what_lives_and_leaves_what_is_over(state, by, after):
    introduction = make_introduction(make_peer(), make_peer(), state=state)
    user = getattr(introduction, by)
    other = introduction.asked if by == "asker" else introduction.asker
    introductions.block(user=user, other=other)
    assert Introduction.objects.get().state == after


def test_the_two_find_each_other_again_when_the_one_who_blocked_lifts_it_and_nobody_else_can():
    rosa, paul = make_peer(), make_peer()
    introductions.block(user=paul, other=rosa)
    pk = Block.objects.get().pk
    introductions.unblock(user=rosa, pk=pk)
    assert Block.objects.exists()
    for _ in range(2):
        introductions.unblock(user=paul, pk=pk)
    assert ask(rosa, paul)[1]


@pytest.mark.parametrize("way", [hide, leave, "block"])
def test_whoever_blocks_somebody_who_is_gone_or_blocked_them_first_learns_nothing_of_it(way):
    """Else to block them would show whether they hid or blocked, and under which name they are now."""
    rosa, paul = make_peer(), make_peer()
    introductions.block(user=paul, other=rosa) if way == "block" else way(paul)
    introductions.block(user=rosa, other=paul)
    assert [one.face for one in introductions.blocks_of(rosa)] == [None]


@pytest.mark.parametrize(("state", "role"), [*product([State.ASKED, State.ACCEPTED], ["asker", "asked"])])
def test_who_deleted_their_account_is_to_the_other_as_one_who_hid_and_is_blocked_and_reported_as_ever(state, role):
    introduction = make_introduction(make_peer(), make_peer(), state=state, message="Dear Paul, I am Rosa.")
    gone = getattr(introduction, role)
    other = introduction.asked if role == "asker" else introduction.asker
    introductions.block(user=make_peer(), other=gone)
    erase_account(user=gone)
    assert (Introduction.objects.get().message, Introduction.objects.living().count()) == ("", 0)
    assert seen(introduction, other) == (False, "", set())
    with pytest.raises(Refused, match=str(GONE)):
        do(introduction, other, "end")
    for _ in range(2):
        introductions.block(user=other, other=gone)
        reports.report(user=other, about=gone, text="They were rude.")
    assert [(one.blocked, one.face) for one in introductions.blocks_of(other)] == [(gone, None)]
    assert (Block.objects.count(), AbuseReport.objects.get().about) == (2, gone)


# --- Time ---


def test_what_nobody_answers_is_over_after_60_days_and_not_before():
    for days in (59, 60):
        introduction = make_introduction()
        Introduction.objects.filter(pk=introduction.pk).update(created_at=timezone.now() - timedelta(days=days))
    make_introduction(state=State.ACCEPTED)
    assert introductions.lapse in TIDY
    for _ in range(2):
        introductions.lapse()
    assert sorted(Introduction.objects.values_list("state", flat=True)) == ["accepted", "asked", "lapsed"]


# --- At the same moment ---


def outcome(results):
    """What each got: its class where it was refused, else "done"."""
    return [type(one).__name__ if isinstance(one, Exception) else "done" for one in results]


@pytest.mark.django_db(transaction=True)
def test_of_a_yes_and_a_withdrawal_at_once_one_wins_and_the_other_reads_so():
    for _ in range(3):
        introduction = make_introduction(make_peer(), make_peer())
        results = at_once(
            lambda one=introduction: do(one, one.asked, "accept"),
            lambda one=introduction: do(one, one.asker, "withdraw"),
        )
        introduction.refresh_from_db()
        expected = {State.ACCEPTED: ["done", "Refused"], State.WITHDRAWN: ["Refused", "done"]}
        assert outcome(results) == expected[introduction.state]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_on_yes_at_once_are_one_yes_and_one_mail():
    introduction = make_introduction(make_peer(), make_peer())
    results = at_once(*[lambda: do(introduction, introduction.asked, "accept")] * 2)
    introduction.refresh_from_db()
    assert (outcome(results), introduction.state, len(mails())) == (["done"] * 2, State.ACCEPTED, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_each_other_at_once_one_is_led_to_the_other():
    for _ in range(3):
        rosa, paul = make_peer(), make_peer()
        results = at_once(lambda one=rosa, two=paul: ask(one, two), lambda one=rosa, two=paul: ask(two, one))
        assert sorted(outcome(results)) == ["Refused", "done"]
        assert Introduction.objects.between(rosa, paul).get() in [getattr(one, "there", None) for one in results]


@pytest.mark.django_db(transaction=True)
def test_a_fourth_who_is_asked_at_the_same_moment_is_one_too_many():
    rosa = make_peer()
    peers = [make_peer() for _ in range(5)]
    results = at_once(*[lambda peer=peer: ask(rosa, peer) for peer in peers])
    assert sorted(outcome(results)) == ["Refused"] * 2 + ["done"] * 3
    assert Introduction.objects.open().count() == 3


@pytest.mark.django_db(transaction=True)
def test_whoever_blocks_while_the_other_says_yes_or_asks_has_nothing_with_them_afterwards():
    for _ in range(3):
        introduction = make_introduction(make_peer(), make_peer())
        rosa, paul = introduction.asker, introduction.asked
        results = at_once(
            lambda one=introduction: do(one, one.asked, "accept"),
            lambda one=rosa, two=paul: introductions.block(user=one, other=two),
        )
        assert outcome(results)[1] == "done"
        assert not Introduction.objects.between(rosa, paul).living().exists()
        one, two = make_peer(), make_peer()
        at_once(
            lambda one=one, two=two: ask(one, two), lambda one=one, two=two: introductions.block(user=two, other=one)
        )
        assert not Introduction.objects.between(one, two).living().exists()


def wait_until_somebody_waits():
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
            if cursor.fetchone()[0]:
                return


@pytest.mark.django_db(transaction=True)
def test_whoever_asks_while_the_other_hides_finds_nobody():
    """Also where the asking has begun already, and waits for the profile."""
    rosa, paul = make_peer(), make_peer()
    is_hiding = threading.Event()

    @transaction.atomic
    def hide_slowly():
        hide(paul)
        is_hiding.set()
        wait_until_somebody_waits()

    def ask_meanwhile():
        is_hiding.wait()
        return ask(rosa, paul)

    assert outcome(at_once(hide_slowly, ask_meanwhile)) == ["done", "Http404"]
    assert not Introduction.objects.exists()
