"""First content of this app: the 52 partner lines of July 2014, word for word."""

from pathlib import Path

from alliance.core.seeding import read
from cohorts.models import Jurisdiction

from .models import Partner

FOLDER = Path(__file__).parent


def seed(seeder):
    for record in read(FOLDER, "partners"):
        values = {name: value for name, value in record.items() if name != "slug"}
        if slug := record["jurisdiction"]:
            values["jurisdiction"] = lambda slug=slug: Jurisdiction.objects.filter(slug=slug).first()
        seeder.page(Partner, record, **values)
