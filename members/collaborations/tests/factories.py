"""Collaborations for tests, published unless you say otherwise."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib import import_module

from alliance.core.tests.factories import make_user, numbers
from members.collaborations.models import (
    Activity,
    Collaboration,
    DataPoint,
    Gathering,
    JoinRequest,
    PopulationGroup,
    Seat,
    SharedMeasure,
    Steward,
    Update,
)
from members.partners.tests.factories import make_partner


def make_collaboration(**fields):
    number = next(numbers)
    values = {
        "name": f"Collaboration {number}",
        "slug": f"collaboration-{number}",
        "kind": Collaboration.Kind.LOCAL,
        "region": "Twin Cities",
        "states": ["MN"],
        "status": Collaboration.Status.PUBLISHED,
    }
    return Collaboration.objects.create(**values | fields)


def make_seat(**fields):
    """A seat of a name as printed, unless you give a partner or a jurisdiction."""
    values = {} if {"partner", "jurisdiction"} & set(fields) else {"name_as_printed": f"Member {next(numbers)}"}
    values["collaboration"] = fields.get("collaboration") or make_collaboration()
    return Seat.objects.create(**values | fields)


def make_group(name="White"):
    """A group of this name; a test that empties the database takes those of the migrations with it."""
    defaults = {"short_name": name[:24], "kind": "all" if name == "Everyone" else "other"}
    return PopulationGroup.objects.get_or_create(name=name, defaults=defaults)[0]


def make_standard_groups():
    """Everyone and the categories of the federal standard, as the migrations make them."""
    make_group("Everyone")
    standard = import_module("members.collaborations.migrations.0005_groups_and_rights").STANDARD
    for place, (name, short_name) in enumerate(standard, start=1):
        values = {"short_name": short_name, "kind": "standard", "position": place}
        PopulationGroup.objects.update_or_create(name=name, defaults=values)


def make_measure(points=(), **fields):
    """A measure with White as its reference. `points`: (period, group's name, value) each; a value of None is
    suppressed."""
    number = next(numbers)
    values = {
        "name": f"Measure {number}",
        "slug": f"measure-{number}",
        "unit": "percent of residents",
        "geography": "Minnesota",
        "state": "MN",
        "direction": SharedMeasure.Direction.LOWER,
        "status": SharedMeasure.Status.PUBLISHED,
    }
    reference = fields.pop("reference", None) or make_group()
    measure = SharedMeasure.objects.create(reference=reference, **values | fields)
    for period, group, value in points:
        make_point(measure=measure, period=period, group=make_group(group), value=value)
    return measure


def make_point(**fields):
    values = {"period": "2020", "value": 10, "source": "https://example.org/figures"}
    fields["measure"] = fields.get("measure") or make_measure()
    fields["group"] = fields.get("group") or make_group()
    fields.setdefault("is_suppressed", fields.get("value", 10) is None)
    return DataPoint.objects.create(**values | fields)


def make_steward(collaboration=None, user=None, **fields):
    return Steward.objects.create(
        collaboration=collaboration or make_collaboration(), user=user or make_user(), **fields
    )


def make_activity(**fields):
    fields["collaboration"] = fields.get("collaboration") or make_collaboration()
    return Activity.objects.create(**{"title": f"Activity {next(numbers)}"} | fields)


def make_gathering(**fields):
    """A public one of an hour and a half on June 3, 2026, 9:00 in Minneapolis, unless you say otherwise."""
    starts_at = fields.get("starts_at") or datetime(2026, 6, 3, 14, tzinfo=UTC)
    values = {
        "title": f"Gathering {next(numbers)}",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=90),
        "is_public": True,
    }
    fields["collaboration"] = fields.get("collaboration") or make_collaboration()
    return Gathering.objects.create(**values | fields)


def make_update(**fields):
    fields["collaboration"] = fields.get("collaboration") or make_collaboration()
    return Update.objects.create(**{"title": f"Update {next(numbers)}", "text": "We met."} | fields)


def make_join_request(**fields):
    """One of a partner, unless you give a jurisdiction."""
    if not {"partner", "jurisdiction"} & set(fields):
        fields["partner"] = make_partner()
    fields["collaboration"] = fields.get("collaboration") or make_collaboration()
    fields["asked_by"] = fields.get("asked_by") or make_user()
    return JoinRequest.objects.create(**{"title": "Director"} | fields)


GROUPS = {
    name: PopulationGroup(pk=pk, name=name, short_name=name, kind=kind, position=position)
    for pk, (name, kind, position) in enumerate(
        [("Everyone", "all", 0), ("Asian", "standard", 2), ("Black", "standard", 3), ("White", "standard", 7)]
        + [(name, "other", 100) for name in ("Hmong", "Somali")],
        start=1,
    )
}


def build_measure(points=(), **fields):
    """A measure with White as its reference that the database never saw, as `with_figures()` would load it.

    `points`: (period, name of one of GROUPS, value, further fields) each; a value of None is suppressed.
    """
    fields.setdefault("reference", GROUPS["White"])
    measure = SharedMeasure(pk=1, name="Rate", unit="percent of residents", geography="Minnesota", **fields)
    built = [
        DataPoint(
            pk=pk, measure=measure, period=period, group=GROUPS[group],
            value=None if value is None else Decimal(value), is_suppressed=value is None, **dict(*more),
        )
        for pk, (period, group, value, *more) in enumerate(points, start=1)
    ]  # fmt: skip
    measure._prefetched_objects_cache = {"points": built}
    return measure
