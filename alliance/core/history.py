"""The versions of what curators write: who changed what and when, and back to an older one, also of what was deleted.

django-simple-history keeps them. By itself it writes a version at each save and deletion and another one for each kind
of tie, and sees nothing of what is written in bulk; `record` writes one version of each thing for whatever was done to
it. What belongs to a version is what the `history` of the model names: its fields, and its ties with all that each
tie says, as the items of a reading list do.
"""

from collections import namedtuple
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import migrations, transaction
from django.db.models import FileField, Max, Prefetch
from django.db.models.functions import Now
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from .models import Publishable

Change = namedtuple("Change", "label before after")

# Not part of what a page says.
CLOCKS = {"id", "created_at", "updated_at"}
DELETED = "-"


class Tie:
    """A relation that belongs to the versions of its model: the table of its rows and the one of their copies."""

    def __init__(self, field):
        self.name, self.label = field.name, field.verbose_name
        self.own, self.other = field.m2m_field_name(), field.m2m_reverse_field_name()
        self.through = field.remote_field.through
        self.version = field.model.history.model
        self.copy = getattr(self.version, field.name).model
        # What a row says beside whose it is.
        self.fields = [one for one in self.through._meta.fields if not one.primary_key and one.name != self.own]

    def rows_of_versions(self):
        """How to load `rows` of versions in one query; None for what they lead to that is no longer there."""
        copies = self.copy._meta.get_field("history").remote_field.get_accessor_name()
        other = self.copy._meta.get_field(self.other)
        return Prefetch(copies, self.copy.objects.select_related(*named(other)).order_by("pk"), f"{self.name}_rows")

    def rows(self, thing):
        """The rows of a thing as it is now, or of a version."""
        if isinstance(thing, self.version):
            return getattr(thing, f"{self.name}_rows")
        return self.through.objects.filter(**{self.own: thing.pk}).select_related(self.other)

    def in_words(self, thing):
        """The rows as people read them: names in one line, or a line for each row where it says more than a name."""
        rows = [[in_words(row, field) for field in self.fields] for row in self.rows(thing)]
        if len(self.fields) == 1:
            return "; ".join(sorted(name for [name] in rows))
        return "\n".join(" – ".join(words) for words in rows)

    def copied(self, model, row, **values):
        """The row for another table with the same columns."""
        return model(**{field.attname: getattr(row, field.attname) for field in self.through._meta.fields}, **values)


def kept(model):
    """The fields that restoring leaves as they are: it publishes nothing by accident."""
    return CLOCKS | {"status", "published_at"} if issubclass(model, Publishable) else CLOCKS


def begin(app_label, *names):
    """Migration operation: write down how the rows of these models stand, so that the first change has something to be
    compared with."""

    def forwards(apps, schema_editor):
        for name in names:
            model, version = (apps.get_model(app_label, prefix + name) for prefix in ("", "Historical"))
            own = {field.attname for field in model._meta.fields}
            columns = [field.attname for field in version._meta.fields if field.attname in own]
            version.objects.bulk_create(
                version(**row, history_type="+", history_date=Now()) for row in model.objects.values(*columns)
            )

    return migrations.RunPython(forwards, migrations.RunPython.noop)


def ties(model):
    return [Tie(field) for field in model.history.model._history_m2m_fields]


def record(model, ids, author, reason=""):
    """Write the present state of the model's rows down as one version each, by `author`, in a fixed number of queries.

    Whoever saves one before sets its `skip_history_when_saving`, or there are two versions.
    """
    things = model.objects.filter(pk__in=ids)
    known = set(model.history.filter(id__in=ids).values_list("id", flat=True).distinct())
    versions = {}
    for update in (False, True):
        chosen = [thing for thing in things if (thing.pk in known) is update]
        written = model.history.bulk_history_create(
            chosen, update=update, default_user=author, default_change_reason=reason
        )
        versions |= {version.id: version for version in written}
    for tie in ties(model):
        rows = tie.through.objects.filter(**{f"{tie.own}__in": ids})
        tie.copy.objects.bulk_create(
            tie.copied(tie.copy, row, history=versions[getattr(row, f"{tie.own}_id")]) for row in rows
        )


def tie(model, name, add=(), remove=()):
    """Add and remove ties of the model's relation `name`, each a pair of ids: of a row and of what it is tied to."""
    relation = model._meta.get_field(name)
    through, own = relation.remote_field.through, relation.m2m_field_name()
    source, target = f"{own}_id", f"{relation.m2m_reverse_field_name()}_id"
    through.objects.bulk_create(through(**{source: pk, target: other}) for pk, other in add)
    gone = set(remove)
    if gone:
        rows = through.objects.filter(**{f"{own}__in": {pk for pk, _other in gone}})
        pairs = rows.values_list("pk", source, target)
        through.objects.filter(pk__in=[pk for pk, *pair in pairs if tuple(pair) in gone]).delete()


def named(relation):
    """The paths to what a relation leads to, and to what that is called by: `named_by`, where it has no own name."""
    further = getattr(relation.related_model, "named_by", ())
    return [relation.name, *(f"{relation.name}__{name}" for name in further)]


def loaded(versions):
    """The versions with all that their words need: authors, ties, and what they lead to."""
    model = versions.model
    relations = [path for field in model.tracked_fields if field.is_relation for path in named(field)]
    rows = [tie.rows_of_versions() for tie in ties(model.instance_type)]
    return versions.select_related("history_user", *relations).prefetch_related(*rows)


def versions_of(model, pk):
    """The versions of one of the model's rows, the latest first, also when it was deleted."""
    return loaded(model.history.filter(id=pk))


def deleted(model):
    """The version of each deleted row of the model that says who deleted it and when, the latest first."""
    last = model.history.values("id").annotate(last=Max("history_id")).values("last")
    return loaded(model.history.filter(pk__in=last, history_type=DELETED))


def in_words(thing, field):
    """The value of a field of a row or a version, as people read it."""
    value = getattr(thing, field.attname)
    if value is None:
        return ""
    if field.is_relation:
        other = getattr(thing, field.name)
        return _("(deleted)") if other is None else str(other)
    if field.choices:
        return str(getattr(thing, f"get_{field.name}_display")())
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return "; ".join(value)
    if isinstance(value, Decimal):
        value = value.normalize() + 0  # "3.1", not "3.1000", and 100, not 1E+2
    return str(formats.localize(value))


def state(thing, but=CLOCKS):
    """{label: words} of every field and relation of a row or a version, without those in `but`."""
    model = getattr(thing, "instance_type", type(thing))
    fields = [field for field in model.history.model.tracked_fields if field.name not in but]
    words = {field.verbose_name: in_words(thing, field) for field in fields}
    return words | {tie.label: tie.in_words(thing) for tie in ties(model)}


def changes(before, after, but=CLOCKS):
    """What differs between two states of the same thing, rows or versions, as a list of `Change`."""
    old, new = state(before, but), state(after, but)
    return [Change(label, old[label], new[label]) for label in new if old[label] != new[label]]


def with_changes(versions):
    """Give each version its `changes` against the next older one in the list; the last has none to compare with.

    A deletion has none either: what was there is what the version before it says.
    """
    for newer, older in zip(versions, versions[1:], strict=False):
        if newer.history_type != DELETED:
            newer.changes = changes(older, newer)
    return versions


@transaction.atomic
def restore(version, author):
    """Bring back the content and ties of an older version; that is a new version. Return what was restored.

    The publication stays as it is; what was deleted comes back as a draft, under its old id. Raises ValidationError
    where that is no longer possible: another page took the address word, or a file or what it leads to is gone.
    """
    model = version.instance_type
    # As it is now: somebody may have archived it, and the link checker found something, since it was shown.
    thing = model.objects.select_for_update().filter(pk=version.id).first() or model(pk=version.id)
    for field in version.tracked_fields:
        if field.is_relation and getattr(version, field.attname) and getattr(version, field.name) is None:
            refusal = _("The %(what)s of this version was deleted. Bring that back first.")
            raise ValidationError(refusal % {"what": field.verbose_name})
    files = [field for field in version.tracked_fields if isinstance(field, FileField)]
    for field in version.tracked_fields:
        if field.name not in kept(model):
            setattr(thing, field.attname, getattr(version, field.attname))
    thing.full_clean(exclude=[field.name for field in files])
    for file in (getattr(thing, field.name) for field in files):
        if file and not file.storage.exists(file.name):
            raise ValidationError(_("The file of this version is no longer stored."))
    thing.skip_history_when_saving = True
    thing.save()
    for tie in ties(model):
        tie.through.objects.filter(**{tie.own: thing}).delete()
        rows = [row for row in tie.rows(version) if getattr(row, tie.other) is not None]
        tie.through.objects.bulk_create(tie.copied(tie.through, row) for row in rows)
    when = formats.localize(timezone.localtime(version.history_date))
    record(model, [thing.pk], author, _("The version of %(when)s was restored.") % {"when": when})
    return thing
