"""How admins settle what people report of others: who, about whom, and what they wrote to staff. The messages of the
two are nowhere in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from alliance.core.admin_base import AdminsOnly, PortalAdmin, RefusableForm
from cohorts.forms import WordsField

from . import reports
from .introductions import Refused
from .models import AbuseReport


class SettleForm(RefusableForm):
    words = WordsField(
        label=_("what was done, and why"),
        help_text=_("Name no person: this stays when whoever reported deletes their account."),
        most=1000,
        error_messages={"required": _("Say what was done.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "words" in self.fields:
            self.initial["words"] = self.instance.outcome


@admin.register(AbuseReport)
class AbuseReportAdmin(AdminsOnly, PortalAdmin):
    """Nobody writes or deletes a report here; it is settled, by an admin whom it does not concern."""

    form = SettleForm
    list_display = ("__str__", "state", "created_at", "reporter", "about", "settled_by")
    list_filter = ("state", "created_at")
    list_select_related = ("reporter", "about", "settled_by")
    in_quick_search = False
    ordering = ("-created_at",)
    fields = ("reporter", "about", "text", "created_at", "state", "settled_by", "settled_at", "words", "hides")
    readonly_fields = fields[:-2]

    def get_queryset(self, request):
        return super().get_queryset(request).for_staff(request.user)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, report=None):
        return False

    def changeform_view(self, request, *args, **kwargs):
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refused:
            request.refusal = None, str(refused)
            return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request, report, form, change):
        reports.settle(
            report=report, by=request.user, outcome=form.cleaned_data["words"], hides=form.cleaned_data["hides"]
        )

    def record_form(self, request, form, **said):
        """The verb has told the audit log."""
