"""The public pages in a real browser: accessible, usable with a keyboard, without JavaScript, at any width."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/cohorts/",
    "/cohorts/first-cohort/",
    "/jurisdictions/",
    "/jurisdictions/?state=MN&kind=city&page=zero",
    "/jurisdictions/?state=TX&kind=court",
    "/jurisdictions/seattle-wa/",
    "/jurisdictions/milwaukee-health-department-wi/",
    "/jurisdictions/milestones/",
    "/jurisdictions/peers/",
    "/jurisdictions/peers/?place=northfield",
    "/jurisdictions/peers/?place=northfield, mn&domain=leadership&topic=contracting",
    "/partners/",
    "/partners/?q=housing",
    "/partners/local-progress/",
    "/partners/loom-foundation/",
    "/collaborations/",
    "/collaborations/twin-cities-convening-on-racial-equity/",
    "/collaborations/measures/",
    "/collaborations/measures/graduation-rate-minnesota/",
    "/resources/",
    "/resources/?q=comunity+engagment&topic=housing",
    "/resources/?q=zzzzzz&topic=housing",
    "/resources/citywide-racial-equity-goals-and-strategies/",
    "/resources/topics/housing/",
    "/resources/collections/start-here-your-first-ninety-days/",
    "/pathway/",
    "/pathway/questions/",
    "/pathway/readiness/",
    "/data/",
    "/about/",
    "/contact/",
    "/report/?page=/jurisdictions/seattle-wa/",
    "/suggest/",
    "/notes/sent/",
    "/notes/confirmed/",
    "/privacy/",
    "/accessibility/",
    "/search/",
    "/search/?q=st+paul",
    "/search/?q=qqqqqqqq",
    "/no-such-page/",
]
# WCAG 2.2 A and AA, and what axe holds for good practice.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def faults(page):
    """What axe finds on the page, as (rule, where)."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [(rule["id"], node["target"]) for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing_in_light_and_dark_on_phone_and_desktop(address, site, page):
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.goto(site + address)
            assert faults(page) == []


def test_axe_sees_a_fault_where_there_is_one(site, page):
    page.goto(f"{site}/about/")
    page.locator("h1").evaluate("heading => heading.insertAdjacentHTML('afterend', '<img src=/favicon.ico>')")
    assert [rule for rule, _where in faults(page)] == ["image-alt"]


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_no_page_scrolls_sideways(width, site, page):
    page.set_viewport_size({"width": width, "height": 900})
    wide = []
    for address in PAGES:
        page.goto(site + address)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(address)
    assert wide == []


def test_a_page_asks_only_its_own_server_and_breaks_no_rule_of_its_policy(site, page):
    asked, said = set(), []
    page.on("request", lambda request: asked.add(re.match(r"\w+://[^/]+", request.url).group()))
    page.on("console", lambda message: said.append(message.text))
    for address in PAGES:
        page.goto(site + address)
    assert asked == {site}
    assert [text for text in said if "404" not in text] == []


def test_the_visitor_leaves_without_a_cookie(site, page):
    for address in PAGES:
        page.goto(site + address)
    assert page.context.cookies() == []


def tab_to(page, locator, most=40):
    """Press Tab until `locator` has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if locator.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{most} times Tab did not reach {locator}")


def test_a_visitor_finds_their_government_with_the_keyboard_alone(site, page):
    page.goto(site)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip the map")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("City, town or county"), most=2)
    page.keyboard.type("northfield, mn")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Peers of Northfield, MN")
    tab_to(page, page.get_by_role("link", name="Red Wing, MN"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Red Wing")


def test_the_focus_can_be_seen_wherever_it_goes(site, page):
    page.goto(f"{site}/jurisdictions/seattle-wa/")
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            "(style => [style.outlineStyle, parseFloat(style.outlineWidth)])(getComputedStyle(document.activeElement))"
        )
        where = page.evaluate("document.activeElement.outerHTML")
        assert outline == ["solid", 3] or "<title>" in where


@pytest.fixture
def plain_page(browser):
    """A phone with JavaScript off."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


def test_a_resident_on_a_phone_without_javascript_finds_what_was_done_and_its_source(site, plain_page):
    page = plain_page
    page.goto(site)
    page.get_by_label("City, town or county").fill("st paul")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Saint Paul, MN").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Saint Paul")
    act = page.locator(".line").get_by_role("listitem").filter(has_text="Resolution 21-77").last
    expect(act.locator("time")).to_have_text("January 13, 2021")
    expect(act.get_by_role("link").first).to_have_attribute("href", re.compile(r"^https?://"))


def test_a_reporter_narrows_a_list_step_by_step_and_takes_a_filter_off_again(site, plain_page):
    page = plain_page
    page.goto(f"{site}/jurisdictions/")
    expect(page.get_by_role("status")).to_have_text("94 found")
    page.get_by_label("State", exact=True).select_option("MN")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("status")).to_have_text("17 found")
    page.get_by_label("Kind", exact=True).select_option("county")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("status")).to_have_text("3 found")
    page.get_by_role("link", name="Remove the filter Minnesota").click()
    expect(page.get_by_role("status")).to_have_text("23 found")
    page.get_by_role("link", name="Clear all").click()
    expect(page.get_by_role("status")).to_have_text("94 found")
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_text("31 to 60 of 94")).to_be_visible()


def test_a_point_of_the_map_leads_to_its_government(site, page):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(site)
    page.locator("svg.map a", has_text="San Antonio, TX").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("San Antonio")


def test_the_states_with_governments_are_tinted_on_the_map(site, page):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(site)
    page.wait_for_load_state("networkidle")
    sizes = page.locator("svg.map use.on").evaluate_all("uses => uses.map(use => use.getBBox().width > 0)")
    assert sizes == [True] * 19


def test_a_printed_page_shows_the_addresses_of_its_sources_and_no_menu(site, page):
    page.emulate_media(media="print")
    page.goto(f"{site}/jurisdictions/seattle-wa/")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    shown = page.locator(".line .src a").first.evaluate("link => getComputedStyle(link, '::after').content")
    assert "https://clerk.seattle.gov/search/clerk-files/320521" in shown
