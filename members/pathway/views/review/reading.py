"""To open an application: say whether there is a conflict of interest, then read it."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from ... import desk, workflow
from ...review_forms import DeclareForm
from ...whole import Whole
from ..readiness import form_page, see_other
from . import open_for, reviewing


@require_safe
@reviewing
def review(request, pk):
    """Everything that the team handed in, and what is to do."""
    application = open_for(request, pk)
    context = {"application": application, "whole": Whole(application), "part": desk.part_of(request.user)}
    return render(request, "review/application.html", context)


@form_page
@reviewing
def declare(request, pk):
    """Before the content opens: a conflict of interest, or none. The page names the government, to tell by."""
    application = get_object_or_404(desk.open_to(request.user), pk=pk)
    form = DeclareForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        workflow.declare(application=application, user=request.user, **form.cleaned_data)
        if form.cleaned_data["has_conflict"]:
            raise Http404
        return see_other("review", pk)
    if desk.has_declared(request.user, application):
        return redirect("review", pk)
    context = {"application": application, "form": form}
    return render(request, "review/declare.html", context, status=400 if form.errors else 200)
