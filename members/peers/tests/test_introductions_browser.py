"""A leader asks a peer, both agree, and only then see addresses; a third is blocked and reported. In real browsers."""

import pytest
from playwright.sync_api import expect

from alliance.core.tests.factories import make_admin, make_user, sign_in_browser
from members.pathway.tests.test_browser import press

from .factories import make_member, make_profile

pytestmark = pytest.mark.django_db(transaction=True)

WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def device(browser, live_server):
    """Give a person a phone with JavaScript off; its pages are closed at the end."""
    contexts = []

    def open_for(user, **settings):
        settings = {"java_script_enabled": False, "viewport": {"width": 360, "height": 740}} | settings
        contexts.append(browser.new_context(**settings))
        page = contexts[-1].new_page()
        sign_in_browser(page, live_server, user)
        return page

    yield open_for
    for context in contexts:
        context.close()


def make_peer(name, **fields):
    return make_profile(make_member(make_user(name=name)), **fields).user


def test_two_agree_and_only_then_see_addresses_and_a_third_is_blocked_and_reported(device, live_server):
    rosa, paul, eve = make_peer("Rosa Diaz", shown=["name"]), make_peer("Paul Ng"), make_peer("Eve Stone")
    leader, peer, third = device(rosa), device(paul), device(eve)

    leader.goto(f"{live_server}/peers/")
    press(leader, leader.get_by_role("link", name="Paul Ng").first)
    press(leader, leader.get_by_role("link", name="Ask to meet"))
    press(leader, leader.get_by_role("button", name="Ask to meet"))
    expect(leader.get_by_role("alert")).to_contain_text("Write a few words to them.")
    leader.get_by_label("Your message").fill("How did you train your staff?")
    press(leader, leader.get_by_role("button", name="Ask to meet"))
    expect(leader.get_by_role("status")).to_have_text("Sent. We write to you when there is an answer.")

    peer.goto(f"{live_server}/peers/")
    press(peer, peer.get_by_role("link", name="Introductions"))
    press(peer, peer.get_by_role("link", name="Rosa Diaz"))
    expect(peer.get_by_text("How did you train your staff?")).to_be_visible()
    for page, address in ((leader, paul.email), (peer, rosa.email)):
        page.reload()
        expect(page.get_by_role("link", name=address)).to_have_count(0)
    press(peer, peer.get_by_role("button", name="Accept"))
    expect(peer.get_by_role("status")).to_have_text("Accepted. You two see each other's address now.")
    leader.reload()
    for page, address in ((leader, paul.email), (peer, rosa.email)):
        expect(page.get_by_role("link", name=address)).to_be_visible()
        assert not page.evaluate(WIDE)

    third.goto(f"{live_server}/peers/{rosa.peer_profile.pk}/ask/")
    third.get_by_label("Your message").fill("Answer me. Answer me.")
    press(third, third.get_by_role("button", name="Ask to meet"))
    expect(third.get_by_role("status")).to_have_text("Sent. We write to you when there is an answer.")
    leader.goto(f"{live_server}/account/introductions/")
    press(leader, leader.get_by_role("link", name="Eve Stone"))
    press(leader, leader.get_by_role("link", name="Report them to staff"))
    leader.get_by_label("What happened?").fill("They press me for an answer.")
    leader.get_by_label("Block this person, too").check()
    press(leader, leader.get_by_role("button", name="Send to staff"))
    expect(leader.get_by_role("heading", level=1)).to_have_text("Somebody who can’t be found now")
    third.reload()
    expect(third.get_by_role("heading", level=1)).to_have_text("Somebody who can’t be found now")
    for page, user in ((leader, eve), (third, rosa)):
        page.goto(f"{live_server}/peers/")
        expect(page.get_by_role("link", name="Paul Ng").first).to_be_visible()
        expect(page.get_by_role("link", name=user.name)).to_have_count(0)
        assert page.goto(f"{live_server}/peers/{user.peer_profile.pk}/").status == 404

    desk = device(make_admin(), viewport={"width": 1280, "height": 900})
    desk.goto(f"{live_server}/admin/peers/abusereport/")
    desk.locator("#result_list tbody").get_by_role("link").click()
    expect(desk.get_by_text("They press me for an answer.")).to_be_visible()
    assert "Answer me." not in desk.content()
