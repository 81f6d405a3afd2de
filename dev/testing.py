"""A pytest plugin: the tests' own database, and the promise that CI skips nothing.

pytest.ini loads it by name, before pytest-django reads the settings.
"""

import os

import pytest

os.environ["EMBEDDED_CLUSTER"] = "test"
# The browser's event loop runs in the tests' own thread, where Django would refuse to touch the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

IN_CI = os.environ.get("CI", "").lower() in ("1", "true")

skipped = []


@pytest.hookimpl(trylast=True)  # after pytest-django has set Django up
def pytest_configure(config):
    from django.conf import settings

    # A connection that outlives its request keeps the test database from being dropped.
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0
    # A password's hash is slow on purpose, and tests make many people.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(items):
    for item in items:
        if {"browser", "context", "page"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")


def pytest_runtest_logreport(report):
    if report.skipped and not hasattr(report, "wasxfail"):
        skipped.append(report.nodeid)


def pytest_collectreport(report):
    if report.skipped:
        skipped.append(report.nodeid)


def pytest_sessionfinish(session):
    if IN_CI and skipped and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    if IN_CI and skipped:
        terminalreporter.write_line(f"In CI nothing may be skipped, and {len(skipped)} were: this run fails.", red=True)
