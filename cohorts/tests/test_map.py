import itertools
import math
import re
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from alliance.core.vocabulary import State
from cohorts import map
from cohorts.models import Jurisdiction
from cohorts.tests.factories import make_cohort, make_cohort_seat, make_jurisdiction, make_place

OUTLINE = Path(settings.BASE_DIR, "static/img/us.svg").read_text()


# Places and where d3's geoAlbersUsa (scale 1300, translate 487.5, 305) puts them: fixed points of the projection's own
# formulas, worked out apart from our code. The center of each part must fall on its own offset.
@pytest.mark.parametrize(
    ("longitude", "latitude", "state", "spot"),
    [
        (-96.6, 38.7, "KS", (487.5, 305.0)),
        (-156.0, 58.5, "AK", (487.5 - 399.1, 305 + 261.3)),
        (-160.0, 19.9, "HI", (487.5 - 266.5, 305 + 275.6)),
    ],
)
def test_the_center_of_each_part_falls_on_its_place(longitude, latitude, state, spot):
    assert map.project(longitude, latitude, state) == pytest.approx(spot, abs=0.5)


def polygon_boxes():
    """The box (left, top, right, bottom) of each state's outline in the picture of the map."""
    for name, path in re.findall(r'<path id="(\w\w)" d="([^"]+)"', OUTLINE):
        xs, ys = [], []
        for ring in path.split("z")[:-1]:
            start, _, steps = ring.removeprefix("M").partition("l")
            x, y = (int(number) for number in start.split(","))
            for dx, dy in pairs(steps):
                xs.append(x)
                ys.append(y)
                x, y = x + dx, y + dy
            xs.append(x)
            ys.append(y)
        yield name, (min(xs), min(ys), max(xs), max(ys))


def pairs(text):
    numbers = [int(number) for number in re.findall(r"-?\d+", text)]
    return zip(numbers[::2], numbers[1::2], strict=True)


CAPITALS = {
    "WA": (-122.9, 47.04),
    "FL": (-84.28, 30.44),
    "ME": (-69.78, 44.31),
    "TX": (-97.74, 30.27),
    "AK": (-134.42, 58.3),
    "HI": (-157.86, 21.31),
    "DC": (-77.02, 38.9),
}


@pytest.mark.parametrize("state", CAPITALS)
def test_a_capital_falls_into_the_outline_of_its_state(state):
    left, top, right, bottom = dict(polygon_boxes())[state]
    x, y = map.project(*CAPITALS[state], state)
    assert left - 2 <= x <= right + 2
    assert top - 2 <= y <= bottom + 2


def test_the_outline_has_every_state_that_the_map_shows():
    assert {name for name, _box in polygon_boxes()} == set(State.values) - set(map.OFF_THE_MAP)


def test_the_territories_and_the_unknown_have_no_spot():
    assert map.project(-66.1, 18.4, "PR") is None
    assert map.project(None, None, "MN") is None


def closest(spots, rooms):
    """How much room is left between the two points that are closest to each other's edges."""
    pairs = itertools.combinations(zip(spots, rooms, strict=True), 2)
    return min(math.dist(one, other) - a - b for (one, a), (other, b) in pairs)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.sampled_from([5.5, 9])), min_size=2, max_size=25))
def test_a_crowd_is_moved_apart_until_nobody_stands_in_anothers_room(points):
    spots = map.spread(tuple(points))
    assert closest(spots, [room for _x, _y, room in points]) >= -0.1


def test_points_with_room_stay_where_they_are():
    points = ((0, 0, 5.5), (11.5, 0, 5.5), (0, 300, 9))
    assert map.spread(points) == ((0, 0), (11.5, 0), (0, 300))


def test_the_same_points_are_always_spread_the_same_way():
    points = tuple((x % 7, x % 5, 5.5) for x in range(40))
    first = map.spread(points)
    map.spread.cache_clear()
    assert map.spread(points) == first


def test_what_takes_more_room_stands_firmer():
    (first, _y), (small, _y) = map.spread(((0, 0, 9), (4, 0, 5.5)))
    assert abs(first) < abs(small - 4) / 3


def test_labels_cover_no_point_and_no_other_label():
    spots = ((100, 100), (120, 100), (500, 300))
    names = ((100, 100, "Minneapolis"), (120, 100, "Saint Paul"), (500, 300, "Madison"))
    labels = map.place_labels(names, spots)
    boxes = []
    for label, (_x, _y, text) in zip(labels, names, strict=True):
        width = map.LETTER_WIDTH * len(text)
        left = label.x if label.anchor == "start" else label.x - width
        boxes.append((left, label.y - 15, left + width, label.y + 3))
    for left, top, right, bottom in boxes:
        assert not any(left < x < right and top < y < bottom for x, y in spots)
    for one, other in itertools.combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


@pytest.mark.django_db
def test_a_cohort_that_is_not_published_makes_nobody_first():
    make_cohort_seat(cohort=make_cohort(kind="forefront", status="draft"), jurisdiction=make_jurisdiction())
    assert Jurisdiction.objects.for_map().get().in_first_cohort is False


@pytest.mark.django_db
def test_shape_tells_the_kind_and_look_the_link():
    forefront = make_cohort(kind="forefront")
    first = make_jurisdiction(place=make_place(), role="cohort_participant")
    make_cohort_seat(cohort=forefront, jurisdiction=first)
    make_jurisdiction(place=make_place(), role="core_member", kind="county")
    make_jurisdiction(place=make_place(), role="early_adopter", kind="special_district")
    drawn = map.draw(Jurisdiction.objects.for_map().order_by("pk"))
    assert [(point.shape, point.look) for point in drawn.points] == [
        ("county", "member"),
        ("other", "part"),
        ("city", "first"),
    ]
    assert [bool(point.label) for point in drawn.points] == [False, False, True]


@pytest.mark.django_db
def test_above_150_points_there_is_one_for_each_state_with_its_number(client):
    for number in range(151):
        make_jurisdiction(place=make_place(longitude=-93 - number / 100), state="MN" if number < 100 else "WI")
    drawn = map.draw(Jurisdiction.objects.for_map())
    assert [(point.name, point.number, point.url) for point in drawn.points] == [
        ("Minnesota", 100, "/jurisdictions/?state=MN"),
        ("Wisconsin", 51, "/jurisdictions/?state=WI"),
    ]
    assert "<title>Minnesota (100)</title>" in client.get("/").content.decode()


@pytest.mark.django_db
def test_a_government_without_a_spot_is_named_as_absent():
    court = make_jurisdiction(kind="court")
    drawn = map.draw(Jurisdiction.objects.for_map())
    assert (drawn.absent, drawn.points, drawn.states) == ([court], [], ["MN"])
