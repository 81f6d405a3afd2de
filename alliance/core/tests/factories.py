"""People for tests. Every factory gives unique values of its own; name a field to have it your way."""

import itertools
from types import SimpleNamespace

from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from alliance.core.models import User

PASSWORD = "a long password for tests"

numbers = itertools.count(1)


def make_user(**fields):
    number = next(numbers)
    return User.objects.create_user(**{"email": f"person-{number}@example.org", "password": PASSWORD} | fields)


def make_curator(**fields):
    """Someone who may open the admin, with the rights of the group Curators."""
    curator = make_user(is_staff=True, **fields)
    curator.groups.add(Group.objects.filter(name="Curators").first() or grant_again())
    return curator


def grant_again():
    """Make the group of curators anew, as the migrations did, where a test that empties all tables took it along."""
    for migration in MigrationLoader(connection).disk_migrations.values():
        if migration.name.endswith("_curators"):
            for operation in migration.operations:
                operation.code(apps, SimpleNamespace(connection=connection))
    return Group.objects.get(name="Curators")


def make_admin(**fields):
    return make_user(is_staff=True, is_superuser=True, **fields)
