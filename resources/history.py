"""The versions of a resource: who changed what and when, and back to an older one.

django-simple-history keeps them. By itself it writes a version at each save and another one for each kind of tie, and
sees nothing of what is written in bulk; `record` writes one version of each resource for whatever was done to it.
"""

from collections import namedtuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.utils import formats
from django.utils.translation import gettext as _

from .models import Resource

Version = Resource.history.model
Change = namedtuple("Change", "label before after")

# The relations that belong to a version, each with the model of the rows that a version has of it.
TIES = {field.name: getattr(Version, field.name).model for field in Version._history_m2m_fields}
# Not part of what a resource says. Restoring leaves them as they are, so that it publishes nothing by accident.
CLOCKS = {"id", "created_at", "updated_at"}
KEPT = CLOCKS | {"status", "published_at"}


def record(ids, author, reason=""):
    """Write the present state of the resources down as one version each, by `author`, in a fixed number of queries.

    Whoever saves a resource before sets its `skip_history_when_saving`, or there are two versions.
    """
    resources = Resource.objects.filter(pk__in=ids)
    known = set(Version.objects.filter(id__in=ids).values_list("id", flat=True).distinct())
    versions = {}
    for update in (False, True):
        chosen = [resource for resource in resources if (resource.pk in known) is update]
        written = Resource.history.bulk_history_create(
            chosen, update=update, default_user=author, default_change_reason=reason
        )
        versions |= {version.id: version for version in written}
    for name, copy in TIES.items():
        through = getattr(Resource, name).through
        copy.objects.bulk_create(
            copy(
                history=versions[row.resource_id],
                **{field.attname: getattr(row, field.attname) for field in through._meta.fields},
            )
            for row in through.objects.filter(resource__in=ids)
        )


def tie(name, add=(), remove=()):
    """Add and remove ties of the relation `name`, each a pair of ids: of a resource and of what it is tied to."""
    relation = Resource._meta.get_field(name)
    through, target = relation.remote_field.through, f"{relation.m2m_reverse_field_name()}_id"
    through.objects.bulk_create(through(resource_id=resource, **{target: other}) for resource, other in add)
    gone = set(remove)
    if gone:
        rows = through.objects.filter(resource__in={resource for resource, _other in gone})
        pairs = rows.values_list("pk", "resource_id", target)
        through.objects.filter(pk__in=[pk for pk, *pair in pairs if tuple(pair) in gone]).delete()


def versions_of(pk):
    """The versions of a resource, the latest first, with their authors and ties."""
    ties = []
    for name, copy in TIES.items():
        rows = copy._meta.get_field("history").remote_field.get_accessor_name()
        target = Resource._meta.get_field(name).m2m_reverse_field_name()
        ties.append(Prefetch(rows, copy.objects.select_related(target), to_attr=f"{name}_rows"))
    return Version.objects.filter(id=pk).select_related("history_user").prefetch_related(*ties)


def tied(thing, name):
    """What a resource or a version is tied to by the relation `name`; None for what is no longer there."""
    if isinstance(thing, Resource):
        return list(getattr(thing, name).all())
    target = Resource._meta.get_field(name).m2m_reverse_field_name()
    return [getattr(row, target) for row in getattr(thing, f"{name}_rows")]


def in_words(thing, field):
    """The value of a field of a resource or a version, as people read it."""
    value = getattr(thing, field.attname)
    if field.choices:
        return str(getattr(thing, f"get_{field.name}_display")())
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return "; ".join(value)
    return "" if value is None else str(formats.localize(value))


def state(thing, but=CLOCKS):
    """{label: words} of every field and relation of a resource or a version, without those in `but`."""
    fields = [field for field in Version.tracked_fields if field.name not in but]
    words = {field.verbose_name: in_words(thing, field) for field in fields}
    for name in TIES:
        others = sorted(_("(deleted)") if other is None else str(other) for other in tied(thing, name))
        words[Resource._meta.get_field(name).verbose_name] = "; ".join(others)
    return words


def changes(before, after, but=CLOCKS):
    """What differs between two resources or versions, as a list of `Change`."""
    old, new = state(before, but), state(after, but)
    return [Change(label, old[label], new[label]) for label in new if old[label] != new[label]]


def with_changes(versions):
    """Give each version its `changes` against the next older one in the list; the last has none to compare with."""
    for newer, older in zip(versions, versions[1:], strict=False):
        newer.changes = changes(older, newer)
    return versions


@transaction.atomic
def restore(resource, version, author):
    """Give a resource the content and ties of an older version; that is a new version. Its publication stays.

    Raises ValidationError where that is no longer possible: another page took the address word, or the file is gone.
    """
    # As it is now: somebody may have archived it, and the link checker found something, since it was shown.
    resource = Resource.objects.select_for_update().get(pk=resource.pk)
    for field in Version.tracked_fields:
        if field.name not in KEPT:
            setattr(resource, field.attname, getattr(version, field.attname))
    resource.full_clean(exclude=["file"])
    if resource.file and not resource.file.storage.exists(resource.file.name):
        raise ValidationError(_("The file of this version is no longer stored."))
    resource.skip_history_when_saving = True
    resource.save()
    for name in TIES:
        getattr(resource, name).set(filter(None, tied(version, name)))
    day = formats.localize(version.history_date)
    record([resource.pk], author, _("Restored the version of %(day)s.") % {"day": day})
