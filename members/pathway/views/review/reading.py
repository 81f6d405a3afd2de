"""To open an application: say whether there is a conflict of interest, then read it."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.core.uploads import download
from alliance.core.writing import done, filled, writing

from ... import desk, workflow
from ...duplicates import hints_about
from ...models import Application, Assessment, Attachment
from ...review_forms import DeclareForm, OverrideForm
from ...states import TOLD, VERBS, By, Status
from ...timeline import AT_DESK
from ...whole import HandedIn, Whole
from . import open_for, reviewing


@require_safe
@reviewing
def review(request, pk):
    """Everything that the team handed in; of a draft, which only an override opens, what stands there."""
    application = open_for(request, pk)
    context = {
        "application": application,
        "whole": Whole(application) if application.status == Status.DRAFT else HandedIn(application),
        "history": [(entry, AT_DESK[entry.verb]) for entry in history_for(request.user, application)],
        "hints": hints_about(application, request.user),
        "assessment": Assessment.objects.current().filter(pk=application.assessment_id).first(),
    }
    return render(request, "review/application.html", context)


def history_for(user, application):
    """All that was done, the latest first. Who proposed and who confirmed is for whoever may know of a held decision:
    not for a reviewer whose own review is not in."""
    entries = application.history.select_related("actor", "person").order_by("-at", "-pk")
    if application.access.is_chair or desk.reads_reviews(user, application):
        return entries
    return entries.filter(Q(verb__in=TOLD) | ~Q(verb__in=VERBS))


@require_safe
@reviewing
def file(request, pk, attachment):
    """A file that was handed in, also one that was removed since; of a draft, one that is there."""
    application = open_for(request, pk)
    if application.status == Status.DRAFT:
        files = application.attachments.current()
    else:
        files = Attachment.objects.filter(application=application, snapshots__isnull=False).distinct()
    kept = get_object_or_404(files.exclude(file=""), pk=attachment)
    return download(kept.file, kept.name)


@writing
@reviewing
def declare(request, pk):
    """Before the content opens: a conflict of interest, or none. The page names the government, to tell by. Later, one
    that somebody finds after all."""
    application = desk.find_undeclared(request.user, pk)
    form = filled(DeclareForm, request, has_declared=desk.has_declared(request.user, application))
    if form.is_bound and form.is_valid():
        workflow.declare(application=application, user=request.user, **form.cleaned_data)
        if form.cleaned_data["has_conflict"]:
            messages.success(request, _("Thank you for saying so. The application is closed to you now."))
            return done(request, "account")
        return done(request, "review", pk)
    context = {"application": application, "form": form}
    return render(request, "review/declare.html", context, status=400 if form.errors else 200)


@writing
@reviewing
def override(request, pk):
    """An admin opens for an hour what is not open to them otherwise: a draft, or what they have a conflict with."""
    if not desk.has_part(request.user, By.ADMIN):
        raise desk.refused(request.user, pk)
    application = get_object_or_404(Application, pk=pk)
    if desk.overriding(request.user, pk) or desk.may_open(request.user, application):
        return redirect("review", pk)
    form = filled(OverrideForm, request)
    if form.is_bound and form.is_valid():
        workflow.override(application=application, actor=request.user, **form.cleaned_data)
        return done(request, "review", pk)
    context = {"application_pk": pk, "form": form}
    return render(request, "review/override.html", context, status=400 if form.errors else 200)
