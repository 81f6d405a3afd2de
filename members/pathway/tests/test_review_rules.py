"""Who of the Alliance may do what: each verb × each part, each tie that bars somebody, what the database refuses."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from alliance.core.tests.factories import make_admin, make_curator, make_user
from cohorts.tests.factories import make_jurisdiction, make_membership, make_place
from members.collaborations.tests.factories import make_collaboration, make_seat
from members.partners.models import Affiliation
from members.partners.tests.factories import make_partner
from members.pathway import desk, workflow
from members.pathway.models import Application, Decision, ReviewPolicy, SnapshotFile
from members.pathway.screening import POINTS
from members.pathway.states import Status
from members.pathway.team import Role

from .factories import (
    assign,
    have_no_conflict,
    make_accepted_application,
    make_application_in,
    make_authority_check,
    make_chair,
    make_decision,
    make_member,
    make_review,
    make_reviewer,
    user_of,
)
from .test_workflow import CALLS, REFERRED, standing_at

pytestmark = pytest.mark.django_db

CHECK = {"found_at": "https://www.example.gov/clerk", "contact": "City clerk", "way": "phone", "is_confirmed": True}
# Each verb of the Alliance: where it is possible, who may ("scorer": whoever is assigned, whatever their part), and how
# it is said.
VERBS = {
    "begin_screening": (Status.SUBMITTED, "chair", CALLS["begin_screening"]),
    "tick": (Status.SCREENING, "chair", lambda one, who: workflow.tick(application=one, actor=who, points=POINTS)),
    "begin_review": (Status.SCREENING, "chair", CALLS["begin_review"]),
    "request_changes": (Status.IN_REVIEW, "assigned", CALLS["request_changes"]),
    "propose": (Status.IN_REVIEW, "chair", CALLS["propose"]),
    "confirm": (Status.DECIDED, "chair", CALLS["confirm"]),
    "send_back": (Status.DECIDED, "chair", CALLS["send_back"]),
    "release": (Status.DECIDED, "chair", CALLS["release"]),
    "reconsider": (Status.NOT_YET, "admin", CALLS["reconsider"]),
    "assign": (
        Status.SCREENING,
        "chair",
        lambda one, who: workflow.assign(application=one, actor=who, reviewers=[make_reviewer()]),
    ),
    "unassign": (
        Status.IN_REVIEW,
        "chair",
        lambda one, who: workflow.unassign(application=one, actor=who, reviewer=make_user()),
    ),
    "check_authority": (
        Status.IN_REVIEW,
        "chair",
        lambda one, who: workflow.check_authority(application=one, actor=who, **CHECK),
    ),
    "note": (Status.IN_REVIEW, "assigned", lambda one, who: workflow.note(application=one, actor=who, text="Hm")),
    "write": (
        Status.IN_REVIEW,
        "assigned",
        lambda one, who: workflow.write(application=one, user=who, text="Hello", is_from_team=False),
    ),
    "save_review": (
        Status.IN_REVIEW,
        "scorer",
        lambda one, who: workflow.save_review(application=one, actor=who, scores={}, summary="S", version=0),
    ),
    "think_again": (Status.IN_REVIEW, "scorer", lambda one, who: workflow.think_again(application=one, actor=who)),
}
PARTS = ["assigned", "unassigned", "undeclared", "chair", "undeclared chair", "admin", "undeclared admin", "curator"]
PARTS += ["staff", "outsider", "lead", "editor", "viewer", "sponsor"]
MAY = {
    "assigned": {"assigned", "chair", "admin"},
    "scorer": {"assigned"},
    "chair": {"chair", "admin"},
    "admin": {"admin"},
}


def somebody(part, application):
    if part in ("lead", "sponsor"):
        return user_of(application, part)
    if part in ("editor", "viewer"):
        return make_member(application, part).user
    word = part.removeprefix("undeclared ")
    makers = {"chair": make_chair, "admin": make_admin, "curator": make_curator, "outsider": make_user}
    if word == "staff":
        return make_user(is_staff=True)
    person = makers.get(word, make_reviewer)()
    if part in ("assigned", "undeclared"):
        assign(application, person)
    if part in ("undeclared", "unassigned", "curator") or word != part:
        application.declarations.filter(by=person).delete()
    else:
        have_no_conflict(application, person)
    return person


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_is_for_its_parts_and_not_there_for_all_others(verb):
    status, by, say = VERBS[verb]
    application = standing_at(status, verb)
    done = set()
    for part in PARTS:
        person = somebody(part, application)
        with transaction.atomic():
            try:
                say(application, person)
                done.add(part)
            except Http404:
                pass
            transaction.set_rollback(True)
    assert done == MAY[by]


@pytest.mark.parametrize("verb", VERBS)
def test_of_a_draft_nobody_of_the_alliance_does_anything(verb):
    application = make_application_in(Status.DRAFT)
    for part in ("chair", "admin", "assigned"):
        with pytest.raises(Http404):
            VERBS[verb][2](application, somebody(part, application))


# --- What ties somebody to an application ---


def member_of_it(application, person):
    make_membership(user=person, jurisdiction=application.jurisdiction)


def member_of_its_place(application, person):
    make_membership(user=person, jurisdiction=make_jurisdiction(place=application.place))


def member_of_its_name(application, person):
    make_membership(user=person, jurisdiction=make_jurisdiction(name="City of LE ROY", state="MN"))


def member_of_its_department(application, person):
    make_membership(user=person, jurisdiction=make_jurisdiction(parent=application.jurisdiction, kind="department"))


def member_of_what_it_belongs_to(application, person):
    parent = make_jurisdiction()
    application.jurisdiction.parent = parent
    application.jurisdiction.kind = "department"
    application.jurisdiction.save()
    make_membership(user=person, jurisdiction=parent)


def affiliate(application, person):
    partner, collaboration = make_partner(), make_collaboration()
    Affiliation.objects.create(user=person, partner=partner)
    make_seat(collaboration=collaboration, partner=partner)
    make_seat(collaboration=collaboration, jurisdiction=application.jurisdiction)


def of_the_partner_that_it_is(application, person):
    Affiliation.objects.create(user=person, partner=make_partner(jurisdiction=application.jurisdiction))


def member_until_next_week(application, person):
    ended_on = timezone.localdate() + timedelta(days=7)
    make_membership(user=person, jurisdiction=application.jurisdiction, ended_on=ended_on)


def affiliate_until_tonight(application, person):
    affiliate(application, person)
    person.affiliations.update(ended_on=timezone.localdate())


def was_in_team(application, person):
    make_member(application, Role.VIEWER, person)
    application.team.filter(user=person).update(left_at=timezone.now())


def declared_it(application, person):
    workflow.declare(application=application, user=person, has_conflict=True, words="My sister works there.")


TIES = [
    member_of_it,
    member_of_its_place,
    member_of_its_name,
    member_of_its_department,
    member_of_what_it_belongs_to,
    affiliate,
    of_the_partner_that_it_is,
    member_until_next_week,
    affiliate_until_tonight,
    was_in_team,
    declared_it,
]
MAKERS = {"assigned": make_reviewer, "chair": make_chair, "admin": make_admin}


@pytest.mark.parametrize("part", MAKERS)
@pytest.mark.parametrize("tie", TIES)
def test_a_tie_closes_the_application_at_once_to_all_parts_and_for_every_verb(tie, part):
    application = make_application_in(Status.IN_REVIEW, place=make_place(), jurisdiction=make_jurisdiction())
    Application.objects.filter(pk=application.pk).update(government_name="City of Le Roy", state="MN")
    person, other = MAKERS[part](), make_chair(application)
    assign(application, person)
    assert desk.find(person, application.pk) == application
    tie(application, person)
    with pytest.raises(Http404):
        desk.find(person, application.pk)
    assert not desk.open_to(person).exists()
    assert person not in [*desk.readers_of(application), *workflow.reviewers_for(application)]
    done = []
    for verb, (_status, _by, say) in VERBS.items():
        try:
            say(application, person)
            done.append(verb)
        except Http404:
            pass
    assert done == []
    assert desk.find(other, application.pk) == application  # nobody else is barred


@pytest.mark.parametrize("tie", [member_of_it, affiliate, of_the_partner_that_it_is])
def test_a_tie_that_has_ended_bars_nobody(tie):
    application = make_application_in(Status.IN_REVIEW, jurisdiction=make_jurisdiction())
    chair = make_chair(application)
    tie(application, chair)
    yesterday = timezone.localdate() - timedelta(days=1)
    chair.memberships.update(ended_on=yesterday)
    chair.affiliations.update(ended_on=yesterday)
    assert desk.find(chair, application.pk) == application


def test_where_all_reviewers_have_a_conflict_the_chairs_are_told():
    application = make_application_in(Status.IN_REVIEW, jurisdiction=make_jurisdiction())
    chair, reviewer = make_chair(), make_reviewer()
    assign(application, reviewer)
    assert desk.readers_of(application) == [reviewer]
    member_of_it(application, reviewer)
    assert desk.readers_of(application) == [chair]


def test_the_reviews_of_whoever_turned_out_to_have_a_conflict_do_not_count():
    application = standing_at(Status.IN_REVIEW)
    chair = make_chair(application)
    reviewer = application.reviews.first().reviewer
    workflow.declare(application=application, user=reviewer, has_conflict=True)
    with pytest.raises(workflow.NotReady, match="two reviews"):
        workflow.propose(application=application, actor=chair, **REFERRED)
    make_review(application)
    assert workflow.propose(application=application, actor=chair, **REFERRED).application_id == application.pk


# --- What the database refuses by itself ---


def in_review():
    return make_application_in(Status.IN_REVIEW)


def decision(**fields):
    return make_decision(make_application_in(Status.DECIDED), make_user(), **fields)


def twice(make):
    for _ in range(2):
        make()


def released(**fields):
    who = make_user()
    confirmed = {"confirmed_by": who, "confirmed_at": timezone.now()}
    return decision(**confirmed | {"released_by": who, "released_at": timezone.now()} | fields)


def refuse_assignment():
    application, person = in_review(), make_user()
    twice(lambda: application.assignments.create(reviewer=person, assigned_by=person))


def refuse_declaration():
    application, person = in_review(), make_user()
    twice(lambda: application.declarations.create(by=person, has_conflict=False))


def refuse_override():
    in_review().overrides.create(by=make_user(), reason="Why", until=timezone.now() - timedelta(hours=1))


def refuse_reading():
    application, person = in_review(), make_user()
    twice(lambda: application.readings.create(by=person))


def refuse_check():
    application, person = in_review(), make_user()
    twice(lambda: application.checks.create(point="files", by=person))


def refuse_review():
    application, person = in_review(), make_user()
    twice(lambda: application.reviews.create(reviewer=person))


def refuse_note():
    application, person, token = in_review(), make_user(), "0" * 32
    twice(lambda: application.notes.create(author=person, text="A", token=token))


def refuse_held():
    application, person = make_application_in(Status.DECIDED), make_user()
    twice(lambda: make_decision(application, person))


def refuse_file():
    application = in_review()
    lead = user_of(application, Role.LEAD)
    snapshot = application.snapshots.create(number=1, taken_by=lead)
    file = application.attachments.create(name="plan.pdf", size=1, added_by=lead)
    twice(lambda: snapshot.files.create(attachment=file))


REFUSED = {
    "pathway_assignment_once": refuse_assignment,
    "pathway_declaration_once": refuse_declaration,
    "pathway_override_time": refuse_override,
    "pathway_reading_once": refuse_reading,
    "pathway_check_once": refuse_check,
    "pathway_review_once": refuse_review,
    "pathway_review_replaced": lambda: in_review().reviews.create(reviewer=make_user(), replaced_at=timezone.now()),
    "pathway_score_once": lambda: make_review(in_review()).scores.create(domain="data", level=1),
    "pathway_score_level": lambda: make_review(in_review()).scores.update(level=5),
    "pathway_score_domain": lambda: make_review(in_review()).scores.filter(domain="data").update(domain="weather"),
    "pathway_note_once": refuse_note,
    "pathway_snapshot_file_once": refuse_file,
    "pathway_decision_one_held": refuse_held,
    "pathway_decision_two_people": lambda: Decision.objects.filter(pk=decision().pk).update(confirmed_by=make_user()),
    "pathway_decision_released": lambda: released(confirmed_by=None, confirmed_at=None, **REFERRED),
    "pathway_decision_authority": released,
    "pathway_decision_conditions": lambda: decision(outcome="conditions"),
    "pathway_decision_referred": lambda: decision(outcome="referred"),
    "pathway_decision_back_on": lambda: decision(outcome="not_yet"),
    "pathway_decision_cohort": lambda: decision(**REFERRED, cohort_id=0),
    "pathway_policy_one": lambda: ReviewPolicy.objects.create(pk=2),
    "pathway_policy_ranges": lambda: ReviewPolicy.objects.create(pk=1, review_days=0),
    "pathway_onboarding_agreed": lambda: accepted().update(listed_at=timezone.now()),
    "pathway_onboarding_guide": lambda: [accepted().update(guide=one.jurisdiction) for one in accepted()],
    "pathway_onboarding_step_once": lambda: step(accepted().get().steps.first()),
    "pathway_onboarding_step_done": lambda: accepted().get().steps.update(done_at=timezone.now()),
    "partners_affiliation_one_open": lambda: refuse_affiliation(ended_on=None),
    "partners_affiliation_dates": lambda: refuse_affiliation(started_on="2026-02-01", ended_on="2026-01-01"),
}


def accepted():
    application = make_accepted_application()
    return type(application.onboarding).objects.filter(application=application)


def step(one):
    one.pk = None
    one.save()


def refuse_affiliation(**fields):
    person, partner = make_user(), make_partner()
    twice(lambda: Affiliation.objects.create(user=person, partner=partner, **fields))


@pytest.mark.parametrize("constraint", REFUSED)
def test_the_database_refuses_what_must_never_be(constraint):
    with pytest.raises(IntegrityError, match=constraint):
        REFUSED[constraint]()


def test_nobody_confirms_their_own_proposal_by_hand_either():
    one = decision()
    with pytest.raises(IntegrityError, match="pathway_decision_two_people"):
        Decision.objects.filter(pk=one.pk).update(confirmed_by=one.proposed_by, confirmed_at=timezone.now())


def test_what_was_released_and_what_was_handed_in_is_never_changed_by_hand():
    application = in_review()
    lead = user_of(application, Role.LEAD)
    file = application.attachments.create(name="plan.pdf", size=1, added_by=lead)
    application.snapshots.create(number=1, taken_by=lead).files.create(attachment=file)
    reading = application.readings.create(by=make_admin())
    check = make_authority_check(application, lead)
    released(authority_check=check)
    rows = SnapshotFile.objects.all(), application.readings.filter(pk=reading.pk)
    for change in (
        *(lambda one=one: one._raw_delete("default") for one in rows),
        lambda: rows[0].update(attachment=0),
        lambda: rows[1].update(on=date(2020, 1, 1)),
    ):
        with pytest.raises(IntegrityError, match="are written once"), transaction.atomic():
            change()
    other = make_user()
    for field, value in (("outcome", "not_yet"), ("released_at", None), ("proposed_by", other), ("released_by", other)):
        with pytest.raises(IntegrityError, match="a released decision does not change"), transaction.atomic():
            Decision.objects.update(**{field: value})
