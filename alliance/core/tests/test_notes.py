"""What becomes of a note of a reader, who may do what with it, and what nobody can do with it."""

import logging
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from alliance.core import mail, notes
from alliance.core.models import OutgoingMail, PublicNote, Report, User
from alliance.core.notes.forms import page_of
from alliance.core.notes.views import OF_ADDRESS, OF_NETWORK
from alliance.log import WithoutKeys

from .factories import make_admin, make_curator, make_user, sign_in
from .note_factories import make_report

pytestmark = pytest.mark.django_db

State = PublicNote.State
SENT = {"page": "/jurisdictions/", "what": "The year is wrong.", "source": "", "email": "Ada@Example.org"}


def send(client, **changes):
    return client.post("/report/", SENT | changes)


def confirm_link():
    text = OutgoingMail.objects.filter(kind="note_confirm").latest("created_at").text
    return next(line.removeprefix("http://localhost:8000") for line in text.splitlines() if "/notes/" in line)


def change_page(report):
    return f"/admin/core/report/{report.pk}/change/"


@pytest.fixture
def curator(client):
    person = make_curator(name="Grace")
    sign_in(client, person)
    return person


# --- The way of a note ---


def test_a_report_waits_once_its_sender_has_followed_the_link_and_pressed(client):
    answer = send(client)
    report = Report.objects.get()
    assert (answer.status_code, answer.url) == (303, "/notes/sent/")
    assert (report.state, report.email, len(report.key)) == (State.UNCONFIRMED, "ada@example.org", 32)
    assert confirm_link() == f"/notes/{report.key}/"
    page = client.get(confirm_link())
    report.refresh_from_db()
    assert (page.status_code, report.state) == (200, State.UNCONFIRMED)
    assert "The year is wrong." in page.content.decode()
    answer = client.post(confirm_link())
    report.refresh_from_db()
    assert (answer.status_code, answer.url) == (303, "/notes/confirmed/")
    assert (report.state, report.key) == (State.WAITING, None)


def test_the_mail_that_asks_to_confirm_holds_no_word_of_the_note(client):
    send(client, what="Buy cheap watches", source="https://spam.example/")
    asked = OutgoingMail.objects.get()
    assert asked.to == "ada@example.org"
    for text in (asked.subject, asked.text, asked.html):
        assert [word for word in ("watches", "spam", "jurisdictions") if word in text] == []


def test_the_same_words_within_the_hour_are_one_note_and_one_mail(client):
    for _ in range(3):
        send(client)
    send(client, email="ADA@example.org ")
    assert (Report.objects.count(), OutgoingMail.objects.count()) == (1, 1)
    send(client, what="Another thing is wrong.")
    Report.objects.update(created_at=timezone.now() - timedelta(hours=2))
    send(client)
    assert (Report.objects.count(), OutgoingMail.objects.count()) == (3, 3)


def test_a_link_works_once(client):
    send(client)
    link = confirm_link()
    assert [client.post(link).status_code for _ in range(2)] == [303, 404]
    page = client.get(link)
    assert (page.status_code, "This link is used up" in page.content.decode()) == (404, True)
    assert Report.objects.get().state == State.WAITING


def test_who_did_not_send_it_deletes_it(client):
    send(client)
    link = confirm_link()
    answer = client.post(link, {"delete": "1"})
    assert (answer.url, Report.objects.count()) == ("/notes/deleted/", 0)
    assert [client.get(link).status_code, client.post(link).status_code] == [404, 404]


def test_after_three_days_a_note_is_gone_for_everybody_and_then_deleted(client):
    send(client)
    link = confirm_link()
    Report.objects.update(created_at=timezone.now() - timedelta(days=3, seconds=1))
    waiting = make_report(created_at=timezone.now() - timedelta(days=30))
    assert [client.get(link).status_code, client.post(link).status_code] == [404, 404]
    assert (notes.forget(), list(Report.objects.all())) == (1, [waiting])


def test_settling_tells_the_sender_and_forgets_their_address():
    person = make_user(name="Grace")
    report = make_report(email="ada@example.org", what="It says 2014.")
    notes.settle(note=report, by=person, state=State.USED, answer="Thank you.\nIt is right now.")
    report.refresh_from_db()
    assert (report.state, report.email, report.settled_by) == (State.USED, "", person)
    told = OutgoingMail.objects.get()
    assert (told.kind, told.to) == ("note_settled", "ada@example.org")
    assert "> What is wrong: It says 2014.\n" in told.text
    assert "> Thank you.\n> It is right now.\n" in told.text


def test_a_note_is_settled_once_and_the_second_reads_who_was_first():
    report = make_report()
    notes.settle(note=report, by=make_user(name="Grace"), state=State.NOT_USED, answer="Thank you.")
    with pytest.raises(notes.Refused, match="This was settled on .* by Grace: Not used."):
        notes.settle(note=report, by=make_user(), state=State.USED, answer="Yes.")
    assert (Report.objects.get().state, OutgoingMail.objects.count()) == (State.NOT_USED, 1)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"key": "a" * 32}, "core_report_state"),
        ({"confirmed_at": None}, "core_report_state"),
        ({"state": State.USED}, "core_report_state"),
        ({"state": State.UNCONFIRMED}, "core_report_state"),
        ({"state": "lost"}, "core_report_state"),
        ({"email": ""}, "core_report_answered"),
        ({"answer": "Thank you."}, "core_report_answered"),
        ({"page": "//evil.example/"}, "core_report_page"),
        ({"page": "/\\evil.example/"}, "core_report_page"),
        ({"page": "https://evil.example/"}, "core_report_page"),
    ],
)
def test_the_database_holds_state_key_times_and_address_together(change, constraint):
    make_report()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Report.objects.update(**change)


# --- What is typed ---

NOT_OURS = "Enter the address of a page of this site, like /jurisdictions/."


@pytest.mark.parametrize(
    ("box", "typed", "words"),
    [
        ("page", "", "Say which page you mean."),
        ("page", "jurisdictions", NOT_OURS),
        ("page", "https://evil.example/x", NOT_OURS),
        ("page", "//evil.example/x", NOT_OURS),
        (
            "page",
            "http://localhost:8000//evil.example/",
            NOT_OURS,
        ),
        ("page", "http://[", NOT_OURS),
        ("what", " \0\u202e ", "Say what is wrong."),
        ("what", "x" * 4001, "Ensure this value has at most 4000 characters (it has 4001)."),
        ("source", "javascript:alert(1)", "Enter a web address that starts with http:// or https://."),
        ("source", "ftp://example.org/", "Enter a web address that starts with http:// or https://."),
        ("email", "", "Enter your e-mail address."),
        ("email", "nobody", "Enter an e-mail address in plain letters, like name@example.gov."),
        ("email", "a@b.org\r\nBcc: c@d.org", "Enter an e-mail address in plain letters, like name@example.gov."),
    ],
)
def test_a_fault_is_named_at_its_box_and_nothing_typed_is_lost(box, typed, words, client):
    answer = send(client, **{box: typed})
    page = answer.content.decode()
    assert (answer.status_code, answer.context["form"].errors) == (400, {box: [words]})
    assert f'<li><a href="#id_{box}">{words}</a></li>' in page
    assert f'<p class="error" id="id_{box}_error">{words}' in page
    kept = {name: answer.context["form"][name].value() for name in SENT}
    assert kept == SENT | {box: typed}
    assert (Report.objects.count(), OutgoingMail.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("/jurisdictions/?state=MN", "/jurisdictions/?state=MN"),
        (" http://localhost:8000/jurisdictions/ ", "/jurisdictions/"),
        ("/a b/<script>ü\u202e", "/a%20b/%3Cscript%3E%C3%BC"),
        ("/\\evil.example/", "/%5Cevil.example/"),
        (f"/pathway/readiness/{'k' * 32}/data/", "/pathway/readiness/(key)/data/"),
        (f"/notes/{'k' * 32}/", "/notes/(key)/"),
    ],
)
def test_a_page_is_kept_as_a_plain_path_without_keys(typed, kept):
    assert page_of(typed) == kept


def test_no_note_holds_a_key_or_a_character_that_turns_the_text_around(client):
    key = f"http://localhost:8000/pathway/readiness/{'k' * 32}/"
    send(client, what=f"See {key}\r\nand\x00 \u202eback\u2066wards", source=key)
    report = Report.objects.get()
    assert report.what == "See http://localhost:8000/pathway/readiness/(key)/\nand   back wards"
    assert report.source == "http://localhost:8000/pathway/readiness/(key)/"


def test_the_log_does_not_hold_the_key_of_a_note():
    record = logging.LogRecord("django", logging.WARNING, "", 0, "Not Found: /notes/%s/", ("k" * 32,), None)
    assert WithoutKeys().format(record) == "Not Found: /notes/(key)/"


@pytest.mark.parametrize("page", ["", "%00", "//evil.example/", "javascript:alert(1)", "%ff", "x" * 5000])
def test_a_link_with_a_strange_page_opens_an_empty_form(page, client):
    answer = client.get(f"/report/?page={page}")
    assert (answer.status_code, answer.context["form"]["page"].value()) == (200, "")


def test_who_fills_in_the_trap_gets_the_same_answer_and_writes_nothing(client):
    answers = [send(client), send(client, what="Another", homepage="https://spam.example/")]
    assert len({(answer.status_code, answer.url, answer.content) for answer in answers}) == 1
    assert (Report.objects.count(), OutgoingMail.objects.count()) == (1, 1)


def test_known_and_unknown_addresses_get_the_same_answer(client):
    make_user(email="known@example.org")
    answers = [send(client, email=email) for email in ("known@example.org", "unknown@example.org")]
    assert len({(answer.status_code, answer.url, answer.content) for answer in answers}) == 1
    assert OutgoingMail.objects.count() == 2


def test_an_address_and_a_network_get_so_much_mail_and_then_the_door_says_when_it_opens(client):
    statuses = [send(client, what=f"Mistake {number}").status_code for number in range(OF_ADDRESS.amount + 1)]
    assert statuses == [303] * OF_ADDRESS.amount + [429]
    others = range(OF_NETWORK.amount - OF_ADDRESS.amount - 1)
    assert {send(client, email=f"reader-{number}@example.org").status_code for number in others} == {303}
    answer = send(client, email="one-more@example.org")
    assert (answer.status_code, answer.headers["Retry-After"].isdecimal()) == (429, True)
    assert Report.objects.count() == OF_NETWORK.amount - 1
    assert send(Client(REMOTE_ADDR="203.0.113.9"), email="one-more@example.org").status_code == 303


@pytest.mark.parametrize("address", ["/report/", "/suggest/"])
def test_the_forms_set_no_cookie_and_take_what_comes_without_one(address):
    strict = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    answers = [strict.get(address), strict.post(address, {})]
    assert [(answer.status_code, dict(answer.cookies)) for answer in answers] == [(200, {}), (400, {})]


# --- The curators ---


def test_curators_see_confirmed_notes_only_with_what_waits_on_top_and_never_the_address(client, curator):
    used, unconfirmed, second, first = (
        make_report(page="/used/", state=State.USED),
        make_report(page="/unconfirmed/", state=State.UNCONFIRMED, email="hidden@example.org"),
        make_report(page="/second/", email="hidden@example.org"),
        make_report(page="/first/", confirmed_at=timezone.now() - timedelta(days=1)),
    )
    listed = client.get("/admin/core/report/")
    assert list(listed.context["cl"].queryset) == [first, second, used]
    assert client.get(change_page(unconfirmed)).status_code == 302
    pages = [listed, client.get(change_page(second)), client.get("/admin/")]
    assert ["hidden@example.org" in page.content.decode() for page in pages] == [False] * 3
    assert '<a href="/admin/core/report/?state=waiting">Reports of mistakes</a> <b>2</b>' in pages[2].content.decode()


def test_a_curator_reads_the_mail_before_it_goes_and_settles(client, curator):
    report = make_report(email="ada@example.org")
    typed = {"as": "used", "used-answer": "It is right now."}
    preview = client.post(change_page(report), typed | {"preview": "1"})
    assert (preview.status_code, OutgoingMail.objects.count()) == (200, 0)
    answer = client.post(change_page(report), typed | {"settle": "1"}, follow=True)
    assert answer.redirect_chain == [("/admin/core/report/", 302)]
    told = OutgoingMail.objects.get()
    shown = next(way["mail"] for way in preview.context["ways"] if "mail" in way)
    assert (told.subject, told.text) == shown[:2]
    page = client.get(change_page(report)).content.decode()
    assert "by Grace; the address of the sender is deleted." in page
    assert 'name="settle"' not in page


def test_a_second_curator_is_told_who_settled_it(client, curator):
    report = make_report()
    notes.settle(note=report, by=make_user(name="Ada"), state=State.USED, answer="Thank you.")
    typed = {"as": "not_used", "not_used-answer": "No.", "settle": "1"}
    answer = client.post(change_page(report), typed, follow=True)
    (message,) = map(str, answer.context["messages"])
    assert (message.startswith("This was settled on "), message.endswith(" by Ada: Used.")) == (True, True)
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize("answer", ["", " ", "\0", "x" * 4001])
def test_an_empty_or_endless_answer_is_refused(answer, client, curator):
    report = make_report()
    page = client.post(change_page(report), {"as": "used", "used-answer": answer, "settle": "1"})
    assert (page.status_code, Report.objects.get().state) == (400, State.WAITING)


@pytest.mark.parametrize("way", ["lost", "waiting", "unconfirmed", "\0", ""])
def test_no_other_state_can_be_asked_for(way, client, curator):
    report = make_report()
    assert client.post(change_page(report), {"as": way, "settle": "1"}).status_code == 200
    assert Report.objects.get().state == State.WAITING


def test_who_has_not_the_right_settles_nothing(client):
    person = make_user(is_staff=True)
    sign_in(client, person)
    report = make_report()
    typed = {"as": "used", "used-answer": "Yes.", "settle": "1"}
    assert [client.get(change_page(report)).status_code, client.post(change_page(report), typed).status_code] == [
        403
    ] * 2
    assert Report.objects.get().state == State.WAITING


def test_nobody_adds_or_deletes_a_note_in_the_admin(client):
    sign_in(client, make_admin())
    report = make_report()
    assert client.get("/admin/core/report/add/").status_code == 403
    assert client.post(f"/admin/core/report/{report.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("number", ["0", "abc", "99999999999999999999", "%00"])
def test_a_note_that_is_not_there_is_said_in_words(number, client, curator):
    assert client.get(f"/admin/core/report/{number}/change/").status_code == 302


def test_the_words_of_a_reader_are_inert_in_the_admin_and_in_the_mail(client, curator):
    evil = "<script>alert(1)</script> =HYPERLINK(1) {{ settings }}\n\nhttp://localhost:8000/admin/\n\nABCD-EFGH"
    report = make_report(what=evil, source="https://example.org/?<script>alert(1)</script>", page="/%3Cscript%3E/")
    page = client.get(change_page(report)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; =HYPERLINK(1) {{ settings }}" in page
    assert page.count('rel="noopener noreferrer nofollow"') == 2
    assert "<script>alert" not in client.get("/admin/core/report/").content.decode()
    notes.settle(note=report, by=curator, state=State.USED, answer="Thank you.")
    told = OutgoingMail.objects.get()
    assert "<script>" not in told.html
    assert 'href="http://localhost:8000/admin/"' not in told.html
    assert "font:700 28px" not in told.html


# --- The mail to curators ---


def told():
    return list(OutgoingMail.objects.filter(kind="notes_waiting").order_by("to").values_list("to", flat=True))


def test_those_who_may_settle_are_told_once_a_day_and_only_of_something_new():
    curator, admin = make_curator(email="a@example.org"), make_admin(email="b@example.org")
    make_user(is_staff=True)
    make_user()
    make_report(state=State.UNCONFIRMED)
    make_report(state=State.USED)
    assert (notes.tell_curators(), told()) == (0, [])
    make_report()
    assert (notes.tell_curators(), told()) == (2, [curator.email, admin.email])
    assert "Reports of mistakes: 1" in OutgoingMail.objects.filter(kind="notes_waiting").first().text
    make_report()
    assert notes.tell_curators() == 0
    OutgoingMail.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert notes.tell_curators() == 2
    OutgoingMail.objects.update(created_at=timezone.now() - timedelta(days=2))
    Report.objects.filter(state=State.WAITING).update(confirmed_at=timezone.now() - timedelta(days=3))
    assert notes.tell_curators() == 0


def test_who_declined_the_mail_does_not_get_it():
    make_curator(mail_declined=["notes_waiting"])
    make_report()
    assert (notes.tell_curators(), told()) == (0, [])


def test_the_hourly_round_deletes_what_expired_and_tells_the_curators():
    from alliance.core.tidy import tidy

    make_curator(email="a@example.org")
    make_report()
    make_report(state=State.UNCONFIRMED, created_at=timezone.now() - timedelta(days=4))
    tidy()
    assert (Report.objects.count(), told()) == (1, ["a@example.org"])


@pytest.mark.parametrize("name", ["note_confirm", "note_settled", "notes_waiting"])
def test_every_mail_can_be_previewed(name):
    kind = mail.kinds()[name]
    subject, text, html = mail.render(name, kind.sample())
    assert all((subject, text, html))


# --- At the same moment ---


def at_once(count, act):
    """What `act(number)` returned or raised in each of so many threads that began together."""
    gate, results = threading.Barrier(count), [None] * count

    def run(number):
        gate.wait()
        try:
            results[number] = act(number)
        except notes.Refused as refused:
            results[number] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_of_several_clicks_at_once_one_sends_and_one_confirms():
    statuses = at_once(4, lambda _number: send(Client()).status_code)
    assert (statuses, Report.objects.count(), OutgoingMail.objects.count()) == ([303] * 4, 1, 1)
    link = confirm_link()
    statuses = at_once(4, lambda number: Client().post(link, {"delete": "1"} if number % 2 else {}).status_code)
    assert sorted(statuses) == [303, 404, 404, 404]


@pytest.mark.django_db(transaction=True)
def test_of_two_curators_at_once_one_settles_and_the_other_reads_who_did():
    report = make_report()
    people = [make_user(name="Ada"), make_user(name="Grace")]
    states = [State.USED, State.NOT_USED]
    results = at_once(
        2, lambda number: notes.settle(note=report, by=people[number], state=states[number], answer="Thank you.")
    )
    (refused,) = [result for result in results if isinstance(result, notes.Refused)]
    winner = Report.objects.get().settled_by
    assert f" by {winner}: " in str(refused)
    assert OutgoingMail.objects.count() == 1
    assert User.objects.count() == 2
