"""What is done in the admin, written into the audit log: of content what it said before and after, of people and what
is theirs only which fields were changed."""

from functools import cache

from django.db.models import FileField
from django.forms import model_to_dict

from . import audit
from .models import AuditEntry
from .rooms import rooms

AT_A_TIME = 500

# Whoever sets one of these in a form has done what the action of that name does.
STATUS_ACTIONS = {"published": "publish", "archived": "archive"}


@cache
def personal():
    """The models and fields that some app answers for in its `privacy.py`."""
    return {entry for room in rooms("privacy") for entry in room.COVERS}


def is_content(field):
    """Whether values of a field are nobody's own, so that they may stand where they can't be forgotten."""
    label = field.model._meta.label
    return not {label, f"{label}.{field.name}"} & personal()


def plain(field, value):
    """The value as JSON takes it; an object by what the log calls it."""
    if field.many_to_many:
        return [audit.label(thing) for thing in value or ()]
    if field.is_relation:
        return value and audit.label(field.related_model._base_manager.get(pk=value))
    return str(value) if isinstance(field, FileField) else value


class Recorded:
    """An admin whose changes stand in the audit log. `recorded` names the fields whose values before and after do, too;
    None stands for all of content."""

    recorded = None

    def save_formset(self, request, form, formset, change):
        for row in formset.deleted_forms:
            if row.instance.pk:
                page = audit.label(form.instance)
                self.record(request, "delete", row.instance, before=self.whole(row.instance), page=page)
        super().save_formset(request, form, formset, change)

    def save_related(self, request, form, formsets, change):
        """Record the page and each of its rows, once all is saved."""
        # Asked before: what may not be changed says that it was not, once it is there.
        rows = [
            (row, row in formset.extra_forms)
            for formset in formsets
            for row in formset.forms
            if row.has_changed() and row not in formset.deleted_forms
        ]
        super().save_related(request, form, formsets, change)
        self.record_form(request, form, is_new=not change)
        for row, is_new in rows:
            self.record_form(request, row, is_new=is_new, page=audit.label(form.instance))

    def record_form(self, request, form, *, is_new, **facts):
        """Record what a form changed, where it changed anything."""
        if not (is_new or form.changed_data):
            return
        after = self.said(form.instance, model_to_dict(form.instance, fields=form.changed_data))
        before = None if is_new else self.said(form.instance, {name: form.initial.get(name) for name in after})
        if others := [name for name in form.changed_data if name not in after]:
            facts["fields"] = others
        action = "add" if is_new else self.action_of(after)
        self.record(request, action, form.instance, before=before or None, after=after or None, **facts)

    def action_of(self, after):
        """What the change of a page is called by what it says now."""
        return STATUS_ACTIONS.get(after.get("status"), "change")

    def log_deletions(self, request, queryset):
        self.record_all(request, "delete", ((thing, {"before": self.whole(thing)}) for thing in queryset))
        return super().log_deletions(request, queryset)

    def whole(self, thing):
        """All that an object says, before it goes."""
        return self.said(thing, model_to_dict(thing)) or None

    def said(self, thing, values):
        """{field: value} as JSON takes it, without what may not stand in the log."""
        fields = {field.name: field for field in (*thing._meta.concrete_fields, *thing._meta.many_to_many)}
        return {name: plain(fields[name], value) for name, value in values.items() if self.may_stand(fields[name])}

    def may_stand(self, field):
        if self.recorded is None:
            return is_content(field)
        return field.model is self.model and field.name in self.recorded

    def record(self, request, action, thing, **entry):
        audit.record(action, actor=request.user, about=thing, **entry)

    def record_all(self, request, action, things):
        """Record one action for each of (object, what else `audit.entry` takes)."""
        entries = [audit.entry(action, actor=request.user, about=thing, **said) for thing, said in things]
        AuditEntry.objects.bulk_create(entries, batch_size=AT_A_TIME)
