"""The page and the list of resources: what needs a look, what is done to many at once, versions."""

from django import forms
from django.contrib import admin
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from alliance.core.admin_base import Missing, PageAdmin
from alliance.core.templatetags.portal import markdown

from .. import upkeep
from ..forms import ResourceForm
from ..models import Resource

VERSIONS_PER_PAGE = 20
CHECKS_SHOWN = 5


class NeedsALook(Missing):
    """The queue of a curator: every resource that needs a look, or those with one reason."""

    title = _("what needs a look")
    parameter_name = "look"

    def lookups(self, request, model_admin):
        return [("any", _("Anything")), *super().lookups(request, model_admin)]

    def queryset(self, request, queryset):
        if self.value() == "any":
            return upkeep.needs_a_look(queryset)
        return upkeep.needs_a_look(queryset, self.value()) if self.value() in self.gaps else queryset


@admin.register(Resource)
class ResourceAdmin(PageAdmin):
    form = ResourceForm
    list_display = (
        "title",
        "status",
        "kind",
        "publisher",
        "year",
        "reasons",
        "link_status",
        "last_verified_on",
        "uses",
        "updated_at",
    )
    list_filter = (
        "status",
        NeedsALook,
        "kind",
        "stage",
        ("topics", admin.RelatedOnlyFieldListFilter),
        "language",
        "link_status",
        "last_verified_on",
        "updated_at",
    )
    search_texts = ("publisher", "summary")
    ordering = ("title", "pk")
    actions = (*PageAdmin.actions, "set_topics", "verify")
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("contributed_by_jurisdictions", "contributed_by_partners", "mentions")
    readonly_fields = (*PageAdmin.readonly_fields, "link", "checks", "preview", "used_by")
    gaps = upkeep.REASONS
    fieldsets = (
        (None, {"fields": ("title", "kind", "summary", "publisher", "authors", ("year", "language"), "license")}),
        (_("Where it stands"), {"fields": ("url", "url_is_copy", "link", "checks", "file", "body", "preview")}),
        (
            _("What it is about"),
            {
                "fields": (
                    "topics",
                    "stage",
                    "contributed_by_jurisdictions",
                    "contributed_by_partners",
                    "mentions",
                    "used_by",
                )
            },
        ),
        (_("Whether it is still good"), {"fields": ("last_verified_on", "sources")}),
        PageAdmin.publication,
    )

    def get_queryset(self, request):
        return upkeep.with_reasons(super().get_queryset(request).defer("search"))

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "topics":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    # --- What the form and the list show beside the fields ---

    @admin.display(description=_("needs a look"))
    def reasons(self, resource):
        return ", ".join(str(upkeep.REASONS[word][0]) for word in resource.reasons)

    @admin.display(description=_("link"))
    def link(self, resource):
        return resource.get_link_status_display()

    @admin.display(description=_("last checks of the link"))
    def checks(self, resource):
        checks = resource.link_checks.all()[:CHECKS_SHOWN] if resource.pk else ()
        return render_to_string("admin/resources/resource/_checks.html", {"checks": checks}) if checks else None

    @admin.display(description=_("the text as readers see it"))
    def preview(self, resource):
        return format_html('<div class="preview">{}</div>', markdown(resource.body)) if resource.body else None

    @admin.display(description=_("in use at"))
    def used_by(self, resource):
        if not resource.pk:
            return None
        return format_html(
            '<a href="{}?resource={}">{}</a>',
            reverse("admin:resources_adoption_changelist"),
            resource.pk,
            ngettext("%(count)d government", "%(count)d governments", resource.uses) % {"count": resource.uses},
        )
