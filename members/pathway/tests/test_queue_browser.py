"""The queue, the figures and the public record in a real browser: each state, phone and desktop, without script."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from alliance.core.tests.factories import sign_in_browser
from alliance.tests.test_browser import faults
from members.pathway.states import OUTCOMES, Status

from .factories import assign, have_no_conflict, make_chair, make_reviewer
from .test_figures import make_past
from .test_queue import make
from .test_team_browser import WIDE, looks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chair():
    return make_chair()


@pytest.fixture
def application(chair):
    """One of many that are there for the chair; ten of them decided long ago."""
    readers = make_reviewer(name="Bartholomew-Alexander Featherstonehaugh"), make_reviewer()
    for number, status in enumerate([Status.SUBMITTED, Status.SCREENING, Status.IN_REVIEW, Status.CHANGES_REQUESTED]):
        one = make(
            status, 30 * number, government_name="Long" * 12 + " Unified School District", kind="city", state="MN"
        )
        assign(one, *readers)
    for number in range(10):
        make_past(outcome=OUTCOMES[number % 2])
    have_no_conflict(one, chair)
    chair.kept_views.create(name="Late in Minnesota", query="state=MN&flag=overdue")
    return one


def test_axe_finds_nothing_and_nothing_scrolls_sideways_in_any_state(application, chair, page, live_server):
    nobody, said, wrong = make_reviewer(), [], []
    page.on("console", lambda message: said.append(message.text))
    states = {
        "queue": (chair, "/review/"),
        "filtered": (chair, "/review/?state=MN&flag=overdue&q=long&sort=name"),
        "nothing found": (chair, "/review/?state=WI&q=zzz"),
        "nothing to do": (nobody, "/review/"),
        "figures": (chair, "/review/figures/"),
        "public figures": (chair, "/pathway/"),
        "record": (chair, f"/review/{application.pk}/record/"),
    }
    for name, (user, where) in states.items():
        sign_in_browser(page, live_server, user)
        assert page.goto(f"{live_server}{where}").status == 200
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        for width in looks(page, live_server):
            wrong += [(name, width, fault) for fault in faults(page)]
            wrong += [(name, width, "wide")] if page.evaluate(WIDE) else []
    assert (wrong, said) == ([], [])


def test_a_chair_on_a_phone_without_script_goes_to_what_waits_keeps_a_view_and_exports_a_record(
    application, chair, browser, live_server
):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    sign_in_browser(page, live_server, chair)
    page.goto(f"{live_server}/account/")
    page.get_by_role("link", name="Review", exact=True).click()
    page.get_by_role("link", name="Screen it").first.click()
    expect(page.get_by_text("2 found")).to_be_visible()
    page.get_by_text("Keep this view").click()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("alert")).to_contain_text("Give the view a name.")
    page.get_by_label("Name of the view").fill("To screen")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("The view is kept.")).to_be_visible()
    page.get_by_role("link", name="To screen").click()
    expect(page.get_by_text("2 found")).to_be_visible()
    page.goto(f"{live_server}/review/{application.pk}/")
    page.get_by_role("link", name="Public record").click()
    page.get_by_label("A page to print").check()
    page.get_by_role("button", name="Export it").click()
    expect(page.get_by_text("What names people is taken out.")).to_be_visible()
    assert application.history.filter(verb="export", at__gt=timezone.now() - timedelta(minutes=5)).count() == 1
    context.close()
