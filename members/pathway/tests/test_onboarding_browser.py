"""The onboarding in a real browser: the plan and the yes by keyboard without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from alliance.core.tests.factories import sign_in_browser
from cohorts.tests.factories import make_jurisdiction
from members.pathway.team import Role

from .factories import make_accepted_application, user_of
from .test_browser import press
from .test_onboarding import address

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def application():
    application = make_accepted_application()
    guide = make_jurisdiction(name="Hennepin County", kind=application.jurisdiction.kind)
    application.onboarding.guide = guide
    application.onboarding.save()
    return application


def test_a_team_ticks_a_step_off_and_says_yes_to_its_page_without_script(browser, live_server, application):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    sign_in_browser(page, live_server.url, user_of(application, Role.LEAD))
    page.goto(live_server.url + address(application, "application"))
    page.get_by_role("link", name="The plan of your first months").click()
    press(page, page.get_by_role("button", name=re.compile("It is done.*core team")))
    expect(page.locator(".lede")).to_contain_text("1 of 8 steps are done.")
    page.get_by_role("link", name="Look at the page").click()
    press(page, page.get_by_role("button", name="Yes, show this page"))
    expect(page.get_by_role("status")).to_have_text("Thank you. You have said yes to the page.")
    page.get_by_role("link", name="Your page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A line")
    context.close()
