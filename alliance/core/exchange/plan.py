"""What a table would change, row by row; and doing it, all or nothing."""

from collections import Counter, defaultdict
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from .. import history
from ..admin_base import in_plain_words
from .columns import Others
from .sheets import FORMULA, plain

NEW, CHANGED, SAME, WRONG, AMBIGUOUS = "new", "changed", "same", "wrong", "ambiguous"
UNREADABLE = object()  # what is like nothing


class Row:
    """A row of the table: the `thing` that it makes or changes, the `changes`, the `errors`, the `candidates` that it
    may mean where more than one fit, and whom it `resembles`."""

    def __init__(self, table, number, cells):
        self.table, self.number, self.cells = table, number, cells
        self.thing = table.model()
        self.likeness = ()
        self.is_new = True
        self.values = {}  # {column: value} of what changes, in the order of `changes`
        self.ties = {}
        self.changes = []
        self.errors = []
        self.candidates = []
        self.resembles = []

    @property
    def outcome(self):
        if self.candidates:
            return AMBIGUOUS
        if self.errors:
            return WRONG
        if self.is_new:
            return NEW
        return CHANGED if self.changes else SAME

    @property
    def name(self):
        """What a person calls it, whether it is here or not."""
        if not self.is_new:
            return str(self.thing)
        texts = (self.text(name) for name in (*self.table.likeness, *self.table.needed))
        return ", ".join(dict.fromkeys(filter(None, texts)))

    def text(self, name):
        """The text of a cell, "" where there is no such cell, or none with a text."""
        return plain(self.cells.get(name) or "").strip()

    def complain(self, error, column=None):
        label = column.label if column else ""
        self.errors += [(label, message) for message in ValidationError(error).messages]

    def compare(self, others):
        """Compare the cells with the thing, and keep what differs."""
        for name, text in self.cells.items():
            column = self.table.columns[name]
            before = "" if self.is_new else column.write(self.thing)
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
        if not text.strip() and (self.is_new or self.table.must_have(column)):
            return
        value = column.read(text, others)
        present = None if self.is_new else column.value_of(self.thing)
        if value == present:
            return
        self.values[column.name] = value
        if column in self.table.ties:
            self.ties[column.name] = present or set(), value
        self.changes.append(history.Change(column.label, before, text.strip()))

    def fill(self, others):
        """Put the values into the thing; complain of what is missing, and of what does not go together."""
        for name in self.table.needed:
            if self.is_new and self.cells.get(name, "") is not FORMULA and not self.text(name):
                self.complain(_("What is new needs it."), self.table.columns[name])
        for name, value in self.values.items():
            try:
                self.table.columns[name].set(self.thing, value, others)
            except ValidationError as error:
                self.complain(error, self.table.columns[name])
        if self.outcome == NEW and self.table.word_from and not self.thing.slug:
            self.thing.slug = self.values["slug"] = self.table.word_for(self.thing)
            self.changes.append(history.Change(self.table.columns["slug"].label, "", self.thing.slug))
        if not self.errors:
            try:
                self.thing.clean()
            except ValidationError as error:
                self.complain(error)

    def write(self):
        """Save the thing; what the database says against it is an error of the row."""
        self.thing.skip_history_when_saving = True
        try:
            with transaction.atomic():
                self.thing.save()
        except DatabaseError as error:
            words = in_plain_words(error)
            if words is None:
                raise
            self.complain(words)


class Plan:
    """What `named` rows come to. It saves what they make and change, for only the database can say what goes together:
    so it needs a transaction, which `preview` takes back, and which else `finish` ends.

    With `lock`, nobody else changes the rows that are here before the transaction ends.
    """

    def __init__(self, table, rows, lock=False):
        self.table = table
        self.rows = [Row(table, number, cells) for number, cells in rows]
        self.others = Others(
            {
                column: {row.text(column.name) for row in self.rows}
                for column in table.columns.values()
                if column.leads_to
            }
        )
        self.find(lock)
        for row in self.rows:
            if not row.candidates:
                row.compare(self.others)
                row.fill(self.others)
        self.find_resembling()
        for row in self.written:
            row.write()

    def find(self, lock):
        """Find what each row means: by what says so by itself, else by all that it has in common with one that is here.

        Where more than one fit, nothing is guessed.
        """
        columns = self.table.columns
        marks = {
            name: columns[name].marks({row.text(name) for row in self.rows}, self.others)
            for name in (*self.table.identifiers, *self.table.likeness)
        }
        identities = {row: self.marks_of(row, self.table.identifiers, marks) for row in self.rows}
        by_identity, by_likeness = self.present(marks, lock)
        for row, given in identities.items():
            row.likeness = tuple(marks[name].get(row.text(name), UNREADABLE) for name in self.table.likeness)
            found = {by_identity[mark] for mark in given.items() if mark in by_identity}
            if len(found) > 1:
                row.candidates = sorted(found, key=lambda thing: thing.pk)
            elif not found:
                fitting = by_likeness.get(row.likeness, [])
                # Who says of itself that it is another one is another one, however alike.
                row.resembles = [thing for thing in fitting if self.contradicts(given, thing)]
                found = {thing for thing in fitting if thing not in row.resembles}
                if len(found) > 1:
                    row.candidates, row.resembles = sorted(found, key=lambda thing: thing.pk), []
            if len(found) == 1:
                [row.thing] = found
                row.is_new, row.resembles = False, []
        self.find_repeated(identities)

    def marks_of(self, row, names, marks):
        """{column: what the row says there}, of the columns where it says something."""
        return {name: marks[name][text] for name in names if (text := row.text(name)) and text in marks[name]}

    def present(self, marks, lock):
        """What is here that rows may mean, as {(column, mark): thing} and {marks of the likeness: things}."""
        columns = self.table.columns
        paths = dict(self.table.identifiers)
        if self.table.likeness:
            first = self.table.likeness[0]
            paths[first] = (columns[first].lookup,)
        fits = Q()
        for name, lookups in paths.items():
            for lookup in lookups:
                fits |= Q(**{f"{lookup}__in": [mark for mark in marks[name].values() if mark not in (None, "")]})
        things = self.table.loaded(self.table.model.objects.filter(fits)).order_by("pk")
        by_identity, by_likeness = {}, defaultdict(list)
        for thing in things.select_for_update(of=("self",)) if lock else things:
            by_identity |= {(name, columns[name].mark_of(thing)): thing for name in self.table.identifiers}
            if self.table.likeness:
                by_likeness[tuple(columns[name].mark_of(thing) for name in self.table.likeness)].append(thing)
        return by_identity, by_likeness

    def contradicts(self, given, thing):
        """Whether a column that says by itself which row is meant says something else of the thing."""
        marks = {name: self.table.columns[name].mark_of(thing) for name in given}
        return any(marks[name] not in (None, "", mark) for name, mark in given.items())

    def find_repeated(self, identities):
        times = Counter(mark for given in identities.values() for mark in given.items())
        meant = Counter(row.thing.pk for row in self.rows if not row.is_new)
        for row, given in identities.items():
            repeated = [name for name, mark in given.items() if times[name, mark] > 1]
            for name in repeated:
                row.complain(_("It stands in more than one row."), self.table.columns[name])
            if not repeated and not row.is_new and meant[row.thing.pk] > 1:
                row.complain(_("Another row means the same one: %(name)s.") % {"name": row.thing})

    def find_resembling(self):
        rows = [row for row in self.rows if not row.errors and not row.candidates]
        firsts = {}
        for row, found in zip(rows, self.table.resembling(rows), strict=True):
            row.resembles += found
            if row.likeness and row.is_new and (first := firsts.setdefault(row.likeness, row)) is not row:
                row.resembles.append(first.thing)

    def of(self, *outcomes):
        return [row for row in self.rows if row.outcome in outcomes]

    @property
    def wrong(self):
        return self.of(WRONG)

    @property
    def ambiguous(self):
        return self.of(AMBIGUOUS)

    @property
    def written(self):
        return self.of(NEW, CHANGED)

    @property
    def resembling(self):
        return [row for row in self.written if row.resembles]

    @property
    def counts(self):
        return Counter(row.outcome for row in self.rows)

    @property
    def digest(self):
        """A word that is another one as soon as anything is that the preview shows."""
        shown = [
            (
                row.number,
                row.outcome,
                row.changes,
                row.errors,
                *(list(map(str, some)) for some in (row.candidates, row.resembles)),
            )
            for row in self.rows
        ]
        return sha256(repr(shown).encode()).hexdigest()

    def finish(self, author, reason):
        """Write the ties, and one version of each row that was saved, by `author`."""
        rows = self.written
        for column in self.table.ties:
            ties = [(row.thing.pk, *row.ties[column.name]) for row in rows if column.name in row.ties]
            history.tie(
                self.table.model,
                column.name,
                add={(pk, other) for pk, old, new in ties for other in new - old},
                remove={(pk, other) for pk, old, new in ties for other in old - new},
            )
        history.record(self.table.model, [row.thing.pk for row in rows], author, reason)


@transaction.atomic
def preview(table, rows):
    """What the rows come to, with nothing of it done."""
    plan = Plan(table, rows)
    transaction.set_rollback(True)
    for row in plan.of(NEW):
        row.thing.pk = None
    return plan
