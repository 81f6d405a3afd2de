"""To write an application in a real browser: two at once, a lost session, no script, a keyboard, a narrow screen."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from alliance.accounts.tests.ways import code_in_mail
from alliance.core.tests.factories import make_user, sign_in_browser
from alliance.tests.test_browser import faults, tab_to
from cohorts.tests.factories import make_place
from members.pathway import workflow
from members.pathway.models import Application
from members.pathway.team import Role

from .factories import make_application, make_assessment, make_chair, make_complete_application, make_member

pytestmark = pytest.mark.django_db(transaction=True)

GOAL = "One result that you want within 12 months"


@pytest.fixture
def lead():
    return make_user(name="Rosa Diaz")


@pytest.fixture
def draft(lead):
    return make_application(lead)


@pytest.fixture
def person(browser, live_server):
    """A function that opens a page of a browser of its own, for somebody who has signed in."""
    contexts = []

    def open_page(user, **options):
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 900}, **options))
        page = contexts[-1].new_page()
        sign_in_browser(page, live_server.url, user)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def goals(live_server, draft):
    return f"{live_server.url}{draft.get_absolute_url()}sections/goals/"


def kept(draft):
    """The goal that the site holds; None for none."""
    section = draft.sections.filter(section="goals").first()
    return section and section.answers.get("goal")


def on_this_device(page):
    return page.evaluate("Object.keys(localStorage)")


def test_typing_is_saved_by_itself_and_stands_there_after_a_reload(person, goals, draft, lead):
    page = person(lead)
    page.goto(goals)
    page.get_by_label(GOAL).press_sequentially("A home for all")
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"^Saved at \d.* \(Central time\)"), timeout=8000)
    assert (kept(draft), on_this_device(page)) == ("A home for all", [])
    page.get_by_label(GOAL).press_sequentially(" who live here")
    expect(page.locator("[name=version]")).to_have_value("2", timeout=8000)
    page.reload()
    expect(page.get_by_label(GOAL)).to_have_value("A home for all who live here")


def test_a_closed_laptop_loses_nothing_and_the_words_are_saved_when_the_page_opens_again(person, goals, draft, lead):
    page = person(lead)
    page.goto(goals)
    page.get_by_label(GOAL).fill("Typed a moment before")
    assert len(on_this_device(page)) == 1
    page.goto("about:blank")
    assert kept(draft) is None
    page.goto(goals)
    expect(page.get_by_label(GOAL)).to_have_value("Typed a moment before")
    expect(page.get_by_role("status")).to_contain_text("These are your words from this device")
    expect(page.get_by_role("status")).to_contain_text("Saved at", timeout=8000)
    assert (kept(draft), on_this_device(page)) == ("Typed a moment before", [])


def test_without_a_connection_the_words_wait_and_are_saved_when_it_is_back(person, goals, draft, lead):
    page = person(lead)
    page.goto(goals)
    page.context.set_offline(True)
    page.get_by_label(GOAL).fill("On the train")
    expect(page.get_by_role("status")).to_contain_text("We cannot reach the site.", timeout=8000)
    page.get_by_role("button", name="Save", exact=True).click()
    assert page.url == goals
    page.context.set_offline(False)
    expect(page.get_by_role("status")).to_contain_text("Saved at", timeout=15000)
    assert kept(draft) == "On the train"


def test_after_a_lost_session_one_signs_in_again_in_a_new_tab_and_goes_on(person, goals, draft, lead, live_server):
    page = person(lead)
    page.goto(goals)
    Session.objects.all().delete()
    page.get_by_label(GOAL).fill("Still here")
    expect(page.get_by_role("status")).to_contain_text("You are signed out.", timeout=8000)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in again in a new tab").click()
    expect(opened.value.get_by_label("E-mail address")).to_be_visible()
    opened.value.close()
    # Signing in makes another token against forgery, as `login` does.
    sign_in_browser(page, live_server.url, lead)
    page.context.add_cookies([{"name": "csrftoken", "value": "n" * 32, "url": live_server.url}])
    page.get_by_role("button", name="Save and go to the list").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your application")
    assert (kept(draft), on_this_device(page)) == ("Still here", [])


def test_after_a_lost_session_the_words_are_there_for_whoever_typed_them_and_for_nobody_else(
    person, goals, draft, lead, live_server
):
    page = person(lead)
    page.goto(goals)
    Session.objects.all().delete()
    page.get_by_label(GOAL).fill("Mine alone")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("You are signed out.")
    sign_in_browser(page, live_server.url, make_member(draft, Role.EDITOR).user)
    page.goto(goals)
    expect(page.get_by_label(GOAL)).to_have_value("")
    sign_in_browser(page, live_server.url, lead)
    page.goto(goals)
    expect(page.get_by_label(GOAL)).to_have_value("Mine alone")


def test_whoever_signs_out_leaves_none_of_their_words_on_the_device(person, goals, lead, live_server):
    page = person(lead)
    page.goto(goals)
    # Not by going offline: back online, the page saves at once, and then there is nothing on the device.
    page.route(goals, lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_label(GOAL).fill("Between us")
    page.goto(f"{live_server.url}/account/")
    assert len(on_this_device(page)) == 1
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{live_server.url}/")
    assert on_this_device(page) == []


def test_the_end_of_the_session_is_announced_two_minutes_ahead(person, goals, lead):
    page = person(lead)
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=10))
    page.clock.install()
    page.goto(goals)
    page.clock.fast_forward("07:50")
    expect(page.get_by_role("status")).not_to_contain_text("two minutes")
    page.clock.fast_forward("00:15")
    expect(page.get_by_role("status")).to_contain_text("In two minutes you will be signed out.")


@pytest.mark.parametrize("has_script", [True, False], ids=["with script", "without"])
def test_of_two_in_one_section_the_second_sees_both_versions_and_chooses(has_script, person, goals, draft, lead):
    ana = make_member(draft, Role.EDITOR, make_user(name="Ana")).user
    hers, mine = person(ana), person(lead, java_script_enabled=has_script)
    hers.goto(goals)
    mine.goto(goals)
    for page, goal, measure in ((hers, "Her goal", "Her measure"), (mine, "My goal", "My measure")):
        page.get_by_label(GOAL).fill(goal)
        page.get_by_label("How will you know?").fill(measure)
        page.get_by_label("What could stand in the way?").fill("The same")
        if page == mine and has_script:
            expect(mine.get_by_role("status")).to_contain_text("Ana saved this section while you wrote.", timeout=8000)
        page.get_by_role("button", name="Save", exact=True).click()
    expect(mine.get_by_role("heading", level=1)).to_have_text("This section was saved by somebody else while you wrote")
    assert kept(draft) == "Her goal"
    assert mine.get_by_role("group").count() == 2
    mine.get_by_role("button", name="Save what I chose").click()  # the browser asks for each choice first
    expect(mine.get_by_role("heading", level=1)).to_have_text("This section was saved by somebody else while you wrote")
    mine.get_by_role("group", name=GOAL).get_by_label("Yours").check()
    mine.get_by_role("group", name="How will you know?").get_by_label("By Ana").check()
    mine.get_by_role("button", name="Save what I chose").click()
    expect(mine.get_by_label(GOAL)).to_have_value("My goal")
    assert draft.sections.get().answers == {
        "goal": "My goal",
        "goal_measure": "Her measure",
        "obstacles": "The same",
    }
    assert draft.sections.get().version == 2
    assert not has_script or on_this_device(mine) == []


def test_somebody_starts_and_fills_a_section_without_script_and_with_the_keyboard_alone(person, live_server, lead):
    make_place(name="Le Roy", kind="city", population=929)
    page = person(lead, java_script_enabled=False)
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{live_server.url}/pathway/")
    press(page, page.get_by_role("link", name="Start an application"))
    tab_to(page, page.get_by_label("City, town or county"))
    page.keyboard.type("le roy")
    page.keyboard.press("Enter")
    press(page, page.get_by_role("button", name="Le Roy, Minnesota"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Your application")
    press(page, page.get_by_role("link", name="Who is applying"))
    tab_to(page, page.get_by_label("The whole government"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_label("Why now?"))
    page.keyboard.type("The council asked.")
    press(page, page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_text("Saved on")).to_be_visible()
    page.get_by_role("link", name="May those who fill this in speak for the government?").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Save and go to the list"))
    expect(page.get_by_text("1 of 12 are done.")).to_be_visible()
    application = Application.objects.get()
    assert application.sections.get(section="eligibility").answers == {
        "whole": "whole",
        "authority": "yes",
        "why_now": "The council asked.",
    }
    assert application.sections.get(section="identity").answers == {
        "name": "Le Roy",
        "kind": "city",
        "state": "MN",
        "population": "929",
    }


def press(page, target):
    tab_to(page, target, most=150)
    page.keyboard.press("Enter")


def test_the_summary_of_faults_leads_to_the_field(person, live_server, draft, lead):
    page = person(lead)
    page.goto(f"{live_server.url}{draft.get_absolute_url()}sections/commitment/")
    page.get_by_label("Date of the strongest of these").fill("last spring")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("Date of the strongest of these")).to_be_focused()
    expect(page.get_by_label("Date of the strongest of these")).to_have_value("last spring")
    page.get_by_role("link", name="What is there?").click()
    expect(page.get_by_label("A resolution")).to_be_focused()


def test_a_field_that_has_the_focus_is_not_covered_by_the_line_that_says_saved(person, live_server, draft, lead):
    page = person(lead)
    page.set_viewport_size({"width": 320, "height": 500})
    page.goto(f"{live_server.url}{draft.get_absolute_url()}sections/community/")
    for _ in range(45):
        page.keyboard.press("Tab")
        low, line = page.evaluate(
            "[document.activeElement.getBoundingClientRect().top, saved.getBoundingClientRect().top]"
        )
        assert low < line or page.evaluate("!saved.parentElement.contains(document.activeElement)")


@pytest.fixture
def states(lead, live_server):
    """The addresses of the pages, in each of their states."""
    full = make_complete_application(lead)
    asked_again = make_complete_application(lead)
    workflow.submit(application=asked_again, user=lead)
    chair = make_chair(asked_again)
    workflow.begin_screening(application=asked_again, actor=chair)
    workflow.request_changes(application=asked_again, actor=chair, questions={"goal": "By when?"})
    wrong = make_application(lead)
    read = make_application()
    make_member(read, Role.VIEWER, lead)
    for application in (wrong, read):
        workflow.save_section(
            application=application,
            section="commitment",
            answers={"commitment_kind": ["plan"], "commitment_date": "soon", "commitment_link": "x" * 400},
            version=0,
            user=application.team.get(role=Role.LEAD).user,
        )
    make_assessment({"data": 1}, name="Le Roy Schools", state="MN").kept_by.add(lead)
    make_place(name="Le Roy")
    sections = [f"{full.get_absolute_url()}sections/{name}/" for name in ("eligibility", "contacts", "consent")]
    return [
        "/pathway/questions/",
        "/pathway/apply/?q=le+roy",
        full.get_absolute_url(),
        wrong.get_absolute_url(),
        asked_again.get_absolute_url(),
        *sections,
        f"{wrong.get_absolute_url()}sections/commitment/",
        f"{read.get_absolute_url()}sections/commitment/",
        f"{asked_again.get_absolute_url()}sections/goals/",
    ]


def test_axe_finds_nothing_in_any_state_and_nothing_scrolls_sideways(states, person, lead, live_server):
    page = person(lead)
    found, wide, said = {}, [], []
    page.on("console", lambda message: said.append(message.text))
    for address in states:
        for width, scheme in ((320, "light"), (1280, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.goto(live_server.url + address)
            found |= {(address, width): faults(page)} if faults(page) else {}
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wide.append((address, width))
    assert (found, wide, said) == ({}, [], [])


def test_axe_finds_nothing_on_the_page_of_two_versions(person, goals, draft, lead):
    client = Client()
    client.force_login(make_member(draft, Role.EDITOR).user)
    page = person(lead)
    page.goto(goals)
    client.post(goals, {"version": "0", "goal": "theirs " + "x" * 200})
    page.get_by_label(GOAL).fill("mine")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    for width, scheme in ((320, "light"), (1280, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # a button half way between two colors
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_without_script_too_a_lost_session_loses_nothing(person, goals, draft, lead):
    page = person(lead, java_script_enabled=False)
    page.goto(goals)
    page.get_by_label(GOAL).fill("Typed without script")
    Session.objects.all().delete()
    page.get_by_role("button", name="Save", exact=True).click()
    come_in_by_code(page, lead)
    expect(page).to_have_url(goals)
    expect(page.get_by_text("You were signed out before this was saved.")).to_be_visible()
    expect(page.get_by_label(GOAL)).to_have_value("Typed without script")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved on")).to_be_visible()
    assert kept(draft) == "Typed without script"


def come_in_by_code(page, user):
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code", exact=True).fill(code_in_mail(user.email))
    page.get_by_role("button", name="Sign in", exact=True).click()
