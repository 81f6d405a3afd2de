"""Places, governments and cohorts for tests. Pages are published unless you say otherwise."""

from alliance.core.tests.factories import make_user, numbers
from cohorts.models import Cohort, CohortSeat, Jurisdiction, Membership, Milestone, Place

SOURCE = "https://example.org/source"


def make_place(**fields):
    number = next(numbers)
    values = {
        "source": Place.Source.GEONAMES,
        "source_id": f"test-{number}",
        "name": f"Placeville {number}",
        "state": "MN",
        "kind": Place.Kind.PLACE,
        "population": 10_000,
        "latitude": 45.0,
        "longitude": -93.0,
    }
    return Place.objects.create(**values | fields)


def make_jurisdiction(**fields):
    number = next(numbers)
    values = {
        "name": f"Govtown {number}",
        "slug": f"govtown-{number}-mn",
        "kind": Jurisdiction.Kind.CITY,
        "state": "MN",
        "role": Jurisdiction.Role.MEMBER,
        "sources": [SOURCE],
        "status": Jurisdiction.Status.PUBLISHED,
    }
    return Jurisdiction.objects.create(**values | fields)


def make_membership(**fields):
    """A tie that nobody has verified yet."""
    return Membership.objects.create(**filled({"user": make_user, "jurisdiction": make_jurisdiction}, fields))


def make_cohort(**fields):
    number = next(numbers)
    values = {
        "name": f"Cohort {number}",
        "slug": f"cohort-{number}",
        "kind": Cohort.Kind.REGIONAL,
        "status": Cohort.Status.PUBLISHED,
    }
    return Cohort.objects.create(**values | fields)


def make_cohort_seat(**fields):
    return CohortSeat.objects.create(**filled({"cohort": make_cohort, "jurisdiction": make_jurisdiction}, fields))


def make_milestone(**fields):
    number = next(numbers)
    values = {
        "jurisdiction": make_jurisdiction,
        "kind": Milestone.Kind.RESOLUTION,
        "title": f"Resolution {number}",
        "date": "2015-07",
        "sources": [SOURCE],
    }
    return Milestone.objects.create(**filled(values, fields))


def filled(values, fields):
    """Return `values` under the caller's `fields`; a factory is called only where the caller named nothing."""
    return {name: value() if callable(value) else value for name, value in (values | fields).items()}
