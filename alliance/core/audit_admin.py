"""The audit log as staff read it: admins all of it, curators what was done to content. Nobody writes here."""

import json

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from . import audit, opendata
from .admin_base import AdminsOnly, PortalAdmin
from .models import AuditEntry

COLUMNS = (
    opendata.Column("when", _("The time, in UTC"), lambda entry: entry.at.isoformat()),
    opendata.Column("who", _("The number of the person; empty for the portal itself"), lambda entry: entry.actor_id),
    opendata.Column("what", _("The action"), lambda entry: entry.action),
    opendata.Column("kind", _("The kind of the object"), lambda entry: entry.kind),
    opendata.Column("id", _("The key of the object"), lambda entry: entry.object_id),
    opendata.Column("object", _("What the object was called"), lambda entry: entry.label),
    opendata.Column("before", _("What was there before, as JSON"), lambda entry: as_json(entry.before)),
    opendata.Column("after", _("What was there afterwards, as JSON"), lambda entry: as_json(entry.after)),
    opendata.Column("details", _("The rest, as JSON"), lambda entry: as_json(entry.facts)),
    opendata.Column("request", _("The request in which it was done"), lambda entry: entry.request_id),
)


def as_json(value):
    return json.dumps(value, ensure_ascii=False) if value else None


def model_of(kind):
    """The model that "cohorts.jurisdiction" names, None where there is none, or none any more."""
    try:
        return apps.get_model(kind) if kind else None
    except LookupError:
        return None


def label_of(model, name):
    try:
        return model._meta.get_field(name).verbose_name
    except (AttributeError, FieldDoesNotExist):
        return name


class WordFilter(admin.SimpleListFilter):
    """A column of words, each with its label."""

    def queryset(self, request, queryset):
        known = {word for word, _label in self.lookup_choices}
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() in known else queryset


class Action(WordFilter):
    title = _("what")
    parameter_name = "action"

    def lookups(self, request, model_admin):
        return audit.actions().items()


class Kind(WordFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        models = model_admin.models_for(request)
        return sorted((model._meta.label_lower, model._meta.verbose_name_plural) for model in models)


@admin.register(AuditEntry)
class AuditEntryAdmin(PortalAdmin):
    list_display = ("at", "actor", "what", "about", "details")
    list_display_links = ("at", "what")
    list_filter = (Action, Kind, ("actor", admin.EmptyFieldListFilter), "at")
    list_select_related = ("actor",)
    date_hierarchy = "at"
    show_full_result_count = False
    ordering = ("-at", "-pk")
    search_fields = ("label", "=object_id", "=request_id", "actor__email", "actor__name")
    actions = None
    in_quick_search = False
    fields = ("at", "actor", "what", "about", "changes", "facts_in_words", "request")

    # --- Who reads what ---

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, entry=None):
        return False

    has_delete_permission = has_change_permission

    def models_for(self, request):
        """The models of which somebody reads what was done to them: all, or those of the content that they see."""
        admins = self.admin_site._registry
        return [
            model
            for model, model_admin in admins.items()
            if request.user.is_superuser
            or model is not AuditEntry
            and not isinstance(model_admin, AdminsOnly)
            and model_admin.has_view_permission(request)
        ]

    def get_queryset(self, request):
        entries = audit.shown_to(request.user, super().get_queryset(request))
        return entries if request.user.is_superuser else entries.about_any(*self.models_for(request))

    # --- What a line says ---

    @admin.display(description=_("what"), ordering="action")
    def what(self, entry):
        return audit.actions().get(entry.action, entry.action)

    @admin.display(description=_("object"), ordering="label")
    def about(self, entry):
        """The name of the object, which leads to its page where it has one."""
        model = model_of(entry.kind)
        kind = model._meta.verbose_name if model else entry.kind
        # What has no name of its own is called by its kind already.
        name = entry.label if entry.label.startswith(str(kind)) else f"{kind}: {entry.label}"
        try:
            address = reverse(f"admin:{entry.kind.replace('.', '_')}_change", args=[entry.object_id])
        except NoReverseMatch:
            return name
        return format_html('<a href="{}">{}</a>', address, name)

    @admin.display(description=_("details"))
    def details(self, entry):
        fields = (entry.before or {}) | (entry.after or {})
        named = ", ".join(str(label_of(model_of(entry.kind), name)) for name in fields)
        return "; ".join(filter(None, (named, facts_of(entry))))

    @admin.display(description=_("details"))
    def facts_in_words(self, entry):
        return facts_of(entry) or self.get_empty_value_display()

    @admin.display(description=_("before and after"))
    def changes(self, entry):
        before, after = entry.before or {}, entry.after or {}
        changes = [
            {
                "label": label_of(model_of(entry.kind), name),
                "before": as_text(before.get(name)),
                "after": as_text(after.get(name)),
            }
            for name in before | after
        ]
        return (
            render_to_string("admin/core/_changes.html", {"changes": changes})
            if changes
            else self.get_empty_value_display()
        )

    @admin.display(description=_("request"))
    def request(self, entry):
        if not entry.request_id:
            return self.get_empty_value_display()
        address = reverse("admin:core_auditentry_changelist")
        return format_html('<a href="{}?q={}">{}</a>', address, entry.request_id, entry.request_id)

    # --- The log as a file ---

    def get_urls(self):
        view = self.admin_site.admin_view(self.export_view)
        # What is never changed has no history.
        others = [one for one in super().get_urls() if one.name != "core_auditentry_history"]
        return [path("export/", view, name="core_auditentry_export"), *others]

    def export_view(self, request):
        """The entries of the list, as it is filtered, with people by their numbers."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            entries = self.get_changelist_instance(request).get_queryset(request).select_related(None)
        except IncorrectLookupParameters:
            self.message_user(request, _("There is no such filter."), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:core_auditentry_changelist"))
        audit.record("export", actor=request.user, of="core.auditentry", count=entries.count())
        return opendata.download(opendata.Dataset("audit-log", "", lambda: entries, COLUMNS), "csv")


def facts_of(entry):
    return "; ".join(f"{name}: {as_text(value)}" for name, value in entry.facts.items())


def as_text(value):
    """A value of the log as people read it."""
    return value if isinstance(value, str) else "" if value is None else as_json(value) or ""
