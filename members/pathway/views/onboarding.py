"""The first months of an accepted government, as its team sees them: the plan, and the yes to its page."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from alliance.core.writing import form_page, see_other
from cohorts.models import Jurisdiction
from cohorts.views import about
from members.peers.access import is_member
from members.peers.face import face_of
from members.peers.models import PeerProfile
from resources.models import Collection

from .. import workflow
from ..models import Onboarding
from ..onboarding_forms import AgreeForm, StepForm
from ..team import EVERY_ROLE, WRITERS, find
from ..workflow import AGREES, NotReady
from . import answering

MOST_GUIDES = 5


def people_of(guide, user):
    """Those of the government of the guide whom `user` may ask to meet, as (number of the profile, face)."""
    if not (guide and is_member(user)):
        return []
    profiles = PeerProfile.objects.visible_to(user).of_government(guide).with_people()
    return [(one.pk, face_of(one)) for one in profiles[:MOST_GUIDES]]


def found(request, pk, roles=EVERY_ROLE):
    """The onboarding of an accepted application and the reader's part in it; Http404 before there is one."""
    application, member = find(request.user, pk, roles)
    onboarding = Onboarding.objects.select_related("jurisdiction", "guide").filter(application=application).first()
    if not onboarding:
        raise Http404
    return application, member, onboarding


@form_page
@answering
def onboarding(request, pk):
    """The plan. Whoever writes for the team ticks its steps off."""
    is_sent = request.method == "POST"
    application, member, onboarding = found(request, pk, WRITERS if is_sent else EVERY_ROLE)
    if is_sent:
        form = StepForm(request.POST)
        if not form.is_valid():
            raise BadRequest("no step")
        workflow.tick_off(application=application, user=request.user, **form.cleaned_data)
        return see_other("application_onboarding", pk)
    steps = list(onboarding.steps.select_related("done_by"))
    lists = Collection.objects.published().filter(domain__in={step.domain for step in steps if step.domain})
    reading = {one.domain: one for one in lists.order_by("-pk")}
    context = {
        "application": application,
        "member": member,
        "onboarding": onboarding,
        "people": people_of(onboarding.guide, request.user),
        "steps": [(step, reading.get(step.domain)) for step in steps],
        "done": sum(bool(step.done_at) for step in steps),
        "may_write": member.role in WRITERS,
    }
    return render(request, "pathway/onboarding.html", context)


@form_page
@answering
def page(request, pk):
    """The public page as it will look, and the yes to it, at once or from a day on."""
    is_sent = request.method == "POST"
    application, member, onboarding = found(request, pk, AGREES if is_sent else EVERY_ROLE)
    if is_sent and "take_back" in request.POST:
        workflow.take_yes_back(application=application, user=request.user)
        messages.success(request, _("The page stays hidden until you say yes."))
        return see_other("application_page", pk)
    form = AgreeForm(request.POST if is_sent else None, initial={"list_from": onboarding.list_from})
    reasons = []
    if form.is_bound and form.is_valid():
        try:
            workflow.agree(application=application, user=request.user, **form.cleaned_data)
        except NotReady as refusal:
            reasons = refusal.reasons
        else:
            messages.success(request, _("Thank you. You have said yes to the page."))
            return see_other("application_onboarding", pk)
    jurisdiction = Jurisdiction.objects.with_place().select_related("parent").get(pk=onboarding.jurisdiction_id)
    context = about(request, jurisdiction) | {
        "application": application,
        "member": member,
        "onboarding": onboarding,
        "form": form,
        "reasons": reasons,
        "may_agree": member.role in AGREES,
    }
    return render(request, "pathway/onboarding_page.html", context, status=400 if form.errors or reasons else 200)
