"""The page and the list of resources: what needs a look, and what is done to many at once."""

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from alliance.core import history, uploads
from alliance.core.admin_base import Missing, PageAdmin
from alliance.core.exchange_admin import ExchangeMixin
from alliance.core.templatetags.portal import markdown

from .. import upkeep
from ..exchange import RESOURCES
from ..forms import ResourceForm, TopicsForm
from ..models import Resource

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
class ResourceAdmin(ExchangeMixin, PageAdmin):
    table = RESOURCES
    form = ResourceForm
    list_display = ("title", "status", "reasons", "kind", "publisher", "year", "last_verified_on", "uses")
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
    # Known of a saved resource only.
    shown = ("link", "checks", "preview", "used_by")
    readonly_fields = (*PageAdmin.readonly_fields, *shown)
    gaps = upkeep.REASONS
    fieldsets = (
        (None, {"fields": ("title", "kind", "summary", "publisher", "authors", ("year", "language"), "license")}),
        (_("Where to find it"), {"fields": ("url", "url_is_copy", "link", "checks", "file", "body", "preview")}),
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

    class Media:
        js = ("js/admin-autocomplete.js",)

    def get_queryset(self, request):
        return upkeep.with_reasons(super().get_queryset(request).defer("search"))

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj:
            return fieldsets
        return [
            (title, {**options, "fields": [field for field in options["fields"] if field not in self.shown]})
            for title, options in fieldsets
        ]

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
        checks = resource.link_checks.all()[:CHECKS_SHOWN]
        return render_to_string("admin/resources/resource/_checks.html", {"checks": checks}) if checks else None

    @admin.display(description=_("the text as readers see it"))
    def preview(self, resource):
        return format_html('<div class="preview">{}</div>', markdown(resource.body)) if resource.body else None

    @admin.display(description=_("in use at"))
    def used_by(self, resource):
        return format_html(
            '<a href="{}?resource={}">{}</a>',
            reverse("admin:resources_adoption_changelist"),
            resource.pk,
            ngettext("%(count)d government", "%(count)d governments", resource.uses) % {"count": resource.uses},
        )

    def get_urls(self):
        view = self.admin_site.admin_view(self.file_view)
        return [path("<int:pk>/file/", view, name="resources_resource_file"), *super().get_urls()]

    def file_view(self, request, pk):
        """The file of a resource that readers do not see yet, or no more."""
        resource = get_object_or_404(Resource.objects.exclude(file=""), pk=pk)
        if not self.has_view_or_change_permission(request, resource):
            raise PermissionDenied
        return uploads.download(resource.file, resource.file_name)

    def changelist_view(self, request, extra_context=None):
        waiting = upkeep.needs_a_look(Resource.objects).count()
        return super().changelist_view(request, {"waiting": waiting, **(extra_context or {})})

    # --- What is done to many at once ---

    def change_all(self, request, resources, write, message, done, action="change", now=None, **facts):
        """Let `write` change the resources to what they say `now`, {field: value}, with a version and a line of both
        logs for each of them."""
        chosen = Resource.objects.filter(pk__in=list(resources.values_list("pk", flat=True)))
        rows = chosen.order_by("pk").select_for_update()
        was = {row.pk: now and {name: getattr(row, name) for name in now} for row in rows}
        write(chosen)
        self.log(request, chosen.defer("search", "body"), message, action, was, after=now, **facts)
        self.message_user(request, done % {"count": len(was)})

    @admin.action(description=PageAdmin.publish.short_description, permissions=["change"])
    def publish(self, request, queryset):
        self.change_all(
            request,
            queryset.exclude(status=Resource.Status.PUBLISHED),
            lambda resources: resources.publish(),
            _("Published."),
            ngettext_lazy("%(count)d page was published.", "%(count)d pages were published.", "count"),
            "publish",
            {"status": Resource.Status.PUBLISHED},
        )

    @admin.action(description=PageAdmin.archive.short_description, permissions=["change"])
    def archive(self, request, queryset):
        self.change_all(
            request,
            queryset.exclude(status=Resource.Status.ARCHIVED),
            lambda resources: resources.archive(),
            _("Archived."),
            ngettext_lazy("%(count)d page was archived.", "%(count)d pages were archived.", "count"),
            "archive",
            {"status": Resource.Status.ARCHIVED},
        )

    @admin.action(description=_("Mark the chosen resources as verified today"), permissions=["change"])
    def verify(self, request, queryset):
        today = timezone.localdate()
        self.change_all(
            request,
            queryset.exclude(last_verified_on__gte=today),
            lambda resources: resources.update(last_verified_on=today, updated_at=Now()),
            _("Verified."),
            ngettext_lazy("%(count)d resource was verified.", "%(count)d resources were verified.", "count"),
            now={"last_verified_on": today},
        )

    @admin.action(description=_("Set topics of the chosen resources"), permissions=["change"])
    def set_topics(self, request, queryset):
        """Ask which topics to add and which to take away; then do so."""
        form = TopicsForm(request.POST if "set" in request.POST else None)
        if not form.is_valid():
            return self.page(
                request,
                "resources/resource/set_topics",
                title=_("Set topics"),
                form=form,
                count=queryset.count(),
                chosen=request.POST.getlist(ACTION_CHECKBOX_NAME),
                select_across=request.POST.get("select_across", 0),
                action_checkbox_name=ACTION_CHECKBOX_NAME,
            )
        pks = set(queryset.values_list("pk", flat=True))
        add, remove = (
            {(pk, topic.pk) for pk in pks for topic in form.cleaned_data[name]} for name in ("add", "remove")
        )
        present = set(Resource.topics.through.objects.filter(resource__in=pks).values_list("resource_id", "topic_id"))
        add, remove = add - present, remove & present

        def write(resources):
            history.tie(Resource, "topics", add, remove)
            resources.update(updated_at=Now())

        self.change_all(
            request,
            Resource.objects.filter(pk__in={pk for pk, _topic in add | remove}),
            write,
            _("Set topics."),
            ngettext_lazy("%(count)d resource was changed.", "%(count)d resources were changed.", "count"),
            **{name: [str(topic) for topic in topics] for name, topics in form.cleaned_data.items()},
        )
