"""Where collaborations are: the map of the list, and the nearest one for a government that sits in none."""

import pytest

from cohorts.models import Jurisdiction
from cohorts.tests.factories import make_jurisdiction, make_place
from members.partners.tests.factories import make_partner

from .factories import make_collaboration, make_seat

pytestmark = pytest.mark.django_db


def make_government(name, latitude=None, longitude=None, **fields):
    """A government at a point; one degree of latitude is 69.1 miles."""
    return make_jurisdiction(name=name, place=make_place(latitude=latitude, longitude=longitude), **fields)


def points(client, query=""):
    return sorted(point.short_name for point in client.get(f"/collaborations/{query}").context["map"].points)


def test_the_map_shows_the_member_governments_of_the_collaborations_found(client):
    north, south = make_collaboration(states=["MN"]), make_collaboration(states=["TX"])
    make_seat(collaboration=north, jurisdiction=make_government("Ada", 45, -93))
    make_seat(collaboration=north, partner=make_partner(jurisdiction=make_government("Bend", 44, -93)))
    make_seat(collaboration=north, jurisdiction=make_government("Former", 46, -93), ended="2020")
    make_seat(collaboration=north, jurisdiction=make_government("Quiet", 46, -94, status="draft"))
    make_seat(collaboration=south, jurisdiction=make_government("Clay", 30, -97))
    make_seat(
        collaboration=make_collaboration(status="draft", states=["MN"]), jurisdiction=make_government("Draft", 47, -93)
    )
    assert points(client) == ["Ada", "Bend", "Clay"]
    assert points(client, "?state=MN") == ["Ada", "Bend"]
    assert points(client, "?q=nothing+of+that+name") == []


def test_a_government_in_two_of_them_is_one_point(client):
    ada = make_government("Ada", 45, -93)
    for _ in range(2):
        make_seat(collaboration=make_collaboration(), jurisdiction=ada)
    make_seat(collaboration=make_collaboration(), partner=make_partner(jurisdiction=ada))
    assert points(client) == ["Ada"]


def test_the_list_says_how_to_start_one_along_the_five_conditions(client):
    start = client.get("/collaborations/?state=WY").content.decode().split('id="start"')[1]
    assert start.count("<li><h3>") == 5


@pytest.fixture
def near_and_far():
    """Two collaborations, 69 and 138 miles north of a government at 45 degrees, and others that do not count."""
    near, far = make_collaboration(name="Near", slug="near"), make_collaboration(name="Far", slug="far")
    make_seat(collaboration=near, partner=make_partner(jurisdiction=make_government("One", 46, -93)))
    make_seat(collaboration=far, jurisdiction=make_government("Two", 47, -93))
    there = {"latitude": 45.1, "longitude": -93}
    make_seat(collaboration=make_collaboration(status="draft"), jurisdiction=make_government("Three", **there))
    make_seat(collaboration=make_collaboration(ended="2020"), jurisdiction=make_government("Four", **there))
    make_seat(jurisdiction=make_government("Five", **there), ended="2020")
    make_seat(jurisdiction=make_government("Six", **there, status="draft"))
    make_seat(jurisdiction=make_government("Seven"))
    return near, far


def nearest(government):
    found = Jurisdiction.objects.nearest_collaboration(government)
    return found and (found[0], round(found[2], 1))


def test_the_nearest_is_the_one_with_the_nearest_member_that_sits_there_now(near_and_far):
    here = make_government("Here", 45, -93)
    assert nearest(here) == ("Near", 69.1)
    assert nearest(make_government("There", 48, -93)) == ("Far", 69.1)


def test_nobody_knows_how_far_it_is_from_a_place_that_is_not_known(near_and_far):
    assert nearest(make_government("Nowhere")) is None


def works_with(client, government):
    page = client.get(government.get_absolute_url()).content.decode()
    return page.split('id="works-with"')[1].split("</section>")[0]


def test_a_government_in_none_is_told_of_the_nearest_and_beyond_100_miles_how_to_start_one(near_and_far, client):
    start = '<a href="/collaborations/#start">How to start one</a>'
    told = works_with(client, make_government("Here", 45, -93))
    assert 'The nearest one is <a href="/collaborations/near/">Near</a>, with a member 69 miles away.' in told
    assert start not in told
    told = works_with(client, make_government("Distant", 44.5, -93))
    assert "with a member 104 miles away." in told
    assert "That is farther than 100 miles." in told
    assert start in told


def test_where_there_is_none_at_all_it_is_told_how_to_start_one(client):
    told = works_with(client, make_government("Alone", 45, -93))
    assert "No collaboration on record." in told
    assert "nearest" not in told
    assert '<a href="/collaborations/#start">How to start one</a>' in told


def test_a_government_that_sits_in_one_is_told_of_that_one_only(near_and_far, client):
    here = make_government("Here", 45, -93)
    make_seat(collaboration=near_and_far[1], jurisdiction=here)
    told = works_with(client, here)
    assert "Far</a>" in told
    assert "nearest" not in told


@pytest.mark.parametrize("rows", [1, 30])
def test_the_nearest_is_one_question_more(rows, client, django_assert_num_queries):
    for n in range(rows):
        make_seat(collaboration=make_collaboration(), jurisdiction=make_government(f"Town {n}", 40 + n / 10, -93))
    here = make_government("Here", 45, -93)
    with django_assert_num_queries(8):
        assert client.get(here.get_absolute_url()).status_code == 200
