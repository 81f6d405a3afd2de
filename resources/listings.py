"""The filtered list of the library: its facets and orders, and how its pages stay quick at any size."""

import re
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.core.listing import ORDER, SEARCH, Facet, Filtered
from alliance.core.search import clean, headline
from alliance.core.vocabulary import Language, Stage, State

from . import search
from .models import Resource

AFTER, BEFORE, SPELLING = "after", "before", "spelling"

# With so few hits we also look for words that may be misspelled although somebody else wrote them so too.
FEW = 3

# What can be misspelled although there are hits: words of an alternative, and words that are excluded.
ALTERNATIVES = re.compile(r"(?i)\bor\b|(^|\s)-")

# What a cursor may hold of each column; more digits are no row's.
DIGITS = {"uses": 9, "year": 4, "id": 18}


@dataclass(frozen=True)
class LabelFacet(Facet):
    """A facet whose values stand among the labels."""

    path: str = "labels"


class YearFacet(LabelFacet):
    @staticmethod
    def place(value, label, number):
        """The newest first."""
        return -int(value)


class Rows(list):
    """The rows of one page of `total`, for a Paginator, which must not ask the database again."""

    def __init__(self, rows, total):
        super().__init__(rows)
        self.total = total

    def count(self):
        return self.total

    def __getitem__(self, _slice):
        return list(self)


@dataclass(frozen=True)
class Stretch:
    """A page of a list that is too long for page numbers: it only knows whether there is more on either side."""

    object_list: list
    has_previous: bool
    has_next: bool
    number: int = None

    def __iter__(self):
        return iter(self.object_list)

    @property
    def has_other_pages(self):
        return self.has_previous or self.has_next


class ResourceListing(Filtered):
    """One page of the library under a query string: `ResourceListing(Resource.objects.published(), request.GET)`.

    Below some thousands of hits everything is exact and pages are numbered. Above, counts are estimates from a sample,
    "best match" ranks some hundreds of hits, and the other orders go on from row to row by a cursor. Only a page past
    the end is Http404.
    """

    per_page = 20
    facets = (
        LabelFacet("topic", gettext_lazy("Topic")),
        LabelFacet("kind", gettext_lazy("Kind"), choices=dict(Resource.Kind.choices)),
        LabelFacet("stage", gettext_lazy("Stage"), choices=dict(Stage.choices)),
        LabelFacet("state", gettext_lazy("State"), choices=dict(State.choices)),
        LabelFacet("jurisdiction", gettext_lazy("Jurisdiction")),
        YearFacet("year", gettext_lazy("Year")),
        LabelFacet("language", gettext_lazy("Language"), choices=dict(Language.choices)),
    )
    orders = {"newest": (gettext_lazy("Newest"),), "used": (gettext_lazy("Most used"),)}

    def __init__(self, queryset, params):
        self.queryset = queryset
        self.names = {}
        super().__init__(params)
        self.is_as_typed = params.get(SPELLING) == "typed"
        self.after = self._read_cursor(AFTER)
        self.before = None if self.after else self._read_cursor(BEFORE)

    # --- reading the query string ---

    def _read_facets(self):
        active = super()._read_facets()
        year = active.get("year", "")
        if year and not re.fullmatch("[0-9]{4}", year):
            self._note_unknown(_("Year"), active.pop("year"))
        return active

    def _read_text(self):
        """The text; on the way, leave out what the database cannot make sense of."""
        text = super()._read_text()
        slugs = {param: self.active[param] for param in ("topic", "jurisdiction") if param in self.active}
        if not (text or slugs):
            return text
        reading = search.read(text, **slugs)
        for param, slug in slugs.items():
            if name := getattr(reading, param):
                self.names[param] = name
            else:
                self._note_unknown(next(facet.label for facet in self.facets if facet.param == param), slug)
                del self.active[param]
        if text and not reading.has_words:
            note = _("“%(text)s” has no word that we could search for, so we left it out.")
            self.notes.append(note % {"text": text[:40]})
            return ""
        if reading.only_excludes:
            self.notes.append(_("This shows everything but what has the words behind a minus."))
        return text

    def _read_cursor(self, name):
        """The numbers of the row that a page begins behind, or ends in front of; None without one."""
        typed = self.params.get(name, "")
        numbers = [f"[0-9]{{1,{DIGITS[column]}}}" for column in search.ORDERS.get(self.order, ())]
        if numbers and re.fullmatch("-".join(numbers), typed):
            return [int(number) for number in typed.split("-")]
        if typed:
            self._note_unknown(_("Page"), clean(typed))
        return None

    def url(self, **changes):
        is_as_typed = self.is_as_typed and SEARCH not in changes
        return super().url(**{SPELLING: "typed" if is_as_typed else None} | changes)

    # --- asking the database ---

    def _question(self, text):
        return search.Question(text, {facet: f"{facet}:{value}" for facet, value in self.active.items()})

    @cached_property
    def _answer(self):
        """(the text that was searched, a text that may be meant, the counts of `search.count`)."""
        text = meant = self.text
        counts = search.count(self._question(text), self.active)
        few = counts[""].is_exact and counts[""].total <= FEW
        if text and not self.is_as_typed and (few or ALTERNATIVES.search(text)):
            text, meant = search.correct(text, few=FEW if few else 0)
            if text != self.text:
                counts = search.count(self._question(text), self.active)
        return text, meant, counts

    @property
    def searched(self):
        """The text that was searched: the one that was typed, or its correction."""
        return self._answer[0]

    @property
    def corrected(self):
        """The text that was searched instead of the one that was typed, or ""."""
        return self.searched if self.searched != self.text else ""

    @property
    def as_typed_url(self):
        """The address of a search for exactly what was typed."""
        return self.url(**{SPELLING: "typed"})

    @property
    def suggestion(self):
        """(text, address) of a search that may be meant instead, or None."""
        text, meant, _counts = self._answer
        return (meant, self.url(**{SEARCH: meant})) if meant != text else None

    @property
    def total(self):
        return self._answer[2][""].total

    @property
    def is_exact(self):
        return self._answer[2][""].is_exact

    @property
    def nothing_found(self):
        if self.is_exact:
            return super().nothing_found
        # Only a phrase can miss a whole sample that has its words.
        return _("We looked through a part of the library only. Leave out the quotation marks to see more.")

    @cached_property
    def choices(self):
        """For each facet its choices, counted under all the other filters; no further query."""
        counts = self._answer[2]
        choices = []
        for facet in self.facets:
            count = counts[facet.param if facet.param in self.active else ""]
            values = list(count.values.get(facet.param, []))
            active = self.active.get(facet.param)
            if active and active not in [value for value, _name, _number in values]:
                values.append((active, self.names.get(facet.param, active), self.total))
            choices.append((facet, self._choices_of(facet, values, count.is_exact)))
        return choices

    def _numbers_without(self, names):
        counts = self._answer[2]
        if SEARCH in names:
            counts = counts | {SEARCH: search.count(self._question(""))[""]}
        return [(name, counts[name].total) for name in names]

    @cached_property
    def page(self):
        if not self.total:
            return self._numbered([], 0)
        if self.order == "match":
            return self._numbered(*search.rank(
                self._question(self.searched), self.is_exact, self.per_page, (self.number - 1) * self.per_page
            ))  # fmt: skip
        question = self._question(self.searched)
        if self.is_exact and not (self.after or self.before):
            keys = search.listed(question, self.order, True, self.per_page, (self.number - 1) * self.per_page)
            return self._numbered(keys, self.total)
        keys = search.listed(
            question, self.order, self.is_exact, self.per_page + 1, after=self.after, before=self.before
        )
        if not keys or self.number > 1:
            raise Http404
        more = len(keys) > self.per_page
        if self.before:
            return Stretch(self._rows(keys[-self.per_page :]), has_previous=more, has_next=True)
        return Stretch(self._rows(keys[: self.per_page]), has_previous=bool(self.after), has_next=more)

    def _numbered(self, keys, total):
        try:
            return Paginator(Rows(self._rows(keys), total), self.per_page).page(self.number)
        except EmptyPage:
            raise Http404 from None

    # --- for the template ---

    @property
    def page_links(self):
        return super().page_links if self.page.number else []

    @property
    def previous_url(self):
        return self.url(**{BEFORE: self._cursor_at(0)}) if self.page.number is None else super().previous_url

    @property
    def next_url(self):
        return self.url(**{AFTER: self._cursor_at(-1)}) if self.page.number is None else super().next_url

    def _cursor_at(self, place):
        """The cursor of the first or last row of the page."""
        row = self.page.object_list[place]
        return "-".join(str(getattr(row, column) or 0) for column in search.ORDERS[self.order])

    @property
    def canonical_query(self):
        for name in (AFTER, BEFORE):
            if getattr(self, name) and not (self.text or self.active):
                return self.url(**{name: self.params[name]})
        return super().canonical_query

    @property
    def title_tail(self):
        tail = super().title_tail
        if not (self.after or self.before):
            return tail
        return f"{tail}, {_('further on')}" if tail else f": {_('further on')}"

    @property
    def further_url(self):
        """Where this is the last page although more was found than could be ranked: the address that leads on."""
        is_last = not self.is_exact and self.order == "match" and not self.page.has_next()
        return self.url(**{ORDER: "newest"}) if is_last else ""

    def _rows(self, keys):
        """The resources with these keys, in their order."""
        # Both may be long, and no list prints them.
        rows = self.queryset.defer("search", "body")
        if self.text:
            rows = rows.annotate(
                headline=headline("summary", self.searched), title_headline=headline("title", self.searched)
            )
        found = rows.in_bulk(keys)
        return [found[key] for key in keys if key in found]
