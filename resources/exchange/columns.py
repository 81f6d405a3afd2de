"""The columns of a table of resources: how each is written as text, and how such a text is read."""

import re
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.core.fields import AddressLinesField

from ..models import Resource

SEPARATOR = "; "
YES_OR_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


@dataclass(frozen=True)
class Column:
    """A field with one value, read by the rules and with the complaints of its box in the admin."""

    name: str
    takes: str = ""

    @cached_property
    def field(self):
        return Resource._meta.get_field(self.name)

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

    def value_of(self, resource):
        return getattr(resource, self.name)

    def text_of(self, value):
        return "" if value is None else str(value)

    def write(self, resource):
        return self.text_of(self.value_of(resource))

    def read(self, text, others):
        """The value that a text stands for; raise ValidationError. `others` finds what a text may name."""
        if not isinstance(self.field, models.TextField):
            text = " ".join(text.split())
        return self.field.clean(self.box.clean(text), None)

    def set(self, resource, value):
        setattr(resource, self.name, value)


class Choice(Column):
    """One word of a list; the word itself or the label that people see."""

    @property
    def choices(self):
        """The words of the list, each with its label where that is not the same word."""
        pairs = [(word, str(label)) for word, label in self.field.choices]
        return ", ".join(word if label.lower() == word else f"{word} ({label})" for word, label in pairs)

    @property
    def hint(self):
        return _("one of these, or its name in brackets: %(words)s") % {"words": self.choices}

    @cached_property
    def words(self):
        labels = {str(label).lower(): word for word, label in self.field.choices}
        return labels | {word: word for word, _label in self.field.choices}

    def read(self, text, others):
        text = text.strip()
        if text and text.lower() not in self.words:
            raise ValidationError(_("%(text)s is not one of these: %(words)s.") % {"text": text, "words": self.choices})
        return self.box.clean(self.words.get(text.lower(), text))


class YesOrNo(Column):
    def text_of(self, value):
        return "yes" if value else "no"

    def read(self, text, others):
        try:
            return YES_OR_NO[text.strip().lower() or "no"]
        except KeyError:
            raise ValidationError(_("Write yes or no.")) from None


class Items(Column):
    """Several texts, with a semicolon and a blank between them."""

    @cached_property
    def box(self):
        return AddressLinesField(self.field.base_field.formfield(), required=False)

    def text_of(self, value):
        return SEPARATOR.join(value)

    def read(self, text, others):
        return self.box.clean("\n".join(split(text)))


class Ties(Column):
    """Other pages, by their address words; names are understood, too. The value is a set of ids."""

    def value_of(self, resource):
        return {other.pk for other in getattr(resource, self.name).all()}

    def write(self, resource):
        return SEPARATOR.join(sorted(other.slug for other in getattr(resource, self.name).all()))

    def read(self, text, others):
        return {others.find(self.field.related_model, word) for word in split(text)}

    def set(self, resource, value):
        """Nothing: ties are written behind their resource."""


def split(text):
    """The items of a list. A semicolon without a blank behind it is part of an item, as in some addresses."""
    return [item.strip() for item in re.split(r";\s+|;$|\n", text) if item.strip()]


class Others:
    """Finds pages by address word or name; all that the texts of a file name are loaded at once."""

    def __init__(self, words_by_model):
        self.found = {}
        for model, words in words_by_model.items():
            rows = model.objects.filter(slug__in=words).values_list("slug", "pk")
            named = model.objects.filter(name__in=words).values_list("name", "pk")
            names = {}
            for name, pk in named:
                names.setdefault(name, []).append(pk)
            self.found[model] = names | {slug: [pk] for slug, pk in rows}

    def find(self, model, word):
        """The id of the page; raise ValidationError where there is none or more than one."""
        match self.found[model].get(word, []):
            case [pk]:
                return pk
            case []:
                raise ValidationError(_("Unknown: %(word)s") % {"word": word})
            case several:
                raise ValidationError(
                    _("%(count)d are called %(word)s: write the address word.") % {"count": len(several), "word": word}
                )


SLUGS = gettext_lazy("address words or names, with a semicolon and a blank between them")
LIST = gettext_lazy("several, with a semicolon and a blank between them")

COLUMNS = {
    column.name: column
    for column in (
        Column("slug", gettext_lazy("the address word; by it we know a resource again")),
        Column("title"),
        Choice("kind"),
        Column("publisher"),
        Items("authors", LIST),
        Column("year", gettext_lazy("four digits")),
        Choice("language"),
        Column("url"),
        YesOrNo("url_is_copy", gettext_lazy("yes or no")),
        Column("summary"),
        Column("body"),
        Choice("stage"),
        Ties("topics", SLUGS),
        Ties("contributed_by_jurisdictions", SLUGS),
        Ties("contributed_by_partners", SLUGS),
        Ties("mentions", SLUGS),
        Column("license"),
        Column("last_verified_on", gettext_lazy("a day as 2026-01-31")),
        Items("sources", LIST),
        Choice("status"),
    )
}
TIES = [column for column in COLUMNS.values() if isinstance(column, Ties)]


def table(resources):
    """Yield the rows of texts of a table of resources, the names of the columns first."""
    yield list(COLUMNS)
    for resource in resources.prefetch_related(*(column.name for column in TIES)).iterator(chunk_size=500):
        yield [column.write(resource) for column in COLUMNS.values()]
