"""To ask for a seat in a collaboration, and to answer whoever asks."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.core.limits import Limit
from alliance.core.writing import done, filled, form_page, see_other, typed_into, writing

from .. import joining
from ..joining_forms import AnswerForm, AskForm, CloseForm
from ..models import Collaboration, JoinRequest

OF_PERSON = Limit("collaborations.join", 10, timedelta(days=1))
MOST_SHOWN = 50


@writing
def ask(request, slug):
    """The form to ask for a seat."""
    collaboration = get_object_or_404(Collaboration.objects.published(), slug=slug)
    form = filled(AskForm, request, user=request.user)
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        OF_PERSON.count(str(request.user.pk))
        try:
            asked, is_new = joining.ask(collaboration=collaboration, user=request.user, **form.cleaned_data)
        except joining.Refused as refused:
            form.add_error(None, str(refused))
            status = 409
        else:
            if is_new:
                messages.success(request, _("Thank you. It is sent, and we write to you when there is an answer."))
            return done(request, asked)
    context = {
        "collaboration": collaboration,
        "form": form,
        "words": typed_into(form) if collaboration.ended else [],
        "open": collaboration.join_requests.open().filter(asked_by=request.user).with_page(),
    }
    return render(request, "collaborations/join.html", context, status=status)


@writing
def answer(request, slug, pk):
    """One request and what became of it. POST takes one's own back, and answers somebody else's."""
    found = JoinRequest.objects.seen_by(request.user).with_page().with_standing()
    asked = get_object_or_404(found, pk=pk, collaboration__slug=slug)
    if asked.asked_by_id == request.user.pk:
        return own(request, asked)
    form = filled(AnswerForm, request)
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        verb = getattr(joining, form.cleaned_data["verdict"])
        try:
            verb(asked=asked, by=request.user, answer=form.cleaned_data["answer"])
        except joining.Refused as refused:
            asked = get_object_or_404(found, pk=pk)
            form.add_error(None, str(refused))
            status = 409
        else:
            messages.success(request, _("Answered. We tell them by mail that there is an answer."))
            return done(request, asked)
    context = {
        "asked": asked,
        "collaboration": asked.collaboration,
        "form": form,
        "words": [] if asked.is_open else typed_into(form),
    }
    return render(request, "collaborations/join_request.html", context, status=status)


def own(request, asked):
    """What somebody asked for themselves."""
    if request.method == "POST":
        try:
            joining.withdraw(asked=asked, user=request.user)
        except joining.Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("You have withdrawn it."))
        return see_other(asked)
    context = {"asked": asked, "collaboration": asked.collaboration, "is_own": True}
    return render(request, "collaborations/join_request.html", context)


@require_safe
def requests(request, slug):
    """For stewards: who waits for an answer, and the latest answers."""
    collaboration = get_object_or_404(Collaboration.objects.kept_by(request.user), slug=slug)
    asked = collaboration.join_requests.with_page()
    context = {
        "collaboration": collaboration,
        "open": asked.open().with_standing(),
        "settled": asked.settled()[:MOST_SHOWN],
        "most": MOST_SHOWN,
    }
    return render(request, "collaborations/join_requests.html", context)


@form_page
def close(request, slug):
    """For stewards: say that the collaboration has ended."""
    collaboration = get_object_or_404(Collaboration.objects.kept_by(request.user), slug=slug)
    form = CloseForm(request.POST if request.method == "POST" else None, instance=collaboration)
    if form.is_bound and form.is_valid():
        try:
            joining.close(collaboration=collaboration, by=request.user, ended=form.cleaned_data["ended"])
        except ValidationError as error:
            form.add_error("ended", error.messages)
        else:
            messages.success(request, _("The page says now that the collaboration has ended."))
            return see_other(request.path)
    context = {"collaboration": collaboration, "form": form, "open": collaboration.join_requests.open().count()}
    return render(request, "collaborations/close.html", context, status=400 if form.errors else 200)
