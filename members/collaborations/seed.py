"""First content of this app: 25 collaborations with the members that a page names, and five measures by race."""

from functools import partial
from pathlib import Path

from alliance.core.seeding import read
from cohorts.models import Cohort, Jurisdiction
from members.partners.models import Partner

from .models import Collaboration, DataPoint, PopulationGroup, Seat, SharedMeasure

FOLDER = Path(__file__).parent
HOLDERS = {"partner": Partner, "jurisdiction": Jurisdiction}


def seed(seeder):
    for record in read(FOLDER, "collaborations"):
        values = {name: value for name, value in record.items() if name not in ("slug", "seats")}
        if slug := record["cohort"]:
            values["cohort"] = lambda slug=slug: Cohort.objects.filter(slug=slug).first()
        seeder.page(Collaboration, record, **values)
        for seat in record["seats"]:
            seed_seat(seeder, record["slug"], seat)
    for record in read(FOLDER, "measures"):
        seeder.once(f"measure:{record['slug']}", partial(seed_measure, record))


def seed_seat(seeder, slug, record):
    holder = next(iter(record))

    def create():
        values = dict(record)
        if holder in HOLDERS:
            values[holder] = HOLDERS[holder].objects.filter(slug=record[holder]).first()
        collaboration = Collaboration.objects.filter(slug=slug).first()
        if collaboration and values[holder]:
            Seat.objects.create(collaboration=collaboration, **values)

    seeder.once(f"seat:{slug}:{record[holder]}", create)


def seed_measure(record):
    """A measure with all its points; not where there is one of this address word already."""
    values = dict(record)
    points, slug = values.pop("points"), values.pop("slug")
    groups = {group.name: group for group in PopulationGroup.objects.all()}
    values["collaboration"] = Collaboration.objects.filter(slug=values["collaboration"]).first()
    values["reference"] = groups[values["reference"]]
    measure, is_new = SharedMeasure.objects.get_or_create(slug=slug, defaults={"status": "published"} | values)
    if is_new:
        for point in points:
            DataPoint.objects.create(measure=measure, **point | {"group": groups[point["group"]]})
