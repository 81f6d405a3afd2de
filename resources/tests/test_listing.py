"""The list of the library: facets right under each other's filters, corrections, orders, and pages at any size."""

import random
from collections import Counter

import pytest
from django.db import transaction
from django.db.models import Q
from django.http import Http404, QueryDict
from django.utils.html import strip_tags

from alliance.core.search import highlight
from cohorts.tests.factories import make_jurisdiction
from resources import search
from resources.listings import ResourceListing
from resources.models import Resource, Topic

from .factories import make_adoption, make_resource, make_topic

pytestmark = pytest.mark.django_db


class Wide(ResourceListing):
    per_page = 500


def listing(query="", kind=ResourceListing):
    return kind(Resource.objects.published(), QueryDict(query))


def titles(query):
    return [one.title for one in listing(query).page]


def counts(query, param):
    choices = next(choices for facet, choices in listing(query).choices if facet.param == param)
    return {choice.value: choice.number for choice in choices}


def follow(first, kind=ResourceListing):
    """The pages from an address on, by the link to the next one."""
    page = listing(first, kind)
    while True:
        yield page
        if not has(page.page.has_next):
            return
        page = listing(page.next_url.removeprefix("?"), kind)


def has(side):
    """Django's pages have methods where ours have attributes."""
    return side() if callable(side) else side


# Facets


@pytest.fixture
def shelf():
    """A few resources with topics, governments, stages, years and languages; a draft with the same."""
    housing, health = make_topic(slug="housing", name="Housing"), make_topic(slug="health", name="Health")
    hidden = make_topic(slug="hidden", name="Hidden", status="draft")
    paul = make_jurisdiction(slug="saint-paul-mn", name="Saint Paul", state="MN")
    seattle = make_jurisdiction(slug="seattle-wa", name="Seattle", state="WA")
    make_resource(title="One plan", kind="toolkit", stage="organize", year=2016, topics=[housing, health])
    make_resource(title="Two plan", kind="report", stage="organize", year=2016, topics=[housing], mentions=[paul])
    make_resource(title="Three", kind="report", stage="normalize", language="es", topics=[health, hidden])
    make_adoption(resource=Resource.objects.get(title="Three"), jurisdiction=seattle)
    make_resource(title="Four plan", kind="report", status="draft", year=2016, topics=[housing], mentions=[paul])


def test_every_facet_says_what_occurs_under_its_name(shelf):
    assert {
        facet.param: [(choice.value, str(choice.label), choice.number) for choice in choices]
        for facet, choices in listing().choices
    } == {
        "topic": [("health", "Health", 2), ("housing", "Housing", 2)],
        "kind": [("report", "Report", 2), ("toolkit", "Toolkit", 1)],
        "stage": [("organize", "Organize", 2), ("normalize", "Normalize", 1)],
        "state": [("MN", "Minnesota", 1), ("WA", "Washington", 1)],
        "jurisdiction": [("saint-paul-mn", "Saint Paul", 1), ("seattle-wa", "Seattle", 1)],
        "year": [("2016", "2016", 2)],
        "language": [("en", "English", 2), ("es", "Spanish", 1)],
    }


def test_each_facet_is_counted_under_the_text_and_all_filters_but_its_own(shelf):
    assert counts("q=plan&kind=report", "kind") == {"toolkit": 1, "report": 1}
    assert counts("q=plan&kind=report", "topic") == {"housing": 1}
    assert counts("topic=health&kind=toolkit&stage=organize", "topic") == {"health": 1, "housing": 1}
    assert counts("topic=health&kind=toolkit&stage=organize", "stage") == {"organize": 1}


def test_years_stand_from_the_newest_on(shelf):
    make_resource(year=2010)
    make_resource(year=2020)
    years = next(choices for facet, choices in listing().choices if facet.param == "year")
    assert [choice.value for choice in years] == ["2020", "2016", "2010"]


def test_an_unknown_or_unpublished_value_is_left_out_with_a_note(shelf):
    one = listing("topic=hidden&jurisdiction=nowhere&kind=poem&year=20x6&state=ZZ")
    assert (one.active, one.total) == ({}, 3)
    assert sorted(one.notes) == [
        "Jurisdiction: we don't know “nowhere”, so we left it out.",
        "Kind: we don't know “poem”, so we left it out.",
        "State: we don't know “ZZ”, so we left it out.",
        "Topic: we don't know “hidden”, so we left it out.",
        "Year: we don't know “20x6”, so we left it out.",
    ]


def test_a_filter_that_finds_nothing_has_its_name_on_the_chip(shelf):
    one = listing("topic=housing&jurisdiction=seattle-wa")
    assert one.total == 0
    assert [str(label) for label, _url in one.chips] == ["Housing", "Seattle"]
    assert [(str(label), number) for label, _url, number in one.loosenings] == [("Housing", 1), ("Seattle", 2)][::-1]


def test_where_nothing_matches_the_text_is_offered_to_be_left_out_too(shelf):
    one = listing("q=plan&language=es")
    assert [(str(label), url, number) for label, url, number in one.loosenings] == [
        ("Spanish", "?q=plan", 2),
        ("“plan”", "?language=es", 1),
    ]


@pytest.mark.parametrize("seed", range(4))
def test_counts_and_rows_are_those_that_counting_by_hand_gives(seed):
    chance = random.Random(seed)
    topics = [make_topic(slug=f"topic-{n}", status="published" if n else "draft") for n in range(4)]
    places = [
        make_jurisdiction(slug=f"place-{n}", state=chance.choice(["MN", "WA"]), status="published" if n else "draft")
        for n in range(4)
    ]
    for _ in range(30):
        one = make_resource(
            title=" ".join(chance.sample(["budget", "housing", "police", "water"], 2)),
            kind=chance.choice(["toolkit", "report"]),
            stage=chance.choice(["", "normalize", "organize"]),
            language=chance.choice(["en", "es"]),
            year=chance.choice([None, 2015, 2020]),
            status=chance.choice(["published", "published", "published", "draft", "archived"]),
            topics=chance.sample(topics, chance.randrange(3)),
            mentions=chance.sample(places, chance.randrange(2)),
        )
        for place in chance.sample(places, chance.randrange(2)):
            make_adoption(resource=one, jurisdiction=place)
    shelf = [(one.pk, one.title.split(), labels_by_hand(one)) for one in Resource.objects.published()]
    for _ in range(12):
        word = chance.choice(["", "budget", "housing"])
        labels = dict(chance.sample(sorted(chance.choice(shelf)[2]), chance.randrange(4)))
        found = listing("&".join([f"q={word}", *(f"{param}={value}" for param, value in labels.items())]), Wide)
        with_word = [(pk, own) for pk, words, own in shelf if not word or word in words]
        right = {pk for pk, own in with_word if own >= set(labels.items())}
        assert ({one.pk for one in found.page}, found.total, found.is_exact) == (right, len(right), True)
        for facet, choices in found.choices:
            others = {(param, value) for param, value in labels.items() if param != facet.param}
            by_hand = Counter(
                value for _pk, own in with_word if own >= others for param, value in own if param == facet.param
            )
            assert {choice.value: choice.number for choice in choices if choice.number} == by_hand


def labels_by_hand(resource):
    """What filters should find it, from its relations rather than from what the database keeps of them."""
    places = {
        place
        for place in [*resource.mentions.all(), *(adoption.jurisdiction for adoption in resource.adoptions.all())]
        if place.is_published
    }
    labels = {("kind", resource.kind), ("language", resource.language)}
    labels |= {("stage", resource.stage)} if resource.stage else set()
    labels |= {("year", str(resource.year))} if resource.year else set()
    labels |= {("topic", topic.slug) for topic in resource.topics.all() if topic.is_published}
    labels |= {("jurisdiction", place.slug) for place in places} | {("state", place.state) for place in places}
    return labels


# Text


def test_words_of_stop_lists_find():
    make_resource(title="A house of their own")
    make_resource(title="Working through the budget")
    assert (titles("q=own"), titles("q=through")) == (["A house of their own"], ["Working through the budget"])


def test_the_best_match_has_the_words_where_they_weigh_most():
    make_resource(title="In the text", body="Rent control is a policy.")
    make_resource(title="In the summary", summary="Rent control explained.")
    make_resource(title="By whom", publisher="Rent Control Board")
    make_resource(title="Rent control")
    assert titles("q=rent+control") == ["Rent control", "By whom", "In the summary", "In the text"]


def test_of_equal_matches_those_in_use_come_first_then_the_newest_then_the_latest():
    for title, year in [("Rent a", None), ("Rent b", 2015), ("Rent c", 2020), ("Rent d", 2020), ("Rent e", 2010)]:
        make_resource(title=title, year=year)
    make_adoption(resource=Resource.objects.get(title="Rent e"))
    assert titles("q=rent") == ["Rent e", "Rent d", "Rent c", "Rent b", "Rent a"]


def test_title_and_summary_are_marked_and_their_markup_is_inert():
    make_resource(title="<b>Rent</b> & more", summary="<i>rents</i>")
    (one,) = listing("q=rent").page
    assert highlight(one.title_headline) == "&lt;b&gt;<mark>Rent</mark>&lt;/b&gt; &amp; more"
    assert highlight(one.headline) == "&lt;i&gt;<mark>rents</mark>&lt;/i&gt;"


def test_without_a_text_nothing_is_marked(shelf):
    assert not any(hasattr(one, "headline") for one in listing().page)


def test_quotes_minus_and_or_work():
    for title in ("Land trust", "Trust the land", "Water"):
        make_resource(title=title)
    assert titles('q="land+trust"') == ["Land trust"]
    assert titles("q=trust+-the") == ["Land trust"]
    assert sorted(titles('q="land+trust"+or+water')) == ["Land trust", "Water"]


def test_only_words_to_leave_out_show_the_others_and_say_so():
    make_resource(title="Land")
    make_resource(title="Water")
    one = listing("q=-water")
    assert [row.title for row in one.page] == ["Land"]
    assert one.notes == ["This shows everything but what has the words behind a minus."]


@pytest.mark.parametrize("text", ["!!!", "-", '"" -""', "& | ! <->", "…", "🏙️"])
def test_a_text_without_words_is_left_out_with_a_note(text):
    make_resource()
    one = listing(QueryDict(mutable=True).urlencode() + f"q={QueryDict.fromkeys(['q'], text).urlencode()[2:]}")
    assert (one.text, one.order, one.total) == ("", "newest", 1)
    assert one.notes == [f"“{text}” has no word that we could search for, so we left it out."]


# Corrections


@pytest.fixture
def engagement():
    make_resource(title="Community engagement guide")
    make_resource(title="Community budget")
    make_resource(title="Secretplan", status="draft")


def test_a_misspelled_text_shows_what_was_meant_and_leads_back(engagement):
    one = listing("q=comunity+engagment&kind=toolkit")
    assert one.corrected == "community engagement"
    assert [row.title for row in one.page] == ["Community engagement guide"]
    assert highlight(one.page[0].title_headline) == "<mark>Community</mark> <mark>engagement</mark> guide"
    assert (one.text, one.as_typed_url) == (
        "comunity engagment",
        "?q=comunity+engagment&kind=toolkit&spelling=typed",
    )
    as_typed = listing(one.as_typed_url.removeprefix("?"))
    assert (as_typed.corrected, as_typed.total) == ("", 0)
    assert dict(as_typed.chips)["Toolkit"] == "?q=comunity+engagment&spelling=typed"


def test_what_only_hidden_resources_have_is_never_offered(engagement):
    one = listing("q=secretplna")
    assert (one.corrected, one.suggestion, one.total) == ("", None, 0)


def test_a_rare_spelling_is_kept_and_the_usual_one_is_suggested(engagement):
    make_resource(title="Comunidad: comunity")
    for _ in range(10):
        make_resource(title="Community")
    one = listing("q=comunity")
    assert (one.corrected, [row.title for row in one.page]) == ("", ["Comunidad: comunity"])
    assert one.suggestion == ("community", "?q=community")


def test_nothing_is_suggested_for_words_that_are_right(engagement):
    one = listing("q=engagement")
    assert (one.corrected, one.suggestion) == ("", None)


# Orders and pages


def test_orders():
    for title, year in [("Undated", None), ("Old", 2001), ("New", 2020), ("New too", 2020)]:
        make_resource(title=title, year=year)
    make_adoption(resource=Resource.objects.get(title="Undated"))
    assert titles("") == ["New too", "New", "Old", "Undated"]
    assert titles("sort=used") == ["Undated", "New too", "New", "Old"]
    assert list(listing("q=new").available_orders) == ["match", "newest", "used"]


def test_a_short_list_has_numbered_pages_of_twenty():
    for number in range(45):
        make_resource(title=f"Plan {number}", year=2000 + number % 7)
    pages = [listing(f"q=plan&sort={order}&page={n}") for order in ("match", "newest", "used") for n in (1, 2, 3)]
    assert [len(page.page) for page in pages] == [20, 20, 5] * 3
    for start in (0, 3, 6):
        assert len({one.pk for page in pages[start : start + 3] for one in page.page}) == 45
    assert [number for number, _url in pages[0].page_links] == [1, 2, 3]
    assert (pages[3].next_url, pages[4].previous_url) == ("?q=plan&sort=newest&page=2", "?q=plan&sort=newest&page=1")
    for order in ("match", "newest"):
        with pytest.raises(Http404):
            listing(f"q=plan&sort={order}&page=4").page  # noqa: B018 - to ask for the page is the test


@pytest.mark.parametrize(
    ("order", "cursor"),
    [
        ("newest", "x"),
        ("newest", "2016"),
        ("newest", "2016-1-2"),
        ("newest", "2016-" + "9" * 19),
        ("newest", "-1-1"),
        ("newest", "٢٠١٦-1"),
        ("used", "2016-1"),
        ("match", "2016-1"),
    ],
)
@pytest.mark.parametrize("side", ["after", "before"])
def test_a_broken_cursor_is_left_out_with_a_note(side, order, cursor):
    make_resource(title="Plan")
    one = listing(f"q=plan&sort={order}&{side}={cursor}")
    assert ([row.title for row in one.page], len(one.notes)) == (["Plan"], 1)


def test_a_cursor_behind_the_last_row_is_no_page():
    make_resource(year=2016)
    with pytest.raises(Http404):
        listing("after=0-1").page  # noqa: B018 - to ask for the page is the test


# A large library


@pytest.fixture(scope="module")
def large(django_db_setup, django_db_blocker):
    """6,000 resources, some without a year, many alike; rolled back behind the last test of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        topic = Topic.objects.create(name="Water", slug="water", status="published", published_at="2020-01-01T00:00Z")
        made = Resource.objects.bulk_create(
            Resource(
                title=f"Plan {'river' if number % 3 == 0 else 'lake'}{' rare' if number % 1000 == 0 else ''}",
                slug=f"plan-{number}",
                kind="toolkit" if number % 4 == 0 else "report",
                year=None if number % 5 == 0 else 2000 + number % 11,
                url=f"https://example.org/{number}",
                status="draft" if number % 100 == 99 else "published",
                published_at="2020-01-01T00:00Z",
            )
            for number in range(6000)
        )
        Resource.topics.through.objects.bulk_create(
            Resource.topics.through(resource=one, topic=topic) for one in made[:300]
        )
        yield made
        transaction.set_rollback(True)


def test_few_hits_of_many_are_counted_exactly(large):
    one = listing("q=river")
    assert (one.total, one.is_exact, one.found_in_words) == (1980, True, "1980")
    assert counts("q=river", "kind") == {"report": 1480, "toolkit": 500}
    assert {choice.number_in_words for _facet, choices in one.choices for choice in choices} >= {"1480", "500"}


def test_many_hits_are_estimated_and_say_so(large):
    one = listing("q=plan")
    assert not one.is_exact
    assert one.found_in_words.startswith("about ")
    assert one.total == pytest.approx(5940, rel=0.1)
    assert counts("q=plan", "kind")["report"] == pytest.approx(4440, rel=0.12)
    kinds = next(choices for facet, choices in one.choices if facet.param == "kind")
    assert all(choice.number_in_words.startswith("about ") for choice in kinds)


def test_each_facet_is_as_exact_as_its_own_question_allows(large):
    one = listing("kind=toolkit")
    assert (one.total, one.is_exact) == (1500, True)
    assert counts("kind=toolkit", "topic") == {"water": 75}
    assert not any(choice.is_exact for facet, choices in one.choices if facet.param == "kind" for choice in choices)


def test_of_many_hits_the_best_are_ranked_and_the_last_page_leads_on(large):
    # Every title has the word, so only what lies in the sample of titles can be seen to be the best.
    special = Resource.objects.published().labelled("sample", 16).order_by("pk")[9]
    Resource.objects.filter(pk=special.pk).update(title="Plan of plans: plan")
    first, *others = follow("q=plan")
    assert first.page.object_list[0].pk == special.pk
    seen = [one.pk for page in (first, *others) for one in page.page]
    assert len(seen) == len(set(seen)) >= 300
    assert [page.further_url for page in others] == [""] * (len(others) - 1) + ["?q=plan&sort=newest"]
    assert not listing(others[-1].further_url.removeprefix("?")).is_exact
    Resource.objects.filter(pk=special.pk).update(title=special.title)


@pytest.mark.parametrize("query", ["sort=newest", "sort=used", "sort=newest&q=lake", "sort=used&q=plan+-river"])
def test_going_on_and_back_meets_every_row_once_in_order(query, large):
    shown = Resource.objects.published().order_by()
    rows = shown.filter(title__contains="lake") if "q=" in query else shown
    by_year = {pk: year or 0 for pk, year in rows.values_list("pk", "year")}
    right = sorted(by_year, key=lambda pk: (by_year[pk], pk), reverse=True)
    pages = list(follow(query, Wide))
    assert [one.pk for page in pages for one in page.page] == right
    back = pages[-1]
    seen = [one.pk for one in back.page]
    while has(back.page.has_previous):
        back = listing(back.previous_url.removeprefix("?"), Wide)
        seen = [one.pk for one in back.page] + seen
    assert seen == right


def test_hits_that_all_stand_far_behind_are_listed_too(large):
    """More rows without a hit come first than the listing walks through."""
    Resource.objects.filter(Q(year__lt=2006) | Q(year=None)).update(language="es")
    one = listing("language=es&sort=newest")
    assert not one.is_exact
    assert Resource.objects.published().filter(language="en").count() > search.WALKED
    right = Resource.objects.published().filter(language="es").newest()[:20]
    assert [row.pk for row in one.page] == [row.pk for row in right]


def test_hidden_resources_are_not_in_samples(large):
    Resource.objects.filter(status="draft").update(language="es")
    assert counts("q=plan", "language").keys() == {"en"}


# What it costs


@pytest.mark.parametrize(
    ("query", "number"),
    [("", 4), ("q=river", 5), ("q=rivre&topic=water", 7), ("topic=water&sort=used", 5), ("q=plan", 5)],
)
def test_a_page_asks_a_fixed_number_of_questions(query, number, large, django_assert_num_queries):
    with django_assert_num_queries(number):
        one = ResourceListing(Resource.objects.published().with_topics(), QueryDict(query))
        assert [[topic.name for topic in row.public_topics] for row in one.page]
        assert one.chips is not None
        assert strip_tags(one.found_in_words)
        assert one.choices
