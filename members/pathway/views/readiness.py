"""The readiness check. Its forms need no token against forgery, but for `keep`, which acts for somebody signed in:
docs/decisions/0008-readiness-by-key.md says why."""

from datetime import timedelta
from functools import wraps

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from alliance.core.limits import Limit, network
from alliance.core.vocabulary import Domain
from alliance.core.writing import form_page, see_other
from cohorts.lookup import looked_up

from ..forms import GovernmentForm, LevelForm
from ..models import Assessment, Decision, NewerRubric
from ..result import Result

DOMAINS = list(Domain)

# A whole office or a training may stand behind one network; each check takes about ten forms.
STARTS = Limit("readiness.starts", 60, timedelta(hours=1))
CHANGES = Limit("readiness.changes", 1200, timedelta(hours=1))


def counted(view):
    """Count what a network sends, and see to it that one form changes all or nothing.

    The count stands outside of the transaction: a try counts even where what it tried failed.
    """

    @wraps(view)
    def page(request, key=None, **kwargs):
        if request.method == "POST":
            (CHANGES if key else STARTS).count(network(request))
        with transaction.atomic():
            return view(request, key, **kwargs)

    return page


def needs_rubric(view):
    """Say plainly where a check was made with a version of the questions that this release does not have."""

    @wraps(view)
    def page(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except NewerRubric:
            context = {
                "status": 503,
                "title": _("This check waits for a newer version of our site"),
                "explanation": _("Nothing is lost. The newer version will be back soon; then open this page again."),
            }
            return render(request, "error.html", context, status=503)

    return page


def find(request, key):
    """The assessment of a key, else Http404; locked before a change, so that one deleted meanwhile stays gone."""
    assessments = Assessment.objects.current().with_government()
    if request.method == "POST":
        assessments = assessments.select_for_update(of=("self",))
    return get_object_or_404(assessments, key=key)


@require_safe
def readiness(request):
    return render(request, "pathway/readiness.html", {"domains": DOMAINS})


@csrf_exempt
@form_page
@counted
def government(request, key):
    """Say which government it is, before the first question or later."""
    assessment = find(request, key) if key else None
    form = GovernmentForm(request.POST if request.method == "POST" else None, instance=assessment)
    if form.is_bound and form.is_valid():
        saved = form.save()
        return see_other(saved) if key else see_other("readiness_domain", saved.key, DOMAINS[0])
    context = {"assessment": assessment, "form": form, **looked_up(request)}
    return render(request, "pathway/government.html", context, status=400 if form.errors else 200)


@csrf_exempt
@form_page
@needs_rubric
@counted
def domain(request, key, domain):
    """Ask about one domain, keep the answer, go on to the next or, if they wish, to the result."""
    assessment = find(request, key)
    position = DOMAINS.index(domain)
    following = DOMAINS[position + 1 :]
    if request.method == "POST":
        form = LevelForm(request.POST)
        if form.is_valid():
            assessment.answer(domain, form.cleaned_data["level"])
            if following and "finish" not in request.POST:
                return see_other("readiness_domain", key, following[0])
            return see_other(assessment)
    else:
        form = LevelForm(initial={"level": assessment.levels.get(domain)})
    context = {
        "assessment": assessment,
        "form": form,
        "question": assessment.rubric.questions[domain],
        "names": assessment.rubric.level_names,
        "chosen": str(form["level"].value()),
        "number": position + 1,
        "count": len(DOMAINS),
        "previous": DOMAINS[position - 1] if position else None,
        "is_last": not following,
    }
    return render(request, "pathway/domain.html", context, status=400 if form.errors else 200)


@require_safe
@needs_rubric
def result(request, key):
    assessment = find(request, key)
    address = request.build_absolute_uri(resolve_url("readiness_shared", assessment.share_key))
    return render(request, "pathway/result.html", {"result": Result(assessment), "key": key, "share_address": address})


@require_safe
@needs_rubric
def shared(request, share_key):
    """The result for whoever it was shared with: without the key, so that no link or form of the page can hold it."""
    assessment = get_object_or_404(Assessment.objects.current().with_government(), share_key=share_key)
    is_of_answer = Decision.objects.filter(roadmap=assessment).exists()
    return render(request, "pathway/result.html", {"result": Result(assessment), "is_of_answer": is_of_answer})


@csrf_exempt
@require_POST
@counted
def share(request, key):
    """Share at a new address; what was shared before leads nowhere."""
    find(request, key).share_anew()
    return HttpResponseRedirect(f"{resolve_url('readiness_result', key)}#share", status=303)


@form_page
@counted
def keep(request, key):
    """Keep a check in one's account, or keep it no longer; the check itself stays as it is."""
    assessment = find(request, key)
    if request.method == "POST":
        if "stop" in request.POST:
            assessment.kept_by.remove(request.user)
            messages.success(request, _("The readiness check is no longer in your account. Its address still works."))
        else:
            assessment.kept_by.add(request.user)
            messages.success(request, _("The readiness check is kept in your account."))
        return see_other("account")
    is_kept = assessment.kept_by.contains(request.user)
    return render(request, "pathway/keep.html", {"assessment": assessment, "is_kept": is_kept})


@csrf_exempt
@form_page
@counted
def delete(request, key):
    assessment = find(request, key)
    if request.method == "POST":
        assessment.delete()
    return render(request, "pathway/delete.html", {"assessment": assessment})
