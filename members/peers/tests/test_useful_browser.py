"""A visitor from a town of 900 finds its peers and begins: a phone of 360 pixels, no account, no JavaScript."""

import pytest
from playwright.sync_api import expect

from cohorts.models import Place
from members.pathway.models import Assessment

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_visitor_from_a_town_of_900_finds_peers_and_starts_the_readiness_check(site, phone):
    page, town = phone, Place.objects.get(name="Le Roy", state="MN")
    assert 850 < town.population < 1_000
    page.goto(f"{site}/")
    page.get_by_label("City, town or county").fill("le roy mn")
    page.get_by_role("button", name="Find").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Peers of Le Roy, MN")
    peers = page.locator("ol.entries > li")
    expect(peers).to_have_count(10)
    expect(peers.first).to_contain_text("times your population, in the same state,")
    assert fits(page)
    before = peers.locator("h3").all_text_contents()

    page.get_by_label("What you want to work on").select_option("Leadership")
    page.get_by_label("Further along").select_option("0, not at all")
    page.get_by_label("Near").select_option("3, most")
    page.get_by_text("Topics to work on").first.click()
    page.get_by_label("Contracting").check()
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_label("Near")).to_have_value("3")
    expect(page.get_by_label("Contracting")).to_be_checked()
    after = peers.locator("h3").all_text_contents()
    assert (len(after), after == before) == (10, False)
    assert fits(page)
    page.reload()
    assert peers.locator("h3").all_text_contents() == after

    link = peers.first.get_by_role("link").nth(1)
    title = link.text_content()
    link.click()
    assert page.get_by_text(title.split(" (")[0].removeprefix("what ").removesuffix(" has done")).first.is_visible()
    page.go_back()

    page.get_by_role("button", name="Start the readiness check for Le Roy, MN").click()
    expect(page.get_by_text("1 of 8: Leadership. Le Roy, MN")).to_be_visible()
    assert Assessment.objects.get().place == town
