"""The Alliance's answer, as the team of an application reads it, and the way back in from a “not yet”."""

import uuid

from django import forms
from django.contrib import messages as notices
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.writing import form_page, see_other

from .. import workflow
from ..afterwards_forms import OPEN_AGAIN
from ..models import Assessment
from ..prefill import handed_in_before
from ..states import OUTCOMES, Status
from ..team import EVERY_ROLE, WRITERS, find
from . import answering
from .drafts import STARTS

# From these one can come back with a new application.
WAYS_BACK = (Status.NOT_YET, Status.REFERRED)


class BeginAgainForm(forms.Form):
    # One form, one draft.
    key = forms.UUIDField(
        initial=uuid.uuid4,
        widget=forms.HiddenInput,
        error_messages={"required": OPEN_AGAIN, "invalid": OPEN_AGAIN},
    )


@form_page
@answering
def answer(request, pk):
    """Every letter that was released, the present answer first; none is there before. Writers begin again from here."""
    application, member = find(request.user, pk, WRITERS if request.method == "POST" else EVERY_ROLE)
    decisions = list(application.decisions.released().select_related("roadmap", "cohort").order_by("-released_at"))
    if not decisions:
        raise Http404
    form = BeginAgainForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        if application.status not in WAYS_BACK:
            raise workflow.NotPossible(application.status_for_team)
        STARTS.count(str(request.user.pk))
        if form.is_valid():
            fields = handed_in_before(application, decisions[0].roadmap)
            draft = workflow.start(key=form.cleaned_data["key"], user=request.user, **fields)
            notices.success(request, _("A new draft begins with your answers. Look at each of them again."))
            return see_other(draft)
    is_present = application.status in OUTCOMES
    today = timezone.localdate()
    context = {
        "application": application,
        "member": member,
        "decision": decisions[0] if is_present else None,
        "earlier": decisions[1:] if is_present else decisions,
        "roadmaps": Assessment.objects.current().in_bulk([one.roadmap_id for one in decisions if one.roadmap_id]),
        "form": form,
        "may_begin": member.role in WRITERS and application.status in WAYS_BACK,
        "is_invited": bool(decisions[0].back_on and decisions[0].back_on <= today),
    }
    return render(request, "pathway/answer.html", context, status=400 if form.errors else 200)
