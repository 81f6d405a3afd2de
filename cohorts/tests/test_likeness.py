import math

import pytest

from cohorts import likeness
from cohorts.models import Jurisdiction
from cohorts.tests.factories import make_jurisdiction, make_place

pytestmark = pytest.mark.django_db

HERE = {"latitude": 45.0, "longitude": -93.0}


def government(kind="city", population=10_000, **fields):
    where = {name: fields.pop(name, HERE[name]) for name in HERE}
    return make_jurisdiction(kind=kind, place=make_place(population=population, **where), **fields)


def test_the_weights_add_up_to_one():
    assert likeness.KIND_WEIGHT + likeness.SIZE_WEIGHT + likeness.DISTANCE_WEIGHT == 1


def test_a_twin_next_door_is_as_like_as_can_be():
    government()
    (twin,) = Jurisdiction.objects.like(make_place(population=10_000, **HERE))
    assert (round(twin.likeness, 9), round(twin.miles, 3)) == (1.0, 0.0)


def test_each_of_kind_size_and_distance_decides_when_the_others_agree():
    place = make_place(population=10_000, **HERE)
    best = government()
    for other in ({"kind": "county"}, {"population": 40_000}, {"latitude": 40.0}):
        government(**other)
    assert Jurisdiction.objects.like(place).first() == best


def test_the_distance_is_that_of_the_great_circle():
    place = make_place(**HERE)
    one = government(latitude=47.6, longitude=-122.3)
    a, b = (math.radians(90 - 45.0), math.radians(90 - 47.6))
    turn = math.radians(122.3 - 93.0)
    expected = math.acos(math.cos(a) * math.cos(b) + math.sin(a) * math.sin(b) * math.cos(turn)) * 3959
    assert Jurisdiction.objects.like(place).get(pk=one.pk).miles == pytest.approx(expected)


def test_what_is_not_known_counts_for_nothing_and_is_not_said():
    county = make_place(kind="county", population=None, name="Hennepin", **HERE)
    nowhere = make_jurisdiction(kind="county", state="WI")
    (found,) = Jurisdiction.objects.like(county)
    assert (found, found.miles, found.likeness) == (nowhere, None, likeness.KIND_WEIGHT)
    assert likeness.reasons(found, county) == ["also a county"]


def test_a_place_without_coordinates_is_compared_by_the_rest():
    place = make_place(population=10_000, latitude=None, longitude=None)
    government()
    (found,) = Jurisdiction.objects.like(place)
    assert (found.miles, round(found.likeness, 6)) == (None, likeness.KIND_WEIGHT + likeness.SIZE_WEIGHT)


@pytest.mark.parametrize(
    ("population", "words"),
    [
        (10_000, "about the same size, with 10,000 people"),
        (20_000, "about the same size, with 20,000 people"),
        (5_000, "about the same size, with 5,000 people"),
        (20_001, "larger, with 20,001 people"),
        (4_999, "smaller, with 4,999 people"),
    ],
)
def test_the_reason_of_size_is_true(population, words):
    place = make_place(population=10_000, state="WI", **HERE)
    government(population=population)
    (found,) = Jurisdiction.objects.like(place)
    assert likeness.reasons(found, place) == ["a city", words, "0 miles away"]


def test_a_city_that_is_also_a_county_is_like_both():
    both = government(kind="city_county")
    for kind in ("place", "county"):
        (found,) = Jurisdiction.objects.like(make_place(kind=kind, **HERE))
        assert found == both
        assert likeness.reasons(found, make_place(kind=kind))[0] == "a city and county"


def test_a_government_is_not_like_itself():
    one, other = government(), government()
    assert list(Jurisdiction.objects.like(one)) == [other]
    assert list(Jurisdiction.objects.like(one.place)) == [other]


def test_what_has_nothing_in_common_is_not_like():
    make_jurisdiction(kind="court", state="WI")
    assert not Jurisdiction.objects.like(make_place(**HERE)).exists()


@pytest.mark.parametrize("population", [None, 0])
def test_a_government_of_unknown_size_is_compared_by_the_rest(population):
    government(population=population)
    (found,) = Jurisdiction.objects.like(make_place(population=10_000, **HERE))
    assert round(found.likeness, 6) == likeness.KIND_WEIGHT + likeness.DISTANCE_WEIGHT


def test_what_lies_far_away_is_not_like_for_being_near_and_nothing_is_like_without_a_reason():
    place = make_place(kind="county", population=None, state="WI", **HERE)
    far = government(latitude=25.0, population=None)
    ranked = Jurisdiction.objects.like(place)
    assert list(ranked) == [far]
    assert likeness.most_like(place, ranked, 3) == []


def test_only_published_governments_are_shown():
    government(status="draft")
    assert not Jurisdiction.objects.like(make_place(**HERE)).exists()
