"""Somebody asks for a seat in a collaboration, its stewards or staff answer, and the collaboration ends."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from alliance.accounts.leaving import erase_account
from alliance.core.models import AuditEntry, OutgoingMail
from alliance.core.tests.factories import make_curator, make_user
from alliance.core.tests.threads import at_once
from cohorts.tests.factories import make_jurisdiction, make_member, make_membership
from members.collaborations import joining
from members.collaborations.joining import Refused
from members.collaborations.models import Collaboration, JoinRequest, Seat
from members.partners.models import Affiliation
from members.partners.tests.factories import make_partner

from .factories import make_collaboration, make_join_request, make_seat, make_steward

pytestmark = pytest.mark.django_db

State = JoinRequest.State
ENDED = "This collaboration has ended. Nobody can join it any more."
NOT_OWN = "You asked for this yourself. Somebody else answers it."


def ask(collaboration, user, holder, **fields):
    return joining.ask(collaboration=collaboration, user=user, holder=holder, **{"title": "Director"} | fields)


def make_affiliate(partner, **fields):
    user = make_user(**fields)
    Affiliation.objects.create(user=user, partner=partner)
    return user


def mails():
    return sorted(OutgoingMail.objects.values_list("kind", "to"))


# --- Asking ---


def test_a_request_is_kept_and_each_steward_is_told_without_a_word_of_it():
    collaboration, partner = make_collaboration(name="Together"), make_partner(name="Fund")
    user, steward = make_affiliate(partner), make_steward(collaboration).user
    make_steward(collaboration, ended_on=date(2020, 1, 1))
    make_steward()
    asked, is_new = ask(collaboration, user, partner, title="Chief", message="We fund buses.")
    assert (is_new, asked.state, asked.holder, asked.asked_by, asked.title, asked.message) == (
        True, "asked", partner, user, "Chief", "We fund buses.",
    )  # fmt: skip
    one = OutgoingMail.objects.get()
    assert (one.kind, one.to, one.user, one.subject) == (
        "join_asked", steward.email, steward, "Somebody asks to join Together",
    )  # fmt: skip
    assert f"/account/collaborations/{collaboration.slug}/requests/{asked.pk}/" in one.text
    assert [word for word in ("Chief", "buses", "Fund", user.email) if word in one.text] == []


def test_asking_twice_is_one_request_and_one_mail():
    collaboration, partner = make_collaboration(), make_partner()
    user = make_affiliate(partner)
    make_steward(collaboration)
    first, again = [ask(collaboration, user, partner) for _ in range(2)]
    assert (first[0] == again[0], first[1], again[1], OutgoingMail.objects.count()) == (True, True, False, 1)


def test_a_steward_who_asks_gets_no_mail_about_it():
    collaboration, partner = make_collaboration(), make_partner()
    user = make_steward(collaboration, make_affiliate(partner)).user
    ask(collaboration, user, partner)
    assert OutgoingMail.objects.count() == 0


def test_who_asks_for_what_a_colleague_has_asked_reads_so():
    asked = make_join_request(partner=make_partner(name="Fund"))
    with pytest.raises(Refused, match="Somebody else has asked for Fund already, and waits for an answer."):
        ask(asked.collaboration, make_user(), asked.partner)


def make_seats():
    """(who sits, who asks) where both are the same."""
    town, partner = make_jurisdiction(), make_partner()
    office = make_partner(jurisdiction=town)
    return {
        "partner": ({"partner": partner}, partner),
        "government": ({"jurisdiction": town}, town),
        "government that sits as a partner": ({"partner": office}, town),
        "partner that sits as a government": ({"jurisdiction": town}, office),
    }


def test_who_sits_there_already_reads_so():
    for label, (seat, holder) in make_seats().items():
        collaboration = make_seat(**seat).collaboration
        with pytest.raises(Refused, match="has a seat in this collaboration already"):
            ask(collaboration, make_user(), holder)
        assert not JoinRequest.objects.exists(), label


def test_who_left_may_ask_again_and_so_may_another_office_of_a_government_and_a_partner_that_is_none():
    town = make_jurisdiction()
    one, other = make_partner(jurisdiction=town), make_partner(jurisdiction=town)
    collaboration = make_seat(partner=one).collaboration
    left = make_seat(collaboration=collaboration, partner=make_partner(), ended="2020").partner
    make_seat(collaboration=collaboration, partner=make_partner())
    make_seat(collaboration=collaboration)
    assert [ask(collaboration, make_user(), holder)[1] for holder in (left, other, make_partner())] == [True] * 3


def test_nobody_joins_what_has_ended():
    with pytest.raises(Refused, match=ENDED):
        ask(make_collaboration(ended="2020"), make_user(), make_partner())


def test_people_with_a_verified_tie_ask_for_their_own_and_others_for_whatever_is_public():
    town, partner, other = make_jurisdiction(status="draft"), make_partner(), make_jurisdiction()
    hidden = make_partner(status="archived")
    rosa, paul, anna = make_member(town), make_affiliate(partner), make_user()
    make_membership(user=anna, jurisdiction=town)  # that nobody has verified
    collaboration = make_collaboration()
    offered = {user: {page for pages in joining.holders_for(user) for page in pages} for user in (rosa, paul, anna)}
    assert offered == {rosa: {town}, paul: {partner}, anna: {partner, other}}
    for user, holder in ((rosa, other), (paul, town), (anna, hidden), (anna, town)):
        with pytest.raises(Http404):
            ask(collaboration, user, holder)
    assert not JoinRequest.objects.exists()


def test_the_standing_of_who_asks_is_what_staff_have_verified_now():
    town, partner = make_jurisdiction(), make_partner()
    office = make_partner(jurisdiction=town)
    rosa, paul = make_member(town), make_affiliate(partner)
    verified = [
        make_join_request(jurisdiction=town, asked_by=rosa),
        make_join_request(partner=office, asked_by=rosa),
        make_join_request(partner=partner, asked_by=paul),
    ]
    for user, holder in (
        (make_user(), {"partner": partner}),
        (rosa, {"partner": partner}),
        (paul, {"jurisdiction": town}),
    ):
        make_join_request(asked_by=user, **holder)
    former = make_affiliate(partner)
    former.affiliations.update(ended_on=date(2020, 1, 1))
    make_join_request(partner=partner, asked_by=former)
    assert set(JoinRequest.objects.with_standing().filter(speaks_for_it=True)) == set(verified)


# --- Answering ---


def test_accepting_makes_the_seat_its_history_the_log_and_the_mail_together():
    asked, steward = make_join_request(partner=make_partner(name="Fund"), message="We fund buses."), make_user()
    joining.accept(asked=asked, by=steward, answer="Welcome.")
    asked.refresh_from_db()
    seat = Seat.objects.get()
    assert (seat.collaboration, seat.partner, seat.role, seat.began) == (
        asked.collaboration, asked.partner, "member", timezone.localdate().isoformat(),
    )  # fmt: skip
    assert (asked.state, asked.answer, asked.answered_by, asked.seat) == ("accepted", "Welcome.", steward, seat)
    assert (seat.history.get().history_user, seat.history.get().history_change_reason) == (
        steward,
        "They asked to join.",
    )
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.object_id) == ("accept_joining", steward, str(asked.pk))
    one = OutgoingMail.objects.get()
    assert (one.kind, one.to) == ("join_answered", asked.asked_by.email)
    assert "Fund is a member now.\n\nRead the whole answer here:\n\n" in one.text
    assert ("Welcome" in one.text, "buses" in one.text) == (False, False)


def test_a_government_gets_its_seat_too():
    asked = make_join_request(jurisdiction=make_jurisdiction())
    joining.accept(asked=asked, by=make_user())
    assert (Seat.objects.get().jurisdiction, Seat.objects.get().partner) == (asked.jurisdiction, None)


def test_accepting_finds_the_seat_that_somebody_made_meanwhile():
    asked = make_join_request()
    seat = make_seat(collaboration=asked.collaboration, partner=asked.partner)
    make_seat(collaboration=asked.collaboration, partner=make_partner())
    assert joining.accept(asked=asked, by=make_user()).seat == seat
    assert Seat.objects.count() == 2


def test_declining_leaves_everything_and_says_why():
    asked, steward = make_join_request(partner=make_partner(name="Fund")), make_user()
    joining.decline(asked=asked, by=steward, answer="Not now.")
    asked.refresh_from_db()
    assert (asked.state, asked.answer, asked.answered_by, Seat.objects.count()) == ("declined", "Not now.", steward, 0)
    one = OutgoingMail.objects.get()
    assert ("It was not accepted." in one.text, "Not now." in one.text) == (True, False)
    assert AuditEntry.objects.get().action == "decline_joining"


VERBS = {
    State.ACCEPTED: lambda asked, by: joining.accept(asked=asked, by=by),
    State.DECLINED: lambda asked, by: joining.decline(asked=asked, by=by, answer="No."),
    State.WITHDRAWN: lambda asked, by: joining.withdraw(asked=asked, user=asked.asked_by),
}


def make_in(state):
    fields = {"answered_by": make_user(), "answered_at": timezone.now()} if state in ("accepted", "declined") else {}
    return make_join_request(state=state, **fields)


@pytest.mark.parametrize("to", VERBS)
@pytest.mark.parametrize("state", State)
def test_a_verb_goes_the_ways_of_the_table_and_no_other(state, to):
    asked = make_in(state)
    if (state, to) in joining.MOVES:
        assert VERBS[to](asked, make_user()).state == to
    elif state == to == State.WITHDRAWN:
        assert VERBS[to](asked, None).state == to
    else:
        with pytest.raises(Refused, match="This was answered on|has withdrawn it"):
            VERBS[to](asked, make_user())
    asked.refresh_from_db()
    assert asked.state == (to if (state, to) in joining.MOVES else state)
    assert OutgoingMail.objects.count() == int(state == State.ASKED and to != State.WITHDRAWN)


@pytest.mark.parametrize("to", [State.ACCEPTED, State.DECLINED])
def test_the_same_answer_of_the_same_person_again_changes_nothing(to):
    asked, by = make_join_request(), make_user()
    first, again = VERBS[to](asked, by), VERBS[to](asked, by)
    assert (first.updated_at, first.state) == (again.updated_at, to)
    assert (OutgoingMail.objects.count(), AuditEntry.objects.count()) == (1, 1)


@pytest.mark.parametrize("to", [State.ACCEPTED, State.DECLINED])
def test_nobody_answers_what_they_asked(to):
    asked = make_join_request()
    with pytest.raises(Refused, match=NOT_OWN):
        VERBS[to](asked, asked.asked_by)
    assert (Seat.objects.count(), OutgoingMail.objects.count(), AuditEntry.objects.count()) == (0, 0, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        JoinRequest.objects.update(state=to, answered_by=asked.asked_by, answered_at=timezone.now())


def test_nobody_withdraws_what_another_asked():
    asked = make_join_request()
    with pytest.raises(Http404):
        joining.withdraw(asked=asked, user=make_user())


# --- The end of a collaboration ---


def test_the_end_answers_whoever_waits():
    collaboration, steward = make_collaboration(), make_user()
    waiting = [make_join_request(collaboration=collaboration) for _ in range(2)]
    own = make_join_request(collaboration=collaboration, asked_by=steward)
    others = [make_join_request(), make_join_request(collaboration=collaboration, state="withdrawn")]
    joining.close(collaboration=collaboration, by=steward, ended="2026-05")
    collaboration.refresh_from_db()
    assert (collaboration.ended, collaboration.history.first().history_user) == ("2026-05", steward)
    assert [JoinRequest.objects.get(pk=one.pk).state for one in (*waiting, own, *others)] == [
        "declined", "declined", "withdrawn", "asked", "withdrawn",
    ]  # fmt: skip
    assert set(JoinRequest.objects.filter(state="declined").values_list("answer", flat=True)) == {
        "This collaboration has ended."
    }
    assert mails() == sorted(("join_answered", one.asked_by.email) for one in waiting)
    entry = AuditEntry.objects.get(action="close_collaboration")
    assert (entry.actor, entry.before, entry.after) == (steward, {"ended": None}, {"ended": "2026-05"})


def test_the_same_end_again_changes_nothing():
    collaboration, steward = make_collaboration(), make_user()
    for _ in range(2):
        joining.close(collaboration=collaboration, by=steward, ended="2026")
    assert (AuditEntry.objects.count(), collaboration.history.count()) == (1, 2)


def test_what_was_asked_before_the_end_can_not_be_accepted():
    asked = make_join_request()
    Collaboration.objects.update(ended="2020")
    with pytest.raises(Refused, match=ENDED):
        joining.accept(asked=asked, by=make_user())


def test_a_collaboration_that_was_opened_again_can_be_joined():
    collaboration = make_collaboration(ended="2020")
    Collaboration.objects.update(ended=None)
    assert ask(collaboration, make_user(), make_partner())[1]


# --- Two at the same moment ---

ROUNDS = range(2)


def kinds_of(results):
    return sorted(type(one).__name__ for one in results)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", ROUNDS)
def test_of_two_who_accept_one_wins_and_the_other_reads_so(round):
    asked, people = make_join_request(), [make_user(), make_curator()]
    results = at_once(*[lambda by=by: joining.accept(asked=asked, by=by) for by in people])
    assert kinds_of(results) == ["JoinRequest", "Refused"]
    assert (Seat.objects.count(), OutgoingMail.objects.count(), AuditEntry.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", ROUNDS)
def test_of_accepting_and_withdrawing_one_wins(round):
    asked = make_join_request()
    results = at_once(
        lambda: joining.accept(asked=asked, by=make_user()),
        lambda: joining.withdraw(asked=asked, user=asked.asked_by),
    )
    asked.refresh_from_db()
    assert kinds_of(results) == ["JoinRequest", "Refused"]
    done = int(asked.state == "accepted")
    assert (Seat.objects.count(), OutgoingMail.objects.count(), asked.seat is not None) == (done, done, bool(done))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", ROUNDS)
def test_of_asking_and_closing_either_order_leaves_nobody_waiting(round):
    collaboration, partner, user, steward = make_collaboration(), make_partner(), make_user(), make_user()
    asked, _closed = at_once(
        lambda: ask(collaboration, user, partner),
        lambda: joining.close(collaboration=collaboration, by=steward, ended="2026"),
    )
    assert not JoinRequest.objects.open().exists()
    assert isinstance(asked, Refused) or JoinRequest.objects.get().state == "declined"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", ROUNDS)
def test_of_accepting_and_closing_either_order_leaves_nobody_waiting(round):
    asked = make_join_request()
    accepted, _closed = at_once(
        lambda: joining.accept(asked=asked, by=make_user()),
        lambda: joining.close(collaboration=asked.collaboration, by=make_user(), ended="2026"),
    )
    asked.refresh_from_db()
    state = "declined" if isinstance(accepted, Refused) else "accepted"
    assert (asked.state, Seat.objects.count(), OutgoingMail.objects.count()) == (state, int(state == "accepted"), 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", ROUNDS)
def test_of_two_who_ask_for_the_same_partner_one_waits_and_the_other_reads_so(round):
    collaboration, partner, people = make_collaboration(), make_partner(), [make_user(), make_user()]
    results = at_once(*[lambda user=user: ask(collaboration, user, partner) for user in people])
    assert kinds_of(results) == ["Refused", "tuple"]
    assert JoinRequest.objects.open().count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", ROUNDS)
def test_stewards_who_ask_each_other_do_not_wait_for_each_other(round):
    partner, one, other = make_partner(), make_steward(), make_steward()
    results = at_once(
        lambda: ask(one.collaboration, other.user, partner), lambda: ask(other.collaboration, one.user, partner)
    )
    assert [is_new for _asked, is_new in results] == [True, True]
    assert mails() == sorted(("join_asked", steward.user.email) for steward in (one, other))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", ROUNDS)
@pytest.mark.parametrize("who", ["asker", "steward"])
def test_of_asking_and_deleting_an_account_either_order_leaves_nothing_personal(round, who):
    collaboration, partner, user = make_collaboration(), make_partner(), make_user()
    steward = make_steward(collaboration).user
    gone = {"asker": user, "steward": steward}[who]
    at_once(lambda: ask(collaboration, user, partner, title="Mark"), lambda: erase_account(user=gone))
    assert OutgoingMail.objects.filter(to=gone.email).exclude(kind="account_deleted").count() == 0
    if who == "asker":
        assert set(JoinRequest.objects.values_list("state", "title")) <= {("withdrawn", "")}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", ROUNDS)
def test_of_accepting_and_deleting_the_account_of_who_asked_either_order_leaves_nothing_personal(round):
    asked = make_join_request(title="Mark")
    accepted, _erased = at_once(
        lambda: joining.accept(asked=asked, by=make_curator(), answer="Mark"),
        lambda: erase_account(user=asked.asked_by),
    )
    asked.refresh_from_db()
    state = "withdrawn" if isinstance(accepted, Refused) else "accepted"
    assert (asked.state, asked.title, asked.answer) == (state, "", "")
    assert OutgoingMail.objects.exclude(kind="account_deleted").count() == 0
