"""What stands around a resource: topics, who uses it, reading lists, and what the link checker saw."""

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.core import dates
from alliance.core.admin_base import Missing, PageAdmin, PortalAdmin, RowFormSet, RowsInline, SearchAdmin
from alliance.core.versions_admin import VersionsMixin

from ..models import Adoption, Collection, CollectionItem, LinkCheck, Topic


@admin.register(Topic)
class TopicAdmin(VersionsMixin, PageAdmin):
    list_display = ("name", "status", "resource_count", "updated_at")
    list_filter = ("status", Missing, "updated_at")
    search_texts = ("description",)
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = ((None, {"fields": ("name", "description")}), PageAdmin.publication)
    gaps = {"description": (_("Description"), Q(description="")), "resources": (_("Resources"), Q(resources=None))}

    def get_queryset(self, request):
        return super().get_queryset(request).with_resource_count()

    @admin.display(description=_("published resources"), ordering="resource_count")
    def resource_count(self, topic):
        return topic.resource_count


class ItemFormSet(RowFormSet):
    """Says of two items in one place what the database would say."""

    def get_form_error(self):
        return _("Two items have the same place in the list.")

    def get_unique_error_message(self, unique_check):
        return self.get_form_error()


class ItemInline(RowsInline):
    model = CollectionItem
    formset = ItemFormSet
    fields = ("position", "resource", "note")
    autocomplete_fields = ("resource",)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("resource")


@admin.register(Collection)
class CollectionAdmin(VersionsMixin, PageAdmin):
    list_display = ("title", "status", "stage", "domain", "resource_count", "updated_at")
    list_filter = ("status", Missing, "stage", "domain", "updated_at")
    search_texts = ("purpose",)
    ordering = ("title", "pk")
    prepopulated_fields = {"slug": ("title",)}
    inlines = (ItemInline,)
    fieldsets = ((None, {"fields": ("title", "purpose", ("stage", "domain"))}), PageAdmin.publication)
    gaps = {
        "items": (_("Resources"), Q(items=None)),
        "stage": (_("Stage"), Q(stage="")),
        "domain": (_("Readiness domain"), Q(domain="")),
    }

    def get_queryset(self, request):
        return super().get_queryset(request).with_resource_count()

    @admin.display(description=_("published resources"), ordering="resource_count")
    def resource_count(self, collection):
        return collection.resource_count


@admin.register(Adoption)
class AdoptionAdmin(VersionsMixin, SearchAdmin):
    list_display = ("jurisdiction", "resource", "begun", "contact_visibility", "updated_at")
    list_filter = ("contact_visibility", ("jurisdiction__state", admin.AllValuesFieldListFilter), "updated_at")
    list_select_related = ("jurisdiction", "resource")
    search_fields = ("jurisdiction__key", "resource__key")
    ordering = ("jurisdiction__name", "pk")
    autocomplete_fields = ("resource", "jurisdiction")
    readonly_fields = ("created_at", "updated_at")

    def lookup_allowed(self, lookup, value, request):
        """The page of a resource leads to those who use it."""
        return lookup == "resource" or super().lookup_allowed(lookup, value, request)

    @admin.display(description=_("since"), ordering="since")
    def begun(self, adoption):
        return dates.describe(adoption.since)


@admin.register(LinkCheck)
class LinkCheckAdmin(PortalAdmin):
    """What the link checker saw; it alone writes here."""

    list_display = ("resource", "checked_at", "outcome", "status_code", "url", "detail")
    list_filter = ("outcome", "checked_at")
    list_select_related = ("resource",)
    search_fields = ("resource__title", "url")
    in_quick_search = False

    def lookup_allowed(self, lookup, value, request):
        return lookup == "resource" or super().lookup_allowed(lookup, value, request)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, check=None):
        return False

    has_delete_permission = has_change_permission
