"""The reviewers' verbs up to a decision: screening, who reads, what they think, and what they ask."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.vocabulary import Domain

from .. import desk
from ..authority import is_given, known_only_from_team
from ..models import (
    Assignment,
    AuthorityCheck,
    ChangeRequest,
    Declaration,
    InternalNote,
    Override,
    Review,
    Score,
    ScreeningCheck,
)
from ..screening import POINTS
from ..states import UNDER_WAY, By, Status
from .base import HandedInAlready, NotReady, Stale, allow, lead_on, locked, locked_for, record, tell_reviewer, tell_team
from .drafts import answers_of

FEWEST_REVIEWERS = 2
# Where reviewers can score.
SCORED = (Status.IN_REVIEW, Status.CHANGES_REQUESTED)
OVERRIDE_LASTS = timedelta(hours=1)


# --- Who reads --------------------------------------------------------------------------------------------------------


@transaction.atomic
def declare(*, application, user, has_conflict, words=""):
    """Say whether one has a conflict of interest. A conflict can still be declared later, and closes the application
    at once; nobody takes one back themselves."""
    application = locked(application)
    if not desk.may_open(user, application):
        raise Http404
    declaration, is_new = Declaration.objects.get_or_create(
        application=application, by=user, defaults={"has_conflict": has_conflict, "words": words}
    )
    if not is_new and (not has_conflict or declaration.has_conflict):
        return  # the same click a second time
    declaration.has_conflict, declaration.words, declaration.at = has_conflict, words, timezone.now()
    declaration.save()
    record(application, "declare", user, user, has_conflict=has_conflict)
    if has_conflict:
        take_off(application, user, user)


@transaction.atomic
def override(*, application, actor, reason):
    """An admin opens for an hour what is not there for them otherwise; the lead is shown when and why."""
    if not desk.has_part(actor, By.ADMIN):
        raise Http404
    application = locked(application)
    if not desk.overriding(actor, application.pk):
        Override.objects.create(application=application, by=actor, reason=reason, until=timezone.now() + OVERRIDE_LASTS)
        record(application, "override", actor)


def reviewers_for(application):
    """Who could review an application, those with the least to do first, each with `load`; without those who have a
    conflict with it or read it already."""
    people = desk.people(desk.REVIEWERS, desk.CHAIRS).exclude(assignments__in=application.assignments.current())
    open_ones = Q(assignments__removed_at=None, assignments__application__status__in=UNDER_WAY)
    free = people.filter(desk.has_no_conflict_with(application))
    return free.annotate(load=Count("assignments", filter=open_ones, distinct=True)).order_by("load", "pk")


@transaction.atomic
def assign(*, application, actor, reviewers=()):
    """Let these people read it; without any, those with the least to do, up to two in all. NotReady where there are not
    enough, or one of them has a conflict."""
    application = locked_for(application, actor, By.CHAIR)
    allow(application, UNDER_WAY, by_team=False)
    free = {one.pk: one for one in reviewers_for(application)}
    current = {one.reviewer_id for one in application.assignments.current()}
    chosen = [one for one in reviewers if one.pk not in current]
    if not reviewers:
        chosen = list(free.values())[: max(0, FEWEST_REVIEWERS - len(current))]
        if len(chosen) + len(current) < FEWEST_REVIEWERS:
            raise NotReady(_("There are not enough reviewers without a conflict of interest."))
    for person in chosen:
        if person.pk not in free:
            raise NotReady(_("%(name)s cannot review this application.") % {"name": person})
        Assignment.objects.create(application=application, reviewer=person, assigned_by=actor)
        record(application, "assign", actor, person)
        tell_reviewer(application, person, "review_assigned")


@transaction.atomic
def unassign(*, application, actor, reviewer):
    """Take a reviewer off; what they have handed in stays."""
    application = locked_for(application, actor, By.CHAIR)
    take_off(application, actor, reviewer)


def take_off(application, actor, reviewer):
    if application.assignments.current().filter(reviewer=reviewer).update(removed_at=timezone.now()):
        record(application, "unassign", actor, reviewer)


# --- Screening --------------------------------------------------------------------------------------------------------


@transaction.atomic
def begin_screening(*, application, actor):
    lead_on(locked_for(application, actor, By.CHAIR), "begin_screening", actor)


@transaction.atomic
def tick(*, application, actor, points):
    """Keep which points of the checklist are done: exactly these."""
    application = locked_for(application, actor, By.CHAIR)
    allow(application, [Status.SCREENING], by_team=False)
    application.checks.exclude(point__in=points).delete()
    ScreeningCheck.objects.bulk_create(
        [ScreeningCheck(application=application, point=point, by=actor) for point in points], ignore_conflicts=True
    )


@transaction.atomic
def begin_review(*, application, actor):
    """Let the review begin; NotReady where a point of the checklist is open."""
    application = locked_for(application, actor, By.CHAIR)
    lead_on(application, "begin_review", actor)
    ticked = set(application.checks.values_list("point", flat=True))
    if missing := [str(words) for point, words in POINTS.items() if point not in ticked]:
        raise NotReady(*missing)


@transaction.atomic
def request_changes(*, application, actor, questions):
    """Ask some questions again: `questions` is {question id: what we ask}. The team sees just these opened."""
    application = locked_for(application, actor)
    answers = answers_of(application)
    lead_on(application, "request_changes", actor, came_from=application.status)
    if not questions:
        raise NotReady(_("Choose at least one question to ask again."))
    ChangeRequest.objects.bulk_create(
        ChangeRequest(
            application=application, question=question, words=words, asked_by=actor, before=answers.get(question)
        )
        for question, words in questions.items()
    )
    tell_team(application, "changes_requested")


# --- What they think --------------------------------------------------------------------------------------------------


def locked_for_reviewer(application, actor):
    """The application, locked, for somebody who is assigned to it: chairs and admins score only what they are."""
    application = locked_for(application, actor)
    if not desk.is_assigned(actor, application):
        raise Http404
    return application


@transaction.atomic
def save_review(*, application, actor, scores, summary, version):
    """Keep a reviewer's draft. `scores` is {domain: {"level", "rationale", "evidence"}}; `version` is the one that was
    begun from, 0 for none. Raises Stale where the same person saved in another window since; saving the same twice
    changes nothing."""
    application = locked_for_reviewer(application, actor)
    allow(application, SCORED, by_team=False)
    review = application.reviews.current().filter(reviewer=actor).prefetch_related("scores").first()
    scores = {domain: scores[domain] for domain in Domain if domain in scores}
    if review and review.summary == summary and review.in_data == scores:
        return review
    if review and review.submitted_at:
        raise HandedInAlready(_("This review is handed in. To change it, think again first."))
    if (review.version if review else 0) != version:
        raise Stale(review)
    review = review or Review(application=application, reviewer=actor, version=0)
    review.summary, review.version, review.saved_at = summary, version + 1, timezone.now()
    review.save()
    review.scores.all().delete()
    Score.objects.bulk_create(Score(review=review, domain=domain, **given) for domain, given in scores.items())
    return review


@transaction.atomic
def hand_in_review(*, application, actor):
    """Hand one's review in: a level and a reason for every domain, else NotReady. Then one reads the others'."""
    application = locked_for_reviewer(application, actor)
    allow(application, SCORED, by_team=False)
    review = application.reviews.current().filter(reviewer=actor).first()
    if review and review.submitted_at:
        return  # the same click a second time
    given = {one.domain: one for one in review.scores.all()} if review else {}
    missing = [
        _("%(domain)s: choose a level and say why.") % {"domain": domain.label}
        for domain in Domain
        if domain not in given or given[domain].level is None or not given[domain].rationale.strip()
    ]
    if missing:
        raise NotReady(*missing)
    review.submitted_at = timezone.now()
    review.save(update_fields=["submitted_at"])
    record(application, "hand_in_review", actor)


@transaction.atomic
def think_again(*, application, actor):
    """Begin one's review anew from what was handed in, as after a conversation; the one before stays on record."""
    application = locked_for_reviewer(application, actor)
    allow(application, SCORED, by_team=False)
    before = application.reviews.handed_in().filter(reviewer=actor).prefetch_related("scores").first()
    if not before:
        return  # the same click a second time
    before.replaced_at = timezone.now()
    before.save(update_fields=["replaced_at"])
    again = Review.objects.create(application=application, reviewer=actor, summary=before.summary)
    Score.objects.bulk_create(Score(review=again, domain=one, **given) for one, given in before.in_data.items())
    record(application, "think_again", actor)


@transaction.atomic
def note(*, application, actor, text, token=None):
    """Add an internal note. `token`, a UUID from the form, makes it safe to repeat."""
    application = locked_for(application, actor)
    return InternalNote.objects.get_or_create(
        application=application, token=token or uuid.uuid4(), defaults={"author": actor, "text": text}
    )[0]


@transaction.atomic
def name_government(*, application, actor, jurisdiction=None, place=None):
    """Say which government it is: one on record, an entry of the register, or with neither a new one. Of a department,
    the one that it belongs to. So an acceptance knows whom to take in, and conflicts of interest count at once."""
    application = locked_for(application, actor, By.CHAIR)
    allow(application, UNDER_WAY, by_team=False)
    application.jurisdiction, application.place = jurisdiction, jurisdiction.place if jurisdiction else place
    application.save(update_fields=["jurisdiction", "place", "updated_at"])
    record(application, "name_government", actor)


@transaction.atomic
def check_authority(*, application, actor, **found):
    """Record that the government itself was asked whether the applicant speaks for it: the fields of `AuthorityCheck`.
    NotReady where the contact is one that the applicant gave."""
    application = locked_for(application, actor, By.CHAIR)
    allow(application, UNDER_WAY, by_team=False)
    if is_given(application, found["contact"]):
        raise NotReady(_("This is a contact that the applicant gave. Find one on the government's own website."))
    if hosts := known_only_from_team(application, found["found_at"], found["contact"]):
        raise NotReady(
            _(
                "We know %(host)s only from the applicant. Take the contact from a website that ends in .gov or from a "
                "list of the county or the state, or let a curator put the government's website on record first."
            )
            % {"host": hosts[0]}
        )
    latest = application.authority_checks.that_count().first()
    given = found | {"by": actor}
    if latest and all(getattr(latest, name) == value for name, value in given.items()):
        return latest  # the same click a second time
    check = AuthorityCheck.objects.create(application=application, **given)
    record(application, "check_authority", actor)
    return check
