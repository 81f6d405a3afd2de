"""Every page of the review, and what its applicants see of it, in each of its states: axe, valid HTML, no sideways
scroll, and no word from the console; with answers as long as people write them."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from alliance.core.tests.factories import make_admin, make_user, sign_in_browser
from alliance.core.vocabulary import Domain
from alliance.tests.test_browser import faults
from cohorts.tests.factories import make_jurisdiction, make_proposal
from members.pathway import workflow
from members.pathway.models import Application, CannedText
from members.pathway.team import Role

from .factories import (
    assign,
    have_no_conflict,
    make_application,
    make_authority_check,
    make_chair,
    make_complete_application,
    make_review,
    make_reviewer,
    sign_and_hand_in,
    tick_everything,
    user_of,
)
from .test_handing_in import change
from .test_team_browser import WIDE

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "Bartholomew-Alexander Featherstonehaugh"
PARAGRAPH = (
    "In 2019 the council passed a resolution that names racial equity as a goal of every department. Since then we "
    "have trained about half of our supervisors, and the library and the park department look at their fees first. "
    "We do not yet split our numbers by race everywhere.\n\nWhat holds us back is time: one person does this beside "
    "another job."
)
LETTER = (
    "Dear colleagues of Lakeside,\n\nthank you for your application, and for the care with which you wrote it.\n\n"
    "Our answer today is: not yet. Two reviewers read every answer.\n\nWith respect,\nthe Alliance"
)


def handed_in(name, lead=None):
    """An application whose team has just handed it in."""
    lead, sponsor = lead or make_user(name="Rosa Diaz"), make_user(name="Samuel Oyelaran")
    application = make_complete_application(lead, sponsor, signed=False)
    for section in application.sections.all():
        section.answers = {
            one: PARAGRAPH if answer == "Some words,\nin two lines." else answer
            for one, answer in section.answers.items()
        }
        section.save()
    change(application, "name", name, "identity")
    sign_and_hand_in(application)
    return application


def in_review(name, chair, *readers, **fields):
    """One whose review has begun, with its readers."""
    application = handed_in(name, **fields)
    have_no_conflict(application, chair)
    workflow.begin_screening(application=application, actor=chair)
    tick_everything(application, chair)
    workflow.begin_review(application=application, actor=chair)
    assign(application, *readers)
    return Application.objects.get(pk=application.pk)


def decided(name, chair, second, outcome="accepted", **fields):
    """One that is answered, by two reviews."""
    application = in_review(name, chair)
    for level in (1, 3):
        make_review(application, level=level)
    have_no_conflict(application, second)
    make_authority_check(application, chair)
    workflow.propose(application=application, actor=chair, outcome=outcome, letter=LETTER, **fields)
    workflow.confirm(application=application, actor=second)
    workflow.release(application=application, actor=second)
    application.refresh_from_db()
    return application


def make_world():
    """Applications at every step, and the people around them."""
    today = timezone.localdate()
    mae, ida = make_chair(name="Mae Chu"), make_chair(name="Ida First")
    ada, ben = make_reviewer(name="Ada Reed"), make_reviewer(name=LONG)
    nobody, admin = make_reviewer(), make_admin(name="Nia Root")
    CannedText.objects.create(title="Thanks", text="Thank you for your patience.")
    new, twin = handed_in("City of Lakeside"), handed_in("City of Lakeside")
    closed = handed_in("Verylongnamewithoutanyblank" * 4)
    for one in (new, twin):
        have_no_conflict(one, mae, ida)
    new.declarations.create(by=make_reviewer(name="Connie Stone"), has_conflict=True, words="My sister works there.")
    screened = handed_in("Lyle")
    have_no_conflict(screened, mae)
    workflow.begin_screening(application=screened, actor=mae)
    workflow.write(application=screened, user=user_of(screened, Role.LEAD), is_from_team=True, text=PARAGRAPH)
    workflow.write(application=screened, user=mae, is_from_team=False, text="We read it this week.")
    workflow.note(application=screened, actor=mae, text="I lean to accept.")
    unread = in_review("Adams", mae, ada, ben)
    asked = in_review("Rose Creek", mae, ada)
    workflow.request_changes(application=asked, actor=mae, questions={"goal": "By when?", "staff": "How many of them?"})
    back = in_review("Le Roy", mae, ada)
    workflow.request_changes(application=back, actor=mae, questions={"goal": "By when?"})
    change(back, "goal", "Half as many evictions by May 2028, counted by the county.")
    sign_and_hand_in(back)
    compared = in_review("Dexter", mae)
    far = {Domain.DATA: 4, Domain.PARTNERSHIP: 0}
    make_review(compared, ada, level=2, summary=PARAGRAPH)
    make_review(compared, ben, level=2, levels=far)
    have_no_conflict(compared, mae, ida)
    proposed = in_review("Taopi", mae)
    for level in (1, 3):
        make_review(proposed, level=level)
    have_no_conflict(proposed, ida)
    workflow.propose(
        application=proposed, actor=mae, outcome="conditions", letter=LETTER, conditions="A budget line by May."
    )
    held = in_review("Elkton", mae)
    for level in (1, 3):
        make_review(held, level=level)
    have_no_conflict(held, ida)
    workflow.propose(application=held, actor=ida, outcome="accepted", letter=LETTER)
    workflow.confirm(application=held, actor=mae)
    unasked = in_review("Waltham", mae)
    for level in (1, 3):
        make_review(unasked, level=level)
    have_no_conflict(unasked, ida)
    workflow.propose(application=unasked, actor=ida, outcome="referred", referred_to="The league", letter=LETTER)
    workflow.confirm(application=unasked, actor=mae)
    not_yet = decided("Grand Meadow", mae, ida, "not_yet", back_on=today + timedelta(days=180))
    have_no_conflict(not_yet, admin)
    again = decided("Racine", mae, ida, "not_yet", back_on=today + timedelta(days=180))
    have_no_conflict(again, admin)
    workflow.reconsider(application=again, actor=admin, reason="New numbers came in.")
    joined = decided("Spring Valley", mae, ida)
    joined.onboarding.guide = make_jurisdiction(name="Hennepin County")
    joined.onboarding.save()
    for step in joined.onboarding.steps.all()[:2]:
        step.done_at, step.done_by = timezone.now(), user_of(joined, Role.LEAD)
        step.save()
    draft = make_application(government_name="Hayfield")
    workflow.override(application=closed, actor=admin, reason="The lead asked us to look at a broken file.")
    member = user_of(joined, Role.LEAD)
    ours = joined.jurisdiction
    proposal = make_proposal(jurisdiction=ours, proposed_by=member, before={"summary": "Before."}, note="See the news.")
    mae.kept_views.create(name="Late in Minnesota", query="state=MN&flag=overdue")
    return SimpleNamespace(**locals())


def at(name, application):
    return reverse(name, args=[application.pk])


def roadmap(application):
    return reverse("readiness_shared", args=[application.decisions.released().get().roadmap.share_key])


def click(name):
    def act(page):
        with page.expect_navigation():
            page.get_by_role("button", name=name, exact=True).first.click()

    return act


def keep_view(page):
    page.get_by_text("Keep this view").click()
    click("Keep it")(page)


def hand_in_half(page):
    page.get_by_role("radio").first.check()
    page.get_by_label("Why this level").nth(1).fill(PARAGRAPH)
    click("Hand it in")(page)


def empty_plan(page):
    for day in page.get_by_label("By when").all():
        day.fill("")
    click("Keep the plan")(page)


def begin_letter(page):
    page.get_by_label("Not yet", exact=True).check()
    click("Go on to the letter")(page)


def preview(page):
    page.get_by_label("Invited back from").fill(f"{timezone.localdate() + timedelta(days=180)}")
    begin_letter(page)
    click("See how it reads")(page)


def agree_to_a_day_gone_by(page):
    page.get_by_label("Show it from").fill("2020-01-01")
    click("Yes, show this page")(page)


def export_page(page):
    page.get_by_label("A page to print").check()
    click("Export it")(page)


def release_all(page):
    for box in page.get_by_role("checkbox").all():
        box.check()
    click("Release those chosen")(page)


def states(w):
    """(name, who looks, where, what they do there first); those that change something come last."""
    lead, base = (lambda one: user_of(one, Role.LEAD)), f"/account/governments/{w.ours.slug}/"
    return [
        ("queue", w.mae, "/review/", None),
        ("queue filtered", w.mae, "/review/?state=MN&status=in_review&q=a&sort=name", None),
        ("queue nothing found", w.mae, "/review/?q=zzz", None),
        ("queue of a reviewer", w.ada, "/review/", None),
        ("queue of nobody", w.nobody, "/review/", None),
        ("queue wrong view", w.mae, "/review/", keep_view),
        ("declare", w.admin, at("review_declare", w.new), None),
        ("declare wrong", w.admin, at("review_declare", w.new), click("Go on")),
        ("declare later", w.mae, at("review_declare", w.new), None),
        ("override", w.admin, at("review_override", w.draft), None),
        ("override wrong", w.admin, at("review_override", w.draft), click("Open it")),
        ("opened by override", w.admin, at("review", w.closed), None),
        ("reading", w.mae, at("review", w.new), None),
        ("reading changes", w.mae, at("review", w.back), None),
        ("reading asked", w.mae, at("review", w.asked), None),
        ("screening new", w.mae, at("review_screening", w.new), None),
        ("screening", w.mae, at("review_screening", w.screened), None),
        ("screening wrong", w.mae, at("review_screening", w.screened), click("Begin the review")),
        ("screening done", w.mae, at("review_screening", w.unread), None),
        ("reviewers none", w.mae, at("review_reviewers", w.new), None),
        ("reviewers", w.mae, at("review_reviewers", w.unread), None),
        ("reviewers wrong", w.mae, at("review_reviewers", w.unread), click("Assign them")),
        ("changes", w.mae, at("review_changes", w.screened), None),
        ("changes wrong", w.mae, at("review_changes", w.screened) + "?ask=goal&ask=name", click("Ask the team")),
        ("messages wrong", w.mae, at("review_messages", w.screened), click("Send to the team")),
        ("notes wrong", w.mae, at("review_notes", w.screened), click("Keep the note")),
        ("score", w.ada, at("review_score", w.unread), None),
        ("score wrong", w.ben, at("review_score", w.unread), hand_in_half),
        ("score handed in", w.ada, at("review_score", w.compared), None),
        ("scores hidden", w.ada, at("review_scores", w.unread), None),
        ("scores none", w.mae, at("review_scores", w.unread), None),
        ("scores", w.mae, at("review_scores", w.compared), None),
        ("authority wrong", w.mae, at("review_authority", w.compared), click("Record it")),
        ("authority checked", w.mae, at("review_authority", w.joined), None),
        ("government wrong", w.mae, at("review_government", w.compared), click("It is this one")),
        ("government fixed", w.mae, at("review_government", w.joined), None),
        ("decision not open", w.mae, at("review_decision", w.new), None),
        ("propose", w.mae, at("review_decision", w.compared), None),
        ("propose wrong", w.mae, at("review_decision", w.compared), click("Go on to the letter")),
        ("letter wrong", w.mae, at("review_decision", w.compared), begin_letter),
        ("preview", w.mae, at("review_decision", w.compared), preview),
        ("held mine", w.mae, at("review_decision", w.proposed), None),
        ("held to confirm", w.ida, at("review_decision", w.proposed), None),
        ("held refused", w.mae, at("review_decision", w.held), click("Release the answer")),
        ("held none chosen", w.mae, "/review/decisions/", click("Release those chosen")),
        ("decided", w.admin, at("review_decision", w.not_yet), None),
        ("decided and taken back", w.mae, at("review_decision", w.again), None),
        ("reconsider wrong", w.admin, at("review_reconsider", w.not_yet), click("Review it again")),
        ("record wrong", w.mae, at("review_records", w.new), click("Export it")),
        ("figures", w.mae, "/review/figures/", None),
        ("onboardings", w.mae, "/review/onboardings/", None),
        ("onboardings stuck", w.mae, "/review/onboardings/?show=stuck", None),
        ("onboarding", w.mae, at("review_onboarding", w.joined), None),
        ("onboarding wrong", w.mae, at("review_onboarding", w.joined), empty_plan),
        ("team of one handed in", lead(w.new), at("application", w.new), None),
        ("team of one opened by an admin", lead(w.closed), at("application", w.closed), None),
        ("team of one asked again", lead(w.asked), at("application", w.asked), None),
        ("team of one that answered", lead(w.back), at("application", w.back), None),
        ("team messages", lead(w.screened), at("application_messages", w.screened), None),
        ("team answer", lead(w.not_yet), at("application_answer", w.not_yet), None),
        ("team earlier answer", lead(w.again), at("application_answer", w.again), None),
        ("team roadmap", lead(w.not_yet), roadmap(w.not_yet), None),
        ("team accepted", lead(w.joined), at("application", w.joined), None),
        ("team welcome", lead(w.joined), at("application_answer", w.joined), None),
        ("team plan", lead(w.joined), at("application_onboarding", w.joined), None),
        ("team page wrong", lead(w.joined), at("application_page", w.joined), agree_to_a_day_gone_by),
        ("member government", lead(w.joined), base, None),
        ("member propose wrong", lead(w.joined), f"{base}propose/milestone/", click("Send to the curators")),
        ("member proposal", lead(w.joined), w.proposal.get_absolute_url(), None),
        ("record exported", w.mae, at("review_records", w.new), export_page),
        ("team said yes", lead(w.joined), at("application_page", w.joined), click("Yes, show this page")),
        ("held confirmed", w.ida, at("review_decision", w.proposed), click("Confirm it")),
        ("released", w.mae, "/review/decisions/", release_all),
    ]  # fmt: skip


# The links of a summary of errors that lead to nothing that can be filled in.
LOST = """[...document.querySelectorAll('.wrong a[href^="#"]')].filter(
    one => !document.querySelector(one.hash)?.matches('input, select, textarea, form')).map(one => one.hash)"""


def test_no_state_has_a_fault_or_scrolls_sideways_or_leads_from_an_error_to_nowhere(page, live_server, validate_html):
    sent, said, wrong, sources = [], [], [], []
    page.on("response", lambda answer: sent.append(answer) if answer.request.is_navigation_request() else None)
    page.on("console", lambda message: said.append(message.text) if "status of 4" not in message.text else None)
    for number, (name, who, where, act) in enumerate(states(make_world())):
        sign_in_browser(page, live_server, who)
        assert page.goto(f"{live_server}{where}").status == 200, name
        if act:
            act(page)
        sources.append((name, sent[-1].text()))
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            wrong += [(name, width, "wide")] if page.evaluate(WIDE) else []
        page.emulate_media(color_scheme=("light", "dark")[number % 2], reduced_motion="reduce")
        wrong += [(name, fault) for fault in (*faults(page), *page.evaluate(LOST))]
    assert (wrong, said) == ([], [])
    validate_html(sources)
