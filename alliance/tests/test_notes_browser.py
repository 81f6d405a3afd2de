"""Readers who speak up and curators who answer, in a real browser, to the end."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from alliance.core.models import OutgoingMail, Report
from alliance.core.tests.factories import make_curator, sign_in_browser
from alliance.core.tests.note_factories import make_report
from cohorts.tests.factories import make_jurisdiction
from cohorts.tests.test_admin_browser import OF_DJANGO
from resources.models import Resource, Suggestion
from resources.tests.factories import make_suggestion

from .test_browser import faults

pytestmark = pytest.mark.django_db(transaction=True)

KEY = "k" * 32


def mail_to(address, kind):
    return OutgoingMail.objects.get(to=address, kind=kind).text


def path_in(text, beginning):
    """The path of the one address of this site in a mail that begins so."""
    (path,) = [line[len("http://localhost:8000") :] for line in text.splitlines() if beginning in line]
    return path


@pytest.fixture
def phone(browser):
    context = browser.new_context(viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


@pytest.fixture
def plain_phone(browser):
    """With JavaScript off."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


def test_a_suggestion_becomes_a_published_resource_and_its_sender_hears_of_it(live_server, phone, page):
    site = str(live_server)
    phone.goto(f"{site}/resources/?q=quiltwork")
    phone.get_by_role("link", name="Suggest a resource").click()
    phone.get_by_label("Title").fill("Quiltwork budgeting for small towns")
    phone.get_by_label("Web address").fill("example.org/quiltwork")
    phone.get_by_label("Your e-mail address").fill("Ada@example.org")
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("alert")).to_contain_text("Say why it helps.")
    phone.get_by_role("link", name="Say why it helps.").click()
    expect(phone.get_by_label("Why does it help?")).to_be_focused()
    phone.keyboard.type("A town of 900 people did it.")
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Now look into your mailbox")
    phone.goto(site + path_in(mail_to("ada@example.org", "note_confirm"), "/notes/"))
    expect(phone.get_by_text("https://example.org/quiltwork")).to_be_visible()
    phone.get_by_role("button", name="Confirm and send").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you, we have it")
    assert phone.context.cookies() == []

    sign_in_browser(page, live_server, make_curator())
    page.goto(f"{site}/admin/")
    page.get_by_role("link", name="Suggestions for the library").click()
    page.get_by_role("link", name="Quiltwork budgeting").click()
    page.get_by_role("button", name="Make a draft of it").click()
    assert Resource.objects.get().status == "draft"
    page.get_by_label("Publication:").select_option("published")
    page.get_by_role("button", name="Save and continue editing").first.click()
    page.goto(f"{site}/admin/resources/suggestion/{Suggestion.objects.get().pk}/change/")
    used = page.locator("form#used")
    used.get_by_role("button", name="Show the mail first").click()
    expect(used).to_contain_text("> Thank you. It is in the library now:")
    used.get_by_role("button", name="Settle as used").click()
    expect(page.get_by_text("Settled. The sender gets your answer")).to_be_visible()

    path = path_in(mail_to("ada@example.org", "note_settled"), "/resources/")
    assert Suggestion.objects.get().email == ""
    phone.goto(f"{site}/resources/?q=quiltwork")
    phone.get_by_role("link", name="Quiltwork budgeting for small towns").click()
    assert phone.url == site + path


def test_a_reader_without_javascript_reports_a_mistake_from_the_page_that_has_it(live_server, plain_phone):
    page = plain_phone
    jurisdiction = make_jurisdiction(name="Dennison", slug="dennison-mn")
    page.goto(f"{live_server}{jurisdiction.get_absolute_url()}")
    page.get_by_role("link", name="Something wrong here?").click()
    expect(page.get_by_label("Page")).to_have_value("/jurisdictions/dennison-mn/")
    page.get_by_label("What is wrong?").fill("It has 300 people.")
    page.get_by_label("Where can we see it?").fill("javascript:alert(1)")
    page.get_by_label("Your e-mail address").fill("ada@example.org")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("Where can we see it?")).to_have_value("javascript:alert(1)")
    page.get_by_label("Where can we see it?").fill("https://www.census.gov/")
    page.get_by_role("button", name="Send").click()
    page.goto(f"{live_server}{path_in(mail_to('ada@example.org', 'note_confirm'), '/notes/')}")
    page.get_by_role("button", name="Confirm and send").click()
    report = Report.objects.get()
    assert (report.state, report.page, report.source) == (
        "waiting",
        "/jurisdictions/dennison-mn/",
        "https://www.census.gov/",
    )


def test_a_broken_link_can_be_reported_from_the_page_that_says_so(live_server, plain_phone):
    plain_phone.goto(f"{live_server}/jurisdictions/<gone> away/")
    plain_phone.get_by_role("contentinfo").get_by_role("link", name="Something wrong here?").click()
    expect(plain_phone.get_by_label("Page")).to_have_value("/jurisdictions/%3Cgone%3E%20away/")


def test_tab_passes_by_the_trap(live_server, page):
    page.goto(f"{live_server}/report/")
    page.get_by_label("Your e-mail address").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send")).to_be_focused()
    assert page.get_by_role("textbox").count() == 4


STATES = {
    "empty": "/suggest/",
    "prefilled": "/report/?page=/jurisdictions/",
    "sent": "/notes/sent/",
    "to confirm": f"/notes/{KEY}/",
    "confirmed": "/notes/confirmed/",
    "deleted": "/notes/deleted/",
    "gone": f"/notes/{'z' * 32}/",
}


def test_axe_finds_nothing_and_nothing_scrolls_sideways_in_any_state(live_server, page):
    make_report(
        state="unconfirmed", key=KEY, what="So long a word: " + "x" * 300, source="https://example.org/" + "y" * 300
    )
    found = {}
    for name, address in [*STATES.items(), ("errors", "/report/"), ("errors of a suggestion", "/suggest/")]:
        for width, scheme in ((320, "light"), (360, "dark"), (1280, "light"), (1280, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.goto(f"{live_server}{address}")
            if name.startswith("errors"):
                page.get_by_role("button", name="Send").click()
                expect(page.get_by_role("alert")).to_be_visible()
            wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            if faults(page) or wide:
                found[name, width, scheme] = (faults(page), wide)
    assert found == {}


def test_axe_finds_nothing_on_the_pages_of_the_curators_but_what_is_django_s_own(live_server, page):
    suggestion, report, settled = make_suggestion(), make_report(what="x" * 300), make_report(state="used")
    sign_in_browser(page, live_server, make_curator())
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    found = {}
    for path in (
        "",
        "core/report/",
        f"core/report/{report.pk}/change/",
        f"core/report/{settled.pk}/change/",
        f"resources/suggestion/{suggestion.pk}/change/",
    ):
        page.goto(f"{live_server}/admin/{path}")
        page.wait_for_load_state("networkidle")
        complaints = list(said)
        wrong = [rule["id"] for rule in Axe().run(page).response["violations"] if rule["id"] not in OF_DJANGO]
        said.clear()  # axe reads stylesheets in its own way
        found |= {path: (complaints, wrong)} if complaints or wrong else {}
    assert found == {}
