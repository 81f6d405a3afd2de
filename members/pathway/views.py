"""The readiness check. Its forms need no token against forgery: docs/decisions/0008-readiness-by-key.md says why."""

from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from alliance.core.search import clean
from alliance.core.vocabulary import Domain
from cohorts.models import Jurisdiction, Place

from .forms import GovernmentForm, LevelForm
from .models import Assessment
from .result import Result

MOST_NAMED = 5
DOMAINS = list(Domain)

form_page = require_http_methods(["GET", "HEAD", "POST"])


def see_other(name, *args):
    """Lead on from a form that was taken, so that reloading the next page sends nothing again (RFC 9110, 303)."""
    return HttpResponseRedirect(resolve_url(name, *args), status=303)


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
@transaction.atomic
def government(request, key=None):
    """Say which government it is, before the first question or later."""
    assessment = find(request, key) if key else None
    form = GovernmentForm(request.POST if request.method == "POST" else None, instance=assessment)
    if form.is_bound and form.is_valid():
        saved = form.save()
        return see_other(saved) if key else see_other("readiness_domain", saved.key, DOMAINS[0])
    typed = clean(request.GET.get("q", ""))
    candidates = Place.objects.lookup(typed) if typed else []
    network = Jurisdiction.objects.published().filter(place=None)
    context = {
        "assessment": assessment,
        "form": form,
        "typed": typed,
        "candidates": candidates,
        "in_network": network.named(typed)[:MOST_NAMED] if typed else [],
    }
    return render(request, "pathway/government.html", context, status=400 if form.errors else 200)


@csrf_exempt
@form_page
@transaction.atomic
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
def result(request, key):
    return render(request, "pathway/result.html", {"result": Result(find(request, key))})


@csrf_exempt
@form_page
@transaction.atomic
def delete(request, key):
    assessment = find(request, key)
    if request.method == "POST":
        assessment.delete()
    return render(request, "pathway/delete.html", {"assessment": assessment})
