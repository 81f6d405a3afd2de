"""Search over everything public: the groups of `/search/`, and the names that are offered while somebody types."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.postgres.search import SearchQuery, TrigramWordDistance
from django.db import connection
from django.db.models import F, FloatField, Model, Value
from django.db.models.functions import Collate, Concat, Greatest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from alliance.core import search
from cohorts.listings import CohortListing, JurisdictionListing
from cohorts.models import Cohort, Jurisdiction, Place
from cohorts.places import LONGEST_NAME
from members.collaborations.listings import CollaborationListing
from members.collaborations.models import Collaboration
from members.partners.listings import PartnerListing
from members.partners.models import Partner
from resources.models import Collection, Resource, Topic

SHOWN = 5
COUNTED = 20  # beyond this a group says "more than 20"
OFFERED = 10
SHORTEST = 2
# Of a very common word, this many resources are looked at.
CANDIDATES = 400
# To look for what resembles each word costs; nobody means more of them in a name.
MOST_WORDS = 8


@dataclass
class Hit:
    """A thing that was found, as the page prints it; `text` has the words in it marked for the filter `marked`."""

    name: str
    url: str
    kind: str
    text: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the page: what one group found, and where to look on. `rows` are at most one more than `COUNTED`."""

    title: str
    hits: list
    closeness: float
    more: str
    url: str

    @property
    def shown(self):
        return self.hits[:SHOWN]

    @property
    def number(self):
        if len(self.hits) > COUNTED:
            return _("more than %(number)s") % {"number": COUNTED}
        return len(self.hits)


@dataclass(frozen=True)
class Group:
    """One kind of thing with public pages, and the columns that hold its name, its kind and a text about it."""

    model: type[Model]
    one: str
    title: str
    more: str
    text: str
    name: object = F("name")
    kind: str = ""
    listing: type = None

    @property
    def label(self):
        return self.model._meta.model_name

    @property
    def published(self):
        return self.model.objects.published()

    def found(self, text):
        """What the group's own list finds, with `closeness`."""
        if self.listing:
            return self.listing(self.published, {"q": text}).found
        return search.search(self.published, text, texts=(self.text,))

    def best(self, text):
        rows = self.found(text).order_by("-closeness", "key", "pk")[: COUNTED + 1]
        return self.rows(rows, F(self.kind) if self.kind else Value(""), self.text)

    def beginning(self, text):
        """Names that begin with `text`, in the order of the index that finds them."""
        rows = self.published.annotate(name_key=Collate("key", "C"), closeness=search.closeness(text))
        return self.rows(rows.filter(name_key__startswith=search.folded(text)).order_by("name_key")[:OFFERED])

    def resembling(self, text):
        """Names with a part that is spelled like `text`."""
        folded = search.folded(text)
        rows = self.published.filter(key__trigram_word_similar=folded).annotate(closeness=search.closeness(text))
        return self.rows(rows.order_by(TrigramWordDistance(folded, "key"))[:OFFERED])

    def rows(self, queryset, *columns):
        """(label of the group, slug, name, closeness, …): one shape for all groups, so that one statement asks them."""
        return queryset.values_list(Value(self.label), "slug", self.name, "closeness", "key", *columns)

    def hit(self, slug, name, kind, text):
        kinds = dict(self.model._meta.get_field(self.kind).choices) if self.kind else {}
        return Hit(name, self.address(slug), kinds.get(kind, ""), text)

    def address(self, slug):
        return reverse(f"{self.label}_detail", args=[slug])

    def list_address(self, text):
        return f"{reverse(f'{self.label}_list')}?{urlencode({'q': text})}"


class Government(Group):
    """Names that a state or a kind follows are understood too."""

    def resembling(self, text):
        named = self.published.filter(Jurisdiction.objects.meaning(text)).annotate(closeness=Value(1.0))
        return super().resembling(text).union(self.rows(named[:OFFERED]), all=True)


class Part(Group):
    """What has no list of its own, but a part of the library's page."""

    def list_address(self, text):
        return reverse("resource_list")


class Library(Group):
    """A million titles are too many to compare: each typed word is looked up among the words that occur in them."""

    def found(self, text):
        query = SearchQuery(text, config=search.CONFIG, search_type="websearch")
        candidates = self.published.filter(search=query).values("pk")[:CANDIDATES]
        closeness = Greatest(search.closeness(text), Value(0.4), output_field=FloatField())
        return Resource.objects.filter(pk__in=candidates).annotate(closeness=closeness)

    def resembling(self, text):
        words = [" | ".join(f"{word}:*A" for word in words) for words in near_words(text)]
        query = SearchQuery(" & ".join(f"({word})" for word in words), config=search.CONFIG, search_type="raw")
        return self.rows(self.published.filter(search=query).annotate(closeness=search.closeness(text))[:OFFERED])


# Of groups that are as good as each other, the first comes first.
GROUPS = {
    group.label: group
    for group in (
        Government(
            Jurisdiction, _("Jurisdiction"), _("Jurisdictions"), _("See them in the list of jurisdictions"),
            "summary", Concat("name", Value(", "), "state"), "kind", JurisdictionListing,
        ),
        Group(
            Cohort, _("Cohort"), _("Cohorts"), _("See them in the list of cohorts"),
            "summary", kind="kind", listing=CohortListing,
        ),
        Group(
            Collaboration, _("Collaboration"), _("Collaborations"), _("See them in the list of collaborations"),
            "summary", kind="kind", listing=CollaborationListing,
        ),
        Group(
            Partner, _("Partner"), _("Partners"), _("See them in the list of partners"),
            "summary", kind="sector", listing=PartnerListing,
        ),
        Part(Topic, _("Topic"), _("Topics"), _("See all topics in the library"), "description"),
        Part(
            Collection, _("Reading list"), _("Reading lists"), _("See all reading lists in the library"),
            "purpose", F("title"),
        ),
        Library(
            Resource, _("Resource"), _("Resources"), _("See them in the library"),
            "summary", F("title"), "kind",
        ),
    )
}  # fmt: skip


def ask(queries):
    """The rows of all queries in one statement, the closest first; of equals, in the order of the groups."""
    first, *others = queries
    order = list(GROUPS)
    return sorted(first.union(*others, all=True), key=lambda row: (-row[3], order.index(row[0]), row[4], row[1]))


# ~>=~ and ~<~ compare by the alphabet of the index; "{" comes after "z".
NEAR_WORDS = """
SELECT CASE
  WHEN length(typed) < 4 OR EXISTS (SELECT FROM resources_word WHERE word ~>=~ typed AND word ~<~ (typed || '{'))
  THEN ARRAY[typed]
  ELSE ARRAY(
    SELECT word FROM resources_word WHERE word %% typed AND word <-> typed < 0.6 ORDER BY word <-> typed, word LIMIT 3
  ) || typed
END
FROM string_to_table(fold(%s), ' ') WITH ORDINALITY AS words(typed, position)
WHERE typed <> '' ORDER BY position LIMIT %s
"""


def near_words(text):
    """For each word of `text`: itself, where a word of the library begins with it, else those spelled most like it."""
    with connection.cursor() as cursor:
        cursor.execute(NEAR_WORDS, [text, MOST_WORDS])
        return [words for (words,) in cursor.fetchall()]


def names(text):
    """Return at most `OFFERED` public things whose name `text` may begin or mean, as dicts for `/search/names/`."""
    if len(text) < SHORTEST:
        return []
    rows = ask(group.beginning(text) for group in GROUPS.values())
    if len(rows) < OFFERED and len(text) <= LONGEST_NAME:
        rows += ask(group.resembling(text) for group in GROUPS.values())
    offered = {}
    for label, slug, name, *_others in rows:
        group = GROUPS[label]
        offered.setdefault(group.address(slug), {"name": name, "kind": str(group.one), "url": group.address(slug)})
    return list(offered.values())[:OFFERED]


class SiteSearch:
    """What the page `/search/` prints for the words that somebody typed."""

    def __init__(self, typed):
        self.text, self.notes = search.read(typed, _("Search"))
        self.sections = sorted(self._sections(), key=lambda section: -section.closeness) if self.text else []
        self._mark()

    def _sections(self):
        """What each group found, and the governments of that very name that are not in the network."""
        rows = ask(group.best(self.text) for group in GROUPS.values())
        for label, group in GROUPS.items():
            found = [row for row in rows if row[0] == label]
            if found:
                hits = [group.hit(slug, name, kind, text) for _label, slug, name, _close, _key, kind, text in found]
                yield Section(group.title, hits, found[0][3], group.more, group.list_address(self.text))
        places = Place.objects.called(self.text).outside_the_network()[: COUNTED + 1]
        if places:
            hits = [Hit(str(place), f"{self.peers_url}&id={place.pk}", place.get_kind_display()) for place in places]
            title, more = _("Governments that are not here yet"), _("See all that are called so")
            is_named = any(row[0] == "jurisdiction" and row[3] == 1 for row in rows)
            yield Section(title, hits, 0 if is_named else 1, more, self.peers_url)

    def _mark(self):
        shown = [hit for section in self.sections for hit in section.shown]
        if shown:
            for hit, text in zip(shown, search.excerpts([hit.text for hit in shown], self.text), strict=True):
                hit.text = text

    @property
    def peers_url(self):
        """Where to look for the same words among all governments of the United States."""
        return f"{reverse('jurisdiction_peers')}?{urlencode({'place': self.text})}"

    @cached_property
    def suggestion(self):
        """Where nothing was found: the same words as the library spells them, if it spells any of them otherwise."""
        if self.sections or not self.text:
            return ""
        words = near_words(self.text)
        return " ".join(near[0] for near in words) if any(len(near) > 1 for near in words) else ""
