"""The first months of an accepted government: the plan, the yes to its page, the guide, and who is stuck."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from alliance.core.models import OutgoingMail
from alliance.core.tests.factories import make_curator, make_user, sign_in
from alliance.core.vocabulary import Domain
from cohorts.models import Membership
from cohorts.tests.factories import make_jurisdiction
from members.pathway import workflow
from members.pathway.models import Onboarding, OnboardingStep
from members.pathway.plan import STEPS, steps_for
from members.pathway.states import Status
from members.pathway.team import Role
from members.pathway.tidy import TIDY
from members.pathway.workflow import NotReady
from members.peers.models import PeerProfile
from members.peers.tests.factories import make_member as make_peer
from members.peers.tests.factories import make_profile

from .factories import (
    have_no_conflict,
    make_accepted_application,
    make_application_in,
    make_chair,
    make_member,
    make_reviewer,
    user_of,
)

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture
def application():
    return make_accepted_application()


def address(application, name="application_onboarding"):
    return reverse(name, args=[application.pk])


def signed_in(client, application, role):
    sign_in(client, user_of(application, role))
    return client


# --- What an acceptance begins ---


def test_the_plan_asks_only_what_the_levels_leave_open():
    high = dict.fromkeys(Domain, 4)
    assert [step.id for step in steps_for(high)] == ["page", "peer", "gathering", "practice"]
    assert {step.id for step in steps_for({})} == {step.id for step in STEPS}
    assert [step.days for step in steps_for({})] == sorted(step.days for step in STEPS)


def test_an_acceptance_begins_a_plan_with_days_and_a_page_that_nobody_sees(application, client):
    onboarding = application.onboarding
    today = timezone.localdate()
    assert list(onboarding.steps.values_list("step", "due_on", "done_at")) == [
        (step.id, today + timedelta(days=step.days), None) for step in steps_for({})
    ]
    assert onboarding.jurisdiction.status == "draft"
    assert onboarding.jurisdiction.sources == ["https://example.gov/resolution"]
    assert client.get(onboarding.jurisdiction.get_absolute_url()).status_code == 404


def test_a_government_that_has_a_page_already_is_not_asked_about_it():
    application = make_accepted_application(jurisdiction=make_jurisdiction(name="A line", kind="city"))
    assert not application.onboarding.steps.filter(step="page").exists()


def test_whoever_works_for_the_government_becomes_a_member_and_advisers_do_not():
    chair = make_chair()
    application = make_application_in(Status.IN_REVIEW)
    editor, viewer = (make_member(application, role).user for role in (Role.EDITOR, Role.VIEWER))
    other = make_accepted_application(chair)
    make_member(other, Role.VIEWER, viewer)
    members = set(Membership.objects.current().filter(jurisdiction=other.jurisdiction).values_list("user", flat=True))
    assert members == {user_of(other, Role.LEAD).pk, user_of(other, Role.SPONSOR).pk}
    assert editor.memberships.count() == 0


# --- The plan ---


def test_a_step_is_ticked_off_once_and_can_be_opened_again(application, client):
    step = application.onboarding.steps.first()
    signed_in(client, application, Role.LEAD)
    for _click in range(2):
        answer = client.post(address(application), {"step": step.pk, "is_done": "1"})
        assert (answer.status_code, answer.url) == (303, address(application))
    step.refresh_from_db()
    first = step.done_at
    assert (step.done_by, application.onboarding.steps.open().count()) == (user_of(application, Role.LEAD), 7)
    client.post(address(application), {"step": step.pk, "is_done": "1"})
    step.refresh_from_db()
    assert step.done_at == first
    client.post(address(application), {"step": step.pk, "is_done": "0"})
    step.refresh_from_db()
    assert (step.done_at, step.done_by) == (None, None)


@pytest.mark.parametrize("data", [{}, {"step": "x", "is_done": "1"}, {"step": "1"}, {"step": "9" * 30, "is_done": "1"}])
def test_a_broken_tick_is_a_bad_request(application, client, data):
    assert signed_in(client, application, Role.LEAD).post(address(application), data).status_code == 400


def test_a_step_of_another_plan_is_not_there(application, client):
    theirs = make_accepted_application().onboarding.steps.first()
    signed_in(client, application, Role.LEAD)
    assert client.post(address(application), {"step": theirs.pk, "is_done": "1"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.done_at is None


def test_sponsors_and_viewers_read_the_plan_and_tick_nothing(application, client):
    step = application.onboarding.steps.first()
    signed_in(client, application, Role.SPONSOR)
    page = client.get(address(application))
    assert (page.status_code, page.context["may_write"], b"is_done" in page.content) == (200, False, False)
    assert client.post(address(application), {"step": step.pk, "is_done": "1"}).status_code == 404


@pytest.mark.parametrize("name", ["application_onboarding", "application_page"])
@pytest.mark.parametrize("status", [one for one in Status if one != Status.ACCEPTED])
def test_before_an_acceptance_there_is_no_plan_and_no_page(status, name, client):
    application = make_application_in(status)
    assert signed_in(client, application, Role.LEAD).get(address(application, name)).status_code == 404


def test_the_database_knows_who_ticked_a_step_off(application):
    steps = OnboardingStep.objects.filter(onboarding=application.onboarding)
    with pytest.raises(IntegrityError, match="pathway_onboarding_step_done"), transaction.atomic():
        steps.update(done_at=timezone.now())


# --- The page ---


def test_the_page_appears_when_the_lead_says_yes_and_everybody_is_told_once(application, client):
    jurisdiction = application.onboarding.jurisdiction
    signed_in(client, application, Role.LEAD)
    preview = client.get(address(application, "application_page"))
    assert (preview.status_code, preview.context["jurisdiction"]) == (200, jurisdiction)
    for _click in range(2):
        answer = client.post(address(application, "application_page"), {"list_from": ""})
        assert (answer.status_code, answer.url) == (303, address(application))
    onboarding = Onboarding.objects.get(application=application)
    assert (onboarding.agreed_by, onboarding.listed_at is not None) == (user_of(application, Role.LEAD), True)
    assert client.get(jurisdiction.get_absolute_url()).status_code == 200
    assert onboarding.steps.get(step="page").done_by == user_of(application, Role.LEAD)
    told = OutgoingMail.objects.filter(kind="page_shown").values_list("to", flat=True)
    assert sorted(told) == sorted(member.user.email for member in application.team.current())


def test_a_page_that_waits_for_its_day_is_shown_on_it_and_not_before(application, client, monkeypatch):
    jurisdiction, day = application.onboarding.jurisdiction, timezone.localdate() + timedelta(days=10)
    signed_in(client, application, Role.SPONSOR)
    assert client.post(address(application, "application_page"), {"list_from": day.isoformat()}).status_code == 303
    assert workflow.show_agreed_pages in TIDY
    workflow.show_agreed_pages()
    jurisdiction.refresh_from_db()
    assert jurisdiction.status == "draft"
    monkeypatch.setattr(timezone, "localdate", lambda: day)
    workflow.show_agreed_pages()
    workflow.show_agreed_pages()
    jurisdiction.refresh_from_db()
    assert jurisdiction.status == "published"
    assert OutgoingMail.objects.filter(kind="page_shown").count() == application.team.current().count()


def test_a_yes_can_be_taken_back_until_the_page_is_shown(application, client):
    signed_in(client, application, Role.LEAD)
    day = timezone.localdate() + timedelta(days=3)
    client.post(address(application, "application_page"), {"list_from": day.isoformat()})
    client.post(address(application, "application_page"), {"take_back": "1"})
    onboarding = Onboarding.objects.get(application=application)
    assert (onboarding.agreed_by, onboarding.agreed_at, onboarding.list_from) == (None, None, None)
    client.post(address(application, "application_page"), {"list_from": ""})
    refused = client.post(address(application, "application_page"), {"take_back": "1"})
    assert (refused.status_code, "we take it down" in refused.text) == (400, True)


def test_without_a_source_no_page_is_shown_and_the_page_says_what_to_do(application, client):
    jurisdiction = application.onboarding.jurisdiction
    jurisdiction.sources = []
    jurisdiction.save()
    signed_in(client, application, Role.LEAD)
    refused = client.post(address(application, "application_page"), {"list_from": ""})
    assert (refused.status_code, "names no public source yet" in refused.text) == (400, True)
    jurisdiction.refresh_from_db()
    assert jurisdiction.status == "draft"


@pytest.mark.parametrize("days", [-1, 366, 100_000])
def test_the_day_lies_within_a_year(application, client, days):
    day = timezone.localdate() + timedelta(days=days)
    signed_in(client, application, Role.LEAD)
    refused = client.post(address(application, "application_page"), {"list_from": day.isoformat()})
    assert (refused.status_code, refused.context["form"].errors["list_from"]) == (
        400,
        ["Choose a day from today on, within a year."],
    )


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER])
def test_only_the_lead_or_the_sponsor_says_yes(application, client, role):
    sign_in(client, make_member(application, role).user)
    page = client.get(address(application, "application_page"))
    assert (page.status_code, page.context["may_agree"]) == (200, False)
    assert client.post(address(application, "application_page"), {"list_from": ""}).status_code == 404
    assert Onboarding.objects.get(application=application).agreed_at is None


def test_nobody_else_finds_the_plan_or_the_preview(application, client):
    sign_in(client, make_user())
    for name in ("application_onboarding", "application_page"):
        assert client.get(address(application, name)).status_code == 404
        assert client.post(address(application, name), {"list_from": ""}).status_code == 404


def test_the_database_shows_no_page_without_a_yes(application):
    onboardings = Onboarding.objects.filter(application=application)
    with pytest.raises(IntegrityError, match="pathway_onboarding_agreed"), transaction.atomic():
        onboardings.update(listed_at=timezone.now())


# --- The Alliance's side ---


@pytest.fixture
def chair(application):
    return make_chair(application)


def test_a_guide_is_offered_once_and_shown_to_the_team(application, chair, client):
    guide = make_jurisdiction(name="Hennepin County")
    sign_in(client, chair)
    for _click in range(2):
        answer = client.post(address(application, "review_onboarding"), {"offer": "1", "guide": str(guide.pk)})
        assert answer.status_code == 303
    assert OutgoingMail.objects.filter(kind="guide_offered").count() == application.team.current().count()
    signed_in(client, application, Role.LEAD)
    assert guide.get_absolute_url() in client.get(address(application)).text


def test_the_plan_leads_to_the_people_of_the_guide_or_to_staff_where_nobody_is_listed(application, client):
    guide = make_jurisdiction(name="Hennepin County")
    Onboarding.objects.filter(application=application).update(guide=guide)
    signed_in(client, application, Role.LEAD)
    listed = make_profile(make_peer(jurisdiction=guide))
    make_profile(make_peer(jurisdiction=guide), is_listed=False)
    make_profile(make_peer(jurisdiction=guide), shown=["name"])
    asks, staff = reverse("peer_ask", args=[listed.pk]), "Write to us, and we introduce you."
    page = client.get(address(application)).text
    assert (page.count("/ask/"), asks in page, staff in page) == (1, True, False)
    PeerProfile.objects.filter(pk=listed.pk).update(is_listed=False)
    page = client.get(address(application)).text
    assert (page.count("/ask/"), staff in page) == (0, True)


def test_nobody_is_their_own_guide(application, chair):
    with pytest.raises(NotReady, match="their own guide"):
        workflow.offer_guide(application=application, actor=chair, guide=application.onboarding.jurisdiction)
    with pytest.raises(IntegrityError, match="pathway_onboarding_guide"), transaction.atomic():
        Onboarding.objects.filter(application=application).update(guide=application.onboarding.jurisdiction)


def plan_of(application, **changes):
    steps = application.onboarding.steps.open()
    data = {"plan": "1", "form-TOTAL_FORMS": len(steps), "form-INITIAL_FORMS": len(steps)}
    for number, step in enumerate(steps):
        data |= {
            f"form-{number}-id": step.pk,
            f"form-{number}-due_on": step.due_on.isoformat(),
            f"form-{number}-owner": step.owner,
        }
    return data | changes


def test_open_steps_get_another_day_and_owner(application, chair, client):
    sign_in(client, chair)
    data = plan_of(application, **{"form-0-due_on": "2027-03-01", "form-0-owner": "City manager"})
    assert client.post(address(application, "review_onboarding"), data).status_code == 303
    first, second = application.onboarding.steps.all()[:2]
    assert (first.due_on.isoformat(), first.owner) == ("2027-03-01", "City manager")
    assert second.owner == steps_for({})[1].owner


def test_a_wrong_day_of_the_plan_is_said_beside_it_and_nothing_is_kept(application, chair, client):
    sign_in(client, chair)
    data = plan_of(application, **{"form-0-due_on": "soon", "form-1-owner": "City manager"})
    refused = client.post(address(application, "review_onboarding"), data)
    assert (refused.status_code, 'value="soon"' in refused.text) == (400, True)
    assert application.onboarding.steps.all()[1].owner == steps_for({})[1].owner


@pytest.mark.parametrize("data", [{"plan": "1"}, {"plan": "1", "form-TOTAL_FORMS": "x"}, {"offer": "1", "guide": "x"}])
def test_a_broken_form_of_the_plan_is_refused(application, chair, client, data):
    sign_in(client, chair)
    assert client.post(address(application, "review_onboarding"), data).status_code == 400


def test_the_list_has_who_is_stuck_and_names_the_most_late_first(application, chair, client):
    other = make_accepted_application(chair)
    OnboardingStep.objects.filter(onboarding=other.onboarding).update(due_on=timezone.localdate() - timedelta(days=1))
    sign_in(client, chair)
    everything = client.get(reverse("review_onboardings"))
    assert [row.application_id for row in everything.context["page"]] == [other.pk, application.pk]
    stuck = client.get(reverse("review_onboardings"), {"show": "stuck"})
    assert [(row.application_id, row.late, row.all) for row in stuck.context["page"]] == [(other.pk, 8, 8)]


def test_a_page_without_a_yes_for_two_weeks_is_stuck_too(application):
    assert list(Onboarding.objects.stuck()) == []
    Onboarding.objects.update(created_at=timezone.now() - timedelta(days=15))
    assert [one.application for one in Onboarding.objects.stuck()] == [application]


def test_reviewers_and_whoever_has_a_conflict_find_no_onboarding(application, client):
    member = make_chair(application)
    Membership.objects.create(user=member, jurisdiction=application.jurisdiction)
    reviewer = make_reviewer()
    have_no_conflict(application, reviewer)
    for person in (member, reviewer, make_curator(), make_user()):
        sign_in(client, person)
        assert client.get(address(application, "review_onboarding")).status_code == 404
    sign_in(client, member)
    assert list(client.get(reverse("review_onboardings")).context["page"]) == []


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_asks_the_database_the_same_for_one_and_for_thirty(
    client, chair, application, number, django_assert_num_queries
):
    for _more in range(number - 1):
        make_accepted_application(chair)
    sign_in(client, chair)
    with django_assert_num_queries(4):
        page = client.get(reverse("review_onboardings"))
    assert len(page.context["page"].object_list) == number


@pytest.mark.parametrize("number", [1, 30])
@pytest.mark.parametrize(
    ("name", "queries"), [("application_onboarding", 6), ("application_page", 11), ("review_onboarding", 8)]
)
def test_a_plan_asks_the_database_the_same_for_one_step_and_for_thirty(
    client, chair, application, number, name, queries, django_assert_num_queries
):
    onboarding = application.onboarding
    onboarding.steps.all().delete()
    OnboardingStep.objects.bulk_create(
        OnboardingStep(
            onboarding=onboarding,
            step=str(one),
            title="A step",
            position=one,
            due_on=timezone.localdate(),
            domain="data",
        )
        for one in range(number)
    )
    sign_in(client, chair if name.startswith("review") else user_of(application, Role.LEAD))
    client.get(address(application, name))
    with django_assert_num_queries(queries):
        assert client.get(address(application, name)).status_code == 200


def test_another_team_finds_no_step(application):
    with pytest.raises(Http404):
        workflow.tick_off(application=application, user=make_user(), step=1, is_done=True)
