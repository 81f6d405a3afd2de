"""Nothing personal is in the database that no app answers for."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.test.utils import isolate_apps

from alliance.core.rooms import rooms

PERSONAL_FIELDS = (models.EmailField, models.GenericIPAddressField)
PERSONAL_WORDS = {
    *("address", "agent", "author", "authors", "contact", "email", "ip", "mail", "owner", "people", "person", "phone"),
    *("representative", "reviewer", "sender", "user"),
}
# Names in public office and on title pages, as sources print them: no account's, and kept as the record they are.
PUBLIC_RECORD = {
    "partners.HistoricalPartner.representative",
    "partners.Partner.representative",
    "resources.HistoricalResource.authors",
    "resources.Resource.authors",
}


def covered():
    return {entry for module in rooms("privacy") for entry in module.COVERS}


def is_personal(field):
    """Whether a field is of a person by what it leads to, what it holds or what it is called."""
    person = get_user_model()
    if field.is_relation:
        return person in (field.model, field.related_model)
    named_so = PERSONAL_WORDS & set(field.name.split("_")) and not field.choices
    return field.model is person or isinstance(field, PERSONAL_FIELDS) or bool(named_so)


def personal_fields(of_models):
    for model in of_models:
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
            if is_personal(field):
                yield f"{model._meta.label}.{field.name}"


def uncovered(of_models, entries):
    fields = set(personal_fields(of_models)) - PUBLIC_RECORD
    return sorted(name for name in fields if not {name, name.rpartition(".")[0]} & entries)


def test_every_personal_field_has_an_app_that_answers_for_it():
    assert uncovered(apps.get_models(), covered()) == []


def every_name():
    for model in apps.get_models():
        yield model._meta.label
        yield from (f"{model._meta.label}.{field.name}" for field in model._meta.get_fields())


def test_no_app_answers_for_what_is_no_longer_there():
    assert sorted((covered() | PUBLIC_RECORD) - set(every_name())) == []


def test_no_two_apps_answer_for_the_same():
    entries = [entry for module in rooms("privacy") for entry in module.COVERS]
    assert len(entries) == len(set(entries))


@pytest.mark.parametrize("entry", sorted(covered() - {"sessions.Session", "cohorts.Membership.title"}))
def test_without_its_entry_a_personal_field_is_found(entry):
    assert uncovered(apps.get_models(), covered() - {entry}) != []


@isolate_apps("alliance.core")
def test_a_new_table_with_people_in_it_is_found():
    class Visit(models.Model):  # noqa: DJ008 - it has no rows
        guest = models.ForeignKey(get_user_model(), models.CASCADE, related_name="+")
        host = models.OneToOneField(get_user_model(), models.CASCADE, related_name="+")
        witnesses = models.ManyToManyField(get_user_model(), related_name="+")
        write_to = models.EmailField()
        came_from = models.GenericIPAddressField()
        user_agent = models.TextField()
        office_phone = models.TextField()
        contact_kind = models.CharField(choices={"mail": "Mail"})
        purpose = models.TextField()

        class Meta:
            app_label = "core"

    found = ("came_from", "guest", "host", "office_phone", "user_agent", "witnesses", "write_to")
    assert uncovered([Visit], set()) == [f"core.Visit.{name}" for name in found]
