"""Two reviewers and two chairs take three applications from handing in to the answer, in real browsers: one is
accepted, one is told “not yet”, one is asked about an answer again first. Their applicants see each step, and the one
that joins is on the map once its team has said yes."""

import re

import pytest
from playwright.sync_api import expect

from alliance.core.tests.factories import make_user, sign_in_browser
from alliance.core.vocabulary import Domain
from alliance.tests.test_browser import faults
from cohorts.models import Jurisdiction
from cohorts.tests.factories import make_place
from members.pathway import workflow
from members.pathway.models import Application, Decision
from members.pathway.states import Status
from members.pathway.team import Role

from .factories import have_no_conflict, make_chair, make_complete_application, make_review, make_reviewer, user_of

pytestmark = pytest.mark.django_db(transaction=True)

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture
def page_of(browser, live_server):
    """A function that opens a browser for somebody who has signed in."""
    contexts = []

    def open_page(user, **options):
        contexts.append(browser.new_context(base_url=live_server.url, **{"viewport": DESKTOP} | options))
        page = contexts[-1].new_page()
        sign_in_browser(page, live_server.url, user)
        return page

    yield open_page
    for context in contexts:
        context.close()


def handed_in(name, **fields):
    """An application whose team has just handed it in."""
    application = make_complete_application(make_user(), signed=False, **fields)
    identity = application.sections.get(section="identity")
    answers = identity.answers | {"name": name, "kind": "city", "state": "MN"}
    lead, sponsor = user_of(application, Role.LEAD), user_of(application, Role.SPONSOR)
    workflow.save_section(application=application, section="identity", answers=answers, version=1, user=lead)
    hand_in(application, sponsor, lead, workflow.submit)
    return Application.objects.get(pk=application.pk)


def hand_in(application, sponsor, lead, verb):
    workflow.sign_off(application=application, user=sponsor, digest=workflow.digest_now(application))
    verb(application=application, user=lead)


def go(page, application, where=""):
    page.goto(f"/review/{application.pk}/{where}")


def press(page, name, role="button"):
    page.get_by_role(role, name=name, exact=True).click()


def heading(page):
    return page.get_by_role("heading", level=1)


def sees_no_fault(page):
    assert faults(page) == []


def declare_none(page, application):
    go(page, application)
    expect(heading(page)).to_contain_text("Before you read")
    page.get_by_label("No", exact=True).check()
    press(page, "Go on")
    expect(heading(page)).to_have_text(application.government_name)


def open_review(page, application, *reviewers):
    """Through screening into review, and to these people, as a chair does it."""
    go(page, application, "screening/")
    press(page, "Begin screening")
    for box in page.get_by_role("checkbox").all():
        box.check()
    press(page, "Begin the review")
    for person in reviewers:
        page.get_by_label(re.compile(person.name)).check()
    press(page, "Assign them")
    expect(page.get_by_role("button", name="Take off")).to_have_count(len(reviewers))


def ask_again(page, application, question, words):
    go(page, application, "changes/")
    section = page.locator("details", has=page.locator(f"[value={question}]"))
    section.locator("summary").click()
    section.locator(f"[value={question}]").check()
    press(page, "Write what you ask")
    page.get_by_role("textbox").fill(words)
    press(page, "Ask the team")
    expect(page.get_by_role("heading", name="Asked again, not answered yet")).to_be_visible()


def on_the_map(page, name):
    """How many points of the public map have this name."""
    page.goto("/")
    return page.locator("svg.map").get_by_role("link", name=name).count()


def score(page, level, words, **other):
    """Fill the whole form of a review."""
    for domain in Domain:
        section = page.get_by_role("region", name=domain.label, exact=True)
        section.get_by_role("radio").nth(other.get(domain, level)).check()
        section.get_by_label("Why this level").fill(f"{words} {domain.label}")
        section.get_by_label("Policy", exact=True).check()


def propose(page, application, outcome, **fields):
    go(page, application, "decision/")
    page.get_by_label(outcome, exact=True).check()
    for label, text in fields.items():
        page.get_by_label(re.compile(label.replace("_", " "))).fill(text)
    press(page, "Go on to the letter")
    expect(page.get_by_label("Letter")).to_have_value(re.compile(f"^Dear colleagues of {application.government_name}"))
    press(page, "See how it reads")
    expect(page.locator(".letter")).to_contain_text("Dear colleagues of")
    sees_no_fault(page)
    press(page, "Propose it")
    expect(page.get_by_role("status")).to_contain_text("The decision is proposed.")
    sees_no_fault(page)


def standing(page, application):
    """What the team reads on the page of its application: where it stands, and whether there is an answer."""
    page.goto(application.get_absolute_url())
    return page.locator("#timeline .note b").inner_text(), page.get_by_role("link", name="Read our answer").count()


def test_three_applications_from_handing_in_to_the_answer(page_of):
    place = make_place(name="Le Roy", kind="city")
    yes, not_yet, asked = handed_in("Le Roy", place=place), handed_in("Adams"), handed_in("Lyle")
    every = (yes, not_yet, asked)
    ada, ben = make_reviewer(name="Ada Reed"), make_reviewer(name="Ben Otto")
    mae, ida = make_chair(name="Mae Chu"), make_chair(name="Ida First")
    chair, second = page_of(mae), page_of(ida, viewport=PHONE)
    leads = {one: page_of(user_of(one, Role.LEAD)) for one in every}
    for one in every:
        declare_none(chair, one)
        declare_none(second, one)
        assert standing(leads[one], one) == ("Submitted.", 0)
        open_review(chair, one, ada, ben)
        assert standing(leads[one], one) == ("In review.", 0)

    # One is asked again, and answers.
    first, other = page_of(ada), page_of(ben, java_script_enabled=False, viewport=PHONE)
    declare_none(first, asked)
    ask_again(first, asked, "goal", "By when?")
    lead = leads[asked]
    assert standing(lead, asked) == ("Changes requested.", 0)
    expect(lead.locator("#changes")).to_contain_text("By when?")
    lead.goto(f"{asked.get_absolute_url()}sections/goals/")
    lead.get_by_label("One result that you want within 12 months").fill("Fewer evictions by May.")
    press(lead, "Save and go to the list")
    expect(heading(lead)).to_have_text("Your application")
    hand_in(asked, user_of(asked, Role.SPONSOR), user_of(asked, Role.LEAD), workflow.resubmit)
    assert standing(lead, asked) == ("In review.", 0)

    # Two reviewers score: one as they type, one without a script and on a phone.
    declare_none(first, yes)
    go(first, yes, "score/")
    score(first, 3, "Ada on")
    expect(first.get_by_role("status")).to_contain_text("Saved at", timeout=10_000)
    first.reload()
    expect(first.get_by_label("Why this level").first).to_have_value("Ada on Leadership")
    sees_no_fault(first)
    press(first, "Hand it in")
    expect(heading(first)).to_have_text("How the levels compare")
    declare_none(other, yes)
    go(other, yes, "scores/")
    expect(other.get_by_text("You read the reviews of others as soon as")).to_be_visible()
    expect(other.get_by_text("Ada on")).to_have_count(0)
    go(other, yes, "score/")
    score(other, 3, "Ben on", data=1)
    press(other, "Save")
    press(other, "Hand it in")
    expect(heading(other)).to_have_text("How the levels compare")
    expect(other.get_by_text("Ada on Data")).to_be_visible()
    expect(other.get_by_text("from 1 to 3")).to_be_visible()
    for one, level in ((not_yet, 1), (asked, 2)):
        for person in (ada, ben):
            have_no_conflict(one, person)
            make_review(one, person, level=level)

    # The chair checks the authority, and proposes; the second chair confirms.
    for one in (yes, asked):
        go(chair, one, "authority/")
        chair.get_by_label("Page of the government’s own website").fill("https://www.leroy.example.gov/clerk")
        chair.get_by_label("Whom you asked").fill("someone@example.gov")
        chair.get_by_label("How", exact=True).select_option("By phone")
        chair.get_by_label("When", exact=True).fill("2026-01-05")
        chair.get_by_label("Yes", exact=True).check()
        press(chair, "Record it")
        expect(chair.get_by_role("alert")).to_contain_text("This is a contact that the applicant gave.")
        chair.get_by_label("Whom you asked").fill("Clerk, 507 555 0100")
        press(chair, "Record it")
        expect(chair.get_by_role("status")).to_have_text("The check is recorded.")
        sees_no_fault(chair)
    propose(chair, yes, "Accepted")
    propose(chair, not_yet, "Not yet", Invited_back_from="2027-06-01")
    propose(chair, asked, "Accepted with conditions", Conditions="A budget line by May.")
    for one in every:
        go(second, one, "decision/")
        press(second, "Confirm it")
        expect(second.get_by_role("status")).to_contain_text("You have confirmed the decision.")
        sees_no_fault(second)
        assert standing(leads[one], one) == ("In review.", 0)
        assert leads[one].goto(f"{one.get_absolute_url()}answer/").status == 404

    # All are released together.
    second.goto("/review/decisions/")
    sees_no_fault(second)
    for box in second.get_by_role("checkbox").all():
        box.check()
    press(second, "Release those chosen")
    expect(second.get_by_role("status")).to_contain_text("3 answers are released")
    assert Decision.objects.released().count() == 3

    # Their teams read it.
    for one, status, words in (
        (yes, "Accepted.", "welcome to the Alliance"),
        (not_yet, "Not yet.", "Our answer today is: not yet."),
        (asked, "Accepted.", "A budget line by May."),
    ):
        page = leads[one]
        assert standing(page, one) == (status, 1)
        press(page, "Read our answer", "link")
        expect(page.locator(".letter")).to_contain_text(words)
        sees_no_fault(page)
    joined = Application.objects.get(pk=yes.pk).jurisdiction
    assert (joined.place, joined.status, joined.role) == (place, "draft", Jurisdiction.Role.MEMBER)
    assert on_the_map(second, "Le Roy") == 0
    press(leads[yes], "Your first months", "link")
    press(leads[yes], "Look at the page", "link")
    press(leads[yes], "Yes, show this page")
    expect(leads[yes].get_by_role("status")).to_contain_text("You have said yes to the page.")
    assert on_the_map(second, "Le Roy") == 1
    page = leads[not_yet]
    press(page, "The roadmap that belongs to this letter", "link")
    expect(heading(page)).to_contain_text("where you stand")
    page.go_back()
    press(page, "Begin again with your answers")
    expect(page.get_by_role("status")).to_contain_text("A new draft begins with your answers.")
    expect(page.get_by_text("11 of 12 are done.")).to_be_visible()
    assert Application.objects.filter(status=Status.DRAFT).count() == 1
