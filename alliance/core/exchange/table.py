"""What stands in the table of a model, and by what a row of it is known again."""

from collections import Counter
from itertools import zip_longest

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .columns import Name, Tie, Ties
from .sheets import FORMULA, WIDTH, Unreadable


class Table:
    """The columns of a table, and how a row is known again:

    - `identifiers`, {column: lookups}: each of them says by itself which row is meant;
    - `likeness`: the columns that say so together, where no identifier does;
    - `needed`: what a new row can't do without;
    - `word_from`: what the address word of a new row is made of where it has none;
    - `joins`: further relations that the columns read.
    """

    def __init__(self, model, columns, *, identifiers, likeness=(), needed, word_from=(), joins=()):
        self.model = model
        self.columns = {column.name: column.of(model) for column in columns}
        self.identifiers, self.likeness, self.needed, self.word_from = identifiers, likeness, needed, word_from
        self.joins = [*joins, *(name for name, column in self.columns.items() if isinstance(column, Tie))]
        self.ties = [column for column in self.columns.values() if isinstance(column, Ties)]
        needed_for_names = {column.lookup for column in self.columns.values() if isinstance(column, Name)}
        self.unread = [
            field.name for field in model._meta.fields if field.generated and field.name not in needed_for_names
        ]

    @property
    def known_by(self):
        """In words, by what a row is known again, the surest first."""
        return _(", or else ").join(filter(None, [*self.identifiers, " + ".join(self.likeness)]))

    def must_have(self, column):
        """Whether each row that is here has one of its own: an empty cell then says nothing of it."""
        return column.name in self.identifiers and not column.field.null

    def loaded(self, things):
        """The rows with all that their texts need, and without what the database makes of them."""
        things = things.defer(*self.unread).select_related(*self.joins)
        return things.prefetch_related(*(column.name for column in self.ties))

    def texts(self, things):
        """Yield the rows of texts of a table of `things`, the names of the columns first."""
        yield list(self.columns)
        for thing in self.loaded(things).iterator(chunk_size=500):
            yield [column.write(thing) for column in self.columns.values()]

    def named(self, rows):
        """The rows below the first, which names the columns, as (number, {column: text}).

        Raises Unreadable where the columns are not ours.
        """
        (_number, heading), *rows = rows
        names = [(text or "").strip().lower() for text in heading]
        while names and not names[-1]:
            names.pop()
        if len(names) > WIDTH:
            raise Unreadable(_("The table has more than %(width)d columns.") % {"width": WIDTH})
        if unknown := [name or _("(no name)") for name in names if name not in self.columns]:
            words = ngettext("Unknown column: %(names)s.", "Unknown columns: %(names)s.", len(unknown))
            raise Unreadable(words % {"names": ", ".join(unknown)})
        if repeated := [name for name, times in Counter(names).items() if times > 1]:
            raise Unreadable(_("These columns stand there twice: %(names)s.") % {"names": ", ".join(repeated)})
        if not {*names} & {*self.identifiers} and not {*names} >= {*self.needed}:
            words = _("A column is missing by which we know a row again: %(ways)s.")
            raise Unreadable(words % {"ways": self.known_by})
        if not rows:
            raise Unreadable(_("The table has no rows below the names of its columns."))
        for number, texts in rows:
            if any(text is FORMULA or text.strip() for text in texts[len(names) :]):
                raise Unreadable(_("Row %(row)d has more cells than there are columns.") % {"row": number})
        return [(number, dict(zip_longest(names, texts[: len(names)], fillvalue=""))) for number, texts in rows]

    def word_for(self, thing):
        """An address word for a new row, "" where it is to have one of its own."""
        words = " ".join(str(getattr(thing, name)) for name in self.word_from)
        return slugify(words)[: self.model._meta.get_field("slug").max_length] if words else ""

    def resembling(self, rows):
        """For each of these rows of a plan, what is here and looks like it; tables that can tell say so."""
        return [[] for _row in rows]
