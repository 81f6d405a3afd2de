"""Search over everything public: the sections of `/search/`, and the names that are offered while somebody types."""

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, TrigramWordDistance
from django.db import connection
from django.db.models import F, Model, Value
from django.db.models.functions import Collate, Concat
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from alliance.core import search
from cohorts import places
from cohorts.listings import CohortListing, JurisdictionListing
from cohorts.models import Cohort, Jurisdiction, Place
from members.collaborations.listings import CollaborationListing, MeasureListing
from members.collaborations.models import Collaboration, SharedMeasure
from members.partners.listings import PartnerListing
from members.partners.models import Partner
from resources.listings import ResourceListing
from resources.models import Collection, Resource, Topic

SHOWN = 5
COUNTED = 20  # beyond this a section says "more than 20"

# At most ten names are offered; where the first attempt gives so few of them, more is tried.
OFFERED, ENOUGH = 10, 5
SHORTEST = 2

# Of the titles that have the words, so many are compared with what was typed.
COMPARED = 30

# To find what is spelled like a word costs; nobody means more of them in a name.
MOST_WORDS = 8

# A resource that has all the words in its text is worth about as much as a name that somewhat resembles them.
IN_TEXT = 0.6


@dataclass(frozen=True)
class Group:
    """One kind of thing with public pages, and which columns hold its name, its kind and a text about it.

    `one` and `title` name one and all of them; `more` is the link to their list.
    """

    model: type[Model]
    one: str
    title: str
    more: str
    text: str = "summary"
    name: object = F("name")
    kind: str = ""
    listing: type = None

    @property
    def label(self):
        return self.model._meta.model_name

    @property
    def published(self):
        return self.model.objects.published()

    def address(self, slug):
        return reverse(f"{self.label}_detail", args=[slug])

    def list_address(self, text):
        return f"{reverse(f'{self.label}_list')}?{urlencode({'q': text})}"

    def kind_in_words(self, kind):
        return dict(self.model._meta.get_field(self.kind).choices)[kind] if kind else ""

    # Rows (label, slug, name, closeness, key, …) have one shape for all groups, so that one statement asks them all.

    def rows(self, queryset, *columns):
        return queryset.values_list(Value(self.label), "slug", self.name, "closeness", "key", *columns)

    def best(self, text):
        """What the list of this group finds, the best first, with kind and text."""
        found = self.found(text).order_by("-closeness", "key", "pk")[: COUNTED + 1]
        return self.rows(found, F(self.kind) if self.kind else Value(""), search.headline(self.text, text))

    def found(self, text):
        return self.listing(self.published, {"q": text}).found

    # Below, `key` is folded text.

    def beginning(self, key):
        """Names that begin with `key`, in the order of the index that finds them."""
        named = self.published.annotate(name_key=Collate("key", "C"), closeness=search.closeness(Value(key)))
        return self.rows(named.filter(name_key__startswith=key).order_by("name_key")[:OFFERED])

    def resembling(self, key):
        """Names with a part that is spelled like `key`."""
        named = self.published.filter(key__trigram_word_similar=key).annotate(closeness=search.closeness(Value(key)))
        return self.rows(named.order_by(TrigramWordDistance(key, "key"))[:OFFERED])


class Government(Group):
    def resembling(self, key):
        """Also the name that stands in front of a state or a kind."""
        named = self.published.annotate(name_key=Collate("key", "C"), closeness=Value(1.0))
        named = named.filter(places.meant(key, "name_key")).order_by()[:OFFERED]
        return super().resembling(key).union(self.rows(named), all=True)


class Measure(Group):
    label = "measure"


class Part(Group):
    """What is listed on the page of the library."""

    def list_address(self, text):
        return reverse("resource_list")

    def found(self, text):
        return search.search(self.published, text, texts=(self.text,))


class TitleQuery(SearchQuery):
    """A search in titles only, of just so many resources that enough of them match."""

    def as_sql(self, compiler, connection, **kwargs):
        sql, params = super().as_sql(compiler, connection, **kwargs)
        # Each word of a title also stands in the index as "title:word".
        titles = rf"regexp_replace(({sql})::text, '''([^'']+)''', '''title:\1''', 'g')::tsquery"
        return f"(SELECT sample FROM resources_sampled({titles}, {OFFERED}))", params


class Library(Group):
    def resembling(self, key):
        """Titles with such words; a million titles are too many to compare, but they have few different words."""
        words = [" | ".join(dict.fromkeys(words)) for words in near_words(key)]
        query = TitleQuery(" & ".join(f"({word})" for word in words), config=search.CONFIG, search_type="raw")
        some = self.published.filter(search=query).order_by().values("pk")[:COMPARED]
        named = self.model.objects.filter(pk__in=some).annotate(closeness=search.closeness(Value(key)))
        return self.rows(named.order_by("-closeness")[:OFFERED])


LIBRARY = Library(Resource, _("Resource"), _("Resources"), _("See them in the library"), name=F("title"))
LISTED = (
    Government(
        Jurisdiction, _("Jurisdiction"), _("Jurisdictions"), _("See them in the list of jurisdictions"),
        name=Concat("name", Value(", "), "state"), kind="kind", listing=JurisdictionListing,
    ),
    Group(
        Cohort, _("Cohort"), _("Cohorts"), _("See them in the list of cohorts"), kind="kind", listing=CohortListing
    ),
    Group(
        Collaboration, _("Collaboration"), _("Collaborations"), _("See them in the list of collaborations"),
        kind="kind", listing=CollaborationListing,
    ),
    Measure(
        SharedMeasure, _("Shared measure"), _("Shared measures"), _("See them in the list of measures"),
        "method_note", Concat("name", Value(", "), "geography"), listing=MeasureListing,
    ),
    Group(
        Partner, _("Partner"), _("Partners"), _("See them in the list of partners"),
        kind="sector", listing=PartnerListing,
    ),
    Part(Topic, _("Topic"), _("Topics"), _("See all topics in the library"), "description"),
    Part(
        Collection, _("Reading list"), _("Reading lists"), _("See all reading lists in the library"),
        "purpose", F("title"),
    ),
)  # fmt: skip

# Of groups that are as good as each other, the first comes first.
GROUPS = {group.label: group for group in (*LISTED, LIBRARY)}


def ask(queries):
    """The rows of all queries in one statement, the closest first; of equals, in the order of the groups."""
    first, *others = queries
    order = list(GROUPS)
    return sorted(first.union(*others, all=True), key=lambda row: (-row[3], order.index(row[0]), row[4], row[1]))


# --- names while somebody types ---

# ~>=~ and ~<=~ compare in the order of the index; "{" comes after "z". Only the last word may not be whole yet. Folding
# has made "st" of "saint".
NEAR_WORDS = """
SELECT ARRAY[typed, CASE typed WHEN 'st' THEN 'saint' WHEN 'ft' THEN 'fort' WHEN 'mt' THEN 'mount' ELSE typed END]
  || CASE WHEN known <> '{}' OR length(typed) < 4 THEN known ELSE ARRAY(
    SELECT word FROM resources_word WHERE word %% typed AND word <-> typed < 0.6 ORDER BY word <-> typed, word LIMIT 3
  ) END
FROM (
  SELECT typed, position, position = max(position) OVER () AS is_last
  FROM string_to_table(%s, ' ') WITH ORDINALITY AS words(typed, position) ORDER BY position LIMIT %s
) words, LATERAL (
  SELECT ARRAY(
    SELECT word FROM resources_word
    WHERE word ~>=~ typed AND word ~<=~ (typed || CASE WHEN is_last THEN '{' ELSE '' END)
    ORDER BY word USING ~<~ LIMIT 3
  ) AS known
) vocabulary
ORDER BY position
"""


def near_words(key):
    """For each word of a folded text: it, and words of the library that begin with it, or else are spelled like it."""
    with connection.cursor() as cursor:
        cursor.execute(NEAR_WORDS, [key, MOST_WORDS])
        return [words for (words,) in cursor.fetchall()]


def attempts(key):
    """Yield the rows of one statement after the other, from what costs least to what forgives most."""
    yield ask(group.beginning(key) for group in GROUPS.values())
    if len(key) <= places.LONGEST_NAME:
        yield ask(group.resembling(key) for group in LISTED)
        yield ask([LIBRARY.resembling(key)])


def names(text):
    """Return at most `OFFERED` public things whose name `text` begins, or else resembles, as dicts."""
    key = search.fold(text)
    offered = {}
    for rows in attempts(key) if len(key) >= SHORTEST else ():
        for label, slug, name, *_others in rows:
            group = GROUPS[label]
            offered.setdefault((label, slug), {"name": name, "kind": str(group.one), "url": group.address(slug)})
        if len(offered) >= ENOUGH:
            break
    return list(offered.values())[:OFFERED]


# --- the page ---


@dataclass(frozen=True)
class Hit:
    """Something that was found; in `text` the words found are marked, for the template filter `marked`."""

    name: str
    url: str
    kind: str
    text: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the page: what was found of one kind, how many in words, and the link that leads on."""

    title: str
    number: str
    closeness: float
    more: str
    url: str
    hits: list = ()
    resources: list = ()


class Shelf(ResourceListing):
    """The library's few best answers. What it makes of a text without words, the site's search has asked before."""

    per_page = SHOWN

    def _read_text(self):
        return super(ResourceListing, self)._read_text()


class SiteSearch:
    """What the page `/search/` prints for the words that somebody typed."""

    def __init__(self, typed):
        self.text, self.notes = search.read(typed, _("Search"))
        library = Resource.objects.published().annotate(closeness=search.closeness(search.folded(self.text)))
        self.library = Shelf(library, {"q": self.text})
        self.sections = []
        if re.search(r"[^\W_]", self.text):
            found = sorted([*self._listed(), *self._resources()], key=lambda section: -section.closeness)
            is_named = any(section.closeness == 1 for section in found)
            self.sections = [*found, *self._register()] if is_named else [*self._register(), *found]

    def _listed(self):
        rows = ask(group.best(self.text) for group in LISTED)
        for group in LISTED:
            found = [row for row in rows if row[0] == group.label]
            if found:
                hits = [
                    Hit(name, group.address(slug), group.kind_in_words(kind), text)
                    for _label, slug, name, _closeness, _key, kind, text in found[:SHOWN]
                ]
                more, url = group.more, group.list_address(self.text)
                yield Section(group.title, in_words(found), found[0][3], more, url, hits)

    def _resources(self):
        if found := self.library.total and list(self.library.page):
            closeness = max(IN_TEXT, *(one.closeness for one in found))
            url = LIBRARY.list_address(self.text)
            yield Section(LIBRARY.title, self.library.found_in_words, closeness, LIBRARY.more, url, resources=found)

    def _register(self):
        """Governments outside the network that are called exactly so."""
        if found := Place.objects.called(self.text).outside_the_network()[: COUNTED + 1]:
            hits = [
                Hit(str(place), f"{self.peers_url}&id={place.pk}", place.get_kind_display())
                for place in found[:SHOWN]
            ]  # fmt: skip
            title, more = _("Governments that are not here yet"), _("See all with this name")
            yield Section(title, in_words(found), 1.0, more, self.peers_url, hits)

    @property
    def peers_url(self):
        """Where to look for the same words among all governments of the United States."""
        return f"{reverse('jurisdiction_peers')}?{urlencode({'place': self.text})}"


def in_words(found):
    return _("more than %(number)s") % {"number": COUNTED} if len(found) > COUNTED else str(len(found))
