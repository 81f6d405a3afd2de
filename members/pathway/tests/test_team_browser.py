"""The team and the files of an application in a real browser: phone and desktop, keyboard, with and without script."""

import gzip
import re

import html5lib
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from alliance.core.tests.factories import make_user, sign_in_browser
from alliance.core.tests.files import SAMPLES
from alliance.tests.test_browser import faults
from alliance.tests.test_pages import BUDGET
from members.pathway import workflow
from members.pathway.team import Role

from .factories import make_application, make_member
from .test_browser import press
from .test_files import add, padded
from .test_team import address, link_in_mail

pytestmark = pytest.mark.django_db(transaction=True)

LEAD = "rosa.diaz@leroy.example.gov"
ASKED = "city.clerk.with.a.long.address@leroy-township.example.gov"


@pytest.fixture
def lead():
    return make_user(name="Rosa Diaz", email=LEAD)


@pytest.fixture
def application(lead):
    application = make_application(lead)
    application.government_name = "City of Le Roy"
    application.save()
    return application


@pytest.fixture
def team(application, lead):
    """Four people, one of them with a very long name, and two invitations; two files."""
    make_member(application, Role.EDITOR, make_user(name="Ama Boateng"))
    make_member(application, Role.VIEWER, make_user(email="planning.and.zoning@leroy-township.example.gov"))
    make_member(application, Role.SPONSOR, make_user(name="Bartholomew-Alexander Featherstonehaugh" * 3))
    for email, role in ((ASKED, Role.EDITOR), ("mayor@leroy.example.gov", Role.VIEWER)):
        workflow.invite(application=application, user=lead, email=email, role=role)
    add(application, SAMPLES["pdf"], "Resolution 2019-14.pdf")
    add(application, SAMPLES["docx"], "A_very_long_name_without_a_blank_" * 5 + ".docx")
    return application


@pytest.fixture
def page(page, live_server, lead):
    sign_in_browser(page, live_server, lead)
    return page


@pytest.fixture
def plain(browser, live_server, lead):
    """A phone with JavaScript off, signed in as the lead."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    sign_in_browser(page, live_server, lead)
    yield page
    context.close()


def states(application):
    """(who looks, address) of every page of the team and the files, in each state that a GET can show."""
    lead, editor, viewer = (application.team.get(role=role) for role in ("lead", "editor", "viewer"))
    sponsor = application.team.get(role="sponsor")
    invitation = application.invitations.get(email=ASKED)
    empty, full = make_application(lead.user), make_application(lead.user)
    for number in range(10):
        add(full, padded(1000, number))
    handed_in = make_application(lead.user, status="submitted", reference="A-1", submitted_at=timezone.now())
    return {
        "team": (lead.user, address("application_team", application)),
        "team of a viewer": (viewer.user, address("application_team", application)),
        "team of one": (lead.user, address("application_team", empty)),
        "remove": (lead.user, address("application_member_remove", application, sponsor.pk)),
        "leave": (editor.user, address("application_member_remove", application, editor.pk)),
        "leave as the lead": (lead.user, address("application_member_remove", application, lead.pk)),
        "hand over": (lead.user, address("application_hand_over", application, sponsor.pk)),
        "take back": (lead.user, address("application_invitation_revoke", application, invitation.pk)),
        "invitation": (make_user(email=ASKED), f"/pathway/invitations/{invitation.key}/"),
        "files": (lead.user, address("application_files", application)),
        "files of a viewer": (viewer.user, address("application_files", application)),
        "no files": (lead.user, address("application_files", empty)),
        "ten files": (lead.user, address("application_files", full)),
        "files handed in": (lead.user, address("application_files", handed_in)),
        "remove a file": (
            lead.user,
            address("application_file_remove", application, application.attachments.last().pk),
        ),
    }


def looks(page, live_server):
    """Show each width in each color."""
    for width, scheme in ((320, "light"), (360, "dark"), (768, "dark"), (1280, "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no color on its way to another
        yield width


WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def test_axe_finds_nothing_and_nothing_scrolls_sideways_in_any_state(team, page, live_server):
    said, wrong = [], []
    page.on("console", lambda message: said.append(message.text))
    for name, (user, where) in states(team).items():
        sign_in_browser(page, live_server, user)
        assert page.goto(f"{live_server}{where}").status == 200
        for width in looks(page, live_server):
            wrong += [(name, width, fault) for fault in faults(page)]
            wrong += [(name, width, "wide")] if page.evaluate(WIDE) else []
    assert (wrong, said) == ([], [])


def test_the_refused_forms_have_no_fault_either_and_their_summary_leads_to_the_field(team, page, live_server):
    page.goto(f"{live_server}{address('application_team', team)}")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("alert")).to_be_visible()
    for _width in looks(page, live_server):
        assert (faults(page), page.evaluate(WIDE)) == ([], False)
    page.get_by_role("link", name="Type the address of the person.").click()
    expect(page.get_by_label("E-mail address")).to_be_focused()
    page.get_by_role("link", name="Choose what this person may do.").click()
    expect(page.get_by_role("radio", name="Editor")).to_be_focused()

    page.goto(f"{live_server}{address('application_files', team)}")
    page.set_input_files("#id_file", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"MZ nothing"})
    page.get_by_role("button", name="Add the file").click()
    expect(page.get_by_role("alert")).to_contain_text("This file is broken, or of a type that we do not know.")
    for _width in looks(page, live_server):
        assert (faults(page), page.evaluate(WIDE)) == ([], False)
    page.get_by_role("link", name="This file is broken").click()
    expect(page.get_by_label("File")).to_be_focused()


@pytest.fixture
def pages(team, client):
    """HTML of every state, by name."""
    answers = {}
    for name, (user, where) in states(team).items():
        client.force_login(user)
        answers[name] = client.get(where)
    client.force_login(team.team.get(role="lead").user)
    answers["refused"] = client.post(address("application_team", team), {"email": "<"})
    answers["no file"] = client.post(address("application_files", team))
    return {name: answer.content.decode() for name, answer in answers.items()}


def test_the_pages_are_well_formed_and_small_and_have_nothing_inline(pages):
    for page in pages.values():
        html5lib.HTMLParser(strict=True).parse(page)
        assert re.findall(r"<script>|<style|\sstyle=|\son[a-z]+=|javascript:", page) == []
    assert {
        name: size for name, page in pages.items() if (size := len(gzip.compress(page.encode()))) > BUDGET / 2
    } == {}


def test_the_pages_are_valid_html(pages, validate_html):
    validate_html(list(pages.items()))


# --- a clerk with a phone and no script ---


def test_a_lead_builds_a_team_with_the_keyboard_alone_and_no_script(application, plain, browser, live_server):
    page = plain
    page.goto(f"{live_server}{address('application_team', application)}")
    page.get_by_label("E-mail address").focus()
    page.keyboard.type(ASKED)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Send the invitation"))
    expect(page.get_by_role("status")).to_have_text(f"An invitation goes to {ASKED}.")

    clerk = make_user(name="Ama Boateng", email=ASKED)
    other = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}).new_page()
    sign_in_browser(other, live_server, clerk)
    other.goto(f"{live_server}{link_in_mail(ASKED)}")
    expect(other.get_by_role("heading", level=1)).to_have_text("Help City of Le Roy apply?")
    press(other, other.get_by_role("button", name="Join the team"))
    expect(other).to_have_url(f"{live_server}{application.get_absolute_url()}")

    page.reload()
    press(page, page.get_by_role("link", name="Make the lead Ama Boateng"))
    press(page, page.get_by_role("button", name="Hand over the lead"))
    expect(page.get_by_role("status")).to_have_text("Ama Boateng leads the application now.")
    press(page, page.get_by_role("link", name="Leave the team"))
    press(page, page.get_by_role("button", name="Leave the team"))
    expect(page.get_by_text("You have left the team.")).to_be_visible()
    assert page.goto(f"{live_server}{address('application_team', application)}").status == 404
    assert list(application.team.current().values_list("user", "role")) == [(clerk.pk, "lead")]
    other.context.close()


def test_a_file_is_added_downloaded_and_removed_without_script(application, plain, live_server):
    page = plain
    page.goto(f"{live_server}{address('application_files', application)}")
    expect(page.get_by_text("There are no files yet.")).to_be_visible()
    page.set_input_files("#id_file", {"name": "Plan.pdf", "mimeType": "application/pdf", "buffer": SAMPLES["pdf"]})
    press(page, page.get_by_role("button", name="Add the file"))
    expect(page.get_by_role("status").first).to_have_text("“Plan.pdf” is added.")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Plan.pdf", exact=True).click()
    assert waiting.value.suggested_filename == "Plan.pdf"
    assert waiting.value.path().read_bytes() == SAMPLES["pdf"]
    press(page, page.get_by_role("link", name="Remove Plan.pdf"))
    press(page, page.get_by_role("button", name="Remove it for good"))
    expect(page.get_by_text("There are no files yet.")).to_be_visible()


# --- what the script adds ---


def choose(page, content, name="Plan.pdf"):
    page.set_input_files("#id_file", {"name": name, "mimeType": "application/pdf", "buffer": content})


def test_a_bar_shows_how_far_a_file_is_and_then_the_list(application, page, live_server):
    page.goto(f"{live_server}{address('application_files', application)}")
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 1_000_000},
    )
    choose(page, padded(2_000_000))
    page.get_by_role("button", name="Add the file").click()
    bar = page.get_by_role("progressbar", name="The file is on its way. Please wait.")
    expect(bar).to_be_visible()
    expect(page.get_by_role("button", name="Add the file")).to_be_disabled()
    while not 0.2 < bar.evaluate("bar => bar.value") < 1:
        page.wait_for_timeout(50)
    assert faults(page) == []
    expect(page.get_by_role("link", name="Plan.pdf", exact=True)).to_be_visible()
    expect(page.get_by_role("status").first).to_have_text("“Plan.pdf” is added.")
    expect(page.locator("#main")).to_be_focused()
    expect(bar).to_have_count(0)
    choose(page, SAMPLES["docx"], "Second.docx")
    page.get_by_role("button", name="Add the file").click()
    expect(page.get_by_role("link", name="Second.docx", exact=True)).to_be_visible()
    assert application.attachments.count() == 2


def test_what_is_too_large_is_said_before_it_is_sent(application, page, live_server):
    page.goto(f"{live_server}{address('application_files', application)}")
    sent = []
    # The browser asks for the icon of the site whenever it likes.
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    choose(page, b"x" * (10 * 1024 * 1024 + 1))
    said = page.get_by_text("This file is larger than 10 MB. Choose a smaller one.")
    expect(said).to_be_visible()
    page.get_by_role("button", name="Add the file").click()
    expect(page.get_by_label("File")).to_be_focused()
    assert (faults(page), sent) == ([], [])
    choose(page, SAMPLES["pdf"])
    expect(said).to_have_count(0)


def test_a_connection_that_breaks_is_said_and_the_file_can_be_sent_again(application, page, live_server):
    page.goto(f"{live_server}{address('application_files', application)}")
    choose(page, SAMPLES["pdf"])
    page.context.set_offline(True)
    page.get_by_role("button", name="Add the file").click()
    expect(page.get_by_text("The file did not get through.")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Add the file").click()
    expect(page.get_by_role("link", name="Plan.pdf", exact=True)).to_be_visible()


def test_who_was_signed_out_meanwhile_is_led_to_the_sign_in(application, page, live_server):
    where = address("application_files", application)
    page.goto(f"{live_server}{where}")
    choose(page, SAMPLES["pdf"])
    session = [one for one in page.context.cookies() if one["name"] == "sessionid"]
    page.context.clear_cookies(name=session[0]["name"])
    page.get_by_role("button", name="Add the file").click()
    page.wait_for_url(f"{live_server}/account/login/?next={where}")
