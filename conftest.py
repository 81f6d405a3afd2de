"""Fixtures for every test of the portal."""

import os
import shutil

import pytest

from dev import validator
from dev.locks import open_lock, try_lock
from dev.paths import VAR


@pytest.fixture(scope="session")
def django_db_modify_db_settings():
    """Start the database, and take the name of a test database that no other run is using."""
    from django.conf import settings

    if settings.EMBEDDED:
        from dev.database import cluster

        cluster().hold()
    database = settings.DATABASES["default"]
    number = 1
    while not try_lock(lock := open_lock(VAR / "test-databases" / f"{number}.lock")):
        lock.close()
        number += 1
    database.setdefault("TEST", {})["NAME"] = f"test_{database['NAME']}_{number}"
    yield
    lock.close()


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """Drive the system's Chromium; without one, skip and say how to get it."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("Chromium is not installed; to run the browser tests: sudo apt-get install chromium")
    flags = [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")  # Chromium's sandbox refuses to run as root
    return {"executable_path": program, "args": flags}


@pytest.fixture(scope="session")
def validate_html():
    """Return a function that takes pages as (name, html) and fails with every fault in them."""
    if reason := validator.missing():
        pytest.skip(reason)

    def validate(pages):
        if faults := validator.faults(pages):
            pytest.fail("\n".join(faults), pytrace=False)

    return validate


@pytest.fixture(scope="session", autouse=True)
def static_files(tmp_path_factory):
    """Collect the static files as production does, hashed and compressed, into a folder of this run."""
    from django.conf import settings
    from django.contrib.staticfiles import handlers
    from django.core.management import call_command

    # The servers that tests start would find static files by their plain names; ours come from WhiteNoise.
    handlers.StaticFilesHandler = lambda application: application

    settings.STATIC_ROOT = tmp_path_factory.mktemp("static")
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def sent_files(tmp_path_factory):
    """Keep the files that tests send in a folder of this run."""
    from django.conf import settings

    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """The whole first content, for the tests of one module; rolled back behind the last of them."""
    from django.db import transaction

    from alliance.core.seeding import seed_all

    with django_db_blocker.unblock(), transaction.atomic():
        seed_all()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """The address of a server that shows the first content, for the browser tests of one module, which only read."""
    from django.apps import apps
    from django.db import connection
    from pytest_django.live_server_helper import LiveServer

    from alliance.core.models import SeedRecord
    from alliance.core.seeding import seed_all
    from members.collaborations.models import PopulationGroup

    content = [
        SeedRecord,
        *(
            model
            for app in ("cohorts", "partners", "collaborations", "resources", "pathway", "peers")
            for model in apps.get_app_config(app).get_models(include_auto_created=True)
            # The groups come with the migrations, not with the content.
            if model is not PopulationGroup
        ),
    ]
    with django_db_blocker.unblock():
        seed_all()
        server = LiveServer("localhost")
        yield server.url
        server.stop()
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(model._meta.db_table for model in content)}")
        connection.close()
