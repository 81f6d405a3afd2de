"""First content of this app: topics, resources with who uses them, and collections."""

from pathlib import Path

from alliance.core import history
from alliance.core.seeding import read
from cohorts.models import Jurisdiction
from members.partners.models import Partner

from .models import Adoption, Collection, CollectionItem, Resource, Topic

FOLDER = Path(__file__).parent

# The ties of a resource: which relation, and of which model its slugs are.
TIES = {
    "topics": ("topics", Topic),
    "jurisdictions": ("mentions", Jurisdiction),
    "contributed_by_jurisdictions": ("contributed_by_jurisdictions", Jurisdiction),
    "contributed_by_partners": ("contributed_by_partners", Partner),
}


def seed(seeder):
    for record in read(FOLDER, "topics"):
        seeder.page(Topic, record, **values_of(record))
    untied = []
    for record in read(FOLDER, "resources"):
        seeder.page(Resource, record, **values_of(record, "adoptions", *TIES))
        seeder.once(f"resource-ties:{record['slug']}", lambda record=record: untied.append(record))
        for adoption in record["adoptions"]:
            seed_adoption(seeder, record["slug"], adoption)
    tie(untied)
    collections = read(FOLDER, "collections")
    filled = [record["slug"] for record in collections if seed_collection(seeder, record)]
    history.record(Collection, Collection.objects.filter(slug__in=filled).values_list("pk", flat=True), author=None)


def values_of(record, *others):
    return {name: value for name, value in record.items() if name not in ("slug", *others)}


def tie(records):
    """Tie the resources of the records to what each names and is here; that is how their first version stands."""
    ids = dict(Resource.objects.filter(slug__in=[record["slug"] for record in records]).values_list("slug", "pk"))
    for name, (relation, model) in TIES.items():
        others = dict(model.objects.values_list("slug", "pk"))
        named = [(record["slug"], other) for record in records for other in record[name]]
        history.tie(
            Resource,
            relation,
            add=[(ids[slug], others[other]) for slug, other in named if slug in ids and other in others],
        )
    Resource.history.filter(id__in=ids.values(), history_user=None).delete()
    history.record(Resource, ids.values(), author=None)


def seed_adoption(seeder, slug, record):
    def create():
        resource = Resource.objects.filter(slug=slug).first()
        jurisdiction = Jurisdiction.objects.filter(slug=record["jurisdiction"]).first()
        if resource and jurisdiction:
            Adoption.objects.create(resource=resource, jurisdiction=jurisdiction, **values_of(record, "jurisdiction"))

    seeder.once(f"adoption:{slug}:{record['jurisdiction']}", create)


def seed_collection(seeder, record):
    """Return whether anything of it is new."""
    present = seeder.created
    seeder.page(Collection, record, **values_of(record, "items"))
    for position, item in enumerate(record["items"], 1):
        seed_item(seeder, record["slug"], position, item)
    return seeder.created > present


def seed_item(seeder, slug, position, record):
    def create():
        collection = Collection.objects.filter(slug=slug).first()
        resource = Resource.objects.filter(slug=record["resource"]).first()
        if collection and resource:
            CollectionItem.objects.create(
                collection=collection, resource=resource, position=position, note=record["note"]
            )

    seeder.once(f"item:{slug}:{record['resource']}", create)
