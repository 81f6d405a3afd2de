"""Lists that people filter: the query string in, one page of rows with facet counts, chips and notes out.

`Filtered` reads the query string and writes addresses; it never asks the database. A `Listing` adds the four questions
that a list asks: how many, which rows, how many behind each choice of each facet, and, where nothing matches, which
filter to loosen. The library, which may be large, asks them its own way (`resources.listings`).
"""

import re
from dataclasses import dataclass, field
from functools import cached_property

from django.core.paginator import EmptyPage, Paginator
from django.db.models import CharField, Count, F, Func, Q, Value
from django.db.models.functions import Cast
from django.http import Http404, QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import search

SEARCH, ORDER, PAGE = "q", "sort", "page"


@dataclass(frozen=True)
class Facet:
    """One way to narrow a list.

    `param` is its word in the query string and `path` the column (or relation path) it filters. `choices` translate
    values to labels; without them the labels come from `label_path`. `only` limits what may be counted.
    """

    param: str
    label: str
    path: str
    choices: dict = None
    label_path: str = None
    only: Q = field(default_factory=Q)

    # A relation may meet a row twice.
    number = Count("pk", distinct=True)

    def narrow(self, queryset, value):
        # A join across a relation would meet a row twice, and a DISTINCT would compute every headline before the page.
        matching = queryset.model.objects.filter(self.only, **{self.path: value})
        return queryset.filter(pk__in=matching.values("pk"))

    @staticmethod
    def place(value, label, number):
        """What the choices are sorted by: the most frequent first."""
        return -number, label

    def value_expression(self):
        return F(self.path)

    def label_expression(self):
        return F(self.label_path) if self.label_path else F("facet_value")

    def occurring(self, queryset):
        """The rows that have a value here."""
        return queryset.exclude(Q(facet_value=None) | Q(facet_value=""))

    def counts(self, queryset):
        """Rows (param, value, label, count) of each value that occurs in `queryset`."""
        rows = queryset.filter(self.only).order_by()
        rows = self.occurring(rows.annotate(facet_value=Cast(self.value_expression(), CharField())))
        rows = rows.annotate(facet_label=Cast(self.label_expression(), CharField()))
        values = rows.values_list(Value(self.param), "facet_value", "facet_label")
        return values.annotate(number=self.number)


class ArrayFacet(Facet):
    """A facet over a column that holds several values."""

    def narrow(self, queryset, value):
        return queryset.filter(self.only, **{f"{self.path}__contains": [value]})

    def value_expression(self):
        return Func(F(self.path), function="unnest")

    def occurring(self, queryset):
        # An empty array has no row to unnest, and unnest may not stand in WHERE.
        return queryset


@dataclass(frozen=True)
class Choice:
    """A value of a facet as the page shows it; `url` turns the filter on, or off where it is on."""

    value: str
    label: str
    number: int
    is_active: bool
    url: str
    is_exact: bool = True

    @property
    def number_in_words(self):
        return in_words(self.number, self.is_exact)


def in_words(number, is_exact):
    """Print a count: "31", or "about 12,000" for an estimate, with no more digits than it deserves."""
    if is_exact:
        return str(number)
    return _("about %(number)s") % {"number": number_format(float(f"{number:.2g}"), 0, force_grouping=True)}


class Filtered:
    """A list as its query string asks for it: search text, filters, order and page.

    `orders` maps the words of `?sort=` to a pair that begins with the label, the first being the default. Whatever the
    query string holds, it is read, and plain `notes` say what was left out. A subclass gives `total`, `choices`,
    `page` and `_numbers_without`.
    """

    facets: tuple = ()
    orders: dict = {}
    per_page = 30

    # What a list that corrects or estimates says otherwise.
    corrected = ""
    suggestion = None
    is_exact = True
    further_url = ""
    nothing_found = gettext_lazy("Nothing matches all of this together.")

    def __init__(self, params):
        self.params = params
        self.notes = []
        self.active = self._read_facets()
        self.text = self._read_text()
        self.order = self._read_order()
        self.number = self._read_number()
        self._note_strangers()

    # --- reading the query string ---

    def _read_text(self):
        return self._cleaned(_("Search"), self.params.get(SEARCH, ""))

    def _read_facets(self):
        active = {}
        for facet in self.facets:
            value = self._cleaned(facet.label, self.params.get(facet.param, ""))
            if facet.choices and value and value not in facet.choices:
                self._note_unknown(facet.label, value)
            elif value:
                active[facet.param] = value
        return active

    def _read_order(self):
        wanted = self.params.get(ORDER, "")
        if wanted and wanted not in self.available_orders:
            self._note_unknown(_("Order"), search.clean(wanted))
        return wanted if wanted in self.available_orders else next(iter(self.available_orders))

    def _read_number(self):
        wanted = self.params.get(PAGE) or "1"
        # No list has a page of ten digits, and a longer text need not be read as a number.
        if wanted.isascii() and wanted.isdigit() and (number := int(wanted[:10])) > 0:
            return number
        self._note_unknown(_("Page"), search.clean(wanted))
        return 1

    def _cleaned(self, label, typed):
        text, notes = search.read(typed, label)
        self.notes += notes
        return text

    def _note_strangers(self):
        """Note words like "kind[]": ours, misspelled by a program. Other words (a campaign's) we pass over."""
        ours = {SEARCH, ORDER, PAGE, *(facet.param for facet in self.facets)}
        for name in self.params:
            if name not in ours and (word := re.split(r"\W", name)[0]) in ours:
                self._note_unknown(word, search.clean(name))

    def _note_unknown(self, label, value):
        note = _("%(label)s: we don't know “%(value)s”, so we left it out.")
        self.notes.append(note % {"label": label, "value": value[:40]})

    @property
    def available_orders(self):
        return ({"match": (_("Best match"), ["-closeness"])} if self.text else {}) | self.orders

    # --- for the template ---

    @property
    def found_in_words(self):
        return in_words(self.total, self.is_exact)

    def url(self, **changes):
        """The address of this list with some words of the query string changed (None removes one), from page one."""
        params = {SEARCH: self.text, **self.active, ORDER: self.params.get(ORDER) and self.order} | changes
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in params.items() if value})
        return f"?{query.urlencode()}"

    @property
    def canonical_query(self):
        """What belongs to the canonical address of this page: its number, in the list as a whole."""
        return f"?page={self.number}" if self.number > 1 and not (self.text or self.active) else ""

    @property
    def chips(self):
        """(label, address without it) of each filter that is on."""
        chips = [(f"“{self.text}”", self.url(**{SEARCH: None}))] if self.text else []
        for _facet, choices in self.choices:
            chips += [(choice.label, choice.url) for choice in choices if choice.is_active]
        return chips

    @property
    def title_tail(self):
        """What tells the title of this page from the plain list's: ": Minnesota, City, page 2"."""
        parts = [str(label) for label, _url in self.chips]
        if self.number > 1:
            parts.append(_("page %(number)s") % {"number": self.number})
        return f": {', '.join(parts)}" if parts else ""

    def _choices_of(self, facet, counts, is_exact=True):
        """The choices of a facet from its (value, label, number); the one that is on is always among them."""
        active = self.active.get(facet.param)
        if active and active not in [value for value, _label, _number in counts]:
            counts.append((active, active, 0))
        return [
            Choice(
                value=value,
                label=str(facet.choices[value]) if facet.choices else label,
                number=number,
                is_active=value == active,
                url=self.url(**{facet.param: None if value == active else value}),
                is_exact=is_exact,
            )
            for value, label, number in sorted(counts, key=lambda row: facet.place(*row))
        ]

    @cached_property
    def loosenings(self):
        """When nothing matches: (label of a filter, address without it, how many there would be), the most first."""
        labels = {SEARCH: f"“{self.text}”"} if self.text else {}
        labels |= {
            facet.param: choice.label for facet, choices in self.choices for choice in choices if choice.is_active
        }
        if not labels:
            return []
        offers = [
            (labels[name], self.url(**{name: None}), number) for name, number in self._numbers_without(labels) if number
        ]
        return sorted(offers, key=lambda offer: -offer[2])

    @property
    def page_links(self):
        """(number or None for a gap, address) of the pages to offer."""
        numbers = self.page.paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1)
        return [(number, self.url(page=number)) if isinstance(number, int) else (None, None) for number in numbers]

    @property
    def previous_url(self):
        return self.url(page=self.page.previous_page_number())

    @property
    def next_url(self):
        return self.url(page=self.page.next_page_number())


class Listing(Filtered):
    """One page of a filtered list, as its template prints it.

    `queryset` is unfiltered; `orders` maps a word to (label, columns). Only a page past the end is Http404.
    """

    names: tuple = ("key",)
    texts: tuple = ()

    def __init__(self, queryset, params):
        self.queryset = queryset
        super().__init__(params)

    def matching(self, queryset):
        """The rows of `queryset` that the search text finds, with their `closeness`."""
        return search.search(queryset, self.text, names=self.names, texts=self.texts)

    def _narrowed(self, without=None):
        """The queryset under the search text and every active filter, but for the one named."""
        queryset = self.queryset
        if self.text and without != SEARCH:
            queryset = self.matching(queryset)
        for facet in self.facets:
            if facet.param in self.active and facet.param != without:
                queryset = facet.narrow(queryset, self.active[facet.param])
        return queryset

    @property
    def found(self):
        """All rows under the filters, not only those of this page."""
        return self._narrowed().order_by()

    @cached_property
    def page(self):
        # The primary key puts an end to ties, so that pages never shuffle.
        rows = self._narrowed().order_by(*self.available_orders[self.order][1], "pk")
        if self.text and self.texts:
            rows = rows.annotate(headline=search.headline(self.texts[0], self.text))
        paginator = Paginator(rows, self.per_page)
        try:
            return paginator.page(self.number)
        except EmptyPage:
            raise Http404 from None

    @property
    def total(self):
        return self.page.paginator.count

    @cached_property
    def choices(self):
        """For each facet its choices, most frequent first, counted under all the other filters; one query."""
        first, *others = [facet.counts(self._narrowed(without=facet.param)) for facet in self.facets]
        found = {facet.param: [] for facet in self.facets}
        for param, value, label, number in first.union(*others, all=True):
            if number:
                found[param].append((value, label, number))
        return [(facet, self._choices_of(facet, found[facet.param])) for facet in self.facets]

    def _numbers_without(self, names):
        """(name, how many rows there would be without it) of each of the named filters; one query."""
        first, *others = [
            self._narrowed(without=name).order_by().values_list(Value(name)).annotate(number=Count("pk", distinct=True))
            for name in names
        ]
        return first.union(*others, all=True)
