"""The admin in a real browser, under the policy that allows nothing inline."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from alliance.core.tests.factories import make_admin, sign_in_browser
from cohorts.models import Jurisdiction

from .factories import make_cohort, make_cohort_seat, make_jurisdiction, make_membership, make_milestone, make_place

# Django's own: the head of a table's first column is empty, and Select2 gives its boxes no name.
OF_DJANGO = {"empty-table-header", "aria-input-field-name"}

REPORT = """
    addEventListener("securitypolicyviolation", event => console.error("policy: " + event.violatedDirective), true)
"""


@pytest.fixture
def faults(page):
    """What the browser complains of: script errors, missing files and everything that the policy stops."""
    found = []
    page.add_init_script(REPORT)
    page.on("console", lambda message: found.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def signed_in(live_server, page, faults):
    """A page of an admin who has signed in; it is on the index."""
    sign_in_browser(page, live_server, make_admin(email="ada@example.org"))
    page.goto(f"{live_server}/admin/")
    return page


def test_the_policy_stops_nothing_on_any_page_of_the_admin(signed_in, live_server, faults):
    seat = make_cohort_seat(joined="2014-07")
    seattle = seat.jurisdiction
    make_milestone(jurisdiction=seattle)
    tie = make_membership(jurisdiction=seattle)
    pages = [
        "",
        "cohorts/jurisdiction/",
        "cohorts/jurisdiction/add/",
        f"cohorts/jurisdiction/{seattle.pk}/change/",
        f"cohorts/jurisdiction/{seattle.pk}/delete/",
        f"cohorts/jurisdiction/{seattle.pk}/history/",
        f"cohorts/cohort/{seat.cohort_id}/change/",
        "cohorts/membership/add/",
        f"core/user/{tie.user_id}/change/",
        "core/user/add/",
        "auth/group/add/",
    ]
    complaints = {}
    for path in pages:
        signed_in.goto(f"{live_server}/admin/{path}")
        signed_in.wait_for_load_state("networkidle")
        complaints[path], faults[:] = list(faults), []
    assert complaints == dict.fromkeys(pages, [])


def choose(page, box, words, offer):
    """Open an autocomplete box, type, and take the offer."""
    page.locator(f'[aria-labelledby="select2-{box}-container"]').click()
    page.locator(".select2-search__field").fill(words)
    page.locator(".select2-results__option", has_text=offer).click()


def test_a_curator_adds_a_government_by_typing_the_names_of_its_place_and_cohort(signed_in, live_server, faults):
    place = make_place(name="Minneapolis", population=429_954)
    cohort = make_cohort(name="The first seven")
    signed_in.goto(f"{live_server}/admin/cohorts/jurisdiction/add/")
    signed_in.fill("#id_name", "Minneapolis")
    signed_in.select_option("#id_kind", "city")
    signed_in.select_option("#id_state", "MN")
    expect(signed_in.locator("#id_slug")).to_have_value("minneapolis-mn")
    choose(signed_in, "id_place", "minneaplis", "Minneapolis, MN, City or town, 429,954 people")
    signed_in.get_by_text("Add another Cohort seat").click()
    choose(signed_in, "id_cohort_seats-0-cohort", "first", "The first seven")
    signed_in.fill("#id_cohort_seats-0-joined", "2014-07")
    signed_in.locator("input[name=_save]").first.click()
    expect(signed_in.locator(".messagelist")).to_contain_text("was added successfully")
    added = Jurisdiction.objects.get()
    assert (added.slug, added.place, added.status) == ("minneapolis-mn", place, "draft")
    assert list(added.cohort_seats.values_list("cohort", "joined")) == [(cohort.pk, "2014-07")]
    assert faults == []


def test_an_action_publishes_what_was_ticked(signed_in, live_server, faults):
    draft = make_jurisdiction(status="draft")
    signed_in.goto(f"{live_server}/admin/cohorts/jurisdiction/")
    signed_in.check(".action-select")
    signed_in.select_option("select[name=action]", "publish")
    signed_in.get_by_role("button", name="Go").click()
    expect(signed_in.locator(".messagelist")).to_have_text("1 page was published.")
    draft.refresh_from_db()
    assert (draft.status, faults) == ("published", [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_but_what_is_djangos_own(signed_in, live_server, scheme):
    seat = make_cohort_seat(joined="2014-07")
    make_milestone(jurisdiction=seat.jurisdiction)
    signed_in.emulate_media(color_scheme=scheme)
    found = {}
    for path in ("", "cohorts/jurisdiction/", f"cohorts/jurisdiction/{seat.jurisdiction_id}/change/", "logout"):
        if path == "logout":
            signed_in.context.clear_cookies()
            path = "login/"
        signed_in.goto(f"{live_server}/admin/{path}")
        violations = Axe().run(signed_in).response["violations"]
        found[path] = {violation["id"] for violation in violations} - OF_DJANGO
    assert set().union(*found.values()) == set(), found
