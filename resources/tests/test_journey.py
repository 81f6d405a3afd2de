"""A curator's way in a real browser: draft a resource, publish it, find it, archive it, and it is found no more."""

import pytest
from playwright.sync_api import expect

from alliance.core.tests.factories import make_curator, sign_in_browser

from .factories import make_resource, make_topic

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "Sidewalk fairness workbook"
PLACES = {
    "the list": "/resources/",
    "the search of the library": "/resources/?q=sidewalks",
    "a facet": "/resources/?topic=streets",
    "a misspelled search": "/resources/?q=sidewlk",
    "the search of the site": "/search/?q=sidewalk+fairness",
    "the names offered while typing": "/search/names/?q=sidewalk",
    "the feed": "/feeds/resources.atom",
    "the feed of its topic": "/feeds/topics/streets.atom",
    "the page of its topic": "/resources/topics/streets/",
    "the nearest of another": "/resources/curb-guide/",
    "the export": "/data/resources.csv",
    "the other export": "/data/resources.json",
    "the map of the site": "/sitemaps/resource.xml",
}
MARKS = {"the map of the site": "/resources/sidewalk-fairness-workbook/"}


def found_in(page, site):
    """Where a visitor, who is nobody in particular, meets the resource."""
    texts = {name: page.context.request.get(site + address).text() for name, address in PLACES.items()}
    return {name for name, text in texts.items() if MARKS.get(name, TITLE) in plain(text)}


def plain(text):
    return text.replace("<mark>", "").replace("</mark>", "")


def choose(page, action):
    """Do something to the resource from the list of the admin."""
    page.get_by_role("row", name=TITLE).get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option(label=action)
    page.get_by_role("button", name="Go").first.click()


def test_a_curator_drafts_publishes_finds_and_archives_a_resource(live_server, page):
    site = live_server.url
    sign_in_browser(page, site, make_curator(email="ada@example.org"))
    topic = make_topic(name="Streets", slug="streets")
    make_resource(title="Curb guide", slug="curb-guide", topics=[topic])

    page.goto(f"{site}/admin/resources/resource/add/")
    page.get_by_label("Title:").fill(TITLE)
    page.get_by_label("Kind:").select_option(label="Toolkit")
    page.get_by_label("Summary:").fill("How to repair sidewalks where they were neglected most.")
    page.get_by_label("Web address:").fill("https://example.org/sidewalks")
    page.get_by_label("Streets").check()
    expect(page.get_by_label("Address word:")).to_have_value("sidewalk-fairness-workbook")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    assert found_in(page, site) == set()

    choose(page, "Publish the chosen pages")
    expect(page.get_by_text("1 page was published.")).to_be_visible()
    assert found_in(page, site) == set(PLACES)

    page.goto(f"{site}/resources/?q=sidewalks&topic=streets")
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)

    page.goto(f"{site}/admin/resources/resource/")
    choose(page, "Archive the chosen pages")
    expect(page.get_by_text("1 page was archived.")).to_be_visible()
    assert found_in(page, site) == set()
    assert page.goto(f"{site}/resources/sidewalk-fairness-workbook/").status == 404
