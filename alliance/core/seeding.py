"""Loading first content: creates what was never loaded here, and never touches what a curator edited or deleted."""

import json

from django.db import connection, transaction

from .models import SeedRecord
from .rooms import rooms


class Seeder:
    """Remembers in the database which pieces were loaded. `created` counts the pieces of this run."""

    def __init__(self):
        self.loaded = set(SeedRecord.objects.values_list("key", flat=True))
        self.new = []

    @property
    def created(self):
        return len(self.new)

    def once(self, key, create):
        """Call `create()` unless the piece `key` was loaded before."""
        if key not in self.loaded:
            create()
            self.loaded.add(key)
            self.new.append(SeedRecord(key=key))

    def page(self, model, record, **values):
        """Create the page of `record` (a dict with a slug) once; a page that already has this slug is left alone.

        A value may be a callable, which is asked only when the page is created.
        """
        label = model._meta.model_name
        self.once(
            f"{label}:{record['slug']}",
            lambda: model.objects.get_or_create(slug=record["slug"], defaults={"status": "published"} | values),
        )


def read(folder, name):
    """Return the records of a JSON file in an app's `data` folder."""
    return json.loads((folder / "data" / f"{name}.json").read_text(encoding="utf-8"))


@transaction.atomic
def seed_all():
    """Call `seed(seeder)` of the module `seed` of every app, lower floors first; return how many pieces are new."""
    with connection.cursor() as cursor:
        # Two first runs at once take turns, and the second finds everything loaded.
        cursor.execute(f"LOCK TABLE {SeedRecord._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
    seeder = Seeder()
    for room in rooms("seed"):
        room.seed(seeder)
    SeedRecord.objects.bulk_create(seeder.new)
    return seeder.created
