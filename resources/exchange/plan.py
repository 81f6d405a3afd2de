"""What a table would change in the library, row by row; and doing it, all or nothing."""

import json
from collections import Counter, defaultdict
from functools import partial
from hashlib import sha256
from itertools import zip_longest

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from psycopg.types.json import Jsonb

from alliance.core import history

from .. import upkeep
from ..models import Resource
from .columns import COLUMNS, TIES, Others, split
from .sheets import FORMULA, WIDTH, Unreadable, plain

NEW, CHANGED, SAME, WRONG = "new", "changed", "same", "wrong"
NEEDED = ("slug", "title", "kind")


def named(rows):
    """The rows below the first, which names the columns, as (number, {column: text}).

    Raises Unreadable where the columns are not ours.
    """
    (_number, heading), *rows = rows
    names = [(text or "").strip().lower() for text in heading]
    while names and not names[-1]:
        names.pop()
    if len(names) > WIDTH:
        raise Unreadable(_("The table has more than %(width)d columns.") % {"width": WIDTH})
    if unknown := [name or _("(no name)") for name in names if name not in COLUMNS]:
        words = ngettext("Unknown column: %(names)s.", "Unknown columns: %(names)s.", len(unknown))
        raise Unreadable(words % {"names": ", ".join(unknown)})
    if repeated := [name for name, times in Counter(names).items() if times > 1]:
        raise Unreadable(_("These columns stand there twice: %(names)s.") % {"names": ", ".join(repeated)})
    if "slug" not in names:
        raise Unreadable(_("The column slug is missing: by it we know a resource again."))
    if not rows:
        raise Unreadable(_("The table has no rows below the names of its columns."))
    for number, texts in rows:
        if any(text is FORMULA or text.strip() for text in texts[len(names) :]):
            raise Unreadable(_("Row %(row)d has more cells than there are columns.") % {"row": number})
    return [(number, dict(zip_longest(names, texts[: len(names)], fillvalue=""))) for number, texts in rows]


class Row:
    """A row of the table: the resource that it makes or changes, the `changes`, `errors`, and whom it `resembles`."""

    def __init__(self, number, cells):
        self.number = number
        self.cells = cells
        self.slug = plain(cells["slug"] or "").strip()
        self.resource = Resource()
        self.is_new = True
        self.values = {}
        self.ties = {}
        self.changes = []
        self.errors = []
        self.resembles = []

    @property
    def outcome(self):
        if self.errors:
            return WRONG
        if self.is_new:
            return NEW
        return CHANGED if self.changes else SAME

    @property
    def is_to_compare(self):
        """Whether it brings a title or an address, which must not resemble another resource unnoticed."""
        return not self.errors and bool(self.values.keys() & {"title", "url"})

    def complain(self, error, column=None):
        label = column.label if column else ""
        self.errors += [(label, message) for message in ValidationError(error).messages]

    def compare(self, resource, others):
        """Compare the cells with the resource that has this address word, or with none, and keep what differs."""
        self.resource, self.is_new = resource or self.resource, resource is None
        for name, text in self.cells.items():
            column = COLUMNS[name]
            before = column.write(resource) if resource else ""
            # The same words mean the same, even where reading them again would not yield the same value.
            if text is FORMULA or text != plain(before):
                try:
                    self.take(column, text, before, others)
                except ValidationError as error:
                    self.complain(error, column)

    def take(self, column, text, before, others):
        if text is FORMULA:
            raise ValidationError(_("This cell holds a formula. Put its result there."))
        if plain(text) != text:
            raise ValidationError(_("This cell holds characters that nobody can see. Type it anew."))
        if self.is_new and not text.strip():
            return
        value = column.read(text, others)
        present = None if self.is_new else column.value_of(self.resource)
        if value == present:
            return
        self.values[column.name] = value
        if column in TIES:
            self.ties[column.name] = present or set(), value
        self.changes.append(history.Change(column.label, before, text.strip()))

    def check(self):
        """Hold what the row makes of the resource against the rules of the table."""
        for name in NEEDED:
            text = self.cells.get(name, "")
            if self.is_new and text is not FORMULA and not text.strip():
                self.complain(_("A new resource needs it."), COLUMNS[name])
        for name, value in self.values.items():
            COLUMNS[name].set(self.resource, value)


# Those of the table; `save` sees to the day of publication.
RULES = {
    constraint.name: constraint
    for constraint in Resource._meta.constraints
    if constraint.name != "resources_resource_published_at"
}


def broken_rules(resources):
    """For each resource, what the constraints of the table say against it, asked once for all of them."""
    names = [name for name, column in COLUMNS.items() if column not in TIES]
    records = [
        {name: getattr(resource, name) for name in names} | {"file": resource.file.name} for resource in resources
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_expr(conbin, conrelid) FROM pg_constraint"
            " WHERE conrelid = 'resources_resource'::regclass AND conname = ANY(%s)",
            [list(RULES)],
        )
        broken = " UNION ALL ".join(
            f"SELECT number, '{name}' FROM given WHERE NOT ({condition})".replace("%", "%%")
            for name, condition in cursor.fetchall()
        )
        cursor.execute(
            "WITH given AS (SELECT *, ordinality AS number FROM"
            f" jsonb_populate_recordset(NULL::resources_resource, %s) WITH ORDINALITY) {broken} ORDER BY 1, 2",
            [Jsonb(records, dumps=partial(json.dumps, cls=DjangoJSONEncoder))],
        )
        found = cursor.fetchall()
    messages = [[] for _resource in resources]
    for number, name in found:
        messages[number - 1].append(RULES[name].get_violation_error_message())
    return messages


class Plan:
    """What `named` rows come to; with `lock`, nobody else changes the resources before the transaction ends."""

    def __init__(self, rows, lock=False):
        self.rows = [Row(number, cells) for number, cells in rows]
        present = self.present(lock)
        others = self.others()
        for row in self.rows:
            row.compare(present.get(row.slug), others)
        times = Counter(row.slug for row in self.rows)
        for row in self.rows:
            if row.slug and times[row.slug] > 1:
                row.complain(_("It stands in more than one row."), COLUMNS["slug"])
            row.check()
        to_judge = self.written
        for row, messages in zip(to_judge, broken_rules([row.resource for row in to_judge]), strict=True):
            for message in messages:
                row.complain(message)
        self.find_resembling()

    def present(self, lock):
        resources = Resource.objects.filter(slug__in={row.slug for row in self.rows}).defer("search")
        if lock:
            resources = resources.select_for_update()
        return {resource.slug: resource for resource in resources.prefetch_related(*(column.name for column in TIES))}

    def others(self):
        words = defaultdict(set)
        for row in self.rows:
            for column in TIES:
                words[column.field.related_model].update(split(plain(row.cells.get(column.name) or "")))
        return Others(words)

    def find_resembling(self):
        rows = [row for row in self.rows if row.is_to_compare]
        pairs = [(row.resource.title, row.resource.url) for row in rows]
        firsts = {}
        for row, found, keys in zip(rows, upkeep.resembling(pairs), upkeep.keys(pairs), strict=True):
            earlier = {firsts.setdefault(key, row) for key in enumerate(keys) if key[1]}
            row.resembles = [resource for resource in found if resource.pk != row.resource.pk]
            row.resembles += [other.resource for other in earlier if other is not row]

    def of(self, *outcomes):
        return [row for row in self.rows if row.outcome in outcomes]

    @property
    def wrong(self):
        return self.of(WRONG)

    @property
    def written(self):
        return self.of(NEW, CHANGED)

    @property
    def resembling(self):
        return [row for row in self.rows if row.resembles]

    @property
    def counts(self):
        return Counter(row.outcome for row in self.rows)

    @property
    def digest(self):
        """A word that is another one as soon as anything is that the preview shows."""
        shown = [(row.number, row.outcome, row.changes, row.errors, list(map(str, row.resembles))) for row in self.rows]
        return sha256(repr(shown).encode()).hexdigest()

    def apply(self, author, reason):
        """Save what the rows change, as one version of each resource by `author`, in the transaction of the caller.

        Raises a DatabaseError where somebody else saved at the same moment what does not go with it.
        """
        rows = self.written
        for row in rows:
            row.resource.skip_history_when_saving = True
            row.resource.save()
        for column in TIES:
            ties = [(row.resource.pk, *row.ties[column.name]) for row in rows if column.name in row.ties]
            history.tie(
                Resource,
                column.name,
                add={(pk, other) for pk, old, new in ties for other in new - old},
                remove={(pk, other) for pk, old, new in ties for other in old - new},
            )
        history.record(Resource, [row.resource.pk for row in rows], author, reason)
