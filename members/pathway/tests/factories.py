"""Readiness checks and applications for tests; `levels` maps domains to levels."""

from django.contrib.auth.models import Group
from django.utils import timezone

from alliance.core.tests.factories import make_user
from alliance.core.vocabulary import Domain
from members.pathway import workflow
from members.pathway.desk import CHAIRS, REVIEWERS
from members.pathway.models import (
    Answer,
    Application,
    Assessment,
    Decision,
    Declaration,
    Review,
    Score,
    SectionAnswers,
    TeamMember,
)
from members.pathway.questions import SECTIONS, Kind
from members.pathway.screening import POINTS
from members.pathway.states import Status
from members.pathway.workflow.drafts import note_government


def make_assessment(levels=None, **fields):
    assessment = Assessment.objects.create(**fields)
    Answer.objects.bulk_create(
        Answer(assessment=assessment, domain=domain, level=level) for domain, level in (levels or {}).items()
    )
    return assessment


def make_application(lead=None, **fields):
    """A draft, with somebody who leads it."""
    application = Application.objects.create(**fields)
    make_member(application, TeamMember.Role.LEAD, lead)
    return application


def make_member(application, role, user=None):
    """Somebody's part in the team of an application."""
    return TeamMember.objects.create(application=application, user=user or make_user(), role=role)


# An answer that will do, for each kind of question.
ANSWERS = {
    Kind.LINE: "A line",
    Kind.TEXT: "Some words,\nin two lines.",
    Kind.DATE: "2019-06",
    Kind.NUMBER: "20",
    Kind.LINK: "https://example.gov/resolution",
    Kind.EMAIL: "someone@example.gov",
    Kind.STATE: "MN",
    Kind.GEOID: "2746924",
    Kind.CONSENT: "on",
}


def complete_answers():
    """Every question answered, {section id: {question id: answer}}."""
    return {section.id: {one.id: answer_to(one) for one in section.questions} for section in SECTIONS}


def answer_to(question):
    if question.kind == Kind.CHOICES:
        return [question.choices[0][0]]
    return question.choices[0][0] if question.kind == Kind.CHOICE else ANSWERS[question.kind]


def make_complete_application(lead=None, sponsor=None, signed=True, **fields):
    """A draft with every answer, a lead and a sponsor, who has signed it off: ready to be handed in."""
    application = make_application(lead, **fields)
    SectionAnswers.objects.bulk_create(
        SectionAnswers(
            application=application, section=section, answers=answers, saved_at=timezone.now(), saved_by=lead
        )
        for section, answers in complete_answers().items()
    )
    note_government(application, complete_answers()["identity"])
    member = make_member(application, TeamMember.Role.SPONSOR, sponsor)
    if signed:
        digest = workflow.digest_now(application)
        workflow.sign_off(application=application, user=member.user, digest=digest)
    return application


def make_application_in(status, came_from="", **fields):
    """A complete application, signed, that stands at `status` without having gone there."""
    if status not in (Status.DRAFT, Status.WITHDRAWN):
        fields |= {"submitted_at": timezone.now(), "reference": workflow.new_reference()}
    if status in (Status.CHANGES_REQUESTED, Status.DECIDED):
        came_from = came_from or Status.IN_REVIEW
    application = make_complete_application(make_user(), signed=False, status=status, came_from=came_from, **fields)
    digest = workflow.digest_now(application)
    application.sign_offs.create(by=user_of(application, TeamMember.Role.SPONSOR), digest=digest)
    return application


def user_of(application, role):
    """The one person with this role in the team of an application."""
    return application.team.current().get(role=role).user


def make_reviewer(group=REVIEWERS, **fields):
    """Somebody who reviews; with the other group, a chair."""
    person = make_user(is_staff=True, **fields)
    person.groups.add(Group.objects.get_or_create(name=group)[0])
    person.refresh_from_db()  # the new role has signed them out
    return person


def make_chair(application=None, **fields):
    """A chair, who has said of this application that they have no conflict of interest."""
    chair = make_reviewer(CHAIRS, **fields)
    if application:
        have_no_conflict(application, chair)
    return chair


def have_no_conflict(application, *people):
    """They have said so."""
    Declaration.objects.bulk_create(
        [Declaration(application=application, by=one, has_conflict=False) for one in people], ignore_conflicts=True
    )


def assign(application, *people):
    """Let people review an application, who have said that they have no conflict of interest."""
    have_no_conflict(application, *people)
    for one in people:
        application.assignments.create(reviewer=one, assigned_by=one)


def make_review(application, reviewer=None, level=2, levels=None, **fields):
    """A review that is handed in, with one level everywhere but where `levels` says another."""
    reviewer = reviewer or make_reviewer()
    if not application.assignments.current().filter(reviewer=reviewer).exists():
        assign(application, reviewer)
    review = Review.objects.create(
        **{"application": application, "reviewer": reviewer, "submitted_at": timezone.now()} | fields
    )
    Score.objects.bulk_create(
        Score(review=review, domain=domain, level=(levels or {}).get(domain, level), rationale="It says so.")
        for domain in Domain
    )
    return review


def make_authority_check(application, by, **fields):
    """The government itself has said that the applicant speaks for it."""
    given = {
        "found_at": "https://www.example.gov/clerk",
        "contact": "City clerk, 612 555 0100",
        "way": "phone",
        "is_confirmed": True,
    }
    return application.authority_checks.create(by=by, **given | fields)


def make_decision(application, proposer, confirmer=None, **fields):
    """A held decision about an application that stands at `decided`."""
    given = {"outcome": Decision.Outcome.ACCEPTED, "letter": "Dear colleagues,\n\nwelcome."} | fields
    if confirmer:
        given |= {"confirmed_by": confirmer, "confirmed_at": timezone.now()}
    return Decision.objects.create(application=application, proposed_by=proposer, **given)


def make_accepted_application(chair=None, **fields):
    """An application that was accepted and released, with all that this began."""
    application = make_application_in(Status.DECIDED, **fields)
    chair = chair or make_chair()
    have_no_conflict(application, chair)
    make_authority_check(application, chair)
    make_decision(application, make_user(), chair)
    workflow.release(application=application, actor=chair)
    application.refresh_from_db()
    return application


def tick_everything(application, by):
    """Every point of the checklist of screening is done: the review may begin."""
    for point in POINTS:
        application.checks.create(point=point, by=by)


def sign_and_hand_in(application):
    """The sponsor signs what stands there, and the lead hands it in."""
    sponsor, lead = (user_of(application, role) for role in (TeamMember.Role.SPONSOR, TeamMember.Role.LEAD))
    application.refresh_from_db()
    digest = workflow.digest_now(Application.objects.get(pk=application.pk))
    workflow.sign_off(application=application, user=sponsor, digest=digest)
    workflow.hand_in(application=application, user=lead, digest=digest)
    application.refresh_from_db()
