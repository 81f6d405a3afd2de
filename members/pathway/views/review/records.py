"""One application given out for a request of public records."""

from django.http import Http404, JsonResponse
from django.shortcuts import render

from alliance.core.writing import form_page

from ... import workflow
from ...records import PublicRecord
from ...review_forms import ExportForm
from ...states import By
from . import open_for, reviewing


@form_page
@reviewing
def records(request, pk):
    """Say what is given out, then give it: a page to print, or data. Each time stands in the history."""
    application = open_for(request, pk, By.CHAIR)
    if application.access.only_reads:
        raise Http404
    form = ExportForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        workflow.export(application=application, actor=request.user)
        record = PublicRecord(application)
        if form.cleaned_data["form"] == "json":
            return JsonResponse(
                record.as_data,
                json_dumps_params={"indent": 2, "ensure_ascii": False},
                headers={"Content-Disposition": f'attachment; filename="{application.reference}-record.json"'},
            )
        return render(request, "review/record.html", {"application": application, "record": record})
    context = {"application": application, "form": form}
    return render(request, "review/records.html", context, status=400 if form.errors else 200)
