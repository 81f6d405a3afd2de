"""Resources, topics, collections and adoptions for tests. Pages are published unless you say otherwise."""

from alliance.core.tests.factories import numbers
from alliance.core.tests.note_factories import make_note
from cohorts.tests.factories import filled, make_jurisdiction
from resources.models import Adoption, Collection, CollectionItem, Resource, Suggestion, Topic

RELATIONS = ("topics", "mentions", "contributed_by_jurisdictions", "contributed_by_partners")


def make_topic(**fields):
    number = next(numbers)
    values = {"name": f"Topic {number}", "slug": f"topic-{number}", "status": Topic.Status.PUBLISHED}
    return Topic.objects.create(**values | fields)


def make_resource(**fields):
    """A toolkit with a web address; relations are given as lists."""
    number = next(numbers)
    relations = {name: fields.pop(name) for name in RELATIONS if name in fields}
    values = {
        "title": f"Guidebook {number}",
        "slug": f"guidebook-{number}",
        "kind": Resource.Kind.TOOLKIT,
        "publisher": "City of Govtown",
        "url": f"https://example.org/guidebook-{number}",
        "status": Resource.Status.PUBLISHED,
    }
    resource = Resource.objects.create(**values | fields)
    for name, things in relations.items():
        getattr(resource, name).set(things)
    return resource


def make_adoption(**fields):
    return Adoption.objects.create(**filled({"resource": make_resource, "jurisdiction": make_jurisdiction}, fields))


def make_collection(**fields):
    number = next(numbers)
    values = {
        "title": f"Reading list {number}",
        "slug": f"reading-list-{number}",
        "purpose": "For whoever begins.",
        "status": Collection.Status.PUBLISHED,
    }
    return Collection.objects.create(**values | fields)


def make_item(**fields):
    values = {"collection": make_collection, "resource": make_resource, "position": next(numbers), "note": "Read it."}
    return CollectionItem.objects.create(**filled(values, fields))


def make_suggestion(**fields):
    number = next(numbers)
    values = {
        "title": f"Handbook {number}",
        "link": f"https://example.org/handbook-{number}",
        "why": "It shows small towns how to begin.",
        "publisher": "City of Govtown",
    }
    return make_note(Suggestion, **values | fields)
