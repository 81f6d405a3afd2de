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


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if {"browser", "context", "page"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
        # Workers share the tests out by the module, whose fixtures are costly. xdist reads the mark in its turn of
        # this hook.
        item.add_marker(pytest.mark.xdist_group(f"{item.nodeid.partition('::')[0]} {order(item)}"))
    result = yield  # pytest puts the tests of one browser side by side
    items.sort(key=order)
    return result


def order(item):
    """When a test runs: in a browser after without one, and last what empties the database."""
    return empties_the_database(item), item.get_closest_marker("browser") is not None


def empties_the_database(item):
    """Whether the test ends by emptying all tables, with what migrations put there: such tests run last."""
    marker = item.get_closest_marker("django_db")
    asked = marker and (marker.kwargs.get("transaction") or any(marker.args))
    return bool(asked) or bool({"live_server", "transactional_db"} & set(getattr(item, "fixturenames", ())))


@pytest.hookimpl(trylast=True)  # after the fixtures of the test
def pytest_runtest_teardown(item, nextitem):
    from django.db import connections

    if item.get_closest_marker("browser") or nextitem is None:
        # The browser's event loop has a connection of its own in this thread; it would keep the database from being
        # dropped.
        connections.close_all()


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
