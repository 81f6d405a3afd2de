"""Import and export in the admin: a file is looked at first, then all of it is imported or nothing."""

from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import Http404, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.text import capfirst, format_lazy, slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import audit, exchange
from .admin_base import in_plain_words
from .filetypes import MB, TYPES
from .versions_admin import VersionsMixin


class FileForm(forms.Form):
    """Reads the rows of a table; `rows` are what it holds."""

    file = forms.FileField(
        label=_("Table"),
        allow_empty_file=True,
        help_text=format_lazy(
            _("A CSV file in UTF-8, or an Excel workbook (XLSX): up to {rows} rows and {size} MB."),
            rows=exchange.ROWS,
            size=exchange.SIZE // MB,
        ),
    )

    def __init__(self, table, *args):
        super().__init__(*args)
        self.table = table

    def clean_file(self):
        file = self.cleaned_data["file"]
        try:
            self.rows = self.table.named(exchange.read(file))
        except exchange.Unreadable as error:
            raise forms.ValidationError(str(error)) from error
        return file


class NotImported(Exception):  # noqa: N818 - an answer, not an error
    """The table is not imported; the text says why."""


class ExchangeMixin(VersionsMixin):
    """Takes and gives the rows of `table` as files."""

    table = None

    @property
    def waiting(self):
        """Where the rows of a file wait for a yes: in the session, which each server process sees and which expires by
        itself."""
        return f"import:{self.opts.label_lower}"

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        importing, preview, export = map(
            self.admin_site.admin_view, (self.import_view, self.preview_view, self.export_view)
        )
        return [
            path("import/", importing, name=f"{name}_import"),
            path("import/preview/", preview, name=f"{name}_preview"),
            path("export/<str:kind>/", export, name=f"{name}_export"),
            *super().get_urls(),
        ]

    def has_import_permission(self, request):
        """Who may add and change, and with that publish, may do it by a table, too."""
        return self.has_add_permission(request) and self.has_change_permission(request)

    def changelist_view(self, request, extra_context=None):
        may_import = self.has_import_permission(request)
        return super().changelist_view(request, {"may_import": may_import, **(extra_context or {})})

    def import_view(self, request):
        """Takes a file and reads it; nothing is changed."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        request.session.pop(self.waiting, None)
        form = FileForm(self.table, *(request.POST, request.FILES) if request.method == "POST" else ())
        if form.is_valid():
            request.session[self.waiting] = {"name": form.cleaned_data["file"].name, "rows": form.rows}
            return HttpResponseRedirect(self.address("preview"))
        return self.page(request, "core/import", title=_("Import a table"), form=form, table=self.table)

    def preview_view(self, request):
        """Shows what the table would change, and changes it on request if nothing else happened meanwhile."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if self.waiting not in request.session:
            self.message_user(request, _("Choose the file first."), messages.WARNING)
            return HttpResponseRedirect(self.address("import"))
        waiting = request.session[self.waiting]
        if request.method == "POST" and self.imported(request, waiting["rows"]):
            del request.session[self.waiting]
            return HttpResponseRedirect(self.address("changelist"))
        plan = exchange.preview(self.table, waiting["rows"])
        if plan.wrong or plan.ambiguous:
            title = _("Nothing can be imported yet")
        else:
            title = _("Import these?") if plan.written else _("Nothing to import")
        return self.page(request, "core/preview", title=title, plan=plan, name=waiting["name"])

    def imported(self, request, rows):
        """Import the rows if they still come to what was shown; else say why not."""
        try:
            with transaction.atomic():
                plan = exchange.Plan(self.table, rows, lock=True)
                if refusal := self.refusal(request, plan):
                    raise NotImported(refusal)
                plan.finish(request.user, _("Imported from a table."))
                self.log_import(request, plan)
                return True
        except NotImported as refused:
            refusal = str(refused)
        except DatabaseError as error:
            refusal = in_plain_words(error)
            if refusal is None:
                raise
        self.message_user(request, refusal, messages.ERROR)
        return False

    def refusal(self, request, plan):
        """Why the plan is not carried out, if it is not."""
        if request.POST.get("digest") != plan.digest:
            return _("Something changed since you looked, so look again. Nothing was imported.")
        if plan.wrong or plan.ambiguous:
            return _("Some rows have errors or may mean more than one. Nothing was imported.")
        if plan.resembling and "are_others" not in request.POST:
            return _("Say whether these are other ones than those that are here. Nothing was imported.")

    def log_import(self, request, plan):
        for outcome, flag, action in (("new", ADDITION, "add"), ("changed", CHANGE, "change")):
            rows = plan.of(outcome)
            things = [row.thing for row in rows]
            LogEntry.objects.log_actions(request.user.pk, things, flag, _("Imported from a table."))
            self.record_all(request, action, ((row.thing, self.entry(row)) for row in rows))
        new, changed = plan.counts["new"], plan.counts["changed"]
        audit.record("import", actor=request.user, table=self.opts.label_lower, new=new, changed=changed)
        done = [
            ngettext("%(count)d row is new.", "%(count)d rows are new.", new) % {"count": new},
            ngettext("%(count)d row was changed.", "%(count)d rows were changed.", changed) % {"count": changed},
        ]
        self.message_user(request, " ".join(done))

    def entry(self, row):
        """What the audit log says of a row: its texts before and after, and of what may not stand there the columns."""
        changes = dict(zip(row.values, row.changes, strict=True))
        said = {name: change for name, change in changes.items() if self.may_stand(self.opts.get_field(name))}
        others = [name for name in changes if name not in said]
        return {
            "before": None if row.is_new else {name: change.before for name, change in said.items()},
            "after": {name: change.after for name, change in said.items()},
            **({"fields": others} if others else {}),
        }

    def export_view(self, request, kind):
        """The rows of the list, as it is filtered, as a file."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if kind not in ("csv", "xlsx"):
            raise Http404
        many = capfirst(self.opts.verbose_name_plural)
        try:
            things = self.get_changelist_instance(request).get_queryset(request)
            content = exchange.write(self.table.texts(things), kind, many)
        except (IncorrectLookupParameters, exchange.Unwritable) as error:
            refusal = error if isinstance(error, exchange.Unwritable) else _("There is no such filter.")
            self.message_user(request, refusal, messages.ERROR)
            return HttpResponseRedirect(self.address("changelist"))
        audit.record("export", actor=request.user, table=self.opts.label_lower, file=kind, filters=sorted(request.GET))
        name = f"{slugify(many)}-{timezone.localdate()}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingHttpResponse(content, content_type=TYPES[kind].mime, headers=headers)
