"""Places, governments and cohorts for tests. Pages are published unless you say otherwise."""

from datetime import date

from django.utils import timezone

from alliance.core.tests.factories import make_user, numbers
from cohorts.models import Cohort, CohortSeat, Jurisdiction, Membership, Milestone, Place, Proposal

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


def make_member(jurisdiction, **fields):
    """A person whose tie to the government staff have verified."""
    verified = {"verified_on": date(2026, 1, 2), "verified_by": make_user(is_staff=True)}
    return make_membership(user=make_user(**fields), jurisdiction=jurisdiction, **verified).user


def make_proposal(**fields):
    """An open proposal of a new summary; settled ones get whatever their state needs."""
    values = {
        "jurisdiction": make_jurisdiction,
        "kind": "summary",
        "before": {"summary": ""},
        "proposed": {"summary": "It adopted a racial equity plan in 2015."},
    }
    values = filled(values, fields)
    if "proposed_by" not in values:
        values["proposed_by"] = make_member(values["jurisdiction"])
    state = values.get("state", "open")
    if state != "open":
        values.setdefault("settled_at", timezone.now())
    if state in ("accepted", "declined"):
        values.setdefault("settled_by", make_user(is_staff=True))
        values.setdefault("answer", "Thank you.")
    if state == "accepted":
        values.setdefault("final", values["proposed"])
    return Proposal.objects.create(**values)


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
