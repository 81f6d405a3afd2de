"""Whole journeys of applicants in real browsers, from the first page to the receipt: people who have no account yet,
come in by the mail that they get, and type its codes by hand."""

from collections import Counter

import pytest
from playwright.sync_api import expect

from alliance.accounts.tests.ways import code_in_mail
from alliance.core.models import OutgoingMail
from alliance.core.tests.factories import make_user
from alliance.core.tests.files import SAMPLES
from alliance.core.vocabulary import Domain
from cohorts.tests.factories import make_place
from members.pathway import workflow
from members.pathway.models import Application, Assessment
from members.pathway.questions import SECTIONS
from members.pathway.states import Status
from members.pathway.team import Role

from .factories import complete_answers, make_complete_application, user_of
from .test_browser import press
from .test_handing_in import at
from .test_team import link_in_mail

pytestmark = pytest.mark.django_db(transaction=True)

LEAD, EDITOR, SPONSOR = "rosa@leroy.example.gov", "ama@leroy.example.gov", "samuel@leroy.example.gov"


class Choice(str):
    """The label of the one that is chosen of a group."""


# What the team fills into forms by hand, {section: {label: what is typed, chosen, or True for what is agreed to}}.
BY_LEAD = {
    "eligibility": {
        "Does the whole government apply, or one department?": Choice("The whole government"),
        "May those who fill this in speak for the government?": Choice("Yes"),
        "Why now?": "The council asked for it in May.",
    },
    "goals": {
        "One result that you want within 12 months": "Fewer evictions.",
        "How will you know?": "Filings at the county court: 40 today, 30 then.",
        "What could stand in the way?": "We have one clerk.",
    },
}
BY_EDITOR = {
    "data": {
        "Do you look at any data split by race and ethnicity?": Choice("In part"),
        "Which, and what did it show?": "School meals. The gap is wide.",
    },
    "peers": {
        "What do you want to learn from other governments?": "How a town of 900 begins.",
        "What can you offer them?": "Our lease checklist.",
    },
}
BY_LEAD_LATER = {
    "identity": {
        "Website of the government": "https://leroy.example.gov",
        "Who lives there, and which communities bear the greatest gaps?": "We are one town.",
    },
    "consent": {
        "To the best of our knowledge": True,
        "If we join": True,
        "The Alliance may check": True,
    },
}
SAVED_BY_LEAD = ("contacts", "commitment", "infrastructure")
SAVED_BY_EDITOR = ("learning", "practice", "community")


@pytest.fixture
def browser_of(browser, live_server):
    """A function that opens the browser of one more person, who comes to the site for the first time."""
    contexts = []

    def open_one(**options):
        contexts.append(browser.new_context(base_url=live_server.url, **options))
        return contexts[-1].new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def town():
    return make_place(name="Le Roy", kind="city", population=929, geoid="2736602")


def heading(page):
    return page.get_by_role("heading", level=1)


def click(page, name, role="button"):
    page.get_by_role(role, name=name, exact=True).click()


def sign_up(page, email):
    """Make an account on the way to a page that needs one, with the code of the mail."""
    click(page, "Make an account", "link")
    page.get_by_label("E-mail address").fill(email)
    click(page, "Send me a code")
    page.get_by_label("Code", exact=True).fill(code_in_mail(email))
    click(page, "Confirm the address")


def come_back(page, email):
    """Sign in with the code of another mail."""
    page.get_by_label("E-mail address").fill(email)
    click(page, "Send me a code")
    page.get_by_label("Code", exact=True).fill(code_in_mail(email))
    click(page, "Sign in")


def name_town(page):
    page.get_by_label("City, town or county").fill("le roy, mn")
    click(page, "Look up")
    click(page, "Le Roy, Minnesota")


def fill_section(page, application, name, answers):
    """Open a section from the list, answer its questions and go back to the list."""
    page.goto(application.get_absolute_url())
    click(page, next(str(section.label) for section in SECTIONS if section.id == name), "link")
    fill_in(page, answers)
    click(page, "Save and go to the list")
    expect(heading(page)).to_have_text("Your application")


def fill_in(page, answers):
    for label, answer in answers.items():
        if answer is True:
            page.get_by_label(label).check()
        elif isinstance(answer, Choice):
            page.get_by_role("group", name=label).get_by_label(answer, exact=True).check()
        else:
            page.get_by_label(label).fill(answer)


def save(application, email, sections):
    """Answer whole sections that nobody has written in, without their pages."""
    for name in sections:
        workflow.save_section(
            application=application,
            section=name,
            answers=complete_answers()[name],
            version=application.sections.filter(section=name).count(),
            user=application.team.current().get(user__email=email).user,
        )


def join(page, email):
    """Follow the link of the mail, make an account with that address, and join."""
    page.goto(link_in_mail(email))
    sign_up(page, email)
    expect(heading(page)).to_have_text("Help Le Roy apply?")
    expect(page.get_by_role("status")).to_have_text(f"The address {email} is confirmed.")
    click(page, "Join the team")
    expect(heading(page)).to_have_text("Your application")


def test_a_visitor_takes_the_check_keeps_it_and_begins_an_application_with_it(browser_of, town):
    page = browser_of()
    page.goto("/pathway/")
    click(page, "Take the readiness check", "link")
    click(page, "Begin", "link")
    name_town(page)
    for number in range(1, len(Domain) + 1):
        page.get_by_role("radio").nth(number % 5).check()
        click(page, "Save and see the result" if number == len(Domain) else "Save and go on")
    expect(heading(page)).to_have_text("Le Roy, MN: where you stand")
    assert page.context.cookies() == []

    click(page, "Keep it in your account", "link")
    sign_up(page, LEAD)
    expect(heading(page)).to_have_text("Keep this check in your account?")
    expect(page.get_by_role("status")).to_have_text(f"The address {LEAD} is confirmed.")
    click(page, "Keep it")
    expect(page.get_by_role("status")).to_have_text("The readiness check is kept in your account.")

    page.goto("/pathway/")
    click(page, "Start an application", "link")
    click(page, "Le Roy, MN")
    expect(heading(page)).to_have_text("Your application")
    application = Application.objects.get()
    assert (application.place, application.assessment) == (town, Assessment.objects.get())
    click(page, "Readiness check", "link")
    expect(heading(page)).to_have_text("Le Roy, MN: where you stand")
    page.go_back()
    click(page, "Your government", "link")
    expect(page.get_by_label("Official name")).to_have_value("Le Roy")
    expect(page.get_by_role("radio", name="City", exact=True)).to_be_checked()
    expect(page.get_by_role("combobox", name="State")).to_have_value("MN")
    expect(page.get_by_label("GEOID")).to_have_value("2736602")
    expect(page.get_by_label("People who live in the area you serve")).to_have_value("929")
    page.goto(f"{application.get_absolute_url()}sections/contacts/")
    expect(page.get_by_label("Lead: e-mail address")).to_have_value(LEAD)


def test_a_team_of_three_writes_an_application_in_two_sittings_and_hands_it_in(browser_of, town):
    lead, sponsor = browser_of(), browser_of()
    editor = browser_of(java_script_enabled=False, viewport={"width": 360, "height": 740})

    # The first sitting
    lead.goto("/pathway/apply/")
    sign_up(lead, LEAD)
    name_town(lead)
    expect(heading(lead)).to_have_text("Your application")
    application = Application.objects.get()
    for name, answers in BY_LEAD.items():
        fill_section(lead, application, name, answers)
    save(application, LEAD, SAVED_BY_LEAD)
    lead.goto(at("team", application))
    for email, role in ((EDITOR, "Editor"), (SPONSOR, "Sponsor")):
        lead.get_by_label("E-mail address").fill(email)
        lead.get_by_role("radio", name=role).check()
        click(lead, "Send the invitation")
        expect(lead.get_by_role("status")).to_have_text(f"An invitation goes to {email}.")
    lead.goto("/account/")
    click(lead, "Sign out")

    # The editor, meanwhile, without JavaScript
    join(editor, EDITOR)
    for name, answers in BY_EDITOR.items():
        fill_section(editor, application, name, answers)
    save(application, EDITOR, SAVED_BY_EDITOR)
    editor.goto(at("files", application))
    resolution = {"name": "Resolution 2019-14.pdf", "mimeType": "application/pdf", "buffer": SAMPLES["pdf"]}
    editor.get_by_label("File").set_input_files(resolution)
    click(editor, "Add the file")
    expect(editor.get_by_role("status").first).to_have_text("“Resolution 2019-14.pdf” is added.")

    # The second sitting
    lead.goto(application.get_absolute_url())
    come_back(lead, LEAD)
    expect(lead.get_by_text("10 of 12 are done.")).to_be_visible()
    for name, answers in BY_LEAD_LATER.items():
        fill_section(lead, application, name, answers)
    expect(lead.get_by_text("12 of 12 are done.")).to_be_visible()

    join(sponsor, SPONSOR)
    click(sponsor, "Read everything, and sign it off", "link")
    for words in ("Fewer evictions.", "How a town of 900 begins.", "We are one town."):
        expect(sponsor.get_by_text(words)).to_be_visible()
    click(sponsor, "Sign it off")
    expect(sponsor.get_by_role("status")).to_have_text("You have signed the application off.")

    lead.reload()
    press(lead, lead.get_by_role("link", name="Look through it and hand it in"))
    expect(lead.get_by_text("Resolution 2019-14.pdf")).to_be_visible()
    press(lead, lead.get_by_role("button", name="Hand it in"))
    expect(heading(lead)).to_contain_text("We have your application: A-")
    application.refresh_from_db()
    expect(heading(lead)).to_have_text(f"We have your application: {application.reference}")
    frozen = dict(application.snapshots.get().answers.values_list("question", "answer"))
    by_hand = (BY_LEAD["goals"], BY_EDITOR["peers"], BY_LEAD_LATER["identity"])
    assert [text for answers in by_hand for text in answers.values() if text not in frozen.values()] == []
    assert Counter(receipts(application)) == {LEAD: 1, EDITOR: 1, SPONSOR: 1}


def receipts(application):
    """The addresses that a receipt with the reference went to."""
    mails = OutgoingMail.objects.filter(kind="application_received", subject__contains=application.reference)
    return mails.values_list("to", flat=True)


def test_a_lead_withdraws_an_application_with_a_reason_and_opens_it_again_with_every_answer(browser_of):
    application = make_complete_application(make_user(email=LEAD))
    workflow.submit(application=application, user=user_of(application, Role.LEAD))
    answers = workflow.answers_of(application)
    lead = browser_of()
    lead.goto(application.get_absolute_url())
    come_back(lead, LEAD)

    click(lead, "Withdraw it", "link")
    lead.get_by_label("Why").fill("The council votes first.")
    click(lead, "Withdraw it")
    expect(lead.get_by_role("status")).to_have_text("The application is withdrawn.")
    click(lead, "Messages", "link")
    expect(lead.locator(".thread")).to_contain_text("The council votes first.")
    lead.goto(f"{application.get_absolute_url()}sections/goals/")
    expect(lead.get_by_role("button", name="Save", exact=True)).to_have_count(0)

    lead.goto(application.get_absolute_url())
    click(lead, "Open it again", "link")
    click(lead, "Open it again")
    expect(lead.get_by_role("status")).to_have_text("The application is a draft again.")
    expect(lead.get_by_text("12 of 12 are done.")).to_be_visible()
    click(lead, "Goals", "link")
    expect(lead.get_by_label("How will you know?")).to_have_value("Some words,\nin two lines.")
    application.refresh_from_db()
    assert (application.status, workflow.answers_of(application)) == (Status.DRAFT, answers)
