"""First content of this app: the register of places, governments with their milestones, cohorts with their seats."""

from pathlib import Path

from alliance.core.seeding import read

from . import register
from .models import Cohort, CohortSeat, Jurisdiction, Milestone, Place

FOLDER = Path(__file__).parent


def seed(seeder):
    seeder.once("register", register.load_shipped)
    for record in read(FOLDER, "jurisdictions"):
        seed_jurisdiction(seeder, record)
    for record in read(FOLDER, "cohorts"):
        seed_cohort(seeder, record)


def seed_jurisdiction(seeder, record):
    values = {name: value for name, value in record.items() if name not in ("slug", "milestones", "parent", "place")}
    if parent := record.get("parent"):
        values["parent"] = lambda: Jurisdiction.objects.filter(slug=parent).first()
    if place := record.get("place"):
        values["place"] = lambda: Place.objects.filter(**place).first()
    seeder.page(Jurisdiction, record, **values)
    for milestone in record.get("milestones", []):
        seed_milestone(seeder, record["slug"], milestone)


def seed_milestone(seeder, slug, record):
    def create():
        for jurisdiction in Jurisdiction.objects.filter(slug=slug):
            Milestone.objects.create(jurisdiction=jurisdiction, **record)

    seeder.once(f"milestone:{slug}:{record['date']}:{record['title']}", create)


def seed_cohort(seeder, record):
    values = {name: value for name, value in record.items() if name not in ("slug", "seats")}
    seeder.page(Cohort, record, **values)
    for seat in record["seats"]:
        seed_seat(seeder, record["slug"], seat)


def seed_seat(seeder, slug, record):
    def create():
        cohort = Cohort.objects.filter(slug=slug).first()
        jurisdiction = Jurisdiction.objects.filter(slug=record["jurisdiction"]).first()
        if cohort and jurisdiction:
            CohortSeat.objects.create(
                cohort=cohort, jurisdiction=jurisdiction, joined=record["joined"], sources=record["sources"]
            )

    seeder.once(f"cohortseat:{slug}:{record['jurisdiction']}", create)
