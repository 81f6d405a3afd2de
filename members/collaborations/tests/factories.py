"""Collaborations for tests, published unless you say otherwise."""

from alliance.core.tests.factories import numbers
from members.collaborations.models import Collaboration, Seat


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
