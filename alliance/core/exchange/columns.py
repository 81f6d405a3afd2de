"""The kinds of columns of a table: how each is written as text, and how such a text is read."""

import re
from collections import defaultdict
from contextlib import suppress
from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import search
from ..fields import AddressLinesField

SEPARATOR = "; "
YES_OR_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}

LIST = gettext_lazy("several, with a semicolon and a blank between them")
SLUG = gettext_lazy("an address word, or a name that only one page has")
SLUGS = gettext_lazy("address words or names, with a semicolon and a blank between them")


class Column:
    """A field with one value, read by the rules and with the complaints of its box in the admin.

    `takes` says what may stand in it, where that is not the help text of the box.
    """

    leads_to = None  # (model, fields): what its texts may name, and by which fields

    def __init__(self, name, takes=""):
        self.name, self.takes = name, takes

    def of(self, model):
        """The column as one of a table of this model."""
        self.field = model._meta.get_field(self.name)
        return self

    @cached_property
    def box(self):
        return self.field.formfield()

    @property
    def label(self):
        return self.field.verbose_name

    @property
    def hint(self):
        """What may stand in the column."""
        return self.takes or self.field.help_text

    def value_of(self, thing):
        return getattr(thing, self.name)

    def text_of(self, value):
        return "" if value is None else str(value)

    def write(self, thing):
        return self.text_of(self.value_of(thing))

    def read(self, text, others):
        """The value that a text stands for; raise ValidationError. `others` finds what a text may name."""
        if not isinstance(self.field, models.TextField):
            text = " ".join(text.split())
        return self.field.clean(self.box.clean(text), None)

    def set(self, thing, value, others):
        """Give the value to the row; raise ValidationError where it can't be had."""
        setattr(thing, self.name, value)

    def named(self, text):
        """What a text names of that which the column leads to."""
        return [text.strip()]

    # --- Knowing a row again ---

    @property
    def lookup(self):
        """The column of the database that holds what `marks` gives."""
        return self.name

    def mark_of(self, thing):
        """What the row is known again by."""
        return self.value_of(thing)

    def marks(self, texts, others):
        """{text: what a row that has it is known again by}, without texts that mean nothing."""
        found = {}
        for text in texts:
            with suppress(ValidationError):
                found[text] = self.read(text, others)
        return found


class Name(Column):
    """A name that is the same however it is spelled: what the generated column `key` makes of it."""

    lookup = "key"

    def mark_of(self, thing):
        return thing.key

    def marks(self, texts, others):
        return search.fold_all(texts)


class Number(Column):
    """Our number of a row, for what has no name; by it a row is known again, and it never changes."""

    @property
    def label(self):
        return _("number")

    @property
    def hint(self):
        return _("our number, as an export has it; leave it empty for what is new")

    @cached_property
    def box(self):
        return forms.IntegerField(min_value=1, max_value=models.BigAutoField.MAX_BIGINT)

    def read(self, text, others):
        return self.box.clean(text)

    def set(self, thing, value, others):
        if thing.pk != value:
            raise ValidationError(_("Nothing here has this number. Leave it empty for what is new."))


class Choice(Column):
    """One word of a list; the word itself or the label that people see."""

    @property
    def choices(self):
        """The words of the list, each with its label where that is not the same word."""
        pairs = [(word, str(label)) for word, label in self.field.choices]
        return ", ".join(word if label.lower() == word else f"{word} ({label})" for word, label in pairs)

    @property
    def hint(self):
        return self.takes or _("one of these, or its name in brackets: %(words)s") % {"words": self.choices}

    @cached_property
    def words(self):
        labels = {str(label).lower(): word for word, label in self.field.choices}
        return labels | {word.lower(): word for word, _label in self.field.choices}

    def read(self, text, others):
        text = text.strip()
        if text and text.lower() not in self.words:
            raise ValidationError(_("%(text)s is not one of these: %(words)s.") % {"text": text, "words": self.choices})
        return self.box.clean(self.words.get(text.lower(), text))


class YesOrNo(Column):
    def __init__(self, name):
        super().__init__(name, gettext_lazy("yes or no"))

    def text_of(self, value):
        return "yes" if value else "no"

    def read(self, text, others):
        try:
            return YES_OR_NO[text.strip().lower() or "no"]
        except KeyError:
            raise ValidationError(_("Write yes or no.")) from None


class Items(Column):
    """Several texts, with a semicolon and a blank between them."""

    def __init__(self, name):
        super().__init__(name, LIST)

    @cached_property
    def box(self):
        return AddressLinesField(self.field.base_field.formfield(), required=False)

    def text_of(self, value):
        return SEPARATOR.join(value)

    def read(self, text, others):
        return self.box.clean("\n".join(split(text)))


class Tie(Column):
    """Another page, by its address word or its name."""

    def __init__(self, name, takes=SLUG):
        super().__init__(name, takes)

    @property
    def leads_to(self):
        return self.field.related_model, ("slug", "name")

    def text_of(self, value):
        return value.slug if value else ""

    def read(self, text, others):
        if text.strip():
            return others.find(self, text.strip())
        if self.field.blank:
            return None
        raise ValidationError(forms.Field.default_error_messages["required"])


class Ties(Column):
    """Other pages, by their address words; names are understood, too. The value is a set of ids."""

    def __init__(self, name):
        super().__init__(name, SLUGS)

    @property
    def leads_to(self):
        return self.field.related_model, ("slug", "name")

    def value_of(self, thing):
        return {other.pk for other in getattr(thing, self.name).all()}

    def write(self, thing):
        return SEPARATOR.join(sorted(other.slug for other in getattr(thing, self.name).all()))

    def read(self, text, others):
        return {others.find(self, word).pk for word in split(text)}

    def set(self, thing, value, others):
        """Nothing: ties are written behind their row."""

    def named(self, text):
        return split(text)


def split(text):
    """The items of a list. A semicolon without a blank behind it is part of an item, as in some addresses."""
    return [item.strip() for item in re.split(r";\s+|;$|\n", text) if item.strip()]


class Others:
    """Finds what columns lead to; all that the texts of a file name are loaded at once."""

    def __init__(self, texts_of):
        """`texts_of`: {column: texts}, of columns that lead somewhere."""
        words = defaultdict(set)
        for column, texts in texts_of.items():
            words[column.leads_to].update(word for text in texts if text for word in column.named(text))
        self.found = {wanted: self.load(*wanted, words) for wanted, words in words.items() if words}

    def load(self, model, fields, words):
        """{word: pages}; what one field finds comes before what the fields behind it find."""
        found = {}
        for field in reversed(fields):
            pages = defaultdict(list)
            for page in model.objects.filter(**{f"{field}__in": words}):
                pages[getattr(page, field)].append(page)
            found |= pages
        return found

    def all(self, column, word):
        """What the column may mean by this word."""
        return self.found.get(column.leads_to, {}).get(word, [])

    def find(self, column, word):
        """The page; raise ValidationError where there is none or more than one."""
        match self.all(column, word):
            case [page]:
                return page
            case []:
                raise ValidationError(_("Unknown: %(word)s") % {"word": word})
            case several:
                raise ValidationError(
                    _("%(count)d are called %(word)s: write the address word.") % {"count": len(several), "word": word}
                )
