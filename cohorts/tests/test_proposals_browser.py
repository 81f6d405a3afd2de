"""A member keeps the page of their government, and a curator settles it, in real browsers."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from alliance.core.models import OutgoingMail
from alliance.core.tests.factories import make_curator, sign_in_browser
from alliance.tests.test_browser import faults
from cohorts.models import Proposal
from members.pathway.tests.test_browser import press
from resources.tests.factories import make_adoption, make_resource

from .factories import make_jurisdiction, make_member, make_milestone, make_proposal

pytestmark = pytest.mark.django_db(transaction=True)

WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
WIDTHS = ((320, "light"), (360, "dark"), (768, "light"), (1280, "dark"), (1280, "light"))


@pytest.fixture
def town():
    return make_jurisdiction(name="Oakwood", slug="oakwood-mn", summary="It has an office.")


@pytest.fixture
def rosa(town):
    return make_member(town, name="Rosa Diaz", email="rosa@oakwood.example.gov")


@pytest.fixture
def phone(browser, live_server, rosa):
    """A phone with JavaScript off, signed in as the member."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    sign_in_browser(page, live_server, rosa)
    yield page
    context.close()


@pytest.fixture
def desk(browser, live_server):
    """A curator at their desk."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    sign_in_browser(page, live_server, make_curator(name="Ada Lovelace"))
    yield page
    context.close()


def test_a_member_proposes_a_milestone_a_curator_edits_and_accepts_and_the_public_page_shows_it(
    town, phone, desk, live_server
):
    phone.goto(f"{live_server}/account/")
    press(phone, phone.get_by_role("link", name="Oakwood, MN"))
    press(phone, phone.get_by_role("link", name="Propose a milestone"))
    press(phone, phone.get_by_role("button", name="Send to the curators"))
    expect(phone.get_by_role("alert")).to_contain_text("Give a public page that shows it.")
    press(phone, phone.get_by_role("link", name="Say what it is called."))
    phone.keyboard.type("All department heads trained in 2016")
    phone.get_by_label("Kind of act").select_option("Training")
    phone.get_by_label("Date").fill("2016-03")
    phone.get_by_label("Sources").fill("https://example.gov/training")
    phone.get_by_label("A note to the curator").fill("The council's minutes show it.")
    press(phone, phone.get_by_role("button", name="Send to the curators"))
    expect(phone.get_by_role("status")).to_have_text("Thank you. A curator looks at it, and we write to you then.")
    expect(phone.get_by_text("A curator has yet to look at this.")).to_be_visible()

    desk.goto(f"{live_server}/admin/cohorts/proposal/")
    desk.locator("#result_list").get_by_role("link", name="Milestone").click()
    expect(desk.get_by_text("The council's minutes show it.")).to_be_visible()
    desk.get_by_label("What it is called, proposed").fill("Training of all department heads")
    desk.locator("#accept").get_by_label("Words to the member").fill("Thank you. We shortened the title.")
    desk.locator("#accept").get_by_role("button", name="Show the mail first").click()
    expect(desk.locator("#accept .preview")).to_contain_text("> Thank you. We shortened the title.")
    desk.locator("#accept").get_by_role("button", name="Accept").click()
    expect(desk.locator(".messagelist")).to_have_text("Settled. The member gets your words by mail.")

    phone.reload()
    expect(phone.get_by_text("Accepted, with some changes to the words. The page says it now.")).to_be_visible()
    expect(phone.get_by_text("Thank you. We shortened the title.")).to_be_visible()
    phone.goto(f"{live_server}{town.get_absolute_url()}")
    expect(phone.get_by_role("heading", name="Training of all department heads")).to_be_visible()
    expect(phone.get_by_role("link", name="example.gov")).to_have_attribute("href", "https://example.gov/training")
    assert OutgoingMail.objects.get().to == "rosa@oakwood.example.gov"


def test_a_member_withdraws_and_reads_why_another_was_declined(town, rosa, phone, desk, live_server):
    one = make_proposal(jurisdiction=town, proposed_by=rosa)
    other = make_proposal(
        jurisdiction=town, proposed_by=rosa, kind="website", proposed={"website": "https://a.example"}
    )
    phone.goto(f"{live_server}{one.get_absolute_url()}")
    press(phone, phone.get_by_role("button", name="Withdraw it"))
    expect(phone.get_by_role("status")).to_have_text("You have withdrawn it.")

    desk.goto(f"{live_server}/admin/cohorts/proposal/{other.pk}/change/")
    desk.locator("#decline").get_by_role("button", name="Decline").click()
    expect(desk.locator("#decline .errorlist")).to_have_text("Say why, in a sentence.")
    desk.locator("#decline").get_by_label("Words to the member").fill("It is not a page of the town.")
    desk.locator("#decline").get_by_role("button", name="Decline").click()
    expect(desk.locator(".messagelist")).to_be_visible()

    phone.goto(f"{live_server}/account/governments/oakwood-mn/")
    press(phone, phone.get_by_role("link", name="Website", exact=True))
    expect(phone.get_by_text("Declined. The page stays as it is.")).to_be_visible()
    expect(phone.get_by_text("It is not a page of the town.")).to_be_visible()
    assert sorted(Proposal.objects.values_list("state", flat=True)) == ["declined", "withdrawn"]


def test_axe_finds_nothing_and_nothing_scrolls_sideways(town, rosa, page, live_server):
    milestone = make_milestone(jurisdiction=town, title="Averyveryverylongtitlewithoutanyblankatall" * 3)
    make_adoption(jurisdiction=town, resource=make_resource(title="Toolkit"))
    fields = {"jurisdiction": town, "proposed_by": rosa, "before": {"summary": "Before."}}
    one = make_proposal(**fields, note="See the news.")
    edited = make_proposal(**fields, state="accepted", final={"summary": "Shorter."})
    base = "/account/governments/oakwood-mn/"
    pages = [base, "/account/", one.get_absolute_url(), edited.get_absolute_url()]
    pages += [f"{base}propose/{kind}/" for kind in ("summary", "website", "office", "adoption")]
    pages += [f"{base}propose/milestone/{milestone.pk}/", "refused"]
    sign_in_browser(page, live_server, rosa)
    said, wrong = [], []
    page.on("console", lambda message: said.append(message.text) if "400" not in message.text else None)
    for where in pages:
        if where == "refused":
            page.goto(f"{live_server}{base}propose/office/")
            page.get_by_label("Person to ask for").fill("Rosa Diaz")
            page.get_by_role("button", name="Send to the curators").click()
            page.get_by_role("link", name="Tick this only if they agreed, or leave the name out.").click()
            expect(page.get_by_label("This person agreed that their name is public")).to_be_focused()
        else:
            assert page.goto(f"{live_server}{where}").status == 200
        for width, scheme in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            wrong += [(where, width, fault) for fault in faults(page)]
            wrong += [(where, width, "wide")] if page.evaluate(WIDE) else []
    assert (wrong, said) == ([], [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_curators_page(town, desk, live_server, scheme):
    one, done = (
        make_proposal(jurisdiction=town),
        make_proposal(jurisdiction=town, state="accepted", answer="Thank you."),
    )
    desk.emulate_media(color_scheme=scheme)
    for proposal in (one, done):
        desk.goto(f"{live_server}/admin/cohorts/proposal/{proposal.pk}/change/")
        assert faults(desk) == []
    desk.goto(f"{live_server}/admin/cohorts/proposal/{one.pk}/change/")
    desk.locator("#decline").get_by_role("button", name="Decline").click()
    assert faults(desk) == []


def test_what_a_member_types_stays_on_their_device_until_it_has_arrived(town, rosa, browser, live_server):
    context = browser.new_context()
    page = context.new_page()
    sign_in_browser(page, live_server, rosa)
    page.goto(f"{live_server}/account/governments/oakwood-mn/propose/summary/")
    page.get_by_label("Summary").fill("It adopted a plan.")
    page.reload()
    expect(page.get_by_label("Summary")).to_have_value("It adopted a plan.")
    expect(page.locator("#saved")).to_contain_text("These are your words from this device")
    assert faults(page) == []
    Session.objects.all().delete()
    page.get_by_role("button", name="Send to the curators").click()
    expect(page.locator("#saved")).to_contain_text("You are signed out. Your words are kept on this device")
    sign_in_browser(page, live_server, rosa)
    page.get_by_role("button", name="Send to the curators").click()
    expect(page.get_by_role("status")).to_have_text("Thank you. A curator looks at it, and we write to you then.")
    assert Proposal.objects.get().proposed == {"summary": "It adopted a plan."}
    assert page.evaluate("localStorage.length") == 0
    context.close()
