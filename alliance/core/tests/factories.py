"""People for tests. Every factory gives unique values of its own; name a field to have it your way."""

import itertools

from django.contrib.auth.models import Group

from alliance.core.models import User

PASSWORD = "a long password for tests"

numbers = itertools.count(1)


def make_user(**fields):
    number = next(numbers)
    return User.objects.create_user(**{"email": f"person-{number}@example.org", "password": PASSWORD} | fields)


def make_curator(**fields):
    """Someone who may open the admin, with the rights of the group Curators."""
    curator = make_user(is_staff=True, **fields)
    curator.groups.add(Group.objects.get(name="Curators"))
    return curator


def make_admin(**fields):
    return make_user(is_staff=True, is_superuser=True, **fields)
