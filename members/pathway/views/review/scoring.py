"""To score an application, and to read how the levels of its reviewers compare."""

from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.core.writing import done, is_writer, not_theirs, see_other, typed_into, waited, wants_json, writing

from ... import desk, workflow
from ...rubric import LATEST, RUBRICS
from ...score_forms import ScoreForm
from ...scoring import Comparison, said_of
from .. import keeping
from ..drafts import time_of
from . import open_for, reviewing


@writing
@reviewing
def score(request, pk):
    """Write one's own review of an application that one is assigned to. It is kept as it is typed, complete or not."""
    application = open_for(request, pk)
    if not application.access.is_assigned:
        raise Http404
    review = application.reviews.current().filter(reviewer=request.user).prefetch_related("scores").first()
    if request.method == "POST":
        if "again" in request.POST:
            workflow.think_again(application=application, actor=request.user)
            return see_other("review_score", pk)
        return save(request, application, review)
    form = ScoreForm(rubric_of(review), initial=ScoreForm.initial_of(review))
    words = None if review and review.submitted_at else waited(request)
    if words:
        form = ScoreForm(rubric_of(review), words)
        form.waited = True
    return score_page(request, application, review, form)


def rubric_of(review):
    return RUBRICS[review.rubric_version if review else LATEST]


def is_open(application, review):
    """Whether a review can be written: where the application stands, and as it is not handed in."""
    return application.status in workflow.SCORED and not (review and review.submitted_at)


def save(request, application, review):
    form = ScoreForm(rubric_of(review), request.POST)
    if not is_writer(request, request.POST):
        form.refused = not_theirs()
        return refuse(request, application, review, form, 403)
    if not form.is_valid():
        return refuse(request, application, review, form, 400)
    try:
        # The review may be closed, or handed in elsewhere.
        with keeping(typed_into(form)):
            review = workflow.save_review(
                application=application,
                actor=request.user,
                scores=form.scores,
                summary=form.cleaned_data["summary"],
                version=form.cleaned_data["version"],
            )
    except workflow.Stale as stale:
        return conflict(request, application, form, stale.theirs)
    next_page = "review_score"
    if "hand_in" in request.POST:
        if not form.need_everything():
            form.kept = review.version
            return refuse(request, application, review, form, 400)
        workflow.hand_in_review(application=application, actor=request.user)
        next_page = "review_scores"
    return done(request, next_page, application.pk, saved_at=time_of(review.saved_at), version=review.version)


def refuse(request, application, review, form, status):
    """Show what was typed, with what is wrong about it; where nothing can be kept any more, to be copied."""
    if wants_json(request):
        reasons = [form.refused] if form.refused else [error for one in form.errors.values() for error in one]
        return JsonResponse({"reasons": reasons, "version": form.kept}, status=status)
    if not is_open(application, review):
        with keeping(typed_into(form)):
            raise workflow.HandedInAlready(_("Your review is handed in, or the application stands elsewhere now."))
    return score_page(request, application, review, form, status=status)


def conflict(request, application, form, theirs):
    """The same person saved in another window since: show both, to choose from. Nothing is overwritten unseen."""
    if wants_json(request):
        reason = _("You saved this review in another window. Press “Save” to see both versions.")
        return JsonResponse({"reasons": [reason]}, status=409)
    return score_page(request, application, theirs, form, other=theirs, status=409)


def score_page(request, application, review, form, other=None, status=200):
    """`other` is the review that stands there instead of what was typed; the form then goes on from its version."""
    may_write = is_open(application, review)
    context = {
        "application": application,
        "review": review,
        "kept": review and {"saved_at": review.saved_at, "saved_by": request.user},
        "form": form,
        "rows": list(form.rows(said_of(application), other if may_write else review)),
        "version": other.version if other else form.kept or form["version"].value(),
        "other": other,
        "is_open": may_write,
        "may_think_again": application.status in workflow.SCORED,
    }
    return render(request, "review/score.html", context, status=status)


@require_safe
@reviewing
def scores(request, pk):
    """All reviews side by side; for whoever reviews it themselves, when their own is in."""
    application = open_for(request, pk)
    comparison = Comparison(application) if desk.reads_reviews(request.user, application) else None
    context = {"application": application, "comparison": comparison}
    return render(request, "review/scores.html", context)
