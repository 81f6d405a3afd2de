"""Signing, handing in and what follows in a real browser: a phone without JavaScript, paper, and axe."""

import pytest
from playwright.sync_api import expect

from alliance.core.tests.factories import make_user, sign_in_browser
from alliance.tests.test_browser import faults
from members.pathway import workflow
from members.pathway.models import Message, Snapshot, TeamMember
from members.pathway.states import Status

from .factories import make_application, make_chair, make_complete_application, make_member
from .test_browser import press
from .test_handing_in import at, change

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people():
    return {"lead": make_user(name="Rosa Diaz"), "sponsor": make_user(name="Samuel Oyelaran")}


@pytest.fixture
def draft(people):
    return make_complete_application(people["lead"], people["sponsor"], signed=False)


@pytest.fixture
def phone_of(browser, live_server, people):
    """A phone without JavaScript on which somebody has signed in."""
    contexts = []

    def open_one(name):
        contexts.append(browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}))
        page = contexts[-1].new_page()
        sign_in_browser(page, live_server.url, people[name])
        return page

    yield open_one
    for context in contexts:
        context.close()


def heading(page):
    return page.get_by_role("heading", level=1)


def test_a_sponsor_signs_and_the_lead_hands_in_withdraws_and_opens_again_by_keyboard(live_server, phone_of, draft):
    sponsor, lead = phone_of("sponsor"), phone_of("lead")
    lead.goto(live_server.url + at("submit", draft))
    expect(lead.get_by_role("button", name="Hand it in")).to_have_count(0)
    expect(lead.locator(".note").get_by_role("link")).to_have_text(["The sign-off of the executive sponsor"])

    sponsor.goto(live_server.url + at("sign_off", draft))
    press(sponsor, sponsor.get_by_role("button", name="Sign it off"))
    expect(sponsor.get_by_role("status")).to_have_text("You have signed the application off.")

    lead.reload()
    press(lead, lead.get_by_role("button", name="Hand it in"))
    expect(heading(lead)).to_contain_text("We have your application: A-")
    draft.refresh_from_db()
    lead.reload()
    lead.go_back()
    expect(heading(lead)).to_have_text(f"We have your application: {draft.reference}")
    assert Snapshot.objects.count() == 1

    press(lead, lead.get_by_role("link", name="Write to the reviewers"))
    lead.get_by_label("Your message").focus()
    lead.keyboard.type("May the resolution follow in May?")
    press(lead, lead.get_by_role("button", name="Send"))
    expect(lead.locator(".thread")).to_contain_text("May the resolution follow in May?")
    lead.reload()
    assert Message.objects.count() == 1

    lead.goto(live_server.url + at("withdraw", draft))
    press(lead, lead.get_by_role("button", name="Withdraw it"))
    press(lead, lead.get_by_role("link", name="Say why, in a sentence."))
    lead.keyboard.type("The council votes first.")
    press(lead, lead.get_by_role("button", name="Withdraw it"))
    expect(lead.get_by_role("status")).to_have_text("The application is withdrawn.")
    lead.goto(live_server.url + at("reopen", draft))
    press(lead, lead.get_by_role("button", name="Open it again"))
    expect(lead.get_by_role("status")).to_have_text("The application is a draft again.")
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_each_link_of_what_is_missing_leads_to_its_question(live_server, page, people):
    application = make_application(people["lead"])
    sign_in_browser(page, live_server.url, people["lead"])
    page.goto(live_server.url + at("submit", application))
    links = page.locator(".note a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert len(links) > 30
    lost = []
    sections = {}
    for address, _hash, name in (link.partition("#") for link in links if "#" in link):
        sections.setdefault(address, []).append(name)
    for address, names in sections.items():
        page.goto(live_server.url + address)
        lost += [name for name in names if not page.locator(f"#{name}").count()]
    assert lost == []


@pytest.fixture
def states(draft, people):
    """(who, address) of every page of these in each of its states; each state is left as it is for its pages."""
    lead, sponsor = people["lead"], people["sponsor"]
    empty = make_application(lead)
    make_member(empty, TeamMember.Role.SPONSOR, sponsor)
    back = make_complete_application(lead)
    workflow.submit(application=back, user=lead)
    workflow.write(application=back, user=lead, text="Two lines,\nas typed. " + "long" * 60, is_from_team=True)
    chair = make_chair(back)
    workflow.begin_screening(application=back, actor=chair)
    workflow.request_changes(application=back, actor=chair, questions={"goal": "Who?", "staff": "How many?"})
    change(back, "goal", "Fewer evictions")
    sent, gone = make_complete_application(lead), make_complete_application(lead)
    workflow.submit(application=sent, user=lead)
    workflow.withdraw(application=gone, user=lead, reason="Later")
    pages = {
        draft: ("submit", "print", "withdraw", "defer", "messages"),
        empty: ("submit", "print"),
        back: ("submit", "receipt", "messages", "print"),
        sent: ("receipt", "withdraw", "messages", "sign_off", "reopen"),
        gone: ("reopen", "print", "submit"),
    }
    of_the_lead = [(lead, at(name, one)) for one, names in pages.items() for name in names]
    return [*of_the_lead, (sponsor, at("sign_off", draft)), (sponsor, at("sign_off", empty))]


def test_axe_finds_nothing_and_nothing_scrolls_sideways(live_server, page, states):
    found, wide = {}, []
    for person, address in states:
        sign_in_browser(page, live_server.url, person)
        for width, scheme in ((320, "light"), (1280, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.goto(live_server.url + address)
            found |= {(address, width): faults(page)} if faults(page) else {}
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wide.append((address, width))
    assert (found, wide) == ({}, [])


def test_each_section_begins_a_page_of_paper_without_menus_or_links(live_server, page, draft, people):
    sign_in_browser(page, live_server.url, people["lead"])
    page.goto(live_server.url + at("print", draft))
    page.emulate_media(media="print")
    breaks = page.locator(".part").evaluate_all("parts => parts.map(part => getComputedStyle(part).breakBefore)")
    assert breaks == ["auto", *["page"] * 11]
    for hidden in (page.get_by_role("navigation"), page.get_by_role("contentinfo"), page.locator("main a")):
        assert [one for one in hidden.all() if one.is_visible()] == []
    assert page.pdf().count(b"/Type /Page\n") >= 12
