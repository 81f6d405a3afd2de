"""A partner's person asks for a seat, a steward answers, and the public page says it: in real browsers."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from alliance.core.models import OutgoingMail
from alliance.core.tests.factories import make_user, sign_in_browser
from alliance.tests.test_browser import faults
from members.partners.models import Affiliation
from members.partners.tests.factories import make_partner
from members.pathway.tests.test_browser import press

from .factories import make_collaboration, make_join_request, make_steward

pytestmark = pytest.mark.django_db(transaction=True)

WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
WIDTHS = ((320, "light"), (360, "dark"), (768, "light"), (1280, "dark"))


@pytest.fixture
def together():
    return make_collaboration(name="Together", slug="together")


@pytest.fixture
def rosa():
    user = make_user(name="Rosa Diaz", email="rosa@fund.example.org")
    Affiliation.objects.create(user=user, partner=make_partner(name="River Fund"))
    return user


@pytest.fixture
def ada(together):
    return make_steward(together, make_user(name="Ada Lovelace", email="ada@example.org")).user


@pytest.fixture
def phone(browser):
    """A phone with JavaScript off."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


def test_a_partner_asks_a_steward_accepts_and_the_public_page_lists_the_partner(
    together, rosa, ada, phone, page, live_server
):
    public = f"{live_server}{together.get_absolute_url()}"
    sign_in_browser(phone, live_server, rosa)
    phone.goto(public)
    press(phone, phone.get_by_role("link", name="Ask to join"))
    press(phone, phone.get_by_role("button", name="Ask to join"))
    press(phone, phone.get_by_role("link", name="Say what your job there is."))
    expect(phone.get_by_label("Your job title")).to_be_focused()
    phone.keyboard.type("Program director")
    phone.get_by_label("A few words to them").fill("We fund the buses.")
    press(phone, phone.get_by_role("button", name="Ask to join"))
    expect(phone.get_by_role("status")).to_contain_text("Thank you. It is sent")
    expect(phone.get_by_text("It waits for an answer.")).to_be_visible()

    sign_in_browser(page, live_server, ada)
    told = OutgoingMail.objects.get(to="ada@example.org").text.split()[-1]
    page.goto(f"{live_server}{urlsplit(told).path}")
    expect(page.get_by_text("Rosa Diaz")).to_be_visible()
    expect(page.get_by_text("Staff have verified that this person belongs to it.")).to_be_visible()
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why, in a sentence.")
    page.get_by_label("Words to who asked").fill("Welcome. We meet on Tuesdays.")
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("status")).to_have_text("Answered. We tell them by mail that there is an answer.")

    phone.reload()
    expect(phone.get_by_text("Accepted. River Fund has a seat.")).to_be_visible()
    expect(phone.get_by_text("Welcome. We meet on Tuesdays.")).to_be_visible()
    phone.goto(public)
    expect(phone.get_by_role("link", name="River Fund")).to_be_visible()
    expect(phone.get_by_text("Rosa Diaz")).to_have_count(0)


def test_axe_finds_nothing_and_nothing_scrolls_sideways(together, rosa, ada, page, live_server):
    long = make_partner(name="Averyveryverylongnamewithoutanyblankatall" * 3)
    waiting = make_join_request(collaboration=together, partner=long, asked_by=rosa, message="We fund the buses.")
    make_join_request(collaboration=together, state="withdrawn")
    base, said, wrong = "/account/collaborations/together", [], []
    page.on("console", lambda message: said.append(message.text) if "400" not in message.text else None)
    ways = [(rosa, f"{base}/join/"), (rosa, "/account/"), (rosa, waiting.get_absolute_url())]
    ways += [(ada, f"{base}/requests/"), (ada, f"{base}/close/"), (ada, waiting.get_absolute_url()), (ada, "refused")]
    for person, where in ways:
        sign_in_browser(page, live_server, person)
        if where == "refused":
            page.get_by_role("button", name="Decline").click()
            expect(page.get_by_role("alert")).to_be_visible()
        else:
            assert page.goto(f"{live_server}{where}").status == 200
        for width, scheme in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            wrong += [(where, width, fault) for fault in faults(page)]
            wrong += [(where, width, "wide")] if page.evaluate(WIDE) else []
    assert (wrong, said) == ([], [])
