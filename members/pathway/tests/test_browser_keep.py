"""Keeping a readiness check in an account, in a real browser on a phone."""

import pytest
from playwright.sync_api import expect

from alliance.accounts.tests.ways import code_in_mail
from alliance.core.tests.factories import make_user
from alliance.core.vocabulary import Domain
from alliance.tests.test_browser import faults

from .factories import make_assessment

pytestmark = pytest.mark.django_db(transaction=True)


def wide(page):
    """Whether the page scrolls sideways at the width of 400 % zoom."""
    page.set_viewport_size({"width": 320, "height": 740})
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_a_person_signs_in_to_keep_a_check_finds_it_in_the_account_and_lets_it_go(live_server, browser):
    assessment = make_assessment({Domain.DATA: 2}, name="Dennison Park and Recreation Board", state="MN")
    person = make_user()
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    heading = page.get_by_role("heading", level=1)

    page.goto(live_server.url + assessment.get_absolute_url())
    assert context.cookies() == []
    page.get_by_role("link", name="Keep it in your account").click()
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(code_in_mail(person.email))
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(heading).to_have_text("Keep this check in your account?")
    assert (faults(page), wide(page)) == ([], False)
    page.get_by_role("button", name="Keep it").click()
    expect(heading).to_have_text("Your account")
    expect(page.get_by_role("status")).to_have_text("The readiness check is kept in your account.")
    assert (faults(page), wide(page)) == ([], False)
    page.get_by_role("link", name="Dennison Park and Recreation Board, MN").click()
    expect(heading).to_have_text("Dennison Park and Recreation Board, MN: where you stand")

    page.get_by_role("link", name="Keep it in your account").click()
    expect(heading).to_have_text("This check is in your account")
    assert (faults(page), wide(page)) == ([], False)
    page.get_by_role("link", name="To your account").click()
    page.get_by_role("button", name="No longer keep").click()
    expect(heading).to_have_text("Your account")
    expect(page.get_by_role("heading", name="Your readiness checks")).to_be_hidden()
    assert not person.kept_assessments.exists()
    context.close()
