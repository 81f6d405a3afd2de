"""How curators settle what readers send: a list with what waits on top, and one page for each note."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from alliance.core import mail, notes
from alliance.core.admin_base import PortalAdmin
from alliance.core.models import PublicNote, Report

from .forms import AnswerForm

OUTCOMES = {
    PublicNote.State.USED: _("Settle as used"),
    PublicNote.State.NOT_USED: _("Settle as not used"),
}


class ConfirmedNotes(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [choice for choice in PublicNote.State.choices if choice[0] != PublicNote.State.UNCONFIRMED]

    def queryset(self, request, queryset):
        known = {word for word, _label in self.lookup_choices}
        return queryset.filter(state=self.value()) if self.value() in known else queryset


class NoteAdmin(PortalAdmin):
    """Shows the notes that a sender confirmed. Nobody writes, changes or deletes one; they are settled.

    The address of the sender is shown to nobody: the portal writes to them.
    """

    list_filter = (ConfirmedNotes, "confirmed_at")
    list_select_related = ("settled_by",)

    def get_queryset(self, request):
        return super().get_queryset(request).confirmed()

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, note=None):
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A note with the ways to settle it; POST settles it, or shows the mail first."""
        note = self.get_object(request, unquote(object_id))
        if note is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        may_settle = self.has_change_permission(request, note)
        if not (may_settle if request.method == "POST" else self.has_view_or_change_permission(request, note)):
            raise PermissionDenied
        ways = [
            {"state": state, "label": label, "form": AnswerForm(initial={"answer": note.ANSWERS[state]}, prefix=state)}
            for state, label in OUTCOMES.items()
        ]
        for way in ways:
            if request.POST.get("as") != way["state"]:
                continue
            way["form"] = form = AnswerForm(request.POST, prefix=way["state"])
            if form.is_valid():
                answer = form.cleaned_data["answer"]
                if "settle" in request.POST:
                    return self.settle(request, note, way["state"], answer)
                way["mail"] = mail.render("note_settled", notes.answer_mail(note, way["state"], answer))
        context = {
            **self.admin_site.each_context(request),
            **self.around(note),
            "opts": self.opts,
            "title": str(self.opts.verbose_name).capitalize(),
            "note": note,
            "ways": ways if may_settle and note.state == note.State.WAITING else [],
        }
        wrong = any(way["form"].errors for way in ways)
        return TemplateResponse(request, "admin/core/note.html", context, status=400 if wrong else 200)

    def around(self, note):
        """What the page of this kind of note needs besides."""
        return {}

    def settle(self, request, note, state, answer):
        try:
            with transaction.atomic():
                settled = notes.settle(note=note, by=request.user, state=state, answer=answer)
                self.log(request, [settled], settled.get_state_display(), "settle", state=settled.state)
        except notes.Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return redirect(request.path)
        self.message_user(request, _("Settled. The sender gets your answer, and we have deleted their address."))
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")


@admin.register(Report)
class ReportAdmin(NoteAdmin):
    list_display = ("page", "beginning", "state", "confirmed_at", "settled_by")
    search_fields = ("page", "what", "source")

    @admin.display(description=_("what is wrong"))
    def beginning(self, report):
        return Truncator(report.what).chars(120)
