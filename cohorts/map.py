"""The map of the United States: where a point lies on the outline, and how crowded points are told apart.

The outline (static/img/us.svg) is 975 by 610 units, drawn with the Albers USA projection of the Census Bureau's
us-atlas; the functions here place longitudes and latitudes on it. Source of the formulas: Snyder, Map Projections: A
Working Manual (USGS Professional Paper 1395), Albers equal-area conic.
"""

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache

from django.urls import reverse

from alliance.core.vocabulary import State

WIDTH, HEIGHT = 975, 610
SCALE, CENTER_X, CENTER_Y = 1300, 487.5, 305

# How much room a point takes, from its center: so that each can be seen and touched.
ROOM = {"first": 9, "member": 5.5, "part": 5.5, "state": 15}
# From this many points on, the map shows one point a state, with a number.
MOST_POINTS = 150
# Real crowds part within 60 rounds; the bound keeps an impossible one from going on for ever.
MOST_ROUNDS = 400


def conic(parallels, rotation, center, scale, offset):
    """Return the function (longitude, latitude) -> (x, y) of an Albers equal-area conic projection."""
    sin_0, sin_1 = (math.sin(math.radians(parallel)) for parallel in parallels)
    n = (sin_0 + sin_1) / 2
    c = 1 + sin_0 * (2 * n - sin_0)

    def raw(turn, latitude):
        radius = math.sqrt(c - 2 * n * math.sin(latitude)) / n
        return radius * math.sin(n * turn), math.sqrt(c) / n - radius * math.cos(n * turn)

    center_x, center_y = raw(*map(math.radians, center))

    def project(longitude, latitude):
        # The turn is brought into -180..180, since the Aleutians lie on both sides of the date line.
        turn = math.radians((longitude + rotation + 180) % 360 - 180)
        x, y = raw(turn, math.radians(latitude))
        return offset[0] + scale * (x - center_x), offset[1] - scale * (y - center_y)

    return project


MAINLAND = conic((29.5, 45.5), 96, (-0.6, 38.7), SCALE, (CENTER_X, CENTER_Y))
ALASKA = conic((55, 65), 154, (-2, 58.5), 0.35 * SCALE, (CENTER_X - 0.307 * SCALE, CENTER_Y + 0.201 * SCALE))
HAWAII = conic((8, 18), 157, (-3, 19.9), SCALE, (CENTER_X - 0.205 * SCALE, CENTER_Y + 0.212 * SCALE))
PROJECTIONS = {State.AK: ALASKA, State.HI: HAWAII}
# The outline has no room for these; what lies there is named beside the map.
OFF_THE_MAP = {State.AS, State.GU, State.MP, State.PR, State.VI}


@cache
def project(longitude, latitude, state):
    """Return (x, y) on the outline, or None for a place that the outline does not show."""
    if longitude is None or state in OFF_THE_MAP:
        return None
    return PROJECTIONS.get(state, MAINLAND)(longitude, latitude)


@lru_cache(maxsize=16)
def spread(points):
    """Move points (a tuple of (x, y, room)) apart until none reaches into another's room; (x, y) in the same order.

    Pairs push each other away along the line between them, the same way every time, so that a page never changes by
    itself. The result depends on nothing but the points, so one computation serves all requests of a process.
    """
    moved = [list(point) for point in points]
    for _round in range(MOST_ROUNDS):
        if not _push_apart(moved):
            break
    return tuple((round(x, 1), round(y, 1)) for x, y, _room in moved)


def _push_apart(points):
    """One round: part every pair that is too close by a bit more than what is missing; say if any was."""
    crowded = False
    for i, one in enumerate(points):
        for j in range(i + 1, len(points)):
            other = points[j]
            # A little more than is needed, so that rounding takes nothing away.
            gap = one[2] + other[2] + 0.4
            dx, dy = other[0] - one[0], other[1] - one[1]
            if abs(dx) >= gap or abs(dy) >= gap or (distance := math.hypot(dx, dy)) >= gap - 0.2:
                continue
            crowded = True
            # Two points on one spot part in a direction of their own.
            angle = math.atan2(dy, dx) if distance > 0.01 else 2.4 * (i + j)
            step = 1.1 * (gap - distance)
            # What takes more room stands firmer: small points step aside for the first cohort.
            share = other[2] ** 3 / (one[2] ** 3 + other[2] ** 3)
            for point, way in ((one, -share * step), (other, (1 - share) * step)):
                point[0] += way * math.cos(angle)
                point[1] += way * math.sin(angle)
    return crowded


# The labels of the first cohort: a box around the text, tried at these distances and directions from the point.
LETTER_WIDTH, LINE_HEIGHT = 9.2, 18
LABEL_DISTANCES = (12, 34, 62)
LABEL_DIRECTIONS = (
    (1, 0),
    (-1, 0),
    (0.5, -1),
    (-0.5, -1),
    (0.5, 1),
    (-0.5, 1),
    (1, -0.6),
    (-1, -0.6),
    (1, 0.6),
    (-1, 0.6),
)


@dataclass(frozen=True)
class Label:
    """Where the name of a point stands: text position, anchor, and a line to the point where it is far."""

    x: float
    y: float
    anchor: str
    tie: str = ""


@dataclass
class Point:
    """A point of the map: where it is drawn, its shape and look, and where it leads."""

    x: float
    y: float
    shape: str
    look: str
    name: str
    short_name: str
    url: str
    number: int = 1
    label: Label = None


@dataclass(frozen=True)
class Map:
    """What the template draws: points, the states that have any, and the governments without a point."""

    points: list
    states: list
    absent: list

    @property
    def shapes(self):
        """Which shapes are drawn, for the key."""
        return {point.shape for point in self.points}


# Shapes tell kinds apart, colors the link to the Alliance: each can be read without the other.
SHAPES = {"county": "county", "city": "city", "town": "city", "city_county": "city"}


def draw(jurisdictions):
    """Return the Map of governments, which come from `Jurisdiction.objects.for_map()`.

    Above MOST_POINTS there is one point a state, with its number.
    """
    jurisdictions = list(jurisdictions)
    placed = [(spot, one) for one in jurisdictions if (spot := spot_of(one))]
    return Map(
        points=_points_by_state(placed) if len(placed) > MOST_POINTS else _points(placed),
        states=sorted({one.state for one in jurisdictions} - OFF_THE_MAP),
        absent=[one for one in jurisdictions if not spot_of(one)],
    )


def spot_of(jurisdiction):
    figures = jurisdiction.figures
    return project(figures.longitude, figures.latitude, jurisdiction.state)


def look_of(jurisdiction):
    if jurisdiction.in_first_cohort:
        return "first"
    return "member" if jurisdiction.is_member else "part"


def _points(placed):
    spots = spread(tuple((*spot, ROOM[look_of(one)]) for spot, one in placed))
    drawn = [
        Point(x, y, SHAPES.get(one.kind, "other"), look_of(one), str(one), one.name, one.get_absolute_url())
        for (x, y), (_spot, one) in zip(spots, placed, strict=True)
    ]
    first = [point for point in drawn if point.look == "first"]
    labels = place_labels(tuple((point.x, point.y, point.short_name) for point in first), spots)
    for point, label in zip(first, labels, strict=True):
        point.label = label
    # The first cohort is drawn last, so that nothing hides it.
    return [point for point in drawn if point.look != "first"] + first


@lru_cache(maxsize=16)
def place_labels(names, spots):
    """Find for each (x, y, text) a Label that covers as few `spots` and other labels as can be; in the same order."""
    labels, boxes = [], []
    for x, y, text in names:
        choices = [_label_at(x, y, text, distance, way) for distance in LABEL_DISTANCES for way in LABEL_DIRECTIONS]
        label, box, _distance = min(choices, key=lambda choice: _cost((x, y), *choice[1:], spots, boxes))
        labels.append(label)
        boxes.append(box)
    return labels


def _label_at(x, y, text, distance, way):
    """(Label, box, end of the line to it) of a text that stands `distance` from its point in the direction `way`."""
    width = LETTER_WIDTH * len(text)
    text_x, middle = x + way[0] * distance, y + way[1] * distance
    left = text_x if way[0] > 0 else text_x - width
    tie = f"M{x:.0f},{y:.0f}L{text_x:.0f},{middle:.0f}" if distance > LABEL_DISTANCES[0] else ""
    label = Label(round(text_x, 1), round(middle + 6, 1), "start" if way[0] > 0 else "end", tie)
    return label, (left, middle - LINE_HEIGHT / 2, left + width, middle + LINE_HEIGHT / 2), (text_x, middle)


def _cost(point, box, end, spots, boxes):
    """How bad a label is: points and labels that it covers, points that its line touches, and how far it stands."""
    left, top, right, bottom = box
    covered = sum(left - 5 < x < right + 5 and top - 5 < y < bottom + 5 for x, y in spots)
    touched = sum(_distance_to_line(spot, point, end) < 8 for spot in spots if spot != point)
    overlaps = sum(left < b[2] and b[0] < right and top < b[3] and b[1] < bottom for b in boxes)
    outside = left < 0 or right > WIDTH
    return 3 * covered + 6 * touched + 12 * overlaps + 20 * outside + math.dist(point, end) / 20


def _distance_to_line(spot, start, end):
    (x, y), (x1, y1), (x2, y2) = spot, start, end
    dx, dy = x2 - x1, y2 - y1
    along = max(0, min(1, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy)))
    return math.hypot(x - x1 - along * dx, y - y1 - along * dy)


def _points_by_state(placed):
    states = defaultdict(list)
    for spot, one in placed:
        states[one.state].append(spot)
    centers = tuple(
        (*(sum(axis) / len(spots) for axis in zip(*spots, strict=True)), ROOM["state"]) for spots in states.values()
    )
    address = reverse("jurisdiction_list")
    return [
        Point(x, y, "state", "member", State(state).label, state, f"{address}?state={state}", len(states[state]))
        for (x, y), state in zip(spread(centers), states, strict=True)
    ]
