"""What a team does and reads after handing in: the timeline, messages, changes, withdraw, reopen, put off."""

import json
import re
import threading
import uuid
from datetime import timedelta

import html5lib
import pytest
from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.utils import timezone

from alliance.core.models import OutgoingMail
from alliance.core.tests.factories import make_user
from alliance.tests.test_pages import BUDGET, served_bytes
from alliance.tests.test_queries import queries_of
from members.pathway import workflow
from members.pathway.models import Application, HistoryEntry, Message, TeamMember
from members.pathway.questions import BY_ID, SECTION_OF, Kind, asked
from members.pathway.states import TOLD, VERBS, Status
from members.pathway.timeline import DEEDS, NEXT, working_days_after
from members.pathway.whole import changes_of

from .factories import (
    have_no_conflict,
    make_application,
    make_chair,
    make_complete_application,
    make_member,
    make_review,
    tick_everything,
)
from .test_handing_in import EVIL, at, change, client_for, hand_in, hidden, text_of

pytestmark = pytest.mark.django_db

Role = TeamMember.Role


@pytest.fixture
def lead():
    return make_user(name="Lee Lead")


@pytest.fixture
def chair():
    return make_chair(name="Chris Chair")


@pytest.fixture
def draft(lead):
    return make_complete_application(lead)


@pytest.fixture
def submitted(draft, lead, chair):
    have_no_conflict(draft, chair)
    workflow.submit(application=draft, user=lead)
    draft.refresh_from_db()
    return draft


@pytest.fixture
def sent_back(submitted, chair):
    """In changes, one question asked again."""
    workflow.begin_screening(application=submitted, actor=chair)
    workflow.request_changes(application=submitted, actor=chair, questions={"goal": "Which residents?\nHow many?"})
    submitted.refresh_from_db()
    return submitted


def decided(submitted, lead):
    """Another of the same team, decided once, sent back, decided again, confirmed and held."""
    held = make_complete_application(lead)
    workflow.submit(application=held, user=lead)
    chair, second = make_chair(held), make_chair(held)
    begin_review(held, chair)
    for _ in range(2):
        make_review(held)
    answer = {"outcome": "referred", "referred_to": "The secret county", "letter": "A secret letter"}
    workflow.propose(application=held, actor=chair, **answer)
    workflow.send_back(application=held, actor=second)
    workflow.propose(application=held, actor=second, **answer)
    workflow.confirm(application=held, actor=chair)
    return held


def begin_review(application, chair):
    workflow.begin_screening(application=application, actor=chair)
    tick_everything(application, chair)
    workflow.begin_review(application=application, actor=chair)


# --- The timeline ---


def steps(application):
    found = Application.objects.get(pk=application.pk).timeline
    return [(str(step.words), step.who and str(step.who)) for step in found.steps]


def test_the_timeline_tells_what_happened_and_names_people_of_the_team_only(sent_back, lead):
    change(sent_back, "goal", "Fewer evictions")
    workflow.sign_off(
        application=sent_back,
        user=sent_back.team.get(role=Role.SPONSOR).user,
        digest=workflow.digest_now(sent_back),
    )
    workflow.resubmit(application=sent_back, user=lead)
    workflow.withdraw(application=sent_back, user=lead, reason="Later")
    workflow.reopen(application=sent_back, user=lead)
    assert steps(sent_back) == [
        ("Handed in", "Lee Lead"),
        ("We began to check whether everything is there", None),
        ("We asked about some answers again", None),
        ("Changes handed in", "Lee Lead"),
        ("Withdrawn", "Lee Lead"),
        ("Opened again, as a draft", "Lee Lead"),
    ]


def test_every_verb_and_every_status_that_one_leads_to_has_its_words():
    targets = {target for verb in VERBS.values() for target in verb.targets}
    told = {verb.name for verb in VERBS.values() if verb.is_told}
    assert set(DEEDS) == told | {"hand_over", "appoint_lead", "defer"}
    assert set(DEEDS) <= set(TOLD)
    assert set(NEXT) | {Status.DECIDED} == targets


def test_the_days_count_from_handing_in_then_from_the_review_and_stand_still_while_the_team_is_asked(submitted, chair):
    def expected():
        return Application.objects.get(pk=submitted.pk).expected_by

    today = timezone.localdate()
    assert expected() == working_days_after(today, 5)
    workflow.begin_screening(application=submitted, actor=chair)
    assert expected() == working_days_after(today, 5)
    tick_everything(submitted, chair)
    workflow.begin_review(application=submitted, actor=chair)
    assert expected() == working_days_after(today, 20)
    workflow.request_changes(application=submitted, actor=chair, questions={"goal": "Who?"})
    assert expected() is None


def test_a_decision_that_is_held_looks_like_the_step_before_it_on_every_page(submitted, lead, chair):
    begin_review(submitted, chair)
    held = decided(submitted, lead)
    client = client_for(lead)
    for one in (submitted, held):
        one.refresh_from_db()

    def seen(application, name):
        page = client.get(at(name, application)).content.decode()
        page = re.sub(r"(csrfmiddlewaretoken\"|token\") value=\"[^\"]+\"|id=\"id_token\"", "", page)
        for own in (str(application.pk), application.reference):
            page = page.replace(own, "")
        return page

    assert held.status_for_team == Status.IN_REVIEW
    assert steps(held) == [(words, who) for words, who in steps(submitted)]
    assert (workflow.turn_of(held), held.expected_by) == (workflow.turn_of(submitted), submitted.expected_by)
    for name in ("messages", "withdraw", "receipt"):
        assert re.findall("(?i)decided|decision|held|secret", seen(held, name)) == []
    assert seen(held, "withdraw").replace("A line. ", "") == seen(submitted, "withdraw").replace("A line. ", "")
    refused = [client.post(at("sign_off", one)).status_code for one in (held, submitted)]
    texts = [text_of(client.get(at("reopen", one))) for one in (held, submitted)]
    assert (refused, texts[0] == texts[1], "It is “In review” now." in texts[0]) == ([404, 404], True, True)
    data = client.get(at("json", held)).json()
    assert (data["status"], data["status_in_words"], len(data["history"])) == ("in_review", "In review", 3)


# --- Messages ---


def test_a_message_is_kept_with_its_lines_and_shown_oldest_first(submitted, lead, chair):
    client = client_for(lead)
    form = hidden(client.get(at("messages", submitted)))
    answer = client.post(at("messages", submitted), form | {"text": "First line\r\n\r\nSecond\r\n"})
    assert (answer.status_code, answer.url) == (303, at("messages", submitted))
    workflow.write(application=submitted, user=chair, text="Thank you", is_from_team=False)
    page = client.get(at("messages", submitted)).content.decode()
    texts = re.findall(r"</time></p><p>(.*?)</p>", page, re.DOTALL)
    names = re.findall(r'<p class="kind"><b>(.*?)</b>', page)
    assert texts == ["First line<br><br>Second", "Thank you"]
    assert names[-2:] == ["Lee Lead", "The Alliance"]
    assert "Chris Chair" not in page


def test_a_message_sent_again_is_one_message(submitted, lead):
    client = client_for(lead)
    form = hidden(client.get(at("messages", submitted))) | {"text": "Once"}
    assert [client.post(at("messages", submitted), form).status_code for _ in range(3)] == [303] * 3
    assert list(Message.objects.values_list("text", flat=True)) == ["Once"]


def test_the_token_of_another_application_stands_in_nobodys_way(submitted, lead):
    other = make_complete_application(lead)
    workflow.submit(application=other, user=lead)
    client = client_for(lead)
    form = hidden(client.get(at("messages", submitted))) | {"text": "Twice"}
    assert [client.post(at("messages", one), form).status_code for one in (submitted, other)] == [303, 303]
    assert Message.objects.count() == 2


def test_mail_says_that_there_is_a_message_and_never_what(submitted, lead, chair):
    workflow.write(application=submitted, user=chair, text="The council’s secret vote", is_from_team=False)
    mails = OutgoingMail.objects.filter(kind="message_waits")
    assert sorted(mails.values_list("to", flat=True)) == sorted(submitted.team.values_list("user__email", flat=True))
    assert [one for one in mails if "secret" in one.text + one.html + one.subject] == []
    assert all(f"/pathway/applications/{submitted.pk}/" in one.text for one in mails)


@pytest.mark.parametrize(
    ("posted", "error"),
    [
        ({"text": ""}, "Write a message."),
        ({"text": " \r\n "}, "Write a message."),
        ({"text": "x" * 4001}, "Use at most 4000 characters. There are 4001 now."),
        ({"text": "kept <b>", "token": "zzz"}, "Something in this form was lost."),
        ({"text": "kept <b>", "token": ""}, "Something in this form was lost."),
    ],
)
def test_a_refused_message_comes_back_with_what_was_typed(posted, error, submitted, lead):
    client = client_for(lead)
    answer = client.post(at("messages", submitted), hidden(client.get(at("messages", submitted))) | posted)
    page = answer.content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    assert (answer.status_code, Message.objects.count(), error in text_of(answer)) == (400, 0, True)
    assert ("kept &lt;b&gt;" in page) == ("kept" in posted["text"])


def test_four_thousand_characters_count_a_line_break_once(submitted, lead):
    client = client_for(lead)
    text = "x" * 1999 + "\r\n" + "x" * 2000
    assert (
        client.post(
            at("messages", submitted), hidden(client.get(at("messages", submitted))) | {"text": text}
        ).status_code
        == 303
    )


@pytest.mark.parametrize(("role", "status"), [(Role.EDITOR, 303), (Role.VIEWER, 404), (Role.SPONSOR, 404)])
def test_writers_write_and_all_of_the_team_read(role, status, submitted):
    client = client_for(make_member(submitted, role).user)
    page = client.get(at("messages", submitted))
    assert (page.status_code, "<textarea" in page.content.decode()) == (200, status == 303)
    assert client.post(at("messages", submitted), {"text": "x", "token": uuid.uuid4()}).status_code == status


def test_before_anything_is_handed_in_there_is_nobody_to_write_to(draft, lead):
    client = client_for(lead)
    assert "<textarea" not in client.get(at("messages", draft)).content.decode()
    answer = client.post(at("messages", draft), {"text": "x", "token": uuid.uuid4()})
    assert (answer.status_code, Message.objects.count()) == (409, 0)


def test_what_people_write_stays_inert_in_the_thread_and_in_the_changes(sent_back, lead, chair):
    workflow.write(application=sent_back, user=lead, text=EVIL, is_from_team=True)
    sent_back.change_requests.update(words=EVIL, before=EVIL)
    for name in ("messages", "submit"):
        page = client_for(lead).get(at(name, sent_back)).content.decode()
        html5lib.HTMLParser(strict=True).parse(page)
        assert ("<script>" in page, "&lt;/p&gt;&lt;script&gt;alert(" in page) == (False, True)


# --- Questions asked again ---


def test_each_question_asked_again_shows_what_we_ask_and_the_answer_before_and_now(sent_back, lead):
    page = client_for(lead).get(at("submit", sent_back)).content.decode()
    asked = page.split('id="changes"')[1].split("</section>")[0]
    assert re.findall("<h3>(.*?)</h3>", asked) == ["One result that you want within 12 months"]
    assert "Which residents?<br>How many?" in asked
    assert re.findall(r"<dt>(\w+)</dt><dd>(.*?)</dd>", asked) == [
        ("Before", "Some words,<br>in two lines."),
        ("Now", '<span class="kind">Not changed</span>'),
    ]
    assert re.findall(r'href="([^"]+)"', asked) == [f"/pathway/applications/{sent_back.pk}/sections/goals/#id_goal"]
    change(sent_back, "goal", "Fewer evictions")
    page = client_for(lead).get(at("submit", sent_back)).content.decode()
    assert "<dt>Now</dt><dd>Fewer evictions</dd>" in page


def test_an_answer_that_is_asked_for_again_and_is_not_changed_stands_in_the_list_before_the_button(sent_back, lead):
    client = client_for(lead)
    words = "1 answer that we ask for again is as it was before."
    page = client.get(sent_back.get_absolute_url())
    assert (words in text_of(page), b'class="btn quiet"' in page.content) == (True, True)
    change(sent_back, "goal", "Fewer evictions")
    workflow.sign_off(
        application=sent_back,
        user=sent_back.team.get(role=Role.SPONSOR).user,
        digest=workflow.digest_now(sent_back),
    )
    page = client.get(sent_back.get_absolute_url())
    assert (words in text_of(page), b'class="btn quiet"' in page.content) == (False, False)


def test_changes_are_handed_in_with_a_new_signature_from_the_same_page(sent_back, lead):
    change(sent_back, "goal", "Fewer evictions")
    client = client_for(lead)
    assert 'name="turn"' not in client.get(at("submit", sent_back)).content.decode()
    workflow.sign_off(
        application=sent_back,
        user=sent_back.team.get(role=Role.SPONSOR).user,
        digest=workflow.digest_now(sent_back),
    )
    answers = [hand_in(sent_back, client), client.get(at("receipt", sent_back))]
    assert (answers[0].status_code, answers[0].url) == (303, at("receipt", sent_back))
    assert [text_of(answers[1]).count(words) for words in ("Handed in again", "Handed in")] == [1, 2]
    sent_back.refresh_from_db()
    assert (sent_back.status, sent_back.snapshots.count()) == (Status.SCREENING, 2)
    (change_request,) = changes_of(sent_back)
    assert (change_request.before, change_request.now) == ("Some words,\nin two lines.", "Fewer evictions")
    html = render_to_string("pathway/_changes.html", {"changes": [change_request], "application": sent_back})
    assert ("Answered" in html, "Change this answer" in html) == (True, False)
    assert OutgoingMail.objects.filter(kind="changes_received").count() == 2


# --- Withdraw, reopen, put off ---


def test_the_lead_withdraws_with_a_reason_that_the_reviewers_can_read(submitted, lead):
    client = client_for(lead)
    form = hidden(client.get(at("withdraw", submitted)))
    answer = client.post(at("withdraw", submitted), form | {"reason": "We wait for the council."})
    assert (answer.status_code, answer.url) == (303, submitted.get_absolute_url())
    submitted.refresh_from_db()
    assert submitted.status == Status.WITHDRAWN
    assert "We wait for the council." in text_of(client.get(at("messages", submitted)))
    workflow.write(application=submitted, user=lead, text="And thank you.", is_from_team=True)
    page = text_of(client.get(submitted.get_absolute_url()))
    assert "Why it was withdrawn We wait for the council." in page
    assert "And thank you." not in page
    mails = OutgoingMail.objects.filter(kind="application_withdrawn")
    assert (mails.count(), [one for one in mails if "council" in one.text]) == (2, [])


def test_without_a_reason_nothing_is_withdrawn(submitted, lead):
    client = client_for(lead)
    answer = client.post(at("withdraw", submitted), hidden(client.get(at("withdraw", submitted))))
    submitted.refresh_from_db()
    assert (answer.status_code, submitted.status) == (400, Status.SUBMITTED)
    assert '<a href="#id_reason">Say why, in a sentence.</a>' in answer.content.decode()


def test_withdrawing_twice_is_one_withdrawal(submitted, lead):
    client = client_for(lead)
    form = hidden(client.get(at("withdraw", submitted))) | {"reason": "Later"}
    assert [client.post(at("withdraw", submitted), form).url for _ in range(2)] == [submitted.get_absolute_url()] * 2
    counts = (HistoryEntry.objects.filter(verb="withdraw").count(), Message.objects.count())
    assert (*counts, OutgoingMail.objects.filter(kind="application_withdrawn").count()) == (1, 1, 2)


def test_a_form_of_the_draft_does_not_withdraw_what_was_handed_in_meanwhile(draft, lead):
    client = client_for(lead)
    form = hidden(client.get(at("withdraw", draft))) | {"reason": "Later"}
    hand_in(draft, client)
    answer = client.post(at("withdraw", draft), form)
    draft.refresh_from_db()
    assert (answer.status_code, draft.status) == (409, Status.SUBMITTED)
    assert "It is “Submitted” now." in text_of(answer)


def test_reopening_gives_the_draft_back_with_every_answer_and_its_reference(submitted, lead):
    before = workflow.answers_of(submitted)
    workflow.withdraw(application=submitted, user=lead, reason="Later")
    client = client_for(lead)
    form = hidden(client.get(at("reopen", submitted)))
    assert [client.post(at("reopen", submitted), form).status_code for _ in range(2)] == [303, 303]
    again = Application.objects.get(pk=submitted.pk)
    assert (again.status, again.reference) == (Status.DRAFT, submitted.reference)
    assert (workflow.answers_of(again), HistoryEntry.objects.filter(verb="reopen").count()) == (before, 1)


def test_a_draft_is_put_off_and_taken_back(draft, lead):
    client = client_for(lead)
    day = timezone.localdate() + timedelta(days=30)
    for posted, kept in (({"until": day.isoformat()}, day), ({"back": "1"}, None)):
        answer = client.post(at("defer", draft), posted)
        draft.refresh_from_db()
        assert (answer.status_code, answer.url, draft.deferred_until) == (303, draft.get_absolute_url(), kept)


def test_a_draft_that_is_put_off_says_until_when(draft, lead):
    day = timezone.localdate() + timedelta(days=30)
    workflow.defer(application=draft, user=lead, until=day)
    draft.refresh_from_db()
    words = f"until {day:%B} {day.day}, {day.year}."
    assert f"It is put off {words}" in text_of(client_for(lead).get(at("defer", draft)))
    assert f"Put off {words}" in render_to_string("pathway/_timeline.html", {"application": draft})


@pytest.mark.parametrize("day", ["", "soon", "0", "2026-02-30", "9999-12-31", "1999-01-01", "\0", "today", "too far"])
def test_a_day_that_will_not_do_is_refused(day, draft, lead):
    today = timezone.localdate()
    sent = {"today": today.isoformat(), "too far": (today + timedelta(days=732)).isoformat()}.get(day, day)
    answer = client_for(lead).post(at("defer", draft), {"until": sent})
    draft.refresh_from_db()
    assert (answer.status_code, draft.deferred_until) == (400, None)
    assert '<a href="#id_until">' in answer.content.decode()


@pytest.mark.parametrize("days", [1, 730])
def test_the_first_and_the_last_day_are_taken(days, draft, lead):
    day = timezone.localdate() + timedelta(days=days)
    assert client_for(lead).post(at("defer", draft), {"until": day.isoformat()}).status_code == 303


@pytest.mark.parametrize("name", ["withdraw", "reopen", "defer"])
@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER, Role.SPONSOR])
def test_only_the_lead_withdraws_reopens_and_puts_off(name, role, draft):
    client = client_for(make_member(draft, role).user)
    assert [client.get(at(name, draft)).status_code, client.post(at(name, draft)).status_code] == [404, 404]


@pytest.mark.parametrize("name", ["messages", "withdraw", "reopen", "defer"])
def test_who_has_no_part_in_it_finds_nothing(name, submitted):
    client = client_for(make_user())
    assert [client.get(at(name, submitted)).status_code, client.post(at(name, submitted)).status_code] == [404, 404]


@pytest.mark.parametrize(("name", "posted"), [("reopen", {"turn": "1"}), ("defer", {"until": "2027-01-15"})])
def test_what_is_not_possible_now_says_what_is(name, posted, submitted, lead):
    client = client_for(lead)
    for answer in (client.get(at(name, submitted)), client.post(at(name, submitted), posted)):
        assert (answer.status_code, "It is “Submitted” now." in text_of(answer)) == (409, True)
        assert f'href="{submitted.get_absolute_url()}"' in answer.content.decode()


@pytest.mark.parametrize("name", ["withdraw", "reopen"])
@pytest.mark.parametrize("turn", ["", "x", "\0", "-1", "9" * 5000])
def test_a_broken_form_changes_nothing(name, turn, submitted, lead):
    if name == "reopen":
        workflow.withdraw(application=submitted, user=lead, reason="Later")
    before = HistoryEntry.objects.count()
    answer = client_for(lead).post(at(name, submitted), {"turn": turn, "reason": "x"})
    assert (answer.status_code, HistoryEntry.objects.count()) == (409, before)


# --- At the same moment ---


@pytest.mark.django_db(transaction=True)
def test_of_withdraw_and_submit_at_once_one_wins_and_the_other_is_told():
    winners = set()
    for _ in range(4):
        lead = make_user()
        application = make_complete_application(lead)
        forms = {
            name: (client, hidden(client.get(at(name, application))) | {"reason": "Later"})
            for name in ("submit", "withdraw")
            for client in [client_for(lead)]
        }
        gate, answers = threading.Barrier(2), {}

        def send(name, gate=gate, answers=answers, forms=forms, application=application):
            client, form = forms[name]
            gate.wait()
            answers[name] = client.post(at(name, application), form)
            connection.close()

        senders = [threading.Thread(target=send, args=[name]) for name in forms]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        (won,) = application.history.values_list("verb", flat=True)
        (lost,) = set(forms) - {won}
        assert (answers[won].status_code, answers[lost].status_code) == (303, 409)
        assert "now. What is possible:" in text_of(answers[lost])
        winners.add(won)
    assert winners <= {"submit", "withdraw"}


# --- Questions to the database ---

# Two of each are the session and the person, one the part in the team.
QUERIES = {"sign_off": 8, "receipt": 8, "print": 9, "json": 10, "messages": 4, "withdraw": 4}
QUERIES_OF_A_DRAFT = {"sign_off": 8, "submit": 9, "print": 9, "json": 10, "messages": 4, "withdraw": 4, "defer": 3}


def queries(client, application, names):
    return {name: queries_of(client, at(name, application)) for name in names}


@pytest.mark.parametrize("rows", [1, 30])
def test_the_number_of_queries_is_fixed(rows, draft, lead, chair):
    client = client_for(lead)
    for number in range(rows):
        member = make_member(draft, Role.SPONSOR, make_user(name=f"Sponsor {number}"))
        draft.sign_offs.create(by=member.user, digest=str(number))
        draft.attachments.create(name=f"{number}.pdf", size=1, added_by=lead)
    assert queries(client, draft, QUERIES_OF_A_DRAFT) == QUERIES_OF_A_DRAFT
    assert queries_of(client, draft.get_absolute_url()) == 12
    workflow.sign_off(application=draft, user=member.user, digest=workflow.digest_now(draft))
    workflow.submit(application=draft, user=lead)
    have_no_conflict(draft, chair)
    draft.refresh_from_db()
    for number in range(rows):
        workflow.write(application=draft, user=chair, text=f"{number}", is_from_team=False)
        draft.snapshots.create(number=number + 2, taken_by=lead)
    assert queries(client, draft, QUERIES) == QUERIES
    assert queries_of(client, draft.get_absolute_url()) == 12
    workflow.withdraw(application=draft, user=lead, reason="Later")
    assert queries(client, draft, ["reopen"]) == {"reopen": 4}
    assert queries_of(client, draft.get_absolute_url()) == 13


@pytest.mark.parametrize("rows", [1, 30])
def test_the_number_of_queries_is_fixed_where_questions_are_asked_again(rows, submitted, lead, chair):
    questions = asked(workflow.answers_of(submitted))[:rows]
    workflow.begin_screening(application=submitted, actor=chair)
    workflow.request_changes(application=submitted, actor=chair, questions=dict.fromkeys(questions, "Who?"))
    client = client_for(lead)
    assert queries(client, submitted, ["submit"]) == {"submit": 10}
    assert queries_of(client, submitted.get_absolute_url()) == 13


# --- What every page carries ---


@pytest.fixture
def addresses(draft, sent_back, lead):
    """Every page of these, in each of its states."""
    withdrawn = make_complete_application(lead)
    workflow.withdraw(application=withdrawn, user=lead, reason="Later")
    pages = {
        make_application(lead): ("submit", "sign_off"),
        make_complete_application(lead): ("submit", "sign_off", "print", "withdraw", "defer"),
        sent_back: ("submit", "receipt", "messages", "print"),
        withdrawn: ("reopen", "messages"),
    }
    return [at(name, one) for one, names in pages.items() for name in names]


def test_every_page_is_valid(addresses, lead, validate_html):
    client = client_for(lead)
    validate_html([(address, client.get(address).content.decode()) for address in addresses])


def test_every_page_with_its_stylesheet_keeps_to_the_budget(addresses, lead):
    client = client_for(lead)
    (stylesheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', client.get("/").content.decode())
    css = served_bytes(client, stylesheet, "br")
    sizes = {address: len(served_bytes(client, address, "gzip")) + len(css) for address in addresses}
    assert {address: size for address, size in sizes.items() if size > BUDGET} == {}


def test_long_answers_in_real_words_keep_the_pages_that_show_all_of_them_to_the_budget(sent_back, lead):
    draft = make_complete_application(lead)
    library = json.loads((settings.BASE_DIR / "resources/data/resources.json").read_text())
    texts = iter(" ".join(one["summary"] for one in library[number : number + 2]) for number in range(0, 60, 2))
    longest = [one for one in BY_ID.values() if one.kind == Kind.TEXT]
    for application in (draft, sent_back):
        for question in longest:
            kept = application.sections.get(section=SECTION_OF[question.id].id)
            kept.answers[question.id] = next(texts)
            kept.save()
    client = client_for(lead)
    (stylesheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', client.get("/").content.decode())
    css = len(served_bytes(client, stylesheet, "br"))
    pages = [at(name, one) for one in (draft, sent_back) for name in ("submit", "sign_off", "print")]
    sizes = {page: len(served_bytes(client, page, "gzip")) + css for page in pages}
    assert {page: size for page, size in sizes.items() if size > BUDGET} == {}
