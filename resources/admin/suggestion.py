"""What readers suggest: a draft is made of it, which a curator completes and publishes like any other."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from alliance.core.notes import Refused
from alliance.core.notes.admin import NoteAdmin

from .. import suggestions, upkeep
from ..models import Suggestion


@admin.register(Suggestion)
class SuggestionAdmin(NoteAdmin):
    list_display = ("title", "publisher", "state", "resource", "confirmed_at", "settled_by")
    list_select_related = ("settled_by", "resource")
    search_fields = ("title", "link", "why", "publisher")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("resource").defer("resource__search", "resource__body")

    def around(self, suggestion):
        if suggestion.resource or suggestion.state != suggestion.State.WAITING:
            return {"resource": suggestion.resource}
        [alike] = upkeep.resembling([(suggestion.title, suggestion.link)])
        return {"may_draft": True, "alike": alike}

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if "draft" in request.POST and (suggestion := self.get_object(request, unquote(object_id))):
            return self.draft(request, suggestion)
        return super().change_view(request, object_id, form_url, extra_context)

    def draft(self, request, suggestion):
        if not (self.has_change_permission(request) and request.user.has_perm("resources.add_resource")):
            raise PermissionDenied
        try:
            resource, is_new = suggestions.make_draft(suggestion=suggestion, by=request.user)
        except Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return redirect(request.path)
        if is_new:
            done = _("This is a draft now. Complete it and publish it, then settle the suggestion.")
            self.message_user(request, done, messages.SUCCESS)
        else:
            self.message_user(request, _("There is a draft of it already: this one."), messages.WARNING)
        return redirect("admin:resources_resource_change", resource.pk)
