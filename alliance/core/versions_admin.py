"""The history of what curators write: what changed, who did it, and the way back, also from a deletion."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import DatabaseError, transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from . import history
from .admin_base import in_plain_words

PER_PAGE = 20


class VersionsMixin:
    """Records what the form saves as one version, and shows all versions instead of Django's own log."""

    def save_model(self, request, obj, form, change):
        obj.skip_history_when_saving = True
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        # Rows that have a history of their own are not part of this one.
        parts = (form, *(rows for rows in formsets if not hasattr(rows.model, "history")))
        if not change or any(part.has_changed() for part in parts):
            history.record(self.model, [form.instance.pk], request.user)

    def log(self, request, objects, message, *args, **entry):
        """Record what an action did to the objects, too."""
        history.record(self.model, [thing.pk for thing in objects], request.user, message)
        super().log(request, objects, message, *args, **entry)

    def address(self, view, *args):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{view}", args=args)

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        restore, deleted = map(self.admin_site.admin_view, (self.restore_view, self.deleted_view))
        return [
            path("<int:pk>/history/<int:version>/", restore, name=f"{name}_restore"),
            path("deleted/", deleted, name=f"{name}_deleted"),
            *super().get_urls(),
        ]

    def page(self, request, template, **context):
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/{template}.html", context)

    def history_view(self, request, object_id, extra_context=None):
        """Every version of an object, also of one that was deleted."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        thing = self.get_object(request, object_id)
        versions = history.versions_of(self.model, object_id if object_id.isdecimal() else None)
        if thing is None and not versions.exists():
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        shown = Paginator(versions, PER_PAGE).get_page(request.GET.get("p"))
        # One more than the page shows, for the last one to be compared with.
        history.with_changes(rows := list(versions[shown.start_index() - 1 : shown.end_index() + 1]))
        return self.page(
            request,
            "core/history",
            title=_("History"),
            subtitle=_("Deleted") if thing is None else str(thing),
            object=thing,
            versions=rows[:PER_PAGE],
            page_obj=shown,
            is_now=thing
            and rows
            and shown.number == 1
            and not history.changes(rows[0], thing, but=history.kept(self.model)),
            may_restore=self.may_restore(request, thing),
        )

    def may_restore(self, request, thing):
        return self.has_change_permission(request, thing) if thing else self.has_add_permission(request)

    def deleted_view(self, request):
        """What was deleted and by whom, each with the way to its versions."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        shown = Paginator(history.deleted(self.model), PER_PAGE).get_page(request.GET.get("p"))
        for version in shown:
            version.words = [(label, text) for label, text in history.state(version).items() if text]
        return self.page(request, "core/deleted", title=_("Deleted"), page_obj=shown)

    def restore(self, request, version):
        """Bring the version back, in the caller's transaction, and return what was restored."""
        return history.restore(version, request.user)

    def restore_view(self, request, pk, version):
        """Shows what restoring a version would change, and does it on request."""
        versions = history.versions_of(self.model, pk).exclude(history_type=history.DELETED)
        version = get_object_or_404(versions, history_id=version)
        thing = self.model.objects.filter(pk=pk).first()
        if not self.may_restore(request, thing):
            raise PermissionDenied
        if request.method == "POST":
            try:
                with transaction.atomic():
                    restored = self.restore(request, version)
                    self.log_change(request, restored, _("Restored an older version."))
                    self.record(request, "restore", restored, version=version.history_id)
            except ValidationError as error:
                refusals = error.messages
            except DatabaseError as error:
                refusals = [in_plain_words(error)]
                if refusals == [None]:
                    raise
            else:
                self.message_user(request, _("The older version was restored."))
                return HttpResponseRedirect(self.address("change", pk))
            for refusal in refusals:
                self.message_user(request, _("Nothing was restored: %s") % refusal, messages.ERROR)
        return self.page(
            request,
            "core/restore",
            title=_("Restore this version?"),
            object=thing,
            version=version,
            changes=history.changes(thing or self.model(pk=pk), version, but=history.kept(self.model)),
            history=self.address("history", pk),
        )
