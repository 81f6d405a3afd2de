"""What comes after the receipt, and what ends or stops a draft: messages, withdraw, reopen, defer."""

from django.contrib import messages as notices
from django.shortcuts import render
from django.utils.translation import gettext as _

from alliance.core.writing import done, filled, form_page, see_other, typed_into, writing

from .. import workflow
from ..afterwards_forms import DeferForm, MessageForm, WithdrawForm
from ..states import VERBS, Status
from ..team import EVERY_ROLE, LEAD, WRITERS, find
from ..workflow import NotPossible
from . import answering, keeping


@writing
@answering
def messages(request, pk):
    """The one thread between a team and the reviewers: all of the team reads, its writers write."""
    is_sent = request.method == "POST"
    application, member = find(request.user, pk, WRITERS if is_sent else EVERY_ROLE)
    form = filled(MessageForm, request)
    if form.is_bound and form.is_valid():
        with keeping(typed_into(form)):
            workflow.write(application=application, user=request.user, is_from_team=True, **form.cleaned_data)
        notices.success(request, _("Your message is sent."))
        return done(request, "application_messages", pk)
    context = {
        "application": application,
        "member": member,
        "thread": application.messages.select_related("author"),
        "form": form,
        "may_write": member.role in WRITERS and application.submitted_at,
    }
    return render(request, "pathway/messages.html", context, status=400 if form.errors else 200)


def once(request, verb, application, **given):
    """Do a verb of a form that carries its turn; sending it again finds done what the first time did."""
    try:
        workflow.in_turn(
            getattr(workflow, verb),
            application=application,
            user=request.user,
            turn=request.POST.get("turn", ""),
            **given,
        )
    except NotPossible:
        application.refresh_from_db()
        if application.status not in VERBS[verb].targets:
            raise


def need(verb, application):
    """Raise NotPossible where a verb leads nowhere from here."""
    if application.status not in VERBS[verb].sources:
        raise NotPossible(application.status_for_team)


@writing
@answering
def withdraw(request, pk):
    application, member = find(request.user, pk, LEAD)
    form = filled(WithdrawForm, request)
    if form.is_bound and form.is_valid():
        with keeping(typed_into(form)):
            once(request, "withdraw", application, **form.cleaned_data)
        notices.success(request, _("The application is withdrawn."))
        return done(request, application)
    with keeping(typed_into(form)):
        need("withdraw", application)
    context = {
        "application": application,
        "member": member,
        "form": form,
        "turn": request.POST.get("turn", workflow.turn_of(application)),
    }
    return render(request, "pathway/withdraw.html", context, status=400 if form.errors else 200)


@form_page
@answering
def reopen(request, pk):
    application, member = find(request.user, pk, LEAD)
    if request.method == "POST":
        once(request, "reopen", application)
        notices.success(request, _("The application is a draft again."))
        return see_other(application)
    need("reopen", application)
    context = {"application": application, "member": member, "turn": workflow.turn_of(application)}
    return render(request, "pathway/reopen.html", context)


@form_page
@answering
def defer(request, pk):
    """Put a draft off until a day, or take that back."""
    application, member = find(request.user, pk, LEAD)
    if request.method == "POST" and "back" in request.POST:
        workflow.defer(application=application, user=request.user, until=None)
        notices.success(request, _("The application is no longer put off."))
        return see_other(application)
    form = DeferForm(request.POST if request.method == "POST" else None, initial={"until": application.deferred_until})
    if form.is_bound and form.is_valid():
        workflow.defer(application=application, user=request.user, **form.cleaned_data)
        notices.success(request, _("The application is put off. You can go on with it at any time before."))
        return see_other(application)
    if application.status != Status.DRAFT:
        raise NotPossible(application.status_for_team)
    context = {"application": application, "member": member, "form": form}
    return render(request, "pathway/defer.html", context, status=400 if form.errors else 200)
