"""The onboardings as the Alliance sees them: who is stuck, and what helps."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.core.writing import form_page, see_other
from cohorts.models import Jurisdiction

from ... import desk, workflow
from ...models import Onboarding
from ...onboarding_forms import GuideForm, PlanFormSet
from ...states import By
from . import open_for, reviewing

ON_A_PAGE = 50
MOST_OFFERS = 8


@require_safe
@reviewing
def onboardings(request):
    """Every onboarding, or with `?show=stuck` those that wait for a nudge: the most late first."""
    if not desk.has_part(request.user, By.CHAIR):
        raise Http404
    there = Onboarding.objects.filter(application__in=desk.open_to(request.user))
    is_stuck = request.GET.get("show") == "stuck"
    rows = there.stuck() if is_stuck else there.with_progress()
    rows = rows.select_related("jurisdiction", "application").order_by("-late", "created_at", "pk")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "review/onboardings.html", {"page": page, "is_stuck": is_stuck})


@form_page
@reviewing
def onboarding(request, pk):
    """One plan: offer a guide, and give open steps another day or owner."""
    application = open_for(request, pk, By.CHAIR)
    onboarding = workflow.onboarding_of(application)
    sent = request.POST if request.method == "POST" else None
    guide = GuideForm(
        sent if sent and "offer" in sent else None,
        offers=offers_for(onboarding),
        initial={"guide": str(onboarding.guide_id or "")},
    )
    plan = PlanFormSet(sent if sent and "plan" in sent else None, queryset=onboarding.steps.open())
    if guide.is_bound and guide.is_valid():
        workflow.offer_guide(application=application, actor=request.user, **guide.cleaned_data)
        messages.success(request, _("The guide is kept."))
        return see_other("review_onboarding", pk)
    if plan.is_bound and plan.is_valid():
        steps = {form.instance.pk: form.cleaned_data for form in plan}
        workflow.plan_anew(application=application, actor=request.user, steps=steps)
        messages.success(request, _("The plan is kept."))
        return see_other("review_onboarding", pk)
    is_wrong = bool(guide.errors or any(plan.errors) or plan.is_bound and plan.non_form_errors())
    context = {
        "application": application,
        "onboarding": onboarding,
        "steps": onboarding.steps.select_related("done_by"),
        "guide": guide,
        "plan": plan,
    }
    return render(request, "review/onboarding.html", context, status=400 if is_wrong else 200)


def offers_for(onboarding):
    """The governments of the network that are most like theirs, and the one that is offered now."""
    alike = list(
        Jurisdiction.objects.like(onboarding.jurisdiction).exclude(pk=onboarding.jurisdiction_id)[:MOST_OFFERS]
    )
    now = [onboarding.guide] if onboarding.guide and onboarding.guide not in alike else []
    return now + alike
