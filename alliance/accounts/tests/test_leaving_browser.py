"""Leaving in a real browser: in all its states, with a keyboard, without JavaScript."""

import json
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import expect

from alliance.core.models import User
from alliance.core.tests.factories import make_admin, make_user, sign_in
from alliance.tests.test_browser import faults, tab_to

from .test_leaving import DELETE, sign_in_long_ago

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = (320, 360, 768, 1280)


def enter(page, home, user, sign_in=sign_in):
    """Give the browser the session of somebody who is signed in."""
    client = Client()
    sign_in(client, user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": home}
    page.context.add_cookies([cookie])


def type_nothing(page, home):
    enter(page, home, make_user())
    page.goto(home + DELETE)
    page.get_by_role("button", name="Delete my account for good").click()
    expect(page.get_by_role("alert")).to_be_visible()


def just_signed_in(page, home):
    enter(page, home, make_user(email="somebody.with-a-long-name@department.county.state.example.gov"))
    page.goto(home + DELETE)
    expect(page.get_by_label("Type your e-mail address to confirm")).to_be_visible()


def signed_in_long_ago(page, home):
    enter(page, home, make_user(password=None), sign_in_long_ago)
    page.goto(home + DELETE)
    expect(page.get_by_role("button", name="Sign in again")).to_be_visible()


def the_last_admin(page, home):
    enter(page, home, make_admin())
    page.goto(home + DELETE)
    expect(page.get_by_role("link", name="You are the only admin")).to_be_visible()


def gone(page, home):
    page.goto(f"{home}/account/deleted/")


@pytest.mark.parametrize("state", [just_signed_in, type_nothing, signed_in_long_ago, the_last_admin, gone])
def test_axe_finds_nothing_in_any_state_and_nothing_is_too_wide(state, live_server, page):
    state(page, live_server.url)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert faults(page) == []


def test_somebody_takes_their_data_along_and_leaves_with_the_keyboard_alone(live_server, page):
    enter(page, live_server.url, make_user(name="Ada", email="ada@example.org"))
    page.goto(live_server.url + DELETE)
    tab_to(page, page.get_by_role("link", name="Download what we keep about you"))
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert json.loads(Path(download.value.path()).read_text())["account"]["name"] == "Ada"
    field = page.get_by_label("Type your e-mail address to confirm")
    tab_to(page, field, most=2)
    page.keyboard.type("eve@example.org")
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="This is not the address of your account."))
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    expect(field).to_have_value("eve@example.org")
    page.keyboard.press("Control+A")
    page.keyboard.type("ada@example.org")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/deleted/")
    assert User.objects.filter(erased_at=None).count() == 0
    assert "sessionid" not in {cookie["name"] for cookie in page.context.cookies()}


def test_somebody_leaves_on_a_phone_without_javascript(live_server, browser):
    phone = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}).new_page()
    enter(phone, live_server.url, make_user(email="ada@example.org"))
    phone.goto(live_server.url + DELETE)
    phone.get_by_label("Type your e-mail address to confirm").fill("ada@example.org")
    phone.get_by_role("button", name="Delete my account for good").click()
    phone.wait_for_url("**/account/deleted/")
    phone.context.close()
