"""People for tests. Every factory gives unique values of its own; name a field to have it your way."""

import itertools
import time
from types import SimpleNamespace

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client

from alliance.core.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "a long password for tests"

numbers = itertools.count(1)


def make_user(**fields):
    """Someone with an account; staff have set up their second step, too."""
    number = next(numbers)
    user = User.objects.create_user(**{"email": f"person-{number}@example.org", "password": PASSWORD} | fields)
    EmailAddress.objects.filter(user=user).update(verified=True)
    if user.is_staff:
        TOTP.activate(user, SECRET)
    return user


def sign_in(client, user):
    """Sign in as somebody does who has just shown their second step."""
    client.force_login(user)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def sign_in_browser(page, address, user):
    """Give a real browser the session that `sign_in` makes, for the site at `address`."""
    client = Client()
    sign_in(client, user)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": str(address)}])


def code_of_the_app(user):
    """What the authenticator app of a staff member shows now."""
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


def make_curator(**fields):
    """Someone who may open the admin, with the rights of the group Curators."""
    curator = make_user(is_staff=True, **fields)
    curator.groups.add(Group.objects.filter(name="Curators").first() or grant_again())
    curator.refresh_from_db()  # the new role has signed them out
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
