"""The history of a resource in the admin: what changed, who did it, and the way back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import DatabaseError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from alliance.core.admin_base import in_plain_words

from .. import history
from ..models import Resource

PER_PAGE = 20


class VersionsMixin:
    """Records what the form saves as one version, and shows all versions instead of Django's own log."""

    def save_model(self, request, obj, form, change):
        obj.skip_history_when_saving = True
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.has_changed() or not change:
            history.record([form.instance.pk], request.user)

    def log(self, request, objects, message):
        """Record what an action did to the resources, too."""
        history.record([resource.pk for resource in objects], request.user, message)
        super().log(request, objects, message)

    def get_urls(self):
        restore = self.admin_site.admin_view(self.restore_view)
        return [
            path("<int:pk>/history/<int:version>/", restore, name="resources_resource_restore"),
            *super().get_urls(),
        ]

    def page(self, request, template, **context):
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/resources/resource/{template}.html", context)

    def history_view(self, request, object_id, extra_context=None):
        resource = self.get_object(request, object_id)
        if resource is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, resource):
            raise PermissionDenied
        versions = history.versions_of(resource.pk)
        shown = Paginator(versions, PER_PAGE).get_page(request.GET.get("p"))
        # One more than the page shows, for the last one to be compared with.
        history.with_changes(rows := list(versions[shown.start_index() - 1 : shown.end_index() + 1]))
        return self.page(
            request,
            "history",
            title=_("History"),
            subtitle=str(resource),
            object=resource,
            versions=rows[:PER_PAGE],
            page_obj=shown,
            may_restore=self.has_change_permission(request, resource),
        )

    def restore_view(self, request, pk, version):
        """Shows what restoring a version would change, and does it on request."""
        resource = get_object_or_404(Resource, pk=pk)
        version = get_object_or_404(history.versions_of(pk), history_id=version)
        if not self.has_change_permission(request, resource):
            raise PermissionDenied
        changes = history.changes(resource, version, but=history.KEPT)
        if request.method == "POST":
            try:
                history.restore(resource, version, request.user)
            except ValidationError as error:
                refusals = error.messages
            except DatabaseError as error:
                refusals = [in_plain_words(error)]
                if refusals == [None]:
                    raise
            else:
                self.log_change(request, resource, _("Restored an older version."))
                self.message_user(request, _("The older version was restored."))
                return HttpResponseRedirect(reverse("admin:resources_resource_change", args=[pk]))
            for refusal in refusals:
                self.message_user(request, _("Nothing was restored: %s") % refusal, messages.ERROR)
        return self.page(
            request,
            "restore",
            title=_("Restore this version?"),
            object=get_object_or_404(Resource, pk=pk),
            version=version,
            changes=changes,
        )
