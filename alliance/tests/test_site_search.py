"""One box over everything public, and the names that it offers while somebody types."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohorts.tests.factories import make_cohort, make_jurisdiction, make_place
from members.collaborations.tests.factories import make_collaboration
from members.partners.tests.factories import make_partner
from resources.tests.factories import make_collection, make_resource, make_topic

pytestmark = pytest.mark.django_db


def sections(client, text):
    """[(title, names)] of what the page of a search shows, from top to bottom."""
    found = client.get("/search/", {"q": text}).context["search"].sections
    return [
        (str(section.title), [hit.name for hit in section.hits] + [one.title for one in section.resources])
        for section in found
    ]


def offered(client, text):
    return [name["name"] for name in client.get("/search/names/", {"q": text}).json()["names"]]


# --- with the first content ---

SAINT_PAUL = [
    "st paul", "St. Paul", "SAINT PAUL", "saint paul mn", "St Paul, MN", "Saint Paul, Minnesota",
    "city of st. paul", "The City of Saint Paul", "City of Saint Paul, MN", "sãint paul", "st  paul city", "Saint-Paul",
]  # fmt: skip
GOVERNMENTS = {
    "Ramsey County": "Ramsey County, MN",
    "ramsey county mn": "Ramsey County, MN",
    "county of ramsey": "Ramsey County, MN",
    "hennepin co": "Hennepin County, MN",
    "minneapolis, minnesota": "Minneapolis, MN",
    "minneaplis": "Minneapolis, MN",
    "St Louis Park": "St. Louis Park, MN",
    "saint louis park mn": "St. Louis Park, MN",
    "town of chapel hill nc": "Chapel Hill, NC",
    "washington dc": "District of Columbia, DC",
    "New York": "New York City, NY",
    "nyc": "New York City, NY",
}


@pytest.mark.usefixtures("seeded")
class TestFirstContent:
    @pytest.mark.parametrize("typed", SAINT_PAUL)
    def test_saint_paul_comes_first_however_it_is_typed(self, typed, client):
        title, names = sections(client, typed)[0]
        assert (title, names[0]) == ("Jurisdictions", "Saint Paul, MN")

    @pytest.mark.parametrize(("typed", "name"), GOVERNMENTS.items())
    def test_a_government_comes_first_by_its_name_alone(self, typed, name, client):
        named = {title: names[0] for title, names in sections(client, typed)}
        assert named["Jurisdictions"] == name

    def test_a_name_with_another_state_is_another_government(self, client):
        assert sections(client, "saint paul ne")[0] == ("Governments that are not here yet", ["Saint Paul, NE"])

    @pytest.mark.parametrize(
        ("typed", "title", "first"),
        [
            ("minnesota cohort", "Cohorts", "Minnesota cohort"),
            ("our mpls", "Collaborations", "OUR MPLS"),
            ("local progress", "Partners", "Local Progress"),
            ("housing", "Topics", "Housing"),
            ("budgets that look at race", "Reading lists", "Budgets that look at race"),
            ("racial equity toolkit opportunity", "Resources", None),
        ],
    )
    def test_the_group_with_the_closest_name_comes_first(self, typed, title, first, client):
        found_title, names = sections(client, typed)[0]
        assert found_title == title
        assert names[0] == (first or "Racial Equity Toolkit: An Opportunity to Operationalize Equity")

    def test_a_government_outside_the_network_is_named_and_leads_to_its_peers(self, client):
        page = client.get("/search/?q=northfield+mn")
        (section,) = [one for one in page.context["search"].sections if "not here yet" in str(one.title)]
        assert [hit.name for hit in section.hits] == ["Northfield, MN"]
        assert "Northfield, MN" in client.get(section.hits[0].url).context["chosen"].__str__()
        assert '<a href="/jurisdictions/peers/?place=northfield+mn">' in page.content.decode()

    def test_the_number_of_a_group_is_that_of_its_list(self, client):
        for section in client.get("/search/?q=minnesota").context["search"].sections:
            listing = client.get(section.url).context["listing"]
            assert (str(section.title), str(section.number)) == (str(section.title), str(listing.total))

    def test_a_long_group_is_counted_to_a_bound_and_shown_by_five(self, client):
        (section,) = [
            one for one in client.get("/search/?q=county").context["search"].sections if one.title == "Jurisdictions"
        ]
        assert (str(section.number), len(section.hits)) == ("more than 20", 5)

    def test_a_misspelled_word_of_the_library_finds_what_was_meant_and_says_so(self, client):
        page = client.get("/search/?q=comunity+engagment")
        assert "Showing results for “community engagement”." in page.content.decode()
        assert "Resources" in dict(sections(client, "comunity engagment"))

    def test_nothing_found_says_so_and_leads_on(self, client):
        page = client.get("/search/?q=qqqqqq").content.decode()
        assert "We found nothing for “qqqqqq”." in page
        assert '<a href="/jurisdictions/peers/?place=qqqqqq">' in page

    def test_the_example_searches_of_the_empty_page_find_something(self, client):
        page = client.get("/search/").content.decode()
        examples = re.findall(r'<a href="(\?q=[^"]+)"', page)
        assert len(examples) == 6
        assert [client.get(f"/search/{one}").context["search"].sections == [] for one in examples] == [False] * 6

    @pytest.mark.parametrize(
        ("typed", "first"),
        [
            ("st pa", "Saint Paul, MN"),
            ("saint paul, mn", "Saint Paul, MN"),
            ("paul", "Saint Paul, MN"),
            ("minneaplis", "Minneapolis, MN"),
            ("hous", "Housing"),
            ("local pro", "Local Progress"),
            ("first coh", "First cohort"),
            ("our m", "OUR MPLS"),
            ("start here", "Start here: your first ninety days"),
            ("comunity engagment", "Community engagement"),
            ("budget filter suplemental", "Race and Social Justice Budget and Policy Filter Supplemental Toolkit"),
        ],
    )
    def test_a_name_is_offered_by_its_beginning_its_words_or_a_misspelling(self, typed, first, client):
        assert offered(client, typed)[0] == first

    @pytest.mark.parametrize("typed", ["", " ", "s", "!!", "中文", "topic", "sample", "kind"])
    def test_too_little_or_a_word_of_ours_offers_nothing_out_of_place(self, typed, client):
        assert [name for name in offered(client, typed) if typed not in name.lower()] in ([], ["King County, WA"])

    def test_ten_names_are_offered_once_each_with_kind_and_address(self, client):
        names = client.get("/search/names/?q=racial").json()["names"]
        assert len({name["url"] for name in names}) == len(names) == 10
        assert names[0] == {
            "name": "Racial Equity Advancement & Collaborative Hub (REACH)",
            "kind": "Cohort",
            "url": "/cohorts/reach/",
        }

    def test_the_names_may_be_kept_for_five_minutes(self, client):
        control = client.get("/search/names/?q=st").headers["Cache-Control"]
        assert sorted(control.split(", ")) == ["max-age=300", "public"]


# --- rules ---

MAKERS = {
    "Jurisdictions": lambda **fields: make_jurisdiction(name="Zebra hollow", **fields),
    "Cohorts": lambda **fields: make_cohort(name="Zebra hollow", **fields),
    "Collaborations": lambda **fields: make_collaboration(name="Zebra hollow", **fields),
    "Partners": lambda **fields: make_partner(name="Zebra hollow", **fields),
    "Topics": lambda **fields: make_topic(name="Zebra hollow", **fields),
    "Reading lists": lambda **fields: make_collection(title="Zebra hollow", **fields),
    "Resources": lambda **fields: make_resource(title="Zebra hollow", **fields),
}


@pytest.mark.parametrize("group", MAKERS)
def test_a_published_page_of_each_kind_is_found_and_offered(group, client):
    one = MAKERS[group]()
    found = client.get("/search/?q=zebra+hollow")
    assert [str(section.title) for section in found.context["search"].sections] == [group]
    assert f'<a href="{one.get_absolute_url()}">' in found.content.decode()
    for typed in ("zeb", "hollow", "zebra holow"):
        names = client.get("/search/names/", {"q": typed}).json()["names"]
        assert [name["url"] for name in names] == [one.get_absolute_url()]


@pytest.mark.parametrize("status", ["draft", "archived"])
@pytest.mark.parametrize("group", MAKERS)
def test_what_is_not_published_is_neither_found_nor_offered(group, status, client):
    MAKERS[group](status=status)
    assert sections(client, "zebra hollow") == []
    assert [offered(client, typed) for typed in ("zeb", "hollow", "zebra holow")] == [[], [], []]


def test_a_government_without_a_public_page_is_still_outside_the_network(client):
    make_jurisdiction(status="draft", name="Zebra hollow", place=make_place(name="Zebra hollow"))
    assert sections(client, "zebra hollow") == [("Governments that are not here yet", ["Zebra hollow, MN"])]


def test_the_governments_of_the_register_come_behind_one_that_is_here(client):
    make_jurisdiction(name="Zebra hollow", place=make_place(name="Zebra hollow"))
    make_place(name="Zebra hollow", state="WI")
    assert [title for title, _names in sections(client, "zebra hollow")] == [
        "Jurisdictions",
        "Governments that are not here yet",
    ]


def test_markup_in_names_and_texts_is_inert_and_words_are_marked(client):
    make_partner(name="<b>Zebra</b>", summary="A <em>zebra</em> & more")
    make_topic(name="<i>Zebra</i> work", description="For <u>zebra</u> keepers")
    page = client.get("/search/?q=zebra").content.decode()
    assert "<b>Zebra" not in page
    assert "&lt;b&gt;Zebra&lt;/b&gt;" in page
    assert "A &lt;em&gt;<mark>zebra</mark>&lt;/em&gt; &amp; more" in page
    assert "<u>" not in page


def test_results_are_not_for_search_engines_but_the_box_is(client):
    robots = '<meta name="robots" content="noindex">'
    assert [robots in client.get(f"/search/{query}").content.decode() for query in ("", "?q=st+paul")] == [False, True]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text() | st.text("ab\"'-|&!:*()<>\\ \0%_{}$", max_size=30))
def test_no_text_breaks_the_search_or_the_names(client, text):
    assert client.get("/search/", {"q": text}).status_code == 200
    assert client.get("/search/names/", {"q": text}).status_code == 200


@pytest.mark.parametrize("rows", [1, 30])
def test_names_take_one_statement_on_a_hit_and_four_more_at_most(rows, client):
    for number in range(rows):
        make_resource(title=f"Zebra handbook {number}")
        make_jurisdiction(name=f"Zebra {number}")

    def asked(text):
        with CaptureQueriesContext(connection) as queries:
            client.get("/search/names/", {"q": text})
        return len(queries)

    # Folding is a question of its own; then names, names spelled like it, words of the library, titles with those.
    assert [asked("z"), asked("qqqq")] == [1, 5]
    assert asked("zebra") == (5 if rows == 1 else 2)
