"""A leader of a government outside the network joins the peer network and finds a peer, in real browsers."""

import pytest
from playwright.sync_api import expect

from alliance.accounts.tests.ways import kinds_to
from alliance.core.tests.factories import make_admin, make_user, sign_in_browser
from cohorts.models import Jurisdiction
from cohorts.tests.factories import make_jurisdiction, make_place
from members.pathway.tests.test_browser import press

from .factories import make_member, make_profile

pytestmark = pytest.mark.django_db(transaction=True)

WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
WIDTHS = ((320, "light"), (360, "dark"), (768, "light"), (1280, "dark"))
ROSA = "rosa@leroy.example.gov"


@pytest.fixture
def phone_of(browser, live_server):
    """A phone with JavaScript off, signed in as somebody."""
    contexts = []

    def open_phone(user):
        contexts.append(browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}))
        page = contexts[-1].new_page()
        sign_in_browser(page, live_server, user)
        return page

    yield open_phone
    for context in contexts:
        context.close()


@pytest.fixture
def desk(browser, live_server):
    """An admin at their desk."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    sign_in_browser(page, live_server, make_admin(name="Ada Lovelace"))
    yield page
    context.close()


@pytest.fixture
def sam():
    """A member who shows all of what they can help with."""
    town = make_jurisdiction(name="Duluth", place=make_place(name="Duluth", latitude=46.8, longitude=-92.1))
    tie = make_member(make_user(name="Sam Ahmed"), town, title="Equity officer")
    return make_profile(tie, helps="How we split our budget by neighborhood.", helps_domains=["data"])


def test_a_leader_of_a_government_outside_the_network_is_verified_makes_a_profile_and_finds_a_peer(
    sam, phone_of, desk, live_server
):
    make_place(name="Leroy", kind="city", population=900, latitude=44.5, longitude=-93.5)
    phone = phone_of(make_user(name="Rosa Diaz", email=ROSA))
    phone.goto(f"{live_server}/peers/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Join the peer network")
    phone.get_by_label("City, town or county").fill("leroy mn")
    press(phone, phone.get_by_role("button", name="Look up"))
    press(phone, phone.get_by_role("link", name="Leroy, Minnesota"))
    press(phone, phone.get_by_role("button", name="Ask us to verify it"))
    press(phone, phone.get_by_role("alert").get_by_role("link", name="Say what your job there is."))
    phone.keyboard.type("City clerk")
    press(phone, phone.get_by_role("button", name="Ask us to verify it"))
    expect(phone.get_by_role("status")).to_have_text("Thank you. We check it, and write to you then.")

    desk.goto(f"{live_server}/admin/")
    desk.get_by_role("link", name="People who ask to join the peer network").click()
    desk.get_by_role("link", name="Leroy").click()
    desk.get_by_label("Verified: they work there").check()
    desk.get_by_role("button", name="Save", exact=True).first.click()
    expect(desk.locator(".errorlist").first).to_have_text("Give the page of the government's website with the contact.")
    desk.get_by_label("Page with the contact").fill("leroy.example.gov/staff")
    desk.get_by_label("How you asked").fill("Called the city office.")
    desk.get_by_role("button", name="Save", exact=True).first.click()
    expect(desk.locator(".messagelist")).to_be_visible()
    made = Jurisdiction.objects.get(name="Leroy")
    assert (made.status, made.place.population) == ("draft", 900)
    assert kinds_to(ROSA) == ["tie_asked", "tie_settled"]

    phone.goto(f"{live_server}/account/peer/")
    expect(phone.get_by_text("Nobody can find you now.")).to_be_visible()
    phone.get_by_role("group", name="I look for help with").get_by_label("Data").check()
    phone.get_by_label("In your words").last.fill("How a town of 900 begins.")
    shown = phone.get_by_role("group", name="What others see of me")
    for part in ("Your name", "What you look for"):
        shown.get_by_label(part).check()
    phone.get_by_label("My peers may find me").check()
    press(phone, phone.get_by_role("button", name="Show what others would see"))
    preview = phone.locator("#preview")
    expect(preview.get_by_role("heading")).to_have_text("Rosa Diaz")
    expect(preview).to_contain_text("How a town of 900 begins.")
    expect(preview).not_to_contain_text("Leroy")
    press(phone, phone.get_by_role("button", name="Save"))
    expect(phone.get_by_role("status")).to_have_text("Saved. Your peers can find you.")

    phone.goto(f"{live_server}/peers/")
    first = phone.get_by_role("listitem").filter(has_text="can help with what you look for: Data")
    expect(first).to_contain_text("also a city")
    press(phone, first.get_by_role("link", name="Sam Ahmed"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Sam Ahmed")
    expect(phone.get_by_text("How we split our budget by neighborhood.")).to_be_visible()

    other = phone_of(sam.user)
    other.goto(f"{live_server}/peers/?q=rosa")
    press(other, other.get_by_role("link", name="Rosa Diaz"))
    expect(other.get_by_role("heading", level=1)).to_have_text("Rosa Diaz")
    assert ROSA not in other.content()
    phone.goto(f"{live_server}/account/peer/")
    press(phone, phone.get_by_role("button", name="Hide me now"))
    expect(phone.get_by_role("status")).to_have_text("You are hidden. Nobody can find you.")
    other.reload()
    expect(other.get_by_text("Error 404")).to_be_visible()
