"""The names that the search box offers, in a real browser, and the box without them."""

import re

import pytest
from playwright.sync_api import expect

from .test_browser import faults

pytestmark = pytest.mark.django_db

# Milliseconds that the box waits for the next letter before it asks.
WAITS = 150


def test_a_resident_without_javascript_finds_saint_paul(site, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(f"{site}/search/")
    page.get_by_label("A name, a topic or any words").fill("st paul")
    page.get_by_role("search").get_by_role("button").click()
    expect(page.get_by_role("heading", level=3).first).to_have_text("Saint Paul, MN")
    expect(page.get_by_role("listbox", include_hidden=True)).to_be_hidden()
    context.close()


def test_a_name_is_chosen_with_the_keyboard_alone(site, page):
    page.goto(f"{site}/search/")
    box = page.get_by_role("combobox", name="A name, a topic or any words")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("st pa")
    options = page.get_by_role("option")
    expect(options.first).to_have_text("Saint Paul, MN Jurisdiction")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#offered")).to_have_text(re.compile(r"^Names offered: \d+$"))
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "offer-0")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(box).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Saint Paul")


def test_escape_closes_the_names_and_enter_then_searches(site, page):
    page.goto(f"{site}/search/")
    box = page.get_by_role("combobox")
    box.press_sequentially("housing")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("housing")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/search/?q=housing")
    expect(page.get_by_role("heading", level=2).first).to_have_text("Topics")


def test_a_name_is_chosen_with_the_mouse(site, page):
    page.goto(f"{site}/search/?q=x")
    page.get_by_role("combobox").fill("hous")
    page.get_by_role("option", name="Housing Topic").click()
    expect(page).to_have_url(f"{site}/resources/topics/housing/")


def go_and_stop_the_clock(page, address):
    """Open a page on which time goes on by `page.clock.run_for` alone."""
    page.clock.install(time="2026-01-01")
    page.goto(address)
    page.clock.pause_at("2026-01-02")


def test_only_the_last_of_quickly_typed_words_is_asked_for(site, page):
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/search/names/" in request.url else None)
    go_and_stop_the_clock(page, f"{site}/search/")
    box = page.get_by_role("combobox")
    box.press_sequentially("ho")
    page.clock.run_for(WAITS - 1)
    box.press_sequentially("using")
    page.clock.run_for(WAITS)
    expect(page.get_by_role("option").first).to_have_text("Housing Topic")
    assert asked == [f"{site}/search/names/?q=housing"]


def test_no_list_opens_for_somebody_who_has_left_the_box(site, page):
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/search/names/" in request.url else None)
    go_and_stop_the_clock(page, f"{site}/search/")
    page.get_by_role("combobox").press_sequentially("housing")
    page.keyboard.press("Tab")
    page.clock.run_for(4 * WAITS)
    expect(page.locator("#offers")).to_be_hidden()
    assert asked == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_list_is_accessible_and_fits_a_phone(scheme, site, page):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{site}/search/")
    page.get_by_role("combobox").press_sequentially("racial")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
