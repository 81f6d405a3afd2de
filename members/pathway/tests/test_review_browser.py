"""The pages of the review in a real browser: without JavaScript, by keyboard alone, and typing."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from alliance.core.tests.factories import sign_in_browser
from alliance.core.vocabulary import Domain
from members.pathway import workflow
from members.pathway.models import CannedText, Decision, Message
from members.pathway.screening import POINTS
from members.pathway.states import Status

from .factories import (
    have_no_conflict,
    make_application_in,
    make_chair,
    make_review,
    make_reviewer,
    sign_and_hand_in,
)
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


# What has the focus: whether one sees it there, with nothing in front of it; and how far down the page it is.
FOCUS = """() => {
    const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
    const front = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, innerHeight) / 2);
    // The button for the calendar in a field of a day is drawn by the browser, and so is its focus.
    const isShown = style.outlineStyle !== 'none' || one.matches('[type=date]:focus-within:not(:focus)');
    return [isShown && parseFloat(style.outlineWidth) >= 2 && one.contains(front),
            one.closest('form') ? Math.round(box.y + scrollY) : 0];
}"""


def tab_to(page, target):
    """Press Tab up to `target`: whatever has the focus on the way is seen, and comes in the order of the page."""
    depth = 0
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            continue  # past the end of the page; it begins anew
        is_seen, further = page.evaluate(FOCUS)
        where = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        assert is_seen, where
        assert not further or further >= depth, where
        depth = further
        if page.locator(":focus").and_(target).count():
            return
    pytest.fail(f"Tab did not reach {target}")


def enter(page, role, name):
    tab_to(page, page.get_by_role(role, name=name, exact=True))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page, group, place):
    """Reach a set of radio buttons, which one enters at its first, and go down in it."""
    tab_to(page, group.get_by_role("radio").first)
    page.keyboard.press("Space")
    for _ in range(place):
        page.keyboard.press("ArrowDown")
    expect(group.get_by_role("radio").nth(place)).to_be_checked()


@pytest.mark.parametrize("has_script", [True, False])
def test_by_keys_alone_one_declares_and_scores_another_proposes_and_a_third_confirms_and_releases(
    has_script, browser, live_server
):
    mae, ida = make_chair(), make_chair()
    other, one = make_application_in(Status.IN_REVIEW), make_application_in(Status.IN_REVIEW)
    for application, name in ((other, "Lyle"), (one, "Adams")):
        application.government_name = name
        application.save()
        have_no_conflict(application, mae, ida)
        for level in (1, 2):
            make_review(application, level=level)
    workflow.propose(application=other, actor=mae, outcome="referred", referred_to="The league", letter="Dear all")
    workflow.confirm(application=other, actor=ida)
    ada = make_reviewer()
    one.assignments.create(reviewer=ada, assigned_by=mae)
    options = {"viewport": {"width": 1280, "height": 720}, "java_script_enabled": has_script}
    page = browser.new_context(base_url=live_server.url, **options).new_page()

    sign_in_browser(page, live_server.url, ada)
    page.goto(at("", one))
    enter(page, "button", "Go on")
    enter(page, "link", "Choose one.")
    expect(page.get_by_role("radio", name="No", exact=True)).to_be_focused()
    page.keyboard.press("Space")
    enter(page, "button", "Go on")
    expect(page.get_by_role("heading", level=1)).to_have_text("Adams")
    enter(page, "link", "Your review")
    for domain in Domain:
        region = page.get_by_role("region", name=domain.label, exact=True)
        choose(page, region, 2)
        tab_to(page, region.get_by_role("textbox"))
        if domain != Domain.DATA:
            page.keyboard.type("It says so.")
        tab_to(page, region.get_by_label("Policy"))
        page.keyboard.press("Space")
    enter(page, "button", "Hand it in")
    expect(page.get_by_role("alert")).to_contain_text("It is saved, and not handed in yet.")
    enter(page, "link", "Data: say why.")
    page.keyboard.type("Nothing is split by race.")
    enter(page, "button", "Hand it in")
    expect(page.get_by_role("heading", level=1)).to_have_text("How the levels compare")
    assert one.reviews.get(reviewer=ada).scores.filter(level=2).exclude(rationale="").count() == len(Domain)

    sign_in_browser(page, live_server.url, mae)
    page.goto(at("decision", one))
    choose(page, page.get_by_role("group", name="Outcome"), 2)
    enter(page, "button", "Go on to the letter")
    enter(page, "link", "Say from which day they are invited back.")
    page.keyboard.type(f"{timezone.localdate() + timedelta(days=90):%m%d%Y}")
    enter(page, "button", "Go on to the letter")
    enter(page, "button", "See how it reads")
    expect(page.locator(".letter")).to_contain_text("Our answer today is: not yet.")
    enter(page, "button", "Propose it")
    expect(page.get_by_role("status")).to_contain_text("The decision is proposed.")

    sign_in_browser(page, live_server.url, ida)
    page.goto(at("decision", one))
    enter(page, "button", "Confirm it")
    enter(page, "link", "All that are held")
    enter(page, "button", "Release those chosen")
    enter(page, "link", "Choose at least one decision that is still held.")
    for name in ("Lyle", "Adams"):
        tab_to(page, page.get_by_label(name))
        page.keyboard.press("Space")
    enter(page, "button", "Release those chosen")
    expect(page.get_by_role("status")).to_contain_text("2 answers are released")
    assert Decision.objects.released().count() == 2
    page.context.close()
