"""To ask for a seat in a collaboration, and to answer whoever asks."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from alliance.core import waiting
from alliance.core.limits import Limit

from .. import joining
from ..joining_forms import AnswerForm, AskForm, CloseForm
from ..models import Collaboration, JoinRequest

OF_PERSON = Limit("collaborations.join", 10, timedelta(days=1))
MOST_SHOWN = 50

form_page = require_http_methods(["GET", "HEAD", "POST"])


def see_other(to):
    return HttpResponseRedirect(resolve_url(to), status=303)


@form_page
def ask(request, slug):
    """The form to ask for a seat."""
    collaboration = get_object_or_404(Collaboration.objects.published(), slug=slug)
    is_sent = request.method == "POST"
    # What was sent after the session had ended is shown again, to whoever wrote it.
    words = request.POST if is_sent else waiting.sent(request)
    is_own = is_sent or words is not None and words.get("writer") == str(request.user.pk)
    form = AskForm(words if is_own else None, user=request.user)
    status = 400 if is_sent else 200
    if is_sent and form.is_valid():
        OF_PERSON.count(str(request.user.pk))
        try:
            asked, is_new = joining.ask(collaboration=collaboration, user=request.user, **form.cleaned_data)
        except joining.Refused as refused:
            form.add_error(None, str(refused))
            status = 409
        else:
            waiting.forget(request)
            if is_new:
                messages.success(request, _("Thank you. It is sent, and we write to you when there is an answer."))
            return see_other(asked)
    context = {
        "collaboration": collaboration,
        "form": form,
        "is_kept": is_own and not is_sent,
        "open": collaboration.join_requests.open().filter(asked_by=request.user).with_page(),
    }
    return render(request, "collaborations/join.html", context, status=status)


@form_page
def answer(request, slug, pk):
    """One request and what became of it. POST takes one's own back, and answers somebody else's."""
    found = JoinRequest.objects.seen_by(request.user).with_page().with_standing()
    asked = get_object_or_404(found, pk=pk, collaboration__slug=slug)
    is_own = asked.asked_by_id == request.user.pk
    form = AnswerForm(request.POST if request.method == "POST" and not is_own else None)
    status = 400 if form.is_bound else 200
    if request.method == "POST" and (is_own or form.is_valid()):
        try:
            done = take_back(asked, request.user) if is_own else settle(asked, request.user, **form.cleaned_data)
        except joining.Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, done)
        return see_other(asked)
    context = {"asked": asked, "collaboration": asked.collaboration, "is_own": is_own, "form": form}
    return render(request, "collaborations/join_request.html", context, status=status)


def take_back(asked, user):
    joining.withdraw(asked=asked, user=user)
    return _("You have withdrawn it.")


def settle(asked, user, verdict, answer):
    getattr(joining, verdict)(asked=asked, by=user, answer=answer)
    return _("Answered. We tell them by mail that there is an answer.")


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
        joining.close(collaboration=collaboration, by=request.user, ended=form.cleaned_data["ended"])
        messages.success(request, _("The page says now that the collaboration has ended."))
        return see_other(request.path)
    context = {"collaboration": collaboration, "form": form, "open": collaboration.join_requests.open().count()}
    return render(request, "collaborations/close.html", context, status=400 if form.errors else 200)
