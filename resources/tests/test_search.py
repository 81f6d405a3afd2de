"""The questions of the library's search: corrections, the safety of any text, ranking, and samples."""

import pytest
from django.db import connection
from django.http import QueryDict
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from alliance.core.search import highlight
from resources.listings import ResourceListing
from resources.models import Resource
from resources.search import CORRECTED, WORD, Question, correct, count, literal, rank, replaced

from .factories import make_resource

pytestmark = pytest.mark.django_db

OPERATORS = st.lists(
    st.sampled_from(
        ["comunity", "housing", '"', "-", " ", "or", "OR", ":*", "&", "!", "<->", "<2>", "(", ")", "'", "\\", "\x00",
         "sample:1", "title:housing", "kind:toolkit", "<script>", "🏙️", "é", "%s", "%(text)s", "{hits}", "$$"]
    )
).map("".join)  # fmt: skip
ANY_TEXT = st.text() | st.text(max_size=10).map(lambda text: text * 2000) | OPERATORS

with_database = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def guide():
    return make_resource(title="<b>Community</b> housing", summary='A "guide" & <script>more</script>', slug="guide")


# Whatever is typed


@with_database
@given(ANY_TEXT)
@example("a" * 10_000)
@example("!!! -- '' \"\" :* & ! <->")
def test_no_text_gives_an_error_and_all_html_is_inert(guide, typed):
    params = QueryDict(mutable=True)
    params.setlist("q", [typed])
    listing = ResourceListing(Resource.objects.published(), params)
    assert listing.total in (0, 1)
    assert [one.pk for one in listing.page] == [guide.pk] * listing.total
    assert (listing.chips != []) == (listing.text != "")
    if not listing.text and typed.split():
        assert listing.notes
    for one in listing.page:
        for text in (getattr(one, "headline", ""), getattr(one, "title_headline", "")):
            inert = highlight(text).replace("<mark>", "").replace("</mark>", "")
            assert not set("<>\"'") & set(inert)


@with_database
@given(st.dictionaries(st.sampled_from(["topic", "kind", "year", "jurisdiction", "state", "after", "sort"]), ANY_TEXT))
def test_no_filter_gives_an_error(guide, typed):
    params = QueryDict(mutable=True)
    params.update(typed)
    listing = ResourceListing(Resource.objects.published(), params)
    assert listing.total in (0, 1)
    assert [one.pk for one in listing.page] == [guide.pk] * listing.total


def test_two_hundred_filters_at_once_are_read_as_one_of_each(guide):
    query = "&".join(f"topic=no-{number}&kind=toolkit&extra-{number}=x" for number in range(200))
    listing = ResourceListing(Resource.objects.published(), QueryDict(query))
    assert (listing.active, listing.total, len(listing.notes)) == ({"kind": "toolkit"}, 1, 1)


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1))
@with_database
def test_a_literal_is_one_word_to_the_database(word):
    with connection.cursor() as cursor:
        cursor.execute("SELECT numnode(%s::tsquery), array_to_tsvector(ARRAY[%s]) @@ %s::tsquery", [
            literal(word), word, literal(word),
        ])  # fmt: skip
        assert cursor.fetchone() == (1, True)


@pytest.mark.parametrize("typed", ["sample:1", "title:community", "kind:toolkit", "'kind:toolkit'", "language:en"])
def test_nobody_finds_by_words_that_are_ours(typed):
    make_resource(title="Community")
    assert count(Question(typed))[""].total == 0


# Corrections


@given(st.text(), st.dictionaries(st.text(min_size=1), st.text(), max_size=5))
def test_only_whole_words_are_replaced(text, words):
    parts, others = WORD.findall(text), WORD.split(text)
    assert replaced(text, words) == "".join(
        other + words.get(part, part) for other, part in zip(others, [*parts, ""], strict=True)
    )


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        ("comunity engagment", "community engagement"),
        ('"comunity engagement" -toolkti', '"community engagement" -toolkit'),
        ("comunity or enggagement", "community or engagement"),
        ("Comunity's", "community's"),
        ("comunity-engagement", "community-engagement"),
        ("cómunity", "community"),
        ("community engagement", "community engagement"),
        ("engagements", "engagements"),
        ("com", "com"),
        ("xyzzy", "xyzzy"),
        ("2016", "2016"),
    ],
)
def test_a_word_that_nothing_has_becomes_the_nearest_that_something_has(typed, corrected):
    make_resource(title="Community engagement toolkit")
    assert correct(typed) == (corrected, corrected)


def test_words_of_hidden_resources_correct_nothing():
    make_resource(title="Secretplan", status="draft")
    make_resource(title="Otherplan", status="archived")
    assert correct("secretplna otherplna") == ("secretplna otherplna",) * 2


def test_a_word_that_stands_in_a_text_only_is_known():
    make_resource(title="Community", body="A communitas is meant.")
    assert correct("communitas") == ("communitas", "communitas")


def test_of_two_words_that_are_as_near_the_more_frequent_one_is_taken():
    make_resource(title="Raced")
    for _ in range(3):
        make_resource(title="Races")
    assert correct("racez") == ("races", "races")


def test_only_so_many_words_are_corrected(django_assert_num_queries):
    make_resource(title="Community")
    typed = " ".join(["comunity", *(f"zzzz{'abcdefghij'[number]}q" for number in range(CORRECTED)), "comuniti"])
    with django_assert_num_queries(1):
        assert correct(typed)[0] == typed.replace("comunity", "community")


# Ranking and samples


def test_all_hits_are_ranked_where_they_are_few():
    keys = {make_resource(title="Rent").pk for _ in range(5)}
    assert rank(Question("rent"), True, limit=3)[1] == 5
    assert set(rank(Question("rent"), True, limit=9)[0]) == keys


def test_filters_do_not_count_as_relevance():
    make_resource(title="Rent", kind="toolkit")
    one = make_resource(title="Rent rent", kind="toolkit")
    labels = {"kind": "kind:toolkit"}
    assert rank(Question("rent", labels), True, 1)[0] == rank(Question("rent"), True, 1)[0] == [one.pk]


def test_each_resource_is_in_every_sample_that_is_denser_than_one_it_is_in():
    for _ in range(60):
        make_resource()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, array(SELECT unnest(tsvector_to_array(search))) FROM resources_resource")
        samples = [
            {int(word.removeprefix("sample:")) for word in words if word.startswith("sample:")}
            for _key, words in cursor.fetchall()
        ]
    steps = [1, 4, 16, 64, 256, 1024, 4096]
    assert all(own == set(steps[: len(own)]) for own in samples)
    assert {len(own) for own in samples} >= {1, 2}
