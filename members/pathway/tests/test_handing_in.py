"""From the sponsor's signature to the receipt, and the whole application as a print and as data."""

import datetime as dt
import json
import re
import threading
import uuid

import html5lib
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alliance.core.models import OutgoingMail
from alliance.core.tests.factories import make_user, sign_in
from members.pathway import workflow
from members.pathway.models import HistoryEntry, SectionAnswers, SignOff, Snapshot, TeamMember
from members.pathway.questions import SECTION_OF, asked
from members.pathway.timeline import working_days_after

from .factories import make_application, make_chair, make_complete_application, make_member

pytestmark = pytest.mark.django_db

Role = TeamMember.Role
EVIL = "</p><script>alert('x')</script>\n\n<b>“&amp;”</b> {{ 7|add:1 }}"


def client_for(user):
    client = Client()
    sign_in(client, user)
    return client


@pytest.fixture
def lead():
    return make_user(name="Lee Lead")


@pytest.fixture
def sponsor():
    return make_user(name="Sam Sponsor")


@pytest.fixture
def draft(lead, sponsor):
    """Complete and signed off."""
    return make_complete_application(lead, sponsor)


@pytest.fixture
def unsigned(lead, sponsor):
    return make_complete_application(lead, sponsor, signed=False)


def at(name, application):
    return reverse(f"application_{name}", args=[application.pk])


def hidden(page):
    """The hidden fields of the form on a page, as a browser sends them back."""
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))
    found.pop("csrfmiddlewaretoken", None)
    return found


def change(application, question, answer, section="goals", by=None):
    kept = application.sections.get(section=section)
    workflow.save_section(
        application=application,
        section=section,
        answers={**kept.answers, question: answer},
        version=kept.version,
        user=by or application.team.get(role=Role.LEAD).user,
    )


def hand_in(application, client):
    return client.post(at("submit", application), hidden(client.get(at("submit", application))))


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


# --- Sign-off ---


def test_the_sponsor_signs_exactly_the_answers_that_the_page_shows(unsigned, sponsor):
    client = client_for(sponsor)
    page = client.get(at("sign_off", unsigned))
    assert hidden(page) == {"digest": workflow.digest_now(unsigned)}
    answer = client.post(at("sign_off", unsigned), hidden(page))
    assert (answer.status_code, answer.url) == (303, at("sign_off", unsigned))
    (kept,) = SignOff.objects.all()
    assert (kept.by, kept.digest) == (sponsor, hidden(page)["digest"])
    assert workflow.is_signed_off(unsigned, workflow.digest_now(unsigned))
    after = client.get(at("sign_off", unsigned))
    assert ("Sam Sponsor signed on" in text_of(after), "<button" in after.content.decode()) == (True, False)


def test_signing_twice_is_one_signature(unsigned, sponsor):
    client = client_for(sponsor)
    form = hidden(client.get(at("sign_off", unsigned)))
    assert [client.post(at("sign_off", unsigned), form).status_code for _ in range(2)] == [303, 303]
    assert SignOff.objects.count() == 1


def test_what_changed_while_the_sponsor_read_is_read_again_before_it_is_signed(unsigned, sponsor):
    client = client_for(sponsor)
    form = hidden(client.get(at("sign_off", unsigned)))
    change(unsigned, "goal", "Another result")
    answer = client.post(at("sign_off", unsigned), form)
    assert (answer.status_code, SignOff.objects.count()) == (400, 0)
    assert "Somebody changed an answer or a file since you opened this page" in text_of(answer)
    assert "Another result" in text_of(answer)
    assert client.post(at("sign_off", unsigned), hidden(answer)).status_code == 303


def test_a_change_after_the_signature_voids_it_and_both_pages_say_so(draft, lead, sponsor):
    for person, name in ((lead, "submit"), (sponsor, "sign_off")):
        assert "does not count any more" not in text_of(client_for(person).get(at(name, draft)))
    change(draft, "goal", "Another result")
    for person, name in ((lead, "submit"), (sponsor, "sign_off")):
        assert "An answer or a file has changed since, so it does not count any more." in text_of(
            client_for(person).get(at(name, draft))
        )
    assert "The sign-off of the executive sponsor" in text_of(client_for(lead).get(at("submit", draft)))


def test_the_signature_of_a_sponsor_who_left_does_not_count(draft, lead, sponsor):
    workflow.leave(application=draft, user=lead, member=draft.team.get(user=sponsor))
    page = text_of(client_for(lead).get(at("submit", draft)))
    assert "Who signed is no longer a sponsor in the team" in page
    assert "The sign-off of the executive sponsor" in page


def test_the_sponsor_is_told_what_is_missing_before_they_sign_in_vain(sponsor):
    application = make_application()
    make_member(application, Role.SPONSOR, sponsor)
    assert re.search(
        r"\d+ answers are missing or need another look", text_of(client_for(sponsor).get(at("sign_off", application)))
    )


@pytest.mark.parametrize("role", [Role.LEAD, Role.EDITOR, Role.VIEWER])
def test_all_of_the_team_see_the_signatures_and_only_the_sponsor_signs(role, unsigned):
    user = unsigned.team.get(role=role).user if role == Role.LEAD else make_member(unsigned, role).user
    client = client_for(user)
    page = client.get(at("sign_off", unsigned))
    assert (page.status_code, "<button" in page.content.decode()) == (200, False)
    form = {"digest": workflow.digest_now(unsigned)}
    assert (client.post(at("sign_off", unsigned), form).status_code, SignOff.objects.count()) == (404, 0)


def test_what_is_handed_in_is_not_signed_any_more(draft, lead, sponsor):
    form = hidden(client_for(sponsor).get(at("sign_off", draft))) or {"digest": "x"}
    hand_in(draft, client_for(lead))
    answer = client_for(sponsor).post(at("sign_off", draft), form)
    assert (answer.status_code, "It is “Submitted” now." in text_of(answer)) == (409, True)


# --- Handing in ---


def test_the_lead_hands_in_everything_and_gets_one_receipt(draft, lead, sponsor):
    client = client_for(lead)
    answer = hand_in(draft, client)
    assert (answer.status_code, answer.url) == (303, at("receipt", draft))
    draft.refresh_from_db()
    assert re.fullmatch(r"A-\d{4}-\d{4}", draft.reference)
    page = text_of(client.get(answer.url))
    assert f"We have your application: {draft.reference}" in page
    mails = OutgoingMail.objects.filter(kind="application_received").order_by("to").values_list("to", "subject")
    subject = f"We have your application {draft.reference}"
    assert list(mails) == sorted([(lead.email, subject), (sponsor.email, subject)])


def test_a_form_sent_again_from_anywhere_leads_to_the_same_receipt(draft, lead):
    client, other_tab = client_for(lead), client_for(lead)
    form, other = (hidden(one.get(at("submit", draft))) for one in (client, other_tab))
    answers = [client.post(at("submit", draft), form), client.post(at("submit", draft), form)]
    answers.append(other_tab.post(at("submit", draft), other))
    back = client.get(at("submit", draft))
    assert [(one.status_code, one.url) for one in answers] == [(303, at("receipt", draft))] * 3
    assert (back.status_code, back.url) == (302, at("receipt", draft))
    counts = (HistoryEntry.objects.count(), Snapshot.objects.count())
    assert (*counts, OutgoingMail.objects.filter(kind="application_received").count()) == (1, 1, 2)


def test_the_form_of_a_draft_does_not_hand_in_what_was_asked_later(draft, lead, sponsor):
    """A tab of last week: since then it was handed in, and questions were asked again."""
    client = client_for(lead)
    old = hidden(client.get(at("submit", draft)))
    hand_in(draft, client)
    chair = make_chair(draft)
    workflow.begin_screening(application=draft, actor=chair)
    workflow.request_changes(application=draft, actor=chair, questions={"goal": "Which residents?"})
    answer = client.post(at("submit", draft), old)
    assert (answer.status_code, Snapshot.objects.count()) == (409, 1)
    assert "This page was from before the last step of the application." in text_of(answer)
    assert client.post(at("submit", draft), hidden(answer)).url == at("receipt", draft)
    assert Snapshot.objects.count() == 2


def test_an_answer_that_changed_behind_the_page_is_looked_at_before_it_is_handed_in(draft, lead, sponsor):
    client = client_for(lead)
    form = hidden(client.get(at("submit", draft)))
    change(draft, "goal", "Another result")
    workflow.sign_off(application=draft, user=sponsor, digest=workflow.digest_now(draft))
    answer = client.post(at("submit", draft), form)
    assert (answer.status_code, HistoryEntry.objects.count()) == (400, 0)
    assert "Somebody changed an answer or a file since you opened this page." in text_of(answer)
    assert "Another result" in text_of(answer)
    assert client.post(at("submit", draft), hidden(answer)).url == at("receipt", draft)


@pytest.mark.parametrize("posted", [{}, {"turn": "x", "digest": "\0"}, {"turn": "9" * 5000, "digest": "<b>" * 9999}])
def test_a_broken_form_hands_nothing_in(posted, draft, lead):
    answer = client_for(lead).post(at("submit", draft), posted)
    assert (answer.status_code, HistoryEntry.objects.count()) == (409, 0)


def test_what_is_missing_is_listed_each_with_a_link_and_there_is_no_button(lead):
    application = make_complete_application(lead, signed=False)
    SectionAnswers.objects.filter(section="goals").update(answers={"goal": "G", "obstacles": "O" * 1501})
    page = client_for(lead).get(at("submit", application))
    note = page.content.decode().split('class="note"')[1].split("</div>")[0]
    missing = re.findall(r'<a href="([^"]+)">', note)
    goals = reverse("application_section", args=[application.pk, SECTION_OF["goal"]])
    assert missing == [f"{goals}#id_goal_measure", f"{goals}#id_obstacles", at("sign_off", application)]
    assert 'name="turn"' not in page.content.decode()
    forced = client_for(lead).post(at("submit", application), {"turn": "0", "digest": workflow.digest_now(application)})
    assert (forced.status_code, HistoryEntry.objects.count()) == (400, 0)
    assert forced.content.decode().count("#id_goal_measure") == 1


def test_every_section_has_a_link_to_change_it(draft, lead):
    page = client_for(lead).get(at("submit", draft)).content.decode()
    links = re.findall(r'<a class="screen" href="([^"]+)">', page)
    assert len(links) == 12
    assert {client_for(lead).get(link).status_code for link in links} == {200}


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER, Role.SPONSOR])
def test_only_the_lead_hands_in(role, draft):
    client = client_for(make_member(draft, role).user)
    assert [client.get(at("submit", draft)).status_code, client.post(at("submit", draft)).status_code] == [404, 404]


def test_a_withdrawn_application_is_not_handed_in(draft, lead):
    workflow.withdraw(application=draft, user=lead, reason="Later")
    for answer in (client_for(lead).get(at("submit", draft)), client_for(lead).post(at("submit", draft))):
        assert (answer.status_code, "open it again" in text_of(answer)) == (409, True)


# --- The receipt ---


def test_the_receipt_names_both_days_counted_in_working_days(draft, lead):
    hand_in(draft, client_for(lead))
    first = working_days_after(timezone.localdate(), 5)
    second = working_days_after(first, 20)
    page = text_of(client_for(lead).get(at("receipt", draft)))
    assert f"within 5 working days: by {first:%B} {first.day}, {first.year}." in page
    assert f"within 20 working days after that: by {second:%B} {second.day}, {second.year}." in page


@pytest.mark.parametrize(
    ("day", "number", "expected"),
    [
        ("2026-11-23", 5, "2026-11-30"),  # Monday to Monday
        ("2026-11-27", 1, "2026-11-30"),  # Friday
        ("2026-11-28", 1, "2026-11-30"),  # Saturday
        ("2026-11-29", 20, "2026-12-25"),
        ("2026-11-25", 0, "2026-11-25"),
    ],
)
def test_working_days_leave_weekends_out(day, number, expected):
    assert working_days_after(dt.date.fromisoformat(day), number) == dt.date.fromisoformat(expected)


def test_there_is_no_receipt_before_anything_was_handed_in(draft, lead):
    assert client_for(lead).get(at("receipt", draft)).status_code == 404


def test_the_receipt_of_what_was_taken_back_does_not_say_that_we_have_it(draft, lead):
    client = client_for(lead)
    hand_in(draft, client)
    workflow.withdraw(application=draft, user=lead, reason="Later")
    withdrawn = text_of(client.get(at("receipt", draft)))
    workflow.reopen(application=draft, user=lead)
    for page in (withdrawn, text_of(client.get(at("receipt", draft)))):
        assert "You took your application back: A-" in page
        assert "We have your application" not in page


@pytest.mark.parametrize("role", [Role.LEAD, Role.EDITOR, Role.VIEWER, Role.SPONSOR])
def test_all_of_the_team_see_the_receipt(role, draft, lead):
    hand_in(draft, client_for(lead))
    user = lead if role == Role.LEAD else make_member(draft, role).user
    assert client_for(user).get(at("receipt", draft)).status_code == 200


# --- The whole: print and data ---


def test_the_print_of_a_draft_says_that_it_is_one_and_has_no_controls(draft, lead):
    page = client_for(lead).get(at("print", draft))
    assert "This is a draft. It is not handed in, and it can still change." in text_of(page)
    body = page.content.decode().split("<main")[1].split("</main>")[0]
    assert re.findall(r"<(form|button|input|textarea|select)", body) == []


def test_the_print_has_every_question_that_is_asked_with_its_answer(draft, lead):
    change(draft, "whole", "department", section="eligibility")
    page = client_for(lead).get(at("print", draft)).content.decode()
    rows = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page.split('class="answers"', 1)[1], re.DOTALL)
    assert len(rows) == len(asked(workflow.answers_of(draft)))
    assert ("Name of the department or office", "A line") in rows
    assert ("Why now?", "Some words,<br>in two lines.") in rows
    assert ("State", "Minnesota") in rows
    assert ("Date of the strongest of these", "June 2019") in rows


def test_the_title_of_the_print_makes_a_good_name_for_a_file(draft, lead):
    hand_in(draft, client_for(lead))
    draft.refresh_from_db()
    page = client_for(lead).get(at("print", draft)).content.decode()
    assert f"<title>{draft.reference} A line | " in page
    assert f"Application {draft.reference}, as it was handed in." in page


def test_the_data_say_what_the_print_says(draft, lead, sponsor):
    lead_client = client_for(lead)
    hand_in(draft, lead_client)
    draft.refresh_from_db()
    answer = lead_client.get(at("json", draft))
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{draft.reference}.json"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    data = json.loads(answer.content)
    assert list(data) == [
        "reference", "status", "status_in_words", "government", "questions_version", "begun_at", "submitted_at",
        "sections", "team", "files", "sign_offs", "history",
    ]  # fmt: skip
    assert (data["reference"], data["status"], data["government"]) == (draft.reference, "submitted", "A line")
    answers = {one["id"]: one["answer"] for section in data["sections"] for one in section["questions"]}
    assert answers == {name: workflow.answers_of(draft)[name] for name in asked(workflow.answers_of(draft))}
    assert data["team"] == [{"name": "Lee Lead", "role": "Lead"}, {"name": "Sam Sponsor", "role": "Executive sponsor"}]
    assert [(one["name"], one["counts"]) for one in data["sign_offs"]] == [("Sam Sponsor", True)]
    assert [(one["what"], one["by"]) for one in data["history"]] == [("Handed in", "Lee Lead")]


def test_no_mail_address_of_a_colleague_with_a_name_stands_in_the_data(draft, lead, sponsor):
    data = client_for(lead).get(at("json", draft)).content.decode()
    assert [one for one in (lead.email, sponsor.email) if one in data] == []


@pytest.mark.parametrize("name", ["submit", "sign_off", "print"])
def test_what_people_wrote_is_inert_everywhere(name, lead, sponsor):
    application = make_complete_application(lead, sponsor)
    lead.name = EVIL[:100]
    lead.save()
    SectionAnswers.objects.filter(section="goals").update(answers={"goal": EVIL}, saved_by=lead)
    page = client_for(lead).get(at(name, application)).content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    assert "<script>" not in page
    assert page.count("&lt;/p&gt;&lt;script&gt;alert(") >= 2


@pytest.mark.parametrize("name", ["sign_off", "submit", "receipt", "print", "json"])
def test_who_has_no_part_in_it_finds_nothing(name, draft, lead):
    hand_in(draft, client_for(lead))
    stranger = client_for(make_user())
    unknown = reverse(f"application_{name}", args=[uuid.uuid4()])
    answers = [stranger.get(at(name, draft)), stranger.get(unknown)]
    assert [one.status_code for one in answers] == [404, 404]


def test_who_left_finds_nothing_any_more(draft, lead):
    member = make_member(draft, Role.VIEWER)
    client = client_for(member.user)
    assert client.get(at("print", draft)).status_code == 200
    workflow.leave(application=draft, user=lead, member=member)
    assert client.get(at("print", draft)).status_code == 404


# --- At the same moment ---


@pytest.mark.django_db(transaction=True)
def test_of_two_who_hand_in_at_once_one_does_and_both_see_the_receipt():
    lead = make_user()
    application = make_complete_application(lead)
    clients = [client_for(lead) for _ in range(4)]
    form = hidden(clients[0].get(at("submit", application)))
    gate, answers = threading.Barrier(4), []

    def send(client):
        gate.wait()
        answers.append(client.post(at("submit", application), form))
        connection.close()

    senders = [threading.Thread(target=send, args=[client]) for client in clients]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert [(one.status_code, one.url) for one in answers] == [(303, at("receipt", application))] * 4
    counts = (HistoryEntry.objects.count(), Snapshot.objects.count())
    assert (*counts, OutgoingMail.objects.filter(kind="application_received").count()) == (1, 1, 2)
