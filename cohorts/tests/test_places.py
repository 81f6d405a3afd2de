import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohorts import register
from cohorts.models import Place
from cohorts.places import Reading, readings
from cohorts.tests.factories import make_jurisdiction, make_place


@pytest.fixture(scope="module")
def _shipped(django_db_setup, django_db_blocker):
    """The shipped register, loaded once for the whole module and taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        register.load_shipped()
        yield
        transaction.set_rollback(True)


ANY_TEXT = st.text(st.characters(exclude_categories=()))  # lone surrogates too

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_shipped")]


def found(text, limit=10):
    return [str(place) for place in Place.objects.lookup(text, limit)]


# The shipped register


def test_the_shipped_register_has_every_place_and_county():
    assert Place.objects.filter(source="geonames", kind="place", geoid=None).count() == 21_783
    assert Place.objects.filter(source="census", kind="county", geoid__regex=r"^\d{5}$").count() == 3_142
    assert Place.objects.count() == 24_925


def test_a_shipped_place_has_its_figures():
    place = Place.objects.get(name="Minneapolis", state="MN")
    assert (place.source_id, place.population, place.latitude, place.longitude) == ("5037649", 410939, 44.98, -93.2638)


def test_unknown_figures_of_the_sources_are_null_and_not_zero_or_nan():
    assert not Place.objects.filter(population=0).exists()
    assert Place.objects.get(geoid="51610").latitude is None  # Falls Church: its outline is too small for a centroid


def test_loading_twice_is_refused_and_leaves_the_register_as_it_was():
    with pytest.raises(Exception, match="cohorts_place_source_once"), transaction.atomic():
        register.load_shipped()
    assert Place.objects.count() == 24_925


# What people type


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("minneaplis", "Minneapolis, MN"),
        ("MINNEAPOLIS", "Minneapolis, MN"),
        ("st paul", "Saint Paul, MN"),
        ("Saint Paul", "Saint Paul, MN"),
        ("doña ana", "Doña Ana County, NM"),
        ("dona ana county", "Doña Ana County, NM"),
        ("Prince George's", "Prince George's County, MD"),
        ("prince georges county maryland", "Prince George's County, MD"),
        ("hennepin county", "Hennepin County, MN"),
        ("hennepin co", "Hennepin County, MN"),
        ("hennepin county, mn", "Hennepin County, MN"),
        ("hennepn county", "Hennepin County, MN"),
        ("County of Los Angeles", "Los Angeles County, CA"),
        ("orleans parish", "Orleans Parish, LA"),
        ("baltimore county", "Baltimore County, MD"),
        ("baltmore county", "Baltimore County, MD"),
        ("City of Minneapolis", "Minneapolis, MN"),
        ("City and County of San Francisco", "San Francisco, CA"),
        ("Madison WI", "Madison, WI"),
        ("madison, wisconsin", "Madison, WI"),
        ("madison mn", "Madison, MN"),
        ("franklin town, massachusetts", "Franklin, MA"),
        ("st. louis park mn", "Saint Louis Park, MN"),
        ("new york", "New York City, NY"),
        ("new york, ny", "New York City, NY"),
        ("nyc", "New York City, NY"),
        ("Winston Salem", "Winston-Salem, NC"),
        ("kansas city", "Kansas City, MO"),
        ("kansas city kansas", "Kansas City, KS"),
        ("washington dc", "Washington, DC"),
        ("Washington, D.C.", "Washington, DC"),
        ("dc", "Washington, DC"),
        ("charleston west virginia", "Charleston, WV"),
        ("denver co", "Denver, CO"),
        ("rocky mount", "Rocky Mount, NC"),
        ("port washington", "Port Washington, NY"),
        ("charles city county", "Charles City County, VA"),
        ("coeur dalene", "Coeur d'Alene, ID"),
        ("hawaii kai", "Hawai‘i Kai, HI"),
        ("bosten", "Boston, MA"),
        ("springfeild", "Springfield, MO"),
        ("vegas", "Las Vegas, NV"),
        ("minneap", "Minneapolis, MN"),
        ("minneap  mn", "Minneapolis, MN"),
        ("mn", "Minneapolis, MN"),
        ("minnesota", "Minnesota Lake, MN"),
    ],
)
def test_lookup_puts_first_what_a_person_means(typed, first):
    assert found(typed)[0] == first


def test_of_the_same_name_the_place_with_more_people_comes_first():
    places = Place.objects.lookup("springfield", 5)
    assert {place.name for place in places} == {"Springfield"}
    people = [place.population for place in places]
    assert people == sorted(people, reverse=True)


def test_a_county_counts_as_a_county_of_median_size():
    names = found("orange", 40)
    assert names.index("Orange, CA") < names.index("Orange County, CA") < names.index("Orange, TX")


def test_of_a_county_and_an_independent_city_of_its_name_the_county_comes_first():
    for geoid in ("24590", "24101"):
        make_place(name="Calvertville", state="MD", kind="county", geoid=geoid, population=None)
    assert found("calvertville")[:2] == ["Calvertville County, MD", "Calvertville (county equivalent), MD"]


def test_an_exact_name_comes_before_a_longer_name_with_more_people():
    make_place(name="Lake", state="MS", population=1)
    names = found("lake", 200)
    assert names.index("Lake, MS") < names.index("Lakewood, CO")


@pytest.mark.parametrize(
    ("typed", "exact"),
    [("Madison WI", ["Madison, WI"]), ("hennepin county mn", ["Hennepin County, MN"]), ("minneap", []), ("bosten", [])],
)
def test_a_place_knows_whether_the_text_is_its_name(typed, exact):
    assert [str(place) for place in Place.objects.lookup(typed) if place.is_exact] == exact


def test_a_state_narrows_the_search():
    assert all(name.endswith(", OR") for name in found("springfield oregon"))
    assert all(name.endswith(", OR") for name in found("sprngfield oregon"))


def test_a_state_may_also_be_part_of_the_name():
    assert readings("port washington") == [Reading("port washington"), Reading("port", state="WA")]


def test_state_and_kind_are_read_in_either_order():
    town = Reading("madison", state="WI", kinds=("town", "place"))
    assert readings("madison town wisconsin")[-1] == readings("madison wi town")[-1] == town


def test_of_two_governments_of_one_name_the_kind_that_was_typed_comes_first():
    Place.objects.filter(name="Madison", state="WI").update(kind="city", geoid="5548000")
    Place.objects.create(source="ocd", source_id="x", name="Madison", county="Dane County", state="WI", kind="town")
    assert found("Town of Madison, WI")[:2] == ["Madison (town, Dane County), WI", "Madison, WI"]
    assert found("Madison town WI")[0] == "Madison (town, Dane County), WI"
    assert found("City of Madison, Wisconsin")[0] == "Madison, WI"
    assert found("madison wi")[0] == "Madison, WI"


@pytest.mark.parametrize("typed", ["", "   ", "%", "___", "...", "\0", "\n\t", "😀", "北京", "'", "\\", "\ud800"])
def test_text_without_a_letter_or_digit_finds_nothing(typed):
    assert found(typed) == []


@pytest.mark.parametrize("typed", ["minne%", "minne_", "minne\0", "minne\\", "“minne”"])
def test_wildcards_and_control_characters_mean_nothing(typed):
    assert found(typed) == found("minne")


def test_a_wildcard_inside_a_word_is_a_gap_between_words():
    assert found("st%paul")[0] == found("st_paul")[0] == "Saint Paul, MN"
    assert "Minneapolis, MN" not in found("m%s")


def test_the_limit_holds_and_nothing_comes_twice():
    assert len(found("san", 3)) == 3
    names = [place.pk for place in Place.objects.lookup("winston salem", 50)]
    assert len(names) == len(set(names))
    assert len(names) <= 50


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY_TEXT | st.lists(st.sampled_from(["city of", "County", "MN", "new york", "St.", "%", "the"])).map(" ".join))
def test_no_text_makes_lookup_fail(typed):
    assert len(Place.objects.lookup(typed)) <= 10


# What it costs


def test_lookup_asks_two_questions_and_a_third_only_for_what_resembles(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert found("%") == []
    with django_assert_num_queries(2):
        assert len(found("st paul")) == 10
    with django_assert_num_queries(3):
        assert len(found("minneaplis")) < 10


def test_a_long_text_is_not_compared_with_every_name(django_assert_num_queries):
    with django_assert_num_queries(2):
        assert found("minneapolis " * 10) == []


def test_the_government_of_a_place_comes_without_a_further_query(django_assert_num_queries):
    place = Place.objects.get(name="Seattle", state="WA")
    make_jurisdiction(name="Seattle", slug="seattle-wa", place=place)
    with django_assert_num_queries(3):
        first, *others = Place.objects.lookup("seattle")
        assert first.jurisdiction.slug == "seattle-wa"
        assert not any(hasattr(other, "jurisdiction") for other in others)


@pytest.mark.parametrize("typed", ["minneap", "madison wi", "hennepin county mn", "minnesota"])
def test_names_are_found_by_an_index(typed):
    places, ways = Place.objects.all(), readings(typed)
    assert "Seq Scan on cohorts_place" not in places._beginning(ways).explain()
    if ways[-1].name:
        assert "cohorts_place_trigram" in places._resembling(ways[-1]).explain()


def test_the_names_beginning_with_a_text_are_found_by_the_prefix_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("DROP INDEX cohorts_place_trigram")
    assert "cohorts_place_prefix" in Place.objects.filter(key__startswith="minneap").explain()
