"""Import and export in the admin: a file is looked at first, then all of it is imported or nothing."""

from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import Http404, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from alliance.core.admin_base import in_plain_words
from alliance.core.filetypes import MB, TYPES

from .. import exchange

# Where the rows of a file wait for a yes: in the session, which each server process sees and which expires by itself.
WAITING = "resources_import"


class FileForm(forms.Form):
    """Reads the table; `rows` are what it holds."""

    file = forms.FileField(
        label=_("Table"),
        allow_empty_file=True,
        help_text=format_lazy(
            _("A CSV file in UTF-8, or an Excel workbook (XLSX): up to {rows} rows and {size} MB."),
            rows=exchange.ROWS,
            size=exchange.SIZE // MB,
        ),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        try:
            self.rows = exchange.named(exchange.read(file))
        except exchange.Unreadable as error:
            raise forms.ValidationError(str(error)) from error
        return file


class ExchangeMixin:
    def get_urls(self):
        def view(function):
            return self.admin_site.admin_view(function)

        return [
            path("import/", view(self.import_view), name="resources_resource_import"),
            path("import/preview/", view(self.preview_view), name="resources_resource_preview"),
            path("export/<str:kind>/", view(self.export_view), name="resources_resource_export"),
            *super().get_urls(),
        ]

    def has_import_permission(self, request):
        """Who may add and change, and with that publish, may do it by a table, too."""
        return self.has_add_permission(request) and self.has_change_permission(request)

    def import_view(self, request):
        """Takes a file and reads it; nothing is changed."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        request.session.pop(WAITING, None)
        form = FileForm(*(request.POST, request.FILES) if request.method == "POST" else ())
        if form.is_valid():
            request.session[WAITING] = {"name": form.cleaned_data["file"].name, "rows": form.rows}
            return HttpResponseRedirect(reverse("admin:resources_resource_preview"))
        columns = exchange.COLUMNS.values()
        return self.page(request, "resources/resource/import", title=_("Import resources"), form=form, columns=columns)

    def preview_view(self, request):
        """Shows what the table would change, and changes it on request if nothing else happened meanwhile."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if WAITING not in request.session:
            self.message_user(request, _("Choose the file first."), messages.WARNING)
            return HttpResponseRedirect(reverse("admin:resources_resource_import"))
        waiting = request.session[WAITING]
        if request.method == "POST" and self.imported(request, waiting):
            del request.session[WAITING]
            return HttpResponseRedirect(reverse("admin:resources_resource_changelist"))
        plan = exchange.Plan(waiting["rows"])
        if plan.wrong:
            title = _("These rows have errors")
        else:
            title = _("Import these?") if plan.written else _("Nothing to import")
        return self.page(request, "resources/resource/preview", title=title, plan=plan, name=waiting["name"])

    def imported(self, request, waiting):
        """Import the rows if they still come to what was shown; else say why not."""
        try:
            with transaction.atomic():
                plan = exchange.Plan(waiting["rows"], lock=True)
                if request.POST.get("digest") != plan.digest:
                    refusal = _("The library changed since you looked, so look again. Nothing was imported.")
                elif plan.wrong:
                    refusal = _("Some rows have errors. Nothing was imported.")
                elif plan.resembling and "are_others" not in request.POST:
                    refusal = _(
                        "Say whether these are other resources than those in the library. Nothing was imported."
                    )
                else:
                    plan.apply(request.user, _("Imported from a table."))
                    self.log_import(request, plan)
                    return True
        except DatabaseError as error:
            refusal = in_plain_words(error)
            if refusal is None:
                raise
        self.message_user(request, refusal, messages.ERROR)
        return False

    def log_import(self, request, plan):
        for outcome, flag in (("new", ADDITION), ("changed", CHANGE)):
            resources = [row.resource for row in plan.of(outcome)]
            LogEntry.objects.log_actions(request.user.pk, resources, flag, _("Imported from a table."))
        new, changed = plan.counts["new"], plan.counts["changed"]
        done = [
            ngettext("%(count)d resource is new.", "%(count)d resources are new.", new) % {"count": new},
            ngettext("%(count)d resource was changed.", "%(count)d resources were changed.", changed)
            % {"count": changed},
        ]
        self.message_user(request, " ".join(done))

    def export_view(self, request, kind):
        """The resources of the list, as it is filtered, as a file."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if kind not in ("csv", "xlsx"):
            raise Http404
        try:
            resources = self.get_changelist_instance(request).get_queryset(request)
            content = exchange.write(exchange.table(resources), kind)
        except (IncorrectLookupParameters, exchange.Unwritable) as error:
            refusal = error if isinstance(error, exchange.Unwritable) else _("There is no such filter.")
            self.message_user(request, refusal, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:resources_resource_changelist"))
        name = f"resources-{timezone.localdate()}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingHttpResponse(content, content_type=TYPES[kind].mime, headers=headers)
