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
