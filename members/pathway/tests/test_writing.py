"""Words that people send after their session has ended: to each form in which they write for long, for them alone."""

import re
import uuid
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from alliance.core import waiting
from alliance.core.tests.factories import make_user
from members.pathway import workflow
from members.pathway.answers import KEPT
from members.pathway.models import Message
from members.pathway.questions import SECTIONS, Kind
from members.pathway.team import Role

from .factories import make_application, make_chair, make_complete_application, make_member
from .test_drafts import JSON, answers_in, client_of, page_of
from .test_handing_in import at, hidden, text_of

pytestmark = pytest.mark.django_db

SIGNED_OUT = "You were signed out before this was saved. Here are your words"
DISCARD = '<button class="btn quiet" name="discard" value="1">Discard these words</button>'


@pytest.fixture
def lead():
    return make_user(name="Rosa Diaz")


@pytest.fixture
def application(lead):
    """One that was handed in, and asked about again: a section, the messages and the way back are all open."""
    application = make_complete_application(lead)
    workflow.submit(application=application, user=lead)
    chair = make_chair(application)
    workflow.begin_screening(application=application, actor=chair)
    workflow.request_changes(application=application, actor=chair, questions={"goal": "By when?"})
    application.refresh_from_db()
    return application


FORMS = {
    "section": ("goals", {"goal": "Typed <b>in vain</b>", "version": "1"}),
    "messages": ("messages", {"text": "Typed <b>in vain</b>", "token": "8a6e0804-2bd0-4672-b79d-d97027f9071a"}),
    "withdraw": ("withdraw", {"reason": "Typed <b>in vain</b>"}),
    "team": ("team", {"email": "typed-in-vain@leroy.example.gov", "role": "sponsor"}),
}


def where(name, application):
    return page_of(application, name) if name == "goals" else at(name, application)


@pytest.fixture(params=FORMS.values(), ids=FORMS)
def form(request, application, lead):
    """The address of a form, what somebody types into it, and how that stands on the page."""
    name, words = request.param
    address = where(name, application)
    words = hidden(client_of(lead).get(address)) | words
    typed = words.get("email") or "Typed &lt;b&gt;in vain&lt;/b&gt;"
    return address, words, typed


def signed_in_late(user, address, words):
    """A browser from which words were sent before `user` signed in."""
    visitor = Client()
    assert visitor.post(address, words).url == f"/account/login/?next={address}"
    visitor.force_login(user)
    return visitor


def test_what_was_sent_while_signed_out_waits_until_it_is_sent_again(form, lead):
    address, words, typed = form
    visitor = signed_in_late(lead, address, words)
    for _ in range(2):
        page = visitor.get(address).content.decode()
        assert (page.count(SIGNED_OUT), page.count(DISCARD), page.count(typed)) == (1, 1, 1)
    again = hidden(visitor.get(address)) | words
    assert visitor.post(address, again).status_code == 303
    assert SIGNED_OUT not in visitor.get(address).content.decode()


def test_what_somebody_discards_is_not_shown_again(form, lead):
    address, words, typed = form
    visitor = signed_in_late(lead, address, words)
    answer = visitor.post(address, {"discard": "1"})
    assert (answer.status_code, answer.url) == (303, address)
    page = visitor.get(address).content.decode()
    assert [word for word in (SIGNED_OUT, DISCARD, typed) if word in page] == []


def test_on_a_shared_computer_a_colleague_neither_sees_nor_sends_the_words(form, application, lead):
    address, words, typed = form
    lead_now = make_member(application, Role.EDITOR).user
    workflow.hand_over(application=application, user=lead, member=application.team.get(user=lead_now))
    before = Message.objects.count(), application.invitations.count()
    page = signed_in_late(lead_now, address, words).get(address).content.decode()
    assert [word for word in (SIGNED_OUT, typed) if word in page] == []
    for headers in ({}, JSON):
        answer = client_of(lead_now).post(address, words, headers=headers)
        assert answer.status_code in (400, 403)
        assert "somebody else had signed in when this page was opened" in answer.content.decode()
    assert f'name="writer" value="{lead_now.pk}"' in client_of(lead_now).post(address, words).content.decode()
    application.refresh_from_db()
    assert (Message.objects.count(), application.invitations.count()) == before
    assert (application.status, answers_in(application, "goals")["goal"][:4]) == ("changes_requested", "Some")


def test_a_script_keeps_the_words_itself_and_is_led_on_once_they_have_arrived(form, lead):
    address, words, _typed = form
    visitor = Client()
    assert visitor.post(address, words, headers=JSON).status_code == 302
    assert waiting.WAITING not in visitor.session
    answer = client_of(lead).post(address, words, headers=JSON)
    leads_to = address.removesuffix("withdraw/")
    assert (answer.status_code, answer.json()["next"]) == (200, leads_to)


def test_words_for_two_pages_wait_side_by_side(application, lead):
    visitor = Client()
    visitor.post(page_of(application, "goals"), {"version": "1", "goal": "A goal"})
    visitor.post(at("messages", application), {"text": "A question"})
    visitor.force_login(lead)
    assert ">\nA goal</textarea>" in visitor.get(page_of(application, "goals")).content.decode()
    visitor.post(page_of(application, "goals"), {"version": "1", "goal": "A goal"})
    assert ">\nA question</textarea>" in visitor.get(at("messages", application)).content.decode()


def test_as_much_as_a_section_can_hold_waits_whatever_it_is_written_in(lead):
    draft = make_application(lead)
    long = {"goal": "字" * KEPT, "goal_measure": "🏘" * KEPT, "obstacles": "é\n" * (KEPT // 2)}
    visitor = signed_in_late(lead, page_of(draft, "goals"), {"version": "0", **long})
    form = visitor.get(page_of(draft, "goals")).context["form"]
    assert {name: form[name].value() for name in long} == long
    assert max(len(section.questions) for section in SECTIONS) * KEPT < settings.LONGEST_FORM


@pytest.mark.parametrize("character", ["字", "🏘"])
def test_a_section_full_of_the_longest_characters_arrives_whole(character, lead):
    draft = make_application(lead)
    fullest = max(SECTIONS, key=lambda one: len(one.questions))
    answers = {one.id: character * KEPT for one in fullest.questions if one.kind != Kind.CHOICES}
    body = urlencode({"version": "0", **answers})
    assert len(body) > 2.5 * 2**20
    answer = client_of(lead).post(page_of(draft, fullest.id), body, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answers_in(draft, fullest.id)) == (303, answers)


def test_what_is_longer_than_any_form_gets_a_plain_page(lead):
    draft = make_application(lead)
    body = "version=0&goal=" + "%F0%9F%8F%98" * settings.LONGEST_FORM
    answer = client_of(lead).post(page_of(draft, "goals"), body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "Nothing of it was saved. Go back and send a smaller file, or less text." in text_of(answer)


@pytest.mark.parametrize("name", ["goals", "messages", "withdraw", "team"])
def test_who_sent_more_than_can_wait_is_told_so_once(name, application, lead):
    address = where(name, application)
    visitor = signed_in_late(lead, address, {"version": "1", "text": "x" * settings.LONGEST_FORM})
    said = "it was too long for us to keep. Please write it again."
    assert [said in visitor.get(address).content.decode() for _ in range(2)] == [True, False]


@pytest.mark.parametrize("name", ["goals", "messages", "withdraw", "team"])
def test_half_a_character_does_no_harm_where_it_waits(name, application, lead):
    field = {"goals": "goal", "messages": "text", "withdraw": "reason", "team": "email"}[name]
    address, visitor = where(name, application), Client()
    body = f'--x\r\nContent-Disposition: form-data; name="{field}"\r\n\r\nHalf+2AA-way\r\n--x--\r\n'
    kind = "multipart/form-data; boundary=x; charset=utf-7"
    assert visitor.generic("POST", address, body, content_type=kind).status_code == 302
    visitor.force_login(lead)
    assert "Halfway" in visitor.get(address).content.decode()


def test_a_message_that_was_changed_and_sent_again_is_another_one(application, lead):
    client, token = client_of(lead), uuid.uuid4()
    for text in ("First", "First", "First, and more"):
        assert client.post(at("messages", application), {"text": text, "token": token}).status_code == 303
    assert list(Message.objects.values_list("text", flat=True)) == ["First", "First, and more"]


def test_whoever_withdraws_too_late_can_copy_the_reason(application, lead):
    client = client_of(lead)
    form = hidden(client.get(at("withdraw", application)))
    workflow.withdraw(application=application, user=lead, reason="Later")
    workflow.reopen(application=application, user=lead)
    answer = client.post(at("withdraw", application), form | {"reason": "We <i>cannot</i>"})
    assert (answer.status_code, "We &lt;i&gt;cannot&lt;/i&gt;" in answer.content.decode()) == (409, True)
    assert "What you typed, to copy" in text_of(answer)


def test_every_such_form_tells_the_seconds_to_the_end_of_a_session_that_is_near(form, lead):
    address, _words, _typed = form
    client = client_of(lead)
    assert "data-ends" not in client.get(address).content.decode()
    Session.objects.update(expire_date=timezone.now() + timedelta(seconds=300))
    (left,) = re.findall('data-ends="([^"]*)"', client.get(address).content.decode())
    assert 290 <= int(left) <= 300
