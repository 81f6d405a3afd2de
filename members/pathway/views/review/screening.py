"""Before the review: is everything there, who reads it, and what is asked again."""

from django.contrib import messages
from django.shortcuts import render
from django.utils.translation import gettext as _

from alliance.core.models import User
from alliance.core.writing import done, form_page, is_writer, not_theirs, see_other, typed_into, waited, writing

from ... import workflow
from ...duplicates import hints_about
from ...review_forms import AssignForm, ChangesForm, ChecklistForm, TakeOffForm
from ...states import UNDER_WAY, VERBS, By, Status
from ...whole import HandedIn
from ...workflow import FEWEST_REVIEWERS, NotPossible, NotReady
from .. import keeping
from . import open_for, reviewing


@form_page
@reviewing
def screening(request, pk):
    """The checklist, and the way on: to the review, back to the team, or elsewhere."""
    application = open_for(request, pk, By.CHAIR)
    if request.method == "POST" and "begin" in request.POST:
        if application.status != Status.SCREENING:
            workflow.begin_screening(application=application, actor=request.user)
        return see_other("review_screening", pk)
    if request.method == "POST" and "review" in request.POST and application.status == Status.IN_REVIEW:
        return see_other("review_reviewers", pk)  # the same click a second time
    checks = {one.point: one for one in application.checks.select_related("by")}
    form = ChecklistForm(request.POST if request.method == "POST" else None, initial={"points": list(checks)})
    if form.is_bound and form.is_valid():
        workflow.tick(application=application, actor=request.user, **form.cleaned_data)
        if "review" not in request.POST:
            messages.success(request, _("The checklist is kept."))
            return see_other("review_screening", pk)
        try:
            workflow.begin_review(application=application, actor=request.user)
        except NotReady as refusal:
            form.add_error("points", [_("Still open: %(point)s") % {"point": one} for one in refusal.reasons])
        else:
            messages.success(request, _("The review has begun. Let at least two people read it."))
            return see_other("review_reviewers", pk)
    context = {
        "application": application,
        "form": form,
        "checks": list(checks.values()),
        "hints": hints_about(application, request.user),
        "may_ask": application.status in VERBS["request_changes"].sources,
    }
    return render(request, "review/screening.html", context, status=400 if form.errors else 200)


@form_page
@reviewing
def reviewers(request, pk):
    """Who reads it: by load with one click, by name, taken off."""
    application = open_for(request, pk, By.CHAIR)
    people = list(workflow.reviewers_for(application))
    is_sent, sent = request.method == "POST", request.POST
    form = AssignForm(sent if "by_name" in sent else None, people=people)
    off = TakeOffForm(sent, assigned=User.objects.filter(assignments__application=application).distinct())
    given, reasons = {"application": application, "actor": request.user}, []
    try:
        if "by_load" in sent:
            workflow.assign(**given)
            return see_other("review_reviewers", pk)
        if form.is_bound and form.is_valid():
            workflow.assign(**given, reviewers=form.chosen)
            return see_other("review_reviewers", pk)
        if off.is_valid():
            workflow.unassign(**given, reviewer=off.cleaned_data["off"])
            return see_other("review_reviewers", pk)
    except NotReady as refusal:
        reasons = refusal.reasons
    reviews = {one.reviewer_id: one for one in application.reviews.current()}
    assigned = application.assignments.current().select_related("reviewer").order_by("assigned_at", "pk")
    declared = {one.by_id: one for one in application.declarations.select_related("by").order_by("at", "pk")}
    context = {
        "application": application,
        "form": form,
        "reasons": reasons,
        "assigned": [(one, reviews.get(one.reviewer_id), one.reviewer_id in declared) for one in assigned],
        "conflicts": [one for one in declared.values() if one.has_conflict],
        "missing": max(0, FEWEST_REVIEWERS - len(assigned)),
        "may_assign": application.status in UNDER_WAY and not application.access.only_reads,
    }
    return render(request, "review/reviewers.html", context, status=400 if is_sent else 200)


@writing
@reviewing
def changes(request, pk):
    """Ask the team about some questions again: first choose them, then say what is asked of each."""
    application = open_for(request, pk)
    whole = HandedIn(application)
    rows = [row for part in whole.parts for row in part.rows]
    is_sent = request.method == "POST"
    if is_sent and "send" in request.POST:
        form = ChangesForm(request.POST, rows=rows)
        if not is_writer(request, request.POST):
            form.add_error(None, not_theirs())
        if form.is_valid():
            try:
                with keeping(typed_into(form)):
                    workflow.request_changes(application=application, actor=request.user, questions=form.questions)
            except NotPossible:
                if not asked_before(application, request.user, form.questions):
                    raise
            else:
                messages.success(request, _("The team is asked. It can change just these answers."))
            return done(request, "review", pk)
    else:
        words = None if is_sent else waited(request)
        form = ChangesForm(initial=request.POST if is_sent else words or request.GET, rows=rows)
        form.waited = bool(words)
    if not is_sent and application.status not in VERBS["request_changes"].sources:
        with keeping(typed_into(form)):
            raise NotPossible(application.status, by_team=False)
    context = {"application": application, "form": form, "whole": whole}
    return render(request, "review/changes.html", context, status=400 if form.errors else 200)


def asked_before(application, user, questions):
    """Whether it is the same click a second time."""
    requests = application.change_requests.filter(answered_at=None, asked_by=user)
    return dict(requests.values_list("question", "words")) == questions
