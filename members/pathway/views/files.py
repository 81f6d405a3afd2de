"""The files of an application: for all of its team to read, for its writers to add and remove."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.core.limits import Limit
from alliance.core.uploads import download
from alliance.core.writing import form_page, see_other

from .. import workflow
from ..models.attachment import LARGEST, MOST_BYTES, MOST_FILES
from ..team import EVERY_ROLE, WRITERS, find
from ..team_forms import FileForm
from ..workflow import NotPossible, NotReady
from . import answering

# Taken or not, of one person: to look into a file takes up to two seconds, and what is removed may have been stored.
SENT = Limit("files.person", 60, timedelta(hours=1))


@form_page
@answering
def files(request, pk):
    is_sent = request.method == "POST"
    application, member = find(request.user, pk, WRITERS if is_sent else EVERY_ROLE)
    form = FileForm(files=request.FILES if is_sent else None)
    if is_sent:
        SENT.count(str(request.user.pk))
    if form.is_bound and form.is_valid():
        try:
            kept = workflow.attach(application=application, user=request.user, file=form.cleaned_data["file"])
        except NotReady as refusal:
            form.add_error("file", refusal.reasons)
        else:
            messages.success(request, _("“%(name)s” is added.") % {"name": kept.name})
            return see_other("application_files", pk)
    attachments = list(application.attachments.current().select_related("added_by").order_by("added_at", "pk"))
    context = {
        "application": application,
        "member": member,
        "form": form,
        "attachments": attachments,
        "bytes": sum(one.size for one in attachments),
        "most_bytes": MOST_BYTES,
        "most_files": MOST_FILES,
        "largest": LARGEST,
        "may_write": member.role in WRITERS and application.is_editable,
        "is_full": len(attachments) >= MOST_FILES,
    }
    return render(request, "pathway/files.html", context, status=400 if form.errors else 200)


@require_safe
def file(request, pk, attachment):
    application, _member = find(request.user, pk)
    kept = get_object_or_404(application.attachments.current(), pk=attachment)
    return download(kept.file, kept.name)


@form_page
@answering
def remove(request, pk, attachment):
    application, member = find(request.user, pk, WRITERS)
    # A form also finds what is removed: its second click finds done what the first one did.
    rows = application.attachments if request.method == "POST" else application.attachments.current()
    kept = get_object_or_404(rows, pk=attachment)
    if request.method == "POST":
        workflow.detach(application=application, user=request.user, attachment=kept)
        messages.success(request, _("“%(name)s” is removed.") % {"name": kept.name})
        return see_other("application_files", pk)
    if not application.is_editable:
        raise NotPossible(application.status_for_team)
    context = {
        "application": application,
        "member": member,
        "attachment": kept,
        "was_handed_in": kept.snapshots.exists(),
    }
    return render(request, "pathway/file_remove.html", context)
