"""Whoever works for a government of the United States joins the peer network, once staff have verified it."""

import threading

import pytest
from django.db import connection
from django.http import Http404
from django.test import Client

from alliance.core.models import AuditEntry, OutgoingMail
from alliance.core.tests.factories import make_admin, make_user, sign_in
from alliance.tests.test_queries import queries_of
from cohorts.models import Jurisdiction, Membership
from cohorts.tests.factories import make_jurisdiction, make_membership, make_place
from members.peers import ties
from members.peers.models import TieRequest
from members.peers.ties import Refused

from .factories import make_member, make_tie_request

pytestmark = pytest.mark.django_db

JOIN = "/peers/join/"
PAGE = "https://northfield.example.gov/directory"
HOW = {"contact_page": PAGE, "how": "Called the clerk's office."}


def verify(tie, by=None, jurisdiction=None, seen=(), **fields):
    return ties.verify(tie=tie, by=by or make_admin(), jurisdiction=jurisdiction, seen=seen, **HOW | fields)


def said_by(tie):
    return (tie.government_name, tie.state, tie.kind, tie.place, tie.jurisdiction, tie.title, tie.website)


# --- to ask ---


@pytest.fixture
def person(client):
    user = make_user()
    sign_in(client, user)
    return user


def test_a_government_of_the_register_is_looked_up_and_asked_for(person, client):
    place = make_place(name="Northfield", kind="city")
    page = client.get(JOIN, {"q": "northfield mn"}).content.decode()
    assert f'<a href="?place={place.pk}">Northfield, Minnesota</a>' in page
    form = client.get(JOIN, {"place": place.pk}).context["form"]
    assert list(form.fields) == ["title", "website"]
    answer = client.post(JOIN, {"place": place.pk, "title": "City clerk", "website": "northfield.example.gov"})
    assert (answer.status_code, answer.url) == (303, JOIN)
    website = "https://northfield.example.gov"
    assert said_by(person.tie_requests.get()) == ("Northfield", "MN", "city", place, None, "City clerk", website)


def test_the_page_names_the_government_of_the_request_while_it_waits_and_when_it_is_declined(person, client):
    tie = make_tie_request(user=person, government_name="Water District 7", state="TX")
    assert "that you work for Water District 7, TX. It waits" in client.get(JOIN).content.decode()
    ties.decline(tie=tie, by=make_admin(), answer="Nobody there knows you.")
    assert "that you work for Water District 7, TX. Our staff write:" in client.get(JOIN).content.decode()


def test_the_kind_is_asked_where_the_register_does_not_say_it(person, client):
    place = make_place(name="Hennepin", kind="county")
    assert client.get(JOIN, {"place": place.pk}).context["form"].known()["government_name"] == "Hennepin County"
    village = make_place(name="Northfield", kind="village")
    assert list(client.get(JOIN, {"place": village.pk}).context["form"].fields) == ["kind", "title", "website"]


def test_a_government_of_the_network_without_a_place_is_picked(person, client):
    board = make_jurisdiction(name="Park Board", kind="special_district")
    page = client.get(JOIN, {"q": "park board"}).content.decode()
    assert f'<a href="?jurisdiction={board.pk}">' in page
    client.post(JOIN, {"jurisdiction": board.pk, "title": "Planner"})
    kind = "special_district"
    assert said_by(person.tie_requests.get()) == ("Park Board", "MN", kind, None, board, "Planner", "")


def test_any_other_government_is_typed(person, client):
    typed = {"government_name": "Water District 7", "state": "TX", "kind": "special_district", "title": "Engineer"}
    assert client.post(JOIN, typed).status_code == 303
    kind = "special_district"
    assert said_by(person.tie_requests.get()) == ("Water District 7", "TX", kind, None, None, "Engineer", "")
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.user, "Water" in mail.text, "Engineer" in mail.text) == ("tie_asked", person, False, False)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, ["Type the name of your government.", "Choose the state.", "Choose the kind of government."]),
        ({"government_name": "A", "state": "ZZ", "kind": "department", "title": "B"}, ["Select a valid choice."]),
        ({"place": "77777777", "title": "B"}, ["We could not read which government you picked. Look it up again."]),
        ({"place": "\x00", "jurisdiction": "9" * 40, "title": "B"}, ["We could not read which government you picked."]),
        ({"title": "a" * 200}, ["Ensure this value has at most 120 characters"]),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_asked(sent, words, person, client):
    answer = client.post(JOIN, sent)
    page = answer.content.decode()
    assert (answer.status_code, [text in page for text in words]) == (400, [True] * len(words))
    assert TieRequest.objects.count() == 0


def test_a_second_click_asks_nothing_new(person, client):
    sent = {"jurisdiction": make_jurisdiction().pk, "title": "Planner"}
    answers = [client.post(JOIN, sent) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert (TieRequest.objects.count(), OutgoingMail.objects.count()) == (1, 1)
    refusal = "You have asked already. Withdraw that first to ask for another government."
    assert refusal not in client.get(JOIN).content.decode()
    client.post(JOIN, sent | {"title": "Engineer"})
    assert refusal in client.get(JOIN).content.decode()


def test_nobody_asks_for_a_government_for_which_they_are_verified(client):
    tie = make_member()
    sign_in(client, tie.user)
    answer = client.post(JOIN, {"jurisdiction": tie.jurisdiction_id, "title": "Planner"})
    assert "We have verified already that you work for this government." in answer.content.decode()
    assert TieRequest.objects.count() == 0


def test_the_page_says_what_became_of_it_and_takes_it_back(person, client):
    tie = make_tie_request(person)
    assert "It waits for our staff" in client.get(JOIN).content.decode()
    assert [client.post(JOIN, {"withdraw": "1"}).status_code for _time in range(2)] == [303, 303]
    tie.refresh_from_db()
    assert tie.status == "withdrawn"
    ties.decline(tie=make_tie_request(person), by=make_admin(), answer="No <b>directory</b>.")
    page = client.get(JOIN).content.decode()
    assert ("No &lt;b&gt;directory&lt;/b&gt;." in page, "<b>directory" in page) == (True, False)
    client.post(JOIN, {"withdraw": "1"})
    assert person.tie_requests.order_by("-pk")[0].status == "declined"


def test_the_page_takes_the_same_questions_however_often_somebody_asked(person, client, django_assert_num_queries):
    for number in (1, 30):
        for _time in range(number):
            make_tie_request(person, status="withdrawn")
            make_member(person)
        with django_assert_num_queries(4):
            client.get(JOIN)


# --- what staff do ---


def test_a_new_government_gets_a_record_without_a_page():
    place = make_place(name="Northfield", kind="city")
    tie, admin = make_tie_request(place=place, website="https://northfield.example.gov"), make_admin()
    verify(tie, admin)
    made = Jurisdiction.objects.get()
    assert (made.name, made.slug, made.kind, made.state, made.place, made.status, made.role, made.website) == (
        "Northfield", "northfield-mn", "city", "MN", place, "draft", "", "https://northfield.example.gov",
    )  # fmt: skip
    member = tie.user.memberships.current().get()
    assert (member.jurisdiction, member.title, member.verified_by) == (made, "City clerk", admin)
    tie.refresh_from_db()
    assert (tie.status, tie.settled_by, tie.membership, tie.contact_page) == ("verified", admin, member, PAGE)
    entry = AuditEntry.objects.get(action="verify_tie")
    assert (entry.actor, entry.label, entry.facts) == (
        admin, f"Person {tie.user_id}, MN", {"membership": member.pk, "is_new_government": True},
    )  # fmt: skip
    assert made.history.get().history_user == admin
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.to, "Northfield" in mail.text, "/account/peer/" in mail.text) == (
        "tie_settled", tie.user.email, False, True,
    )  # fmt: skip


def test_the_record_of_the_place_is_meant_for_certain_whatever_it_is_called():
    place = make_place(name="Northfield")
    there = make_jurisdiction(name="City of Northfield, the old one", place=place, status="draft")
    make_jurisdiction(name="Northfield")
    tie = make_tie_request(place=place)
    assert (ties.certain(tie), ties.on_record(tie), ties.meant(tie, [there])) == (there, [there], there)


@pytest.mark.parametrize(
    ("others", "is_meant"),
    [
        ([{}], True),
        ([{}, {}], False),
        ([{"kind": "town"}], False),
        ([{"name": "Northfields"}], False),
        ([{}, {"kind": "town"}], True),
    ],
)
def test_the_only_record_of_a_name_and_kind_is_meant_and_of_several_none(others, is_meant):
    made = [make_jurisdiction(**{"name": "Northfield"} | fields) for fields in others]
    make_jurisdiction(name="Northfield", state="OH")
    tie = make_tie_request()
    records = ties.on_record(tie)
    assert (set(records), ties.meant(tie, records)) == (set(made), made[0] if is_meant else None)


def test_what_lies_at_another_place_is_not_offered():
    make_jurisdiction(name="Northfield", place=make_place(name="Northfield"))
    assert ties.on_record(make_tie_request(place=make_place(name="Northfield"))) == []


def test_a_record_that_came_meanwhile_is_looked_at_first():
    make_jurisdiction(name="Northfield")
    tie = make_tie_request()
    with pytest.raises(Refused, match="The records have changed"):
        verify(tie, seen=())
    assert (Jurisdiction.objects.count(), Membership.objects.count()) == (1, 0)


def test_a_tie_that_nobody_has_vouched_for_becomes_the_verified_one():
    town = make_jurisdiction()
    waiting = make_membership(jurisdiction=town)
    tie = make_tie_request(waiting.user)
    verify(tie, jurisdiction=town)
    assert waiting.user.memberships.current().get() == waiting


def test_whoever_is_verified_already_is_not_verified_again():
    member = make_member()
    with pytest.raises(Refused, match="verified for this government already"):
        verify(make_tie_request(member.user), jurisdiction=member.jurisdiction)


def test_nobody_verifies_or_declines_their_own():
    admin = make_admin()
    tie = make_tie_request(admin)
    with pytest.raises(Refused, match="Another admin answers it"):
        verify(tie, admin)
    with pytest.raises(Refused, match="Another admin answers it"):
        ties.decline(tie=tie, by=admin, answer="No.")
    assert (Membership.objects.count(), OutgoingMail.objects.count()) == (0, 0)


def verified_by(tie, admin):
    return verify(tie, admin)


def declined_by(tie, admin):
    return ties.decline(tie=tie, by=admin, answer="No.")


def withdrawn_by(tie, admin):
    return ties.withdraw(tie=tie, user=tie.user)


VERBS = [verified_by, declined_by, withdrawn_by]


@pytest.mark.parametrize("first", VERBS)
@pytest.mark.parametrize("second", VERBS)
def test_each_verb_may_be_repeated_and_no_other_follows(first, second):
    tie, admin = make_tie_request(), make_admin()
    status = first(tie, admin).status
    if second == first:
        second(tie, admin)
    else:
        with pytest.raises(Refused):
            second(tie, admin)
    tie.refresh_from_db()
    assert (tie.status, Membership.objects.count()) == (status, int(first == verified_by))
    assert OutgoingMail.objects.count() == int(first != withdrawn_by)


def test_nobody_withdraws_what_somebody_else_asked():
    with pytest.raises(Http404):
        ties.withdraw(tie=make_tie_request(), user=make_user())


# --- at the same moment ---


def at_once(*calls):
    """What came of calls that run at the same moment, each on a connection of its own."""
    results, barrier = {}, threading.Barrier(len(calls))

    def run(number, call):
        barrier.wait()
        try:
            results[number] = call().status
        except Refused as refused:
            results[number] = str(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[number] for number in range(len(calls))]


@pytest.mark.django_db(transaction=True)
def test_of_verifying_and_withdrawing_at_once_one_wins():
    for _time in range(5):
        tie, admin = make_tie_request(), make_admin()
        at_once(lambda tie=tie, admin=admin: verify(tie, admin), lambda tie=tie: ties.withdraw(tie=tie, user=tie.user))
        tie.refresh_from_db()
        assert (tie.status, tie.user.memberships.count()) in {("verified", 1), ("withdrawn", 0)}
        Membership.objects.all().delete()
        Jurisdiction.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_two_admins_at_once_verify_one_tie_once():
    tie, admins = make_tie_request(), [make_admin(), make_admin()]
    results = at_once(*(lambda admin=admin: verify(tie, admin) for admin in admins))
    assert (results.count("verified"), Membership.objects.count(), Jurisdiction.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_verified_at_once_share_one_record():
    requests, admin = [make_tie_request(), make_tie_request()], make_admin()
    results = at_once(*(lambda tie=tie: verify(tie, admin) for tie in requests))
    assert (results.count("verified"), Membership.objects.count(), Jurisdiction.objects.count()) == (1, 1, 1)
    assert "The records have changed since you opened this. Look at them again, then choose." in results


# --- the admin ---


QUEUE = "/admin/peers/tierequest/"


@pytest.fixture
def admin():
    return make_admin()


@pytest.fixture
def as_admin(admin):
    client = Client()
    sign_in(client, admin)
    return client


def page_of(tie):
    return f"{QUEUE}{tie.pk}/change/"


def send(client, tie, verdict, **fields):
    form = client.get(page_of(tie)).context["adminform"].form
    sent = {"verdict": verdict, "government": form["government"].initial or "", "seen": form["seen"].initial}
    return client.post(page_of(tie), sent | fields)


SAID = {"contact": PAGE, "means": "Called the clerk's office."}


def test_an_admin_verifies_with_the_record_that_is_meant(as_admin, admin):
    town = make_jurisdiction(name="Northfield")
    tie = make_tie_request()
    assert send(as_admin, tie, "verify", **SAID).status_code == 302
    tie.refresh_from_db()
    assert (tie.status, tie.settled_by, tie.membership.jurisdiction) == ("verified", admin, town)
    assert (tie.contact_page, tie.how) == (PAGE, "Called the clerk's office.")
    assert [one.action for one in AuditEntry.objects.all()] == ["verify_tie"]


def test_of_several_an_admin_must_choose(as_admin):
    for _time in range(2):
        town = make_jurisdiction(name="Northfield")
    tie = make_tie_request()
    answer = send(as_admin, tie, "verify", **SAID)
    assert "Choose the record of the government, or a new one." in answer.content.decode()
    assert send(as_admin, tie, "verify", government=town.pk, **SAID).status_code == 302
    assert tie.user.memberships.current().get().jurisdiction == town


def test_a_record_that_comes_meanwhile_is_shown_with_what_was_typed(as_admin):
    tie = make_tie_request()
    form = as_admin.get(page_of(tie)).context["adminform"].form
    sent = {"verdict": "verify", "government": "new", "seen": form["seen"].initial, **SAID}
    make_jurisdiction(name="Northfield")
    page = as_admin.post(page_of(tie), sent)
    assert ("The records have changed" in page.content.decode(), PAGE in page.content.decode()) == (True, True)
    again = page.context["adminform"].form
    assert as_admin.post(page_of(tie), sent | {"seen": again["seen"].value()}).status_code == 302
    assert Jurisdiction.objects.count() == 2


@pytest.mark.parametrize(
    ("verdict", "missing"), [("verify", "contact"), ("verify", "means"), ("decline", "words"), ("", "verdict")]
)
def test_an_answer_says_how_or_why(verdict, missing, as_admin):
    tie = make_tie_request()
    said = SAID | {"words": "Why."}
    answer = send(as_admin, tie, verdict, **{name: "" if name == missing else text for name, text in said.items()})
    assert (answer.status_code, missing in answer.context["adminform"].form.errors) == (200, True)
    tie.refresh_from_db()
    assert tie.status == "asked"


def test_an_admin_declines_in_words(as_admin):
    tie = make_tie_request()
    assert send(as_admin, tie, "decline", words="Nobody of this name there.").status_code == 302
    tie.refresh_from_db()
    assert (tie.status, tie.answer) == ("declined", "Nobody of this name there.")


def test_an_admin_may_not_answer_what_they_asked_themselves(as_admin, admin):
    tie = make_tie_request(admin)
    assert as_admin.get(page_of(tie)).status_code == 200
    assert as_admin.post(page_of(tie), {"verdict": "verify", "government": "new", **SAID}).status_code == 403
    assert Membership.objects.count() == 0


def test_who_waits_stands_on_the_front_page_of_the_admin(as_admin, admin):
    make_tie_request(admin)
    assert "People who ask to join the peer network" not in as_admin.get("/admin/").content.decode()
    make_tie_request()
    assert "People who ask to join the peer network" in as_admin.get("/admin/").content.decode()


def test_the_queue_takes_the_same_questions_for_any_number(as_admin):
    make_tie_request()
    few = queries_of(as_admin, QUEUE)
    for _time in range(29):
        make_tie_request()
    assert queries_of(as_admin, QUEUE) == few
