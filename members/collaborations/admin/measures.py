"""Shared measures, their figures, and the groups that these are given for."""

from django.contrib import admin
from django.db.models import Count, F, Q
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from alliance.core.admin_base import Missing, PageAdmin, PortalAdmin, SearchAdmin
from alliance.core.home import list_of
from alliance.core.versions_admin import VersionsMixin

from ..models import DataPoint, PopulationGroup, SharedMeasure


@admin.register(SharedMeasure)
class SharedMeasureAdmin(VersionsMixin, PageAdmin):
    list_display = ("name", "collaboration", "geography", "status", "figures", "updated_at")
    list_filter = (
        "status",
        Missing,
        ("collaboration", admin.RelatedOnlyFieldListFilter),
        "format",
        "interval",
        "published_at",
        "updated_at",
    )
    list_select_related = ("collaboration",)
    search_texts = ("result", "geography", "method_note")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("collaboration",)
    fieldsets = (
        (None, {"fields": ("name", "collaboration", "result", "topic", "method_note", "sources")}),
        (
            _("What is measured"),
            {"fields": ("unit", "format", ("geography", "state"), "direction", "interval", "reference")},
        ),
        (_("From where to where"), {"fields": (("baseline", "baseline_period"), ("target", "target_period"))}),
        PageAdmin.publication,
    )
    gaps = {
        "figures": (_("Figures"), Q(points=None)),
        "groups": (
            _("Figures split by race"),
            ~Q(pk__in=DataPoint.objects.exclude(group__kind=PopulationGroup.Kind.ALL).values("measure")),
        ),
        "reference": (
            _("Figures of the reference group"),
            ~Q(pk__in=DataPoint.objects.filter(group=F("measure__reference")).values("measure")),
        ),
        "collaboration": (_("Collaboration"), Q(collaboration=None)),
        "target": (_("Target"), Q(target=None)),
        "method": (_("Method note"), Q(method_note="")),
        "sources": (_("Sources"), Q(sources=[])),
    }

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(figure_count=Count("points", distinct=True))

    @admin.display(description=_("figures"), ordering="figure_count")
    def figures(self, measure):
        address = list_of(DataPoint, measure__id__exact=measure.pk)
        return format_html('<a href="{}">{}</a>', address, measure.figure_count)


@admin.register(DataPoint)
class DataPointAdmin(VersionsMixin, SearchAdmin):
    list_display = ("measure", "period", "group", "value", "is_approximate", "is_suppressed", "updated_at")
    list_filter = (
        ("measure", admin.RelatedOnlyFieldListFilter),
        ("group", admin.RelatedOnlyFieldListFilter),
        "is_approximate",
        "is_suppressed",
        ("source", admin.EmptyFieldListFilter),
        "updated_at",
    )
    list_select_related = ("measure", "group")
    ordering = ("measure__name", "-period", "group__position", "pk")
    search_fields = ("measure__key",)
    search_texts = ("group_as_published", "note")
    in_quick_search = False
    autocomplete_fields = ("measure",)
    readonly_fields = ("created_at", "updated_at")


@admin.register(PopulationGroup)
class PopulationGroupAdmin(VersionsMixin, PortalAdmin):
    """Everyone and the categories of the federal standard stay as they are; other groups are added beside them."""

    list_display = ("name", "short_name", "kind", "position")
    list_filter = ("kind",)
    search_fields = ("name",)
    ordering = ("position", "name", "pk")
    in_quick_search = False
    fields = ("name", "short_name", "position")

    def has_change_permission(self, request, group=None):
        return super().has_change_permission(request, group) and self.is_ours(group)

    def has_delete_permission(self, request, group=None):
        return super().has_delete_permission(request, group) and self.is_ours(group)

    def is_ours(self, group):
        return group is None or group.kind == PopulationGroup.Kind.OTHER
