"""What the admin pages of all apps share: search in the house's way, publishing, and refusals in plain words."""

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.views.main import ORDER_VAR
from django.core.exceptions import FieldDoesNotExist
from django.db import DatabaseError, IntegrityError, models, transaction
from django.db.models.constants import LOOKUP_SEP
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import search
from .dates import PartialDateField
from .fields import SourcesField
from .recorded import Recorded

# Classes of SQLSTATE: a broken constraint, and a transaction that met another one.
REFUSALS = ("23", "40")


def in_plain_words(error):
    """What a refusal by the database means, in the words of the constraint; None for any other error."""
    cause = error.__cause__
    if (getattr(cause, "sqlstate", None) or "")[:2] not in REFUSALS:
        return None
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == cause.diag.constraint_name:
                return constraint.get_violation_error_message()
        for field in model._meta.local_fields:
            if field.unique and f"{model._meta.db_table}_{field.column}_key" == cause.diag.constraint_name:
                return " ".join(model().unique_error_message(model, [field.name]).messages)
    return _("Someone else saved something at the same moment that does not go with this. Look at it and save again.")


class RefusableForm(forms.ModelForm):
    """A form that shows what the database refused when it was saved.

    Forms check what they can beforehand, each against the rows as they were. Only the database can judge rows of one
    page against each other, or against what someone else saves at the same moment.
    """

    refusal = None

    def clean(self):
        super().clean()
        if self.refusal and self.refusal[0] == self.prefix:
            raise forms.ValidationError(self.refusal[1])

    def save(self, commit=True):
        try:
            return super().save(commit)
        except DatabaseError as error:
            error.form_prefix = self.prefix
            raise


class PortalAdmin(Recorded, admin.ModelAdmin):
    """Shows a refusal by the database in the form, with everything that was typed."""

    form = RefusableForm
    save_on_top = True
    list_per_page = 50
    # Whether the search over everything looks here, too.
    in_quick_search = True

    def changeform_view(self, request, *args, **kwargs):
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DatabaseError as error:
            words = in_plain_words(error)
            if words is None:
                raise
            request.refusal = getattr(error, "form_prefix", None), words
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request, obj=None, **kwargs):
        # The class is made anew for each request, so it may carry what belongs to this one.
        form = super().get_form(request, obj, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def lookup_allowed(self, lookup, value, request):
        """Only what the list offers to filter by, and the key. Django takes every column: so whoever sees a list could
        read from its address, letter by letter, what it does not show, and by a relation, also a hidden one, find out
        what leads there: the places for which somebody applies, the cohort that a held decision gives a seat in."""
        name = lookup.split(LOOKUP_SEP)[0]
        try:
            self.opts.get_field(name)
        except FieldDoesNotExist:
            return True  # the word of a filter that is no column, or of nothing
        offered = {self.opts.pk.name, self.date_hierarchy}
        for one in self.get_list_filter(request):
            of_column = one if isinstance(one, str) else getattr(one, "parameter_name", None) or one[0]
            offered.add(of_column.split(LOOKUP_SEP)[0])
        return name in offered and super().lookup_allowed(lookup, value, request)

    def describe(self, obj):
        """The object as autocomplete boxes offer it."""
        return str(obj)

    def response_action(self, request, queryset):
        """What is done to many at once is done to all, with its versions and what the logs say of it, or to none."""
        try:
            with transaction.atomic():
                return super().response_action(request, queryset)
        except DatabaseError as error:
            words = in_plain_words(error)
            if words is None:
                raise
            self.message_user(request, words, messages.ERROR)

    def log(self, request, objects, message, action="change", was=None, **entry):
        """Add a line to the history of each object, and an entry to the audit log. `was` says for the key of each what
        stood there before, `entry` what `audit.record` takes besides."""
        LogEntry.objects.log_actions(request.user.pk, objects, CHANGE, message)
        self.record_all(request, action, ((thing, {"before": was and was[thing.pk], **entry}) for thing in objects))


class AdminsOnly:
    """Only admins see it, whatever rights a group was given by mistake: people, and what is theirs."""

    recorded = ()

    def has_module_permission(self, request):
        return request.user.is_active and request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return self.has_module_permission(request)

    has_change_permission = has_delete_permission = has_view_permission

    def has_add_permission(self, request, *parent):
        return self.has_module_permission(request)


class TieAdmin(AdminsOnly, PortalAdmin):
    """Ties of people, each of a `user`. They bar from reviews; so somebody else changes one's own, or ends it."""

    def has_change_permission(self, request, tie=None):
        return super().has_change_permission(request, tie) and not (tie and tie.user_id == request.user.pk)

    has_delete_permission = has_change_permission


class SearchAdmin(PortalAdmin):
    """Searches as the public pages do: by names that forgive spelling, and by the words of texts.

    `search_fields` are columns of folded names, `search_texts` columns of plain text.
    """

    search_fields = ("key",)
    search_texts = ()

    def get_search_results(self, request, queryset, search_term):
        text = search.clean(search_term)
        if not text:
            return queryset, False
        found = search.search(queryset, text, names=self.search_fields, texts=self.search_texts)
        if ORDER_VAR not in request.GET:
            found = found.order_by("-closeness", *queryset.query.order_by)
        return found, False


class RowFormSet(forms.BaseInlineFormSet):
    """Rows of a table, whose boxes have no label but the head of their column."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs["aria-label"] = field.label


class RowsInline(admin.TabularInline):
    """Rows that belong to a page. `max_num` keeps all boxes of the form below the thousand that Django reads."""

    form = RefusableForm
    formset = RowFormSet
    extra = 0
    max_num = 50
    view_on_site = False
    formfield_overrides = {
        PartialDateField: {"widget": forms.TextInput(attrs={"size": 10})},
        models.CharField: {"widget": forms.TextInput(attrs={"size": 24})},
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 3, "cols": 23})},
        SourcesField: {"widget": forms.Textarea(attrs={"rows": 3, "cols": 23})},
    }

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.refusal = getattr(request, "refusal", None)
        return formset


class Missing(admin.SimpleListFilter):
    """Narrows a list to the pages that lack something; `gaps` of the admin says what and how to tell."""

    title = _("what is missing")
    parameter_name = "missing"

    def __init__(self, request, params, model, model_admin):
        self.gaps = model_admin.gaps
        super().__init__(request, params, model, model_admin)

    def lookups(self, request, model_admin):
        return [(word, label) for word, (label, _condition) in self.gaps.items()]

    def queryset(self, request, queryset):
        return queryset.filter(self.gaps[self.value()][1]) if self.value() in self.gaps else queryset


class PageAdmin(SearchAdmin):
    """Something with a public page."""

    actions = ("publish", "archive")
    readonly_fields = ("published_at", "created_at", "updated_at")
    # Stated here, because a list that counts rows does not take the order of its model.
    ordering = ("name", "pk")
    gaps = {}

    publication = (
        _("Publication"),
        {
            "fields": ("status", "slug", "published_at", "created_at", "updated_at"),
            "description": _(
                "Readers see published pages only. Archive a page instead of deleting it: it leaves the public site, "
                "and you can publish it again."
            ),
        },
    )

    def view_on_site(self, page):
        return page.get_absolute_url() if page.is_published else None

    @admin.action(description=_("Publish the chosen pages"), permissions=["change"])
    def publish(self, request, queryset):
        """Publish the pages that may be; name the others, each with what the database says against it."""
        published = []
        for page in queryset.exclude(status=self.model.Status.PUBLISHED):
            try:
                with transaction.atomic():
                    self.model.objects.filter(pk=page.pk).publish()
                published.append(page)
            except IntegrityError as error:
                refusal = _("%(page)s was not published: %(reason)s")
                self.message_user(request, refusal % {"page": page, "reason": in_plain_words(error)}, messages.ERROR)
        self.log_status(request, published, _("Published."), "publish", self.model.Status.PUBLISHED)
        done = ngettext("%(count)d page was published.", "%(count)d pages were published.", len(published))
        self.message_user(request, done % {"count": len(published)})

    def log_status(self, request, pages, message, action, status):
        """Log what became of pages, which still hold the status that they had before."""
        was = {page.pk: {"status": page.status} for page in pages}
        self.log(request, pages, message, action, was, after={"status": status})

    @admin.action(description=_("Archive the chosen pages"), permissions=["change"])
    def archive(self, request, queryset):
        pages = list(queryset.exclude(status=self.model.Status.ARCHIVED))
        count = self.model.objects.filter(pk__in=[page.pk for page in pages]).archive()
        self.log_status(request, pages, _("Archived."), "archive", self.model.Status.ARCHIVED)
        done = ngettext("%(count)d page was archived.", "%(count)d pages were archived.", count)
        self.message_user(request, done % {"count": count})
