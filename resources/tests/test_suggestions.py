"""What a reader suggests becomes a draft by the hand of a curator, and nothing by itself."""

import threading

import pytest
from django.db import connection

from alliance.core import notes
from alliance.core.models import OutgoingMail, PublicNote
from alliance.core.tests.factories import make_curator, sign_in
from resources import suggestions
from resources.models import Resource, Suggestion

from .factories import make_resource, make_suggestion

pytestmark = pytest.mark.django_db

State = PublicNote.State
SENT = {
    "title": "Budgeting for equity",
    "link": "https://example.org/budgets",
    "why": "It shows small towns how to begin.",
    "publisher": "",
    "email": "ada@example.org",
}


@pytest.fixture
def curator(client):
    person = make_curator(name="Grace")
    sign_in(client, person)
    return person


def change_page(suggestion):
    return f"/admin/resources/suggestion/{suggestion.pk}/change/"


def test_a_suggestion_is_kept_for_confirmation_and_publishes_nothing(client):
    answer = client.post("/suggest/", SENT)
    suggestion = Suggestion.objects.get()
    assert (answer.status_code, answer.url) == (303, "/notes/sent/")
    assert {name: getattr(suggestion, name) for name in SENT} == SENT
    assert client.post(f"/notes/{suggestion.key}/").url == "/notes/confirmed/"
    suggestion.refresh_from_db()
    assert (suggestion.state, Resource.objects.count()) == (State.WAITING, 0)


@pytest.mark.parametrize(
    ("box", "typed", "words"),
    [
        ("title", " \0 ", "Give its title."),
        ("title", "x" * 301, "Ensure this value has at most 300 characters (it has 301)."),
        ("link", "", "Give its web address."),
        ("link", "javascript:alert(1)", "Enter a web address that starts with http:// or https://."),
        ("link", "data:text/html,x", "Enter a web address that starts with http:// or https://."),
        ("link", "//", "Enter a web address that starts with http:// or https://."),
        ("link", "http://[", "Enter a web address that starts with http:// or https://."),
        ("why", "", "Say why it helps."),
        ("why", "x" * 2001, "Ensure this value has at most 2000 characters (it has 2001)."),
        ("publisher", "x" * 201, "Ensure this value has at most 200 characters (it has 201)."),
        ("email", "ada", "Enter an e-mail address in plain letters, like name@example.gov."),
    ],
)
def test_a_fault_is_named_at_its_box_and_nothing_typed_is_lost(box, typed, words, client):
    answer = client.post("/suggest/", SENT | {box: typed})
    assert (answer.status_code, answer.context["form"].errors) == (400, {box: [words]})
    assert f'<li><a href="#id_{box}">{words}</a></li>' in answer.content.decode()
    assert {name: answer.context["form"][name].value() for name in SENT} == SENT | {box: typed}
    assert (Suggestion.objects.count(), OutgoingMail.objects.count()) == (0, 0)


def test_the_library_and_a_search_that_finds_nothing_lead_to_the_form(client):
    link = '<a class="more" href="/suggest/">Suggest a resource</a>'
    pages = [client.get(address).content.decode() for address in ("/resources/", "/resources/?q=qqqqqqqq")]
    assert [page.count(link) for page in pages] == [1, 1]


def test_a_curator_makes_an_unpublished_draft_with_themselves_in_its_history(client, curator):
    suggestion = make_suggestion(title="Budgeting for Equity: a guide", link="https://example.org/b", publisher="Us")
    answer = client.post(change_page(suggestion), {"draft": "1"})
    resource = Resource.objects.get()
    assert answer.url == f"/admin/resources/resource/{resource.pk}/change/"
    assert (resource.title, resource.url, resource.publisher, resource.slug, resource.status) == (
        "Budgeting for Equity: a guide",
        "https://example.org/b",
        "Us",
        "budgeting-for-equity-a-guide",
        "draft",
    )
    (version,) = resource.history.all()
    assert (version.history_user, version.history_change_reason) == (curator, "Suggested by a reader.")
    assert list(resource.suggestions.all()) == [suggestion]
    assert client.get(resource.get_absolute_url()).status_code == 404
    page = client.get(change_page(suggestion)).content.decode()
    assert f'<a href="/admin/resources/resource/{resource.pk}/change/">{resource.title}</a> (draft)' in page
    assert 'name="draft"' not in page


def test_a_second_click_makes_no_second_draft(client, curator):
    suggestion = make_suggestion()
    addresses = {client.post(change_page(suggestion), {"draft": "1"}).url for _ in range(2)}
    assert (len(addresses), Resource.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Fair budgets", "fair-budgets-3"),
        ("Topics", "topics-2"),
        ("预算", "resource"),
        ("=HYPERLINK(1)", "hyperlink1"),
        ("x" * 300, "x" * 100),
    ],
)
def test_a_draft_gets_an_address_word_of_its_own(title, slug):
    make_resource(slug="fair-budgets")
    make_resource(slug="fair-budgets-2")
    resource, is_new = suggestions.make_draft(suggestion=make_suggestion(title=title), by=make_curator())
    assert (resource.slug, is_new) == (slug, True)


def test_a_suggestion_that_resembles_what_we_have_says_so(client, curator):
    make_resource(title="Fair budgets", url="https://example.org/budgets/")
    page = client.get(change_page(make_suggestion(link="http://www.example.org/budgets"))).content.decode()
    assert "It looks like what we have:" in page
    assert ">Fair budgets</a> (published)" in page


def test_it_is_settled_as_used_only_when_its_page_is_public_and_the_mail_leads_there(client, curator):
    suggestion = make_suggestion(email="ada@example.org")
    used = {"as": "used", "used-answer": "It is in the library now.", "settle": "1"}
    words = []
    for _ in range(2):
        answer = client.post(change_page(suggestion), used, follow=True)
        words += map(str, answer.context["messages"])
        client.post(change_page(suggestion), {"draft": "1"}, follow=True)
    assert words == [
        "Make a draft of it first, complete it, and publish it.",
        "Publish the resource first: the mail leads to its page.",
    ]
    assert OutgoingMail.objects.count() == 0
    Resource.objects.publish()
    client.post(change_page(suggestion), used)
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.email, suggestion.settled_by) == (State.USED, "", curator)
    address = f"http://localhost:8000{suggestion.resource.get_absolute_url()}"
    told = OutgoingMail.objects.get()
    assert (told.to, f"\n\n{address}\n\n" in told.text) == ("ada@example.org", True)
    assert f'<a href="{address}">' in told.html


def test_it_is_settled_as_not_used_without_a_draft_and_is_then_closed(client, curator):
    suggestion = make_suggestion()
    client.post(change_page(suggestion), {"as": "not_used", "not_used-answer": "No room.", "settle": "1"})
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.answer) == (State.NOT_USED, "No room.")
    assert "http" not in OutgoingMail.objects.get().text.replace(suggestion.link, "")
    answer = client.post(change_page(suggestion), {"draft": "1"}, follow=True)
    assert list(map(str, answer.context["messages"]))[-1:] == ["This suggestion is settled."]
    assert Resource.objects.count() == 0


def test_who_may_not_add_resources_makes_no_draft(client, curator):
    curator.groups.get().permissions.filter(codename="add_resource").get().group_set.clear()
    curator.refresh_from_db()
    sign_in(client, curator)
    suggestion = make_suggestion()
    assert client.post(change_page(suggestion), {"draft": "1"}).status_code == 403
    assert Resource.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_curators_who_draft_at_once_get_the_same_draft():
    suggestion, people = make_suggestion(), [make_curator(), make_curator()]
    gate, made = threading.Barrier(2), []

    def draft(person):
        gate.wait()
        made.append(suggestions.make_draft(suggestion=suggestion, by=person))
        connection.close()

    threads = [threading.Thread(target=draft, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {resource.pk for resource, _is_new in made} == {Resource.objects.get().pk}
    assert sorted(is_new for _resource, is_new in made) == [False, True]
    assert Resource.history.count() == 1


def test_notes_of_both_kinds_are_found_by_their_keys(client):
    suggestion = make_suggestion(state=State.UNCONFIRMED)
    assert notes.find(key=suggestion.key) == suggestion
    assert notes.find(key="k" * 32) is None
