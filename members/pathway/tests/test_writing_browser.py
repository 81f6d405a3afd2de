"""What people type, in a real browser, where answers get lost, sessions end, or the words are not wanted any more."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from alliance.core.tests.factories import make_user, sign_in_browser
from alliance.tests.test_browser import faults
from members.pathway import workflow
from members.pathway.models import Invitation, Message
from members.pathway.states import Status

from .factories import make_application, make_application_in, make_chair, make_complete_application
from .test_drafts_browser import GOAL, come_in_by_code, kept, on_this_device, person  # noqa: F401
from .test_handing_in import at

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lead():
    return make_user(name="Rosa Diaz")


@pytest.fixture
def draft(lead):
    return make_application(lead)


@pytest.fixture
def goals(live_server, draft):
    return f"{live_server.url}{draft.get_absolute_url()}sections/goals/"


@pytest.fixture
def submitted(lead):
    application = make_complete_application(lead)
    workflow.submit(application=application, user=lead)
    return application


# What is typed into each form, the button that sends it, and whether it has arrived.
FORMS = {
    "messages": ("Your message", "Send", lambda: Message.objects.filter(text="my words").count()),
    "withdraw": ("Why do you withdraw it?", "Withdraw it", lambda: Message.objects.filter(text="my words").count()),
    "team": (
        "E-mail address",
        "Send the invitation",
        lambda: Invitation.objects.filter(email="ana@leroy.example.gov").count(),
    ),
}


@pytest.fixture(params=FORMS.items(), ids=FORMS)
def form(request, submitted, live_server):
    name, (label, button, arrived) = request.param
    words = "ana@leroy.example.gov" if name == "team" else "my words"
    return live_server.url + at(name, submitted), label, words, button, arrived


def write(page, label, words):
    page.get_by_label(label, exact=True).fill(words)
    if page.get_by_label("Viewer").count():
        page.get_by_label("Viewer").check()


def lose_answers(page, address):
    """The site gets what the page sends there; the page never hears of it."""

    def lose(route):
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
            route.abort()
        else:
            route.continue_()

    page.route(address, lose)


# --- Messages, reasons, invitations ---


def test_what_was_typed_is_there_when_the_page_opens_again_until_it_is_sent(form, person, lead):  # noqa: F811
    address, label, words, button, arrived = form
    page = person(lead)
    page.goto(address)
    write(page, label, words)
    page.goto("about:blank")
    page.goto(address)
    expect(page.get_by_label(label, exact=True)).to_have_value(words)
    expect(page.locator("#saved")).to_contain_text("These are your words from this device")
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".note[role=status]").first).to_be_visible()
    assert (arrived(), on_this_device(page)) == (1, [])


def test_what_is_sent_after_a_lost_session_stays_on_the_device_and_arrives_once_signed_in(
    form, person, lead, live_server  # noqa: F811
):  # fmt: skip
    address, label, words, button, arrived = form
    page = person(lead)
    page.goto(address)
    write(page, label, words)
    Session.objects.all().delete()
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator("#saved")).to_contain_text("You are signed out. Your words are kept on this device")
    assert (arrived(), len(on_this_device(page))) == (0, 1)
    sign_in_browser(page, live_server.url, lead)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".note[role=status]").first).to_be_visible()
    assert (arrived(), on_this_device(page)) == (1, [])


def test_what_arrived_without_an_answer_arrives_once_however_often_it_is_sent(form, person, lead):  # noqa: F811
    address, label, words, button, arrived = form
    page = person(lead)
    page.goto(address)
    write(page, label, words)
    lose_answers(page, address)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator("#saved")).to_contain_text("We cannot reach the site.")
    page.unroute(address)
    assert (arrived(), len(on_this_device(page))) == (1, 1)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".note[role=status]").first).to_be_visible()
    assert (arrived(), on_this_device(page)) == (1, [])


def test_a_message_whose_answer_got_lost_arrives_once_even_after_the_page_was_closed(
    person, lead, submitted, live_server  # noqa: F811
):  # fmt: skip
    address, page = live_server.url + at("messages", submitted), person(lead)
    page.goto(address)
    page.get_by_label("Your message").fill("my words")
    lose_answers(page, address)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#saved")).to_contain_text("We cannot reach the site.")
    page.unroute(address)
    page.goto("about:blank")
    page.goto(address)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("Your message")).to_have_value("")
    assert (Message.objects.count(), on_this_device(page)) == (1, [])


def test_the_end_of_the_session_is_announced_there_too(form, person, lead):  # noqa: F811
    page = person(lead)
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=10))
    page.clock.install()
    page.goto(form[0])
    page.clock.fast_forward("07:50")
    expect(page.locator("#saved")).not_to_contain_text("two minutes")
    page.clock.fast_forward("00:15")
    expect(page.locator("#saved")).to_contain_text("In two minutes you will be signed out.")


def test_without_script_it_waits_and_can_be_sent_or_discarded(form, person, lead):  # noqa: F811
    address, label, words, button, arrived = form
    page = person(lead, java_script_enabled=False)
    for is_wanted in (False, True):
        page.goto(address)
        write(page, label, words)
        Session.objects.all().delete()
        page.get_by_role("button", name=button, exact=True).click()
        come_in_by_code(page, lead)
        expect(page).to_have_url(address)
        expect(page.get_by_role("alert")).to_contain_text("You were signed out before this was saved.")
        expect(page.get_by_label(label, exact=True)).to_have_value(words)
        page.get_by_role("button", name=button if is_wanted else "Discard these words", exact=True).click()
        expect(page.get_by_role("alert")).to_have_count(0)
        assert arrived() == is_wanted
    assert page.get_by_text("You were signed out").count() == 0


def test_discarded_words_do_not_come_back(form, person, lead):  # noqa: F811
    address, label, words, _button, arrived = form
    page = person(lead)
    page.goto(address)
    expect(page.get_by_role("button", name="Discard these words")).to_be_hidden()
    write(page, label, words)
    page.reload()
    page.get_by_role("button", name="Discard these words").click()
    expect(page.locator("#saved")).to_contain_text("Your words are discarded.")
    expect(page.locator("#saved")).to_be_focused()
    assert on_this_device(page) == []
    page.reload()
    expect(page.get_by_label(label, exact=True)).to_have_value("")
    expect(page.get_by_role("button", name="Discard these words")).to_be_hidden()
    assert arrived() == 0


def test_axe_finds_nothing_where_words_came_back(form, person, lead):  # noqa: F811
    address, label, words, _button, _arrived = form
    page = person(lead)
    page.goto(address)
    write(page, label, words)
    page.reload()
    expect(page.get_by_role("button", name="Discard these words")).to_be_visible()
    for width, scheme in ((320, "light"), (1280, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


# --- A form in steps ---


def test_a_letter_survives_each_step_on_which_the_connection_or_the_session_is_lost(person, live_server):  # noqa: F811
    application = make_application_in(Status.SCREENING)
    chair = make_chair(application)
    page = person(chair)
    page.goto(live_server.url + reverse("review_decision", args=[application.pk]))
    address = page.url
    page.get_by_label("To whom, if you refer them").fill("The county")
    page.get_by_role("button", name="Go on to the letter").click()
    page.get_by_label("Letter", exact=True).fill("my words")
    page.context.set_offline(True)
    page.get_by_role("button", name="See how it reads").click()
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)
    page.goto(address)
    expect(page.locator("#saved")).to_contain_text("These are your words from this device")
    expect(page.get_by_label("To whom, if you refer them")).to_have_value("The county")
    page.get_by_role("button", name="Go on to the letter").click()
    expect(page.get_by_label("Letter", exact=True)).to_have_value("my words")
    page.get_by_role("button", name="See how it reads").click()
    expect(page.locator(".letter")).to_have_text("my words")
    page.get_by_label("Letter", exact=True).fill("my other words")
    page.reload()
    expect(page.get_by_label("Letter", exact=True)).to_have_value("my other words")
    Session.objects.all().delete()
    page.get_by_role("button", name="Propose it").click()
    expect(page.locator("#saved")).to_contain_text("You are signed out. Your words are kept on this device")
    sign_in_browser(page, live_server.url, chair)
    page.get_by_role("button", name="Propose it").click()
    expect(page.get_by_text("The decision is proposed.")).to_be_visible()
    decision = application.decisions.get()
    assert (decision.letter, decision.referred_to, on_this_device(page)) == ("my other words", "The county", [])


# --- A section ---


def test_whoever_got_no_answer_to_a_save_and_wrote_on_is_in_no_conflict_with_themselves(person, goals, draft, lead):  # noqa: F811
    page = person(lead)
    page.goto(goals)
    lose_answers(page, goals)
    page.get_by_label(GOAL).fill("A home")
    expect(page.get_by_role("status")).to_contain_text("We cannot reach the site.", timeout=8000)
    assert kept(draft) == "A home"
    page.unroute(goals)
    page.get_by_label(GOAL).fill("A home for all")
    page.get_by_role("button", name="Save and go to the list").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your application")
    section = draft.sections.get()
    assert (section.answers["goal"], section.version, on_this_device(page)) == ("A home for all", 2, [])


def test_nor_are_they_after_the_page_was_closed(person, goals, draft, lead):  # noqa: F811
    page = person(lead)
    page.goto(goals)
    lose_answers(page, goals)
    page.get_by_label(GOAL).fill("A home")
    expect(page.get_by_role("status")).to_contain_text("We cannot reach the site.", timeout=8000)
    page.get_by_label(GOAL).fill("A home for all")
    page.goto("about:blank")
    page.unroute(goals)
    assert kept(draft) == "A home"
    page.goto(goals)
    expect(page.get_by_label(GOAL)).to_have_value("A home for all")
    expect(page.get_by_role("status")).to_contain_text("Saved at", timeout=8000)
    assert (kept(draft), on_this_device(page)) == ("A home for all", [])


def test_what_they_saved_in_another_window_is_never_overwritten_unseen(person, goals, draft, lead):  # noqa: F811
    here = person(lead)
    elsewhere = here.context.new_page()
    for page in (here, elsewhere):
        page.goto(goals)
    # Here a save gets no answer, and does not arrive either.
    here.route(goals, lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    here.get_by_label(GOAL).fill("Written here")
    expect(here.get_by_role("status")).to_contain_text("We cannot reach the site.", timeout=8000)
    elsewhere.get_by_label(GOAL).fill("Written elsewhere")
    elsewhere.get_by_role("button", name="Save and go to the list").click()
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("Your application")
    here.unroute(goals)
    here.get_by_role("button", name="Save", exact=True).click()
    expect(here.get_by_role("heading", level=1)).to_have_text(
        "You saved this section in another window while you wrote"
    )
    assert kept(draft) == "Written elsewhere"


def test_one_save_is_under_way_at_a_time_and_none_of_those_who_wait_is_lost(person, goals, draft, lead):  # noqa: F811
    page = person(lead)
    page.goto(goals)
    held, is_free = [], []

    def hold(route):
        if route.request.method == "POST" and not is_free:
            held.append(route)
        else:
            route.continue_()

    page.route(goals, hold)
    page.get_by_label(GOAL).fill("A home")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label(GOAL).fill("A home for all")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.get_by_role("button", name="Save and go to the list").click()
    page.get_by_role("button", name="Save and go to the list").click()
    (first,) = held
    is_free.append(True)
    first.continue_()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your application")
    assert (kept(draft), draft.sections.get().version, on_this_device(page)) == ("A home for all", 2, [])


def test_discarded_words_of_a_section_go_back_to_what_the_site_had_even_where_they_are_saved_by_now(
    person, goals, draft, lead  # noqa: F811
):  # fmt: skip
    workflow.save_section(application=draft, section="goals", answers={"goal": "Before"}, version=0, user=lead)
    page = person(lead)
    page.goto(goals)
    for is_saved in (False, True):
        page.get_by_label(GOAL).fill("Not to be kept")
        page.reload()
        expect(page.get_by_label(GOAL)).to_have_value("Not to be kept")
        if is_saved:
            expect(page.get_by_role("status")).to_contain_text("Saved at", timeout=8000)
            assert kept(draft) == "Not to be kept"
        page.get_by_role("button", name="Discard these words").click()
        expect(page.get_by_label(GOAL)).to_have_value("Before")
        if is_saved:
            expect(page.locator("[name=version]")).to_have_value("3", timeout=8000)
        assert (kept(draft), on_this_device(page)) == ("Before", [])
        page.reload()
        expect(page.get_by_label(GOAL)).to_have_value("Before")
    page.get_by_label(GOAL).fill("Not to be kept")
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("Saved at", timeout=8000)
    page.get_by_label(GOAL).press_sequentially("!")
    expect(page.get_by_role("button", name="Discard these words")).to_be_hidden()
