"""The pages of the review before a decision in a real browser: without JavaScript, by keyboard, and typing."""

import pytest
from playwright.sync_api import expect

from alliance.core.tests.factories import sign_in_browser
from members.pathway import workflow
from members.pathway.models import CannedText, Message
from members.pathway.screening import POINTS

from .factories import make_reviewer, sign_and_hand_in
from .test_browser import press
from .test_handing_in import change
from .test_review_reading import at

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone(browser):
    """A phone without JavaScript."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


def test_a_chair_takes_an_application_from_screening_to_its_reviewers_by_keyboard(phone, live_server, submitted, chair):
    for name in ("Robin", "Rene"):
        make_reviewer(name=name)
    sign_in_browser(phone, live_server.url, chair)
    phone.goto(live_server.url + at("", submitted))
    phone.get_by_role("link", name="Screening").click()
    press(phone, phone.get_by_role("button", name="Begin screening"))
    press(phone, phone.get_by_role("button", name="Begin the review"))
    expect(phone.get_by_role("alert").get_by_role("link")).to_have_count(len(POINTS))
    for box in phone.get_by_role("checkbox").all():
        box.focus()
        phone.keyboard.press("Space")
    press(phone, phone.get_by_role("button", name="Begin the review"))
    expect(phone.get_by_role("status")).to_have_text("The review has begun. Let at least two people read it.")
    press(phone, phone.get_by_role("button", name="Assign the 2 with the least to do"))
    off = phone.get_by_role("button", name="Take off")
    expect(off).to_have_count(2)
    press(phone, off.first)
    expect(phone.locator(".lede")).to_contain_text("One more is needed")


def test_a_reviewer_declares_asks_again_and_sees_before_and_after(phone, live_server, submitted, chair):
    workflow.begin_screening(application=submitted, actor=chair)
    reviewer = make_reviewer(name="Robin")
    submitted.assignments.create(reviewer=reviewer, assigned_by=chair)
    sign_in_browser(phone, live_server.url, reviewer)
    phone.goto(live_server.url + at("", submitted))
    phone.get_by_label("No", exact=True).check()
    press(phone, phone.get_by_role("button", name="Go on"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("City of Lakeside")
    phone.goto(live_server.url + at("changes", submitted))
    section = phone.locator("details", has=phone.locator("[value=goal]"))
    if section.get_attribute("open") is None:
        section.locator("summary").click()
    section.locator("[value=goal]").check()
    press(phone, phone.get_by_role("button", name="Write what you ask"))
    phone.get_by_role("textbox").fill("Which residents?")
    press(phone, phone.get_by_role("button", name="Ask the team"))
    expect(phone.get_by_role("heading", name="Asked again, not answered yet")).to_be_visible()
    change(submitted, "goal", "Half as many evictions")
    sign_and_hand_in(submitted)
    phone.reload()
    expect(phone.locator(".sides").get_by_role("definition")).to_have_text(
        ["Fewer evictions", "Half as many evictions"]
    )


def test_typed_words_stay_when_a_text_is_put_in_and_on_this_device_until_they_are_sent(
    page, live_server, submitted, chair
):
    CannedText.objects.create(title="Thanks", text="Thank you for your patience.")
    sign_in_browser(page, live_server.url, chair)
    page.goto(live_server.url + at("messages", submitted))
    field = page.get_by_label("Your message")
    field.fill("Dear Lee,")
    page.get_by_label("Texts to begin from").select_option("Thanks")
    page.get_by_role("button", name="Put it into the message").click()
    expect(field).to_have_value("Dear Lee,\n\nThank you for your patience.")
    field.fill("Dear Lee,\n\nThank you for your patience. Soon.")
    page.goto(live_server.url + at("notes", submitted))
    expect(page.get_by_label("Your note")).to_have_value("")
    page.goto(live_server.url + at("messages", submitted))
    expect(field).to_have_value("Dear Lee,\n\nThank you for your patience. Soon.")
    page.get_by_role("button", name="Send to the team").click()
    expect(page.get_by_role("status")).to_have_text("Your message is sent.")
    expect(field).to_have_value("")
    assert Message.objects.count() == 1
