"""Messages with the team, and internal notes that it never reads."""

import re

import html5lib
import pytest
from django.test import Client

from alliance.core.models import OutgoingMail
from alliance.core.tests.factories import sign_in
from alliance.tests.test_queries import queries_of
from members.pathway import workflow
from members.pathway.models import CannedText, InternalNote, Message
from members.pathway.team import Role

from .factories import assign, make_review, make_reviewer, user_of
from .test_handing_in import hidden, text_of
from .test_review_reading import at, client_for, page_of

pytestmark = pytest.mark.django_db

EVIL = '<script>alert("x")</script>'


@pytest.fixture
def client(chair):
    return client_for(chair)


def words_in(page):
    return re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page.content.decode(), re.DOTALL)[1]


def send(client, application, name, **data):
    return client.post(at(name, application), hidden(client.get(at(name, application))) | data)


def test_a_message_reaches_the_team_without_the_name_of_who_wrote_it(submitted, client):
    OutgoingMail.objects.all().delete()
    answer = send(client, submitted, "messages", text=f"Thank you.\nSoon. {EVIL}")
    assert (answer.status_code, answer.url) == (303, at("messages", submitted))
    lead = user_of(submitted, Role.LEAD)
    page = client_for(lead).get(f"{submitted.get_absolute_url()}messages/")
    assert ("Thank you.<br>Soon." in page.content.decode(), EVIL in page.content.decode()) == (True, False)
    assert ("The Alliance" in text_of(page), "Chris Chair" in text_of(page)) == (True, False)
    kinds = set(OutgoingMail.objects.values_list("kind", flat=True))
    assert kinds == {"message_waits"}
    assert not any("Thank you" in one.text or "Chris" in one.text for one in OutgoingMail.objects.all())


def test_a_form_that_is_sent_twice_is_one_message_and_one_note(submitted, client):
    for name, model in (("messages", Message), ("notes", InternalNote)):
        data = hidden(client.get(at(name, submitted))) | {"text": "Only once."}
        assert [client.post(at(name, submitted), data).status_code for _again in range(2)] == [303, 303]
        assert model.objects.count() == 1


def test_a_text_is_put_below_what_is_typed_and_nothing_is_sent(submitted, client):
    canned = CannedText.objects.create(title="Thanks", text="Thank you for your patience.")
    page = send(client, submitted, "messages", insert="1", canned=canned.pk, text="Dear Lee,")
    html5lib.HTMLParser(strict=True).parse(page.content)
    assert (page.status_code, words_in(page)) == (200, "Dear Lee,\n\nThank you for your patience.")
    assert not Message.objects.exists()
    assert client.post(at("messages", submitted), hidden(page) | {"text": "Dear Lee"}).status_code == 303


def test_a_text_that_there_is_not_is_left_out_and_what_is_typed_stays(submitted, client):
    CannedText.objects.create(title="Thanks", text="Thank you for your patience.")
    page = send(client, submitted, "messages", insert="1", canned="x", text="Dear Lee,")
    assert (page.status_code, words_in(page)) == (200, "Dear Lee,")


@pytest.mark.parametrize("name", ["messages", "notes"])
def test_an_empty_or_a_too_long_text_is_refused_and_stays(name, submitted, client):
    for text in ("", "x" * 4001):
        page = send(client, submitted, name, text=text)
        html5lib.HTMLParser(strict=True).parse(page.content)
        assert (page.status_code, words_in(page)) == (400, text)
    assert (Message.objects.count(), InternalNote.objects.count()) == (0, 0)


@pytest.mark.parametrize("name", ["messages", "notes"])
def test_what_is_sent_while_signed_out_waits_for_who_wrote_it(name, submitted, chair):
    visitor = Client()
    assert visitor.post(at(name, submitted), {"text": "Half an hour of words", "writer": chair.pk}).status_code == 302
    sign_in(visitor, chair)
    assert words_in(visitor.get(at(name, submitted))) == "Half an hour of words"
    assert send(visitor, submitted, name, text="Half an hour of words").status_code == 303
    assert words_in(visitor.get(at(name, submitted))) == ""


def test_the_notes_say_that_they_stay_inside_and_the_messages_that_they_do_not(submitted, client):
    assert "Only inside the Alliance" in text_of(client.get(at("notes", submitted)))
    assert "Only inside the Alliance" not in text_of(client.get(at("messages", submitted)))
    assert "The whole team of the applicant reads this thread." in text_of(client.get(at("messages", submitted)))


def test_a_reviewer_reads_the_notes_of_others_when_their_own_review_is_in(submitted, chair):
    reviewer = make_reviewer(name="Robin")
    assign(submitted, reviewer)
    workflow.note(application=submitted, actor=chair, text="I lean to accept.")
    workflow.note(application=submitted, actor=reviewer, text="Look at the plan.")
    text = text_of(page_of(reviewer, submitted, "notes"))
    assert ("I lean to accept." in text, "Look at the plan." in text) == (False, True)
    make_review(submitted, reviewer)
    assert "I lean to accept." in text_of(page_of(reviewer, submitted, "notes"))
    assert "Look at the plan." in text_of(page_of(chair, submitted, "notes"))


@pytest.mark.parametrize("rows", [1, 30])
def test_the_queries_of_both_pages_are_fixed(rows, submitted, chair, client):
    for number in range(rows):
        workflow.write(application=submitted, user=chair, is_from_team=False, text=f"Message {number}")
        workflow.note(application=submitted, actor=chair, text=f"Note {number}")
        CannedText.objects.create(title=f"Title {number}", text="Text")
    counted = {name: queries_of(client, at(name, submitted)) for name in ("messages", "notes")}
    assert counted == {"messages": 7, "notes": 6}
