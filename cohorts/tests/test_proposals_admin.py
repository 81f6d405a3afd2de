"""Curators settle what members propose."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils.html import escape

from alliance.core.models import AuditEntry, OutgoingMail
from alliance.core.tests.factories import make_admin, make_curator, make_user, sign_in
from alliance.tests.test_queries import queries_of
from cohorts.models import Jurisdiction, Proposal
from resources.models import Adoption
from resources.tests.factories import make_adoption, make_resource

from .factories import make_jurisdiction, make_member, make_milestone, make_proposal

pytestmark = pytest.mark.django_db

QUEUE = "/admin/cohorts/proposal/"
PROPOSED = "It adopted a racial equity plan in 2015."


@pytest.fixture
def town():
    return make_jurisdiction(name="Oakwood", summary="It has an office.")


@pytest.fixture
def one(town):
    return make_proposal(
        jurisdiction=town,
        proposed_by=make_member(town, name="Rosa Diaz"),
        before={"summary": town.summary},
        note="See <b>the news</b>.",
    )


@pytest.fixture
def ada():
    return make_curator(name="Ada Lovelace")


@pytest.fixture
def curator(ada):
    client = Client()
    sign_in(client, ada)
    return client


def page_of(one):
    return f"{QUEUE}{one.pk}/change/"


def seen_on(answer):
    return re.search(r'name="accept-seen" value="(\w+)"', answer.content.decode())[1]


def accept(client, one, press="settle", answer="", seen=None, **edits):
    values = one.proposed | edits
    sent = {f"edit-{name}": "\n".join(words) if isinstance(words, list) else words for name, words in values.items()}
    sent |= {
        "as": "accept",
        "accept-answer": answer,
        "accept-seen": seen or seen_on(client.get(page_of(one))),
        press: "1",
    }
    return client.post(page_of(one), sent)


def decline(client, one, answer, press="settle"):
    return client.post(page_of(one), {"as": "decline", "decline-answer": answer, press: "1"})


def said(client):
    return [str(message) for message in client.get("/admin/").context["messages"]]


def test_the_queue_has_what_is_open_on_top_the_longest_waiting_first(curator):
    settled = [make_proposal(state=state) for state in ("accepted", "declined", "withdrawn")]
    waiting = [make_proposal(kind="website", proposed={"website": "https://a.example"}), make_proposal()]
    found = list(curator.get(QUEUE).context["cl"].result_list)
    assert (found[:2], set(found[2:])) == (waiting, set(settled))
    assert set(curator.get(QUEUE, {"state__exact": "open"}).context["cl"].result_list) == set(waiting)
    assert (
        list(curator.get(QUEUE, {"state__exact": "open", "kind__exact": "website"}).context["cl"].result_list)
        == waiting[:1]
    )
    assert list(curator.get(QUEUE, {"q": waiting[1].jurisdiction.name}).context["cl"].result_list) == [waiting[1]]


def test_the_page_has_now_and_proposed_side_by_side_as_text(one, curator):
    Proposal.objects.update(proposed={"summary": "<script>alert(1)</script>"})
    page = curator.get(page_of(one)).content.decode()
    beside = page.partition('class="form-row beside')[2].partition("</textarea>")[0]
    assert [text in beside for text in ("It has an office.", escape("<script>alert(1)</script>"))] == [True, True]
    assert ("<script>alert" in page, escape("See <b>the news</b>.") in page, "Rosa Diaz" in page) == (False, True, True)


def test_accepting_puts_it_on_the_page_and_tells_everybody_who_must_know(one, ada, curator, client):
    answer = accept(curator, one, answer="Thank you.")
    assert (answer.status_code, answer.url) == (302, QUEUE)
    assert said(curator) == ["Settled. The member gets your words by mail."]
    assert PROPOSED in client.get(one.jurisdiction.get_absolute_url()).content.decode()
    assert (one.jurisdiction.history.first().history_user, OutgoingMail.objects.get().kind) == (ada, "proposal_settled")
    lines = {(entry.object_repr, entry.get_change_message()) for entry in LogEntry.objects.filter(user=ada)}
    assert lines == {("Summary: Oakwood, MN", "Accepted"), ("Oakwood, MN", "Accepted")}
    assert [(entry.action, entry.actor) for entry in AuditEntry.objects.filter(kind="cohorts.proposal")] == [
        ("accept", ada)
    ]


def test_the_curator_edits_the_words_first(one, curator, town):
    accept(curator, one, summary="Shorter.")
    one.refresh_from_db()
    town.refresh_from_db()
    assert (town.summary, one.proposed, one.final, one.was_edited) == (
        "Shorter.", {"summary": PROPOSED}, {"summary": "Shorter."}, True,
    )  # fmt: skip
    page = curator.get(page_of(one)).content.decode()
    cells = re.findall(r'<td class="whole"><bdi>(.*?)</bdi>', page)
    assert (cells, "<textarea" in page) == (["It has an office.", PROPOSED, "Shorter."], False)


def test_a_milestone_and_a_resource_in_use_are_edited_in_their_boxes(town, curator):
    values = {
        "kind": "report",
        "title": "Report",
        "date": "2020",
        "description": "",
        "sources": ["https://a.example/1"],
    }
    accept(curator, make_proposal(jurisdiction=town, kind="milestone", before={}, proposed=values), date="2020-05")
    milestone = town.milestones.get()
    assert (milestone.title, milestone.date, milestone.sources) == ("Report", "2020-05", ["https://a.example/1"])
    wrong, right = make_resource(title="Wrong", slug="wrong"), make_resource(title="Right", slug="right")
    values = {"resource": wrong.pk, "since": "", "until": "", "how": "", "outcome": "", "sources": []}
    one = make_proposal(jurisdiction=town, kind="adoption", before={}, proposed=values)
    assert 'name="edit-resource" value="/resources/wrong/"' in curator.get(page_of(one)).content.decode()
    accept(curator, one, resource="/resources/right/")
    assert Adoption.objects.get().resource == right


def test_the_mail_is_shown_first_and_nothing_is_done(one, curator, town):
    page = accept(curator, one, press="preview", answer="Thank <you>.", summary="Shorter.").content.decode()
    assert "We accepted it with some changes to its words." in page
    assert ("&gt; Thank &lt;you&gt;." in page, "Shorter.</textarea>" in page) == (True, True)
    page = decline(curator, one, "No source.", press="preview").content.decode()
    assert ("We did not accept it." in page, "&gt; No source." in page) == (True, True)
    one.refresh_from_db()
    assert (one.state, OutgoingMail.objects.count()) == ("open", 0)


def test_declining_needs_a_reason(one, curator, town):
    answer = decline(curator, one, " ")
    assert (answer.status_code, "Say why, in a sentence." in answer.content.decode()) == (400, True)
    assert decline(curator, one, "No source shows it.").status_code == 302
    one.refresh_from_db()
    town.refresh_from_db()
    assert (one.state, one.answer, town.summary) == ("declined", "No source shows it.", "It has an office.")


def test_what_is_wrong_in_the_edited_words_is_said_and_kept(one, curator, town):
    answer = accept(curator, one, summary=" ", answer="Thanks a lot.")
    page = answer.content.decode()
    assert (answer.status_code, "Write a summary." in page, "Thanks a lot.</textarea>" in page) == (400, True, True)
    milestone = {"kind": "report", "title": "Report", "date": "2020", "description": "", "sources": []}
    other = make_proposal(jurisdiction=town, kind="milestone", before={}, proposed=milestone)
    assert "Give a public page that shows it." in accept(curator, other).content.decode()
    office = {"office": "Clerk", "office_url": "", "office_email": "", "office_person": "Rosa Diaz"}
    named = make_proposal(jurisdiction=town, kind="office", before={}, proposed=office)
    assert "Tick this only if they agreed, or leave the name out." in accept(curator, named).content.decode()


def test_who_comes_second_reads_who_did_it(one, curator, town):
    seen = seen_on(curator.get(page_of(one)))
    other = Client()
    sign_in(other, make_curator(name="Grace Hopper"))
    decline(other, one, "No.")
    assert accept(curator, one, seen=seen).url == page_of(one)
    [refusal] = said(curator)
    assert re.fullmatch(r"This was settled on .* by Grace Hopper: Declined\.", refusal)
    town.refresh_from_db()
    assert (town.summary, OutgoingMail.objects.count()) == ("It has an office.", 1)


def test_a_page_that_changed_meanwhile_is_read_again(one, curator, town):
    seen = seen_on(curator.get(page_of(one)))
    Jurisdiction.objects.filter(pk=town.pk).update(summary="Another.")
    accept(curator, one, seen=seen)
    assert said(curator) == ["The page has changed since you opened this. Read it again, then accept."]
    page = curator.get(page_of(one)).content.decode()
    assert "The page says something else now than when this was written." in page
    accept(curator, one)
    town.refresh_from_db()
    assert town.summary == PROPOSED


def test_what_the_database_refuses_is_said_in_its_words(town, curator):
    resource = make_resource()
    values = {"resource": resource.pk, "since": "", "until": "", "how": "", "outcome": "", "sources": []}
    one = make_proposal(jurisdiction=town, kind="adoption", before={}, proposed=values)
    make_adoption(jurisdiction=town, resource=resource)
    answer = accept(curator, one, resource=resource.get_absolute_url())
    assert "It is already on record that this government uses this resource." in answer.content.decode()


def test_what_was_deleted_can_be_declined_only(town, curator):
    milestone = make_milestone(jurisdiction=town)
    one = make_proposal(
        jurisdiction=town, kind="milestone", target=milestone.pk, before={"title": "x"}, proposed={"title": "y"}
    )
    milestone.delete()
    page = curator.get(page_of(one)).content.decode()
    assert ("What this is about was deleted." in page, 'value="accept"' in page) == (True, False)
    assert curator.post(page_of(one), {"as": "accept", "settle": "1"}).status_code == 400
    assert decline(curator, one, "It is gone.").status_code == 302


@pytest.mark.parametrize("sent", [{}, {"as": "delete"}, {"as": "accept"}, {"as": "decline"}])
def test_a_form_that_says_nothing_does_nothing(sent, one, curator):
    assert curator.post(page_of(one), sent).status_code in (200, 400)
    one.refresh_from_db()
    assert one.state == "open"


def test_nobody_adds_deletes_or_rewrites_one(one, curator):
    admin = Client()
    sign_in(admin, make_admin())
    for client in (curator, admin):
        assert client.get(f"{QUEUE}add/").status_code == 403
        assert client.post(f"{QUEUE}{one.pk}/delete/", {"post": "yes"}).status_code == 403
        client.post(page_of(one), {"proposed": "{}", "state": "accepted"})
    one.refresh_from_db()
    assert (one.state, one.proposed) == ("open", {"summary": PROPOSED})


def test_staff_without_the_right_see_and_do_nothing(one, client):
    sign_in(client, make_user(is_staff=True))
    assert [client.get(QUEUE).status_code, client.get(page_of(one)).status_code] == [403, 403]
    assert decline(client, one, "No.").status_code == 403


@pytest.mark.parametrize("rows", [1, 30])
def test_the_number_of_queries_is_fixed(rows, town, curator):
    resource = make_resource()
    values = {"resource": resource.pk, "since": "", "until": "", "how": "", "outcome": "", "sources": []}
    for _ in range(rows):
        one = make_proposal(kind="adoption", before={}, proposed=values)
        make_proposal(state="accepted")
    settled = Proposal.objects.filter(state="accepted").first()
    pages = {QUEUE: 7, page_of(one): 6, page_of(settled): 5}
    assert {page: queries_of(curator, page) for page in pages} == pages


def content_of(answer):
    """What is ours of an admin page, as a document: the lists around it are Django's."""
    page = answer.content.decode()
    ours = page.partition('id="content"')[2].partition("<!-- END Content -->")[0]
    return f'<!doctype html><html lang="en"><head><title>Ours</title></head><body><div{ours}</body></html>'


def test_what_is_ours_of_the_pages_is_valid_html(one, curator, validate_html):
    settled = make_proposal(state="accepted", final={"summary": "<i>"})
    answers = {"open": curator.get(page_of(one)), "settled": curator.get(page_of(settled))}
    answers |= {"refused": decline(curator, one, ""), "preview": accept(curator, one, press="preview")}
    validate_html([(name, content_of(answer)) for name, answer in answers.items()])
