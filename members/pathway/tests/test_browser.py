"""A clerk's way through the readiness check in a real browser: a phone, a keyboard, no JavaScript."""

import pytest
from playwright.sync_api import expect

from alliance.core.vocabulary import Domain
from alliance.tests.test_browser import faults, tab_to
from cohorts.models import Place
from members.pathway.models import Assessment

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


def press(page, button):
    """Reach a link or button by Tab alone and press it."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.locator(":focus").and_(button).count():
            page.keyboard.press("Enter")
            return
    pytest.fail(f"Tab did not reach {button}")


def test_a_clerk_of_a_small_town_takes_the_check_prints_the_roadmap_shares_and_deletes_it(site, phone, browser):
    page = phone
    page.goto(f"{site}/pathway/")
    press(page, page.get_by_role("link", name="Take the readiness check"))
    press(page, page.get_by_role("link", name="Begin"))
    page.get_by_label("City, town or county").focus()
    page.keyboard.type("le roy mn")
    page.keyboard.press("Enter")
    press(page, page.get_by_role("button", name="Le Roy, Minnesota"))

    for number, domain in enumerate(Domain, start=1):
        expect(page.get_by_text(f"{number} of 8: {domain.label}. Le Roy, MN")).to_be_visible()
        if number == 1:
            press(page, page.get_by_role("button", name="Save and go on"))
            expect(page.get_by_role("alert")).to_contain_text("Choose the description that comes closest.")
            press(page, page.get_by_role("link", name="Choose the description"))
        page.locator("#id_level").focus()
        for _ in range(number % 5):
            page.keyboard.press("ArrowDown")
        if number % 5 == 0:
            page.keyboard.press("Space")
        press(page, page.get_by_role("button", name="Save and see the result" if number == 8 else "Save and go on"))

    expect(page.get_by_role("heading", level=1)).to_have_text("Le Roy, MN: where you stand")
    levels = page.get_by_role("row").locator("td.n").all_text_contents()
    assert levels == [str(number % 5) for number in range(1, 9)]
    starts = page.locator(".steps li a").all_text_contents()
    assert starts == ["Tools in decisions", "Leadership"]
    assert page.locator(".roadmap h3").all_text_contents()[:2] == [
        "Leadership Start here",
        "Tools in decisions Start here",
    ]
    assert page.context.cookies() == []

    address = page.url
    key = address.rstrip("/").rpartition("/")[2]
    assert Assessment.objects.get(key=key).levels == {
        domain: number % 5 for number, domain in enumerate(Domain, start=1)
    }
    page.emulate_media(media="print")
    assert seen(page, "a, button, summary, input") & CONTROLS == set()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.get_by_text("Keep the address of this page")).to_be_hidden()
    expect(page.get_by_role("heading", name="Show it to others")).to_be_hidden()
    expect(page.get_by_role("heading", name="Your roadmap")).to_be_visible()
    expect(page.get_by_text("Two council or board members ask residents")).to_be_visible()
    # Letter paper less the margins of 18 mm, in CSS pixels.
    page.set_viewport_size({"width": 680, "height": 920})
    assert cut_off(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(media="screen")
    assert seen(page, "a, button, summary, input") >= CONTROLS

    press(page, page.get_by_role("link", name="Show the result to others"))
    shared = page.locator(".share a").text_content()
    assert shared.startswith(f"{site}/pathway/readiness/shared/")
    colleague = browser.new_page()
    assert colleague.goto(shared).status == 200
    expect(colleague.get_by_role("heading", level=1)).to_have_text("Le Roy, MN: where you stand")
    assert seen(colleague, "main a, main button") & CONTROLS == set()
    assert key not in colleague.content()

    press(page, page.get_by_role("button", name="Make a new address"))
    expect(page.locator(".share a")).not_to_have_text(shared)
    renewed = page.locator(".share a").text_content()
    assert (colleague.goto(shared).status, colleague.goto(renewed).status) == (404, 200)

    press(page, page.get_by_role("link", name="Delete this check"))
    press(page, page.get_by_role("button", name="Delete it for good"))
    expect(page.get_by_role("heading", level=1)).to_have_text("It is deleted")
    assert (page.goto(address).status, colleague.goto(renewed).status) == (404, 404)
    assert not Assessment.objects.filter(key=key).exists()
    colleague.close()


# What the owner of a check can press on its result.
CONTROLS = {
    *("Change the government", "Show the result to others", "Make a new address"),
    *("Keep it in your account", "Delete this check"),
}


def seen(page, selector):
    """The words of what is visible."""
    return set(page.locator(selector).locator("visible=true").all_inner_texts())


def cut_off(page):
    """Text that reaches past the page or past a box that hides what overflows."""
    return page.evaluate(
        """() => [...document.querySelectorAll("main *")].filter(one => {
            const box = one.getBoundingClientRect();
            const hides = getComputedStyle(one).overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1;
            return box.width > 1 && (hides || box.right > document.documentElement.clientWidth + 1);
        }).map(one => one.outerHTML.slice(0, 80))"""
    )


def begin(page, site, government, levels):
    """Take the check as a browser sends it; return the address of the result."""
    send = page.context.request.post
    first = send(f"{site}/pathway/readiness/start/", form=government, max_redirects=0).headers["location"]
    result = first.removesuffix("leadership/")
    for domain, level in levels.items():
        assert send(f"{site}{result}{domain}/", form={"level": level}, max_redirects=0).status == 303
    return result


@pytest.fixture
def states(site, page):
    """The addresses behind a key, in each of their states."""
    place = Place.objects.lookup("Northfield, MN")[0]
    whole = begin(page, site, {"place": place.pk}, {domain: number % 5 for number, domain in enumerate(Domain)})
    part = begin(page, site, {"name": "Northfield Public Schools", "state": "MN"}, {Domain.DATA: 2})
    empty = begin(page, site, {}, {})
    start = "/pathway/readiness/start/"
    pages = [f"{whole}{end}" for end in ("data/", "", "collaboration/", "government/", "delete/")]
    shared = [
        page.request.get(f"{site}{one}").text().split('class="share"><a href="')[1].split('"')[0]
        for one in (whole, part)
    ]
    return [*pages, part, empty, *shared, start, f"{start}?q=northfield", f"{start}?q=qqqqqqqq"]


def test_axe_finds_nothing_in_any_state_in_light_and_dark_on_phone_and_desktop(states, site, page):
    found = {}
    for address in states:
        for width, scheme in ((360, "light"), (1280, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.goto(site + address)
            found |= {(address, width): faults(page)} if faults(page) else {}
    page.goto(site + states[0])
    page.locator("[type=radio]").evaluate_all("boxes => boxes.forEach(box => { box.checked = false })")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert (found, faults(page)) == ({}, [])


def test_no_state_scrolls_sideways(states, site, page):
    wide = []
    for width in (320, 360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for address in states:
            page.goto(site + address)
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wide.append((address, width))
    assert wide == []


def test_the_summary_of_faults_leads_to_the_first_choice(states, site, page):
    page.goto(f"{site}/pathway/readiness/start/")
    page.get_by_role("button", name="Use this name").click()
    page.get_by_role("link", name="Type the name of your government").click()
    expect(page.get_by_label("Name of your government")).to_be_focused()
    page.get_by_role("link", name="Choose the state.").click()
    expect(page.get_by_label("State")).to_be_focused()
    tab_to(page, page.get_by_role("button", name="Use this name"), most=1)
