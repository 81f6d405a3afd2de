import contextlib
import os
import signal
import threading
from datetime import timedelta
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command, execute_from_command_line
from django.db import connection
from django.utils import timezone

from resources import link_checks
from resources.link_checks import OfflineError, believable, due, record
from resources.links import FAILED, OK, REFUSED, Finding
from resources.models import LinkCheck, Resource
from resources.tests.factories import make_resource
from resources.tests.misbehaving_server import answer, reset, slow

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
GONE = Finding(FAILED, "The server does not know this page.", 404)
FINE = Finding(OK, "", 200)
NOT_ASKED = Finding(REFUSED, "Its server is not on the public internet.")


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until the test turns it: `clock.now += DAY`."""

    class Clock:
        now = timezone.now()

    monkeypatch.setattr(timezone, "now", lambda: Clock.now)
    return Clock


def run(**options):
    """Check links without a pause; return the lines of the report."""
    out = StringIO()
    call_command("check_links", **{"pause": 0, "stdout": out} | options)
    return out.getvalue().splitlines()


def counts(lines):
    """How many links answered, failed and were refused."""
    return [int(line.split()[0]) for line in lines[:3]]


def link(page, *behaviors, internet=None, **fields):
    if internet:
        internet.serve(page, *(behaviors or [answer(200)]))
    return make_resource(url=f"http://{page}", **fields)


def status(resource):
    resource.refresh_from_db()
    return resource.link_status


def asked(internet):
    return [page for _method, page in internet.requests]


# What is recorded


def test_a_run_records_what_it_found_and_counts_it(internet, clock):
    good = link("good.example/good", internet=internet)
    gone = link("good.example/gone", answer(410), internet=internet)
    inside = link("127.0.0.1/")
    lines = run()
    assert lines == [
        "       1 It answers",
        "       1 It does not answer as it should",
        "       1 We do not ask such an address",
    ]
    fields = ("url", "checked_at", "outcome", "status_code", "detail", "final_url")
    assert list(LinkCheck.objects.order_by("resource").values_list("resource", *fields)) == [
        (good.pk, good.url, clock.now, "ok", 200, "", ""),
        (gone.pk, gone.url, clock.now, "failed", 410, "The page was taken away for good.", ""),
        (inside.pk, inside.url, clock.now, "refused", None, "Its server is not on the public internet.", ""),
    ]
    assert [status(resource) for resource in (good, gone, inside)] == ["ok", "failing", "unchecked"]
    assert list(Resource.objects.values_list("link_checked_at", flat=True)) == [clock.now] * 3


def test_where_a_page_moved_is_kept(internet):
    link("good.example/old", answer(301, location="/new"), internet=internet)
    internet.serve("good.example/new", answer(200))
    run()
    assert LinkCheck.objects.get().final_url == "http://good.example/new"


def test_a_check_leaves_no_trace_in_the_history_of_curators(internet):
    resource = link("good.example/page", internet=internet)
    before = resource.updated_at
    run()
    resource.refresh_from_db()
    assert (resource.link_status, resource.updated_at, resource.history.count()) == ("ok", before, 1)


# What is due


def test_only_links_of_published_resources_are_checked(internet):
    for number, fields in enumerate([{"status": "draft"}, {"status": "archived"}, {"url": "", "body": "Text"}]):
        make_resource(**{"url": f"http://good.example/{number}"} | fields)
    assert counts(run()) == [0, 0, 0]
    assert internet.dialed == []


@pytest.mark.parametrize(
    ("link_status", "days", "is_due"),
    [
        ("ok", 6.9, False),
        ("ok", 7, True),
        ("failing", 0.9, False),
        ("failing", 1, True),
        ("broken", 6.9, False),
        ("broken", 7, True),
        ("unchecked", 6.9, False),
        ("unchecked", 7, True),
    ],
)
def test_links_are_due_after_a_week_and_failing_ones_after_a_day(clock, link_status, days, is_due):
    resource = make_resource()
    Resource.objects.update(link_status=link_status, link_checked_at=clock.now - days * DAY)
    assert list(due(timedelta(days=7))) == [resource] * is_due


def test_new_links_come_first_and_then_the_longest_unchecked(clock):
    recent, old, new = make_resource(), make_resource(), make_resource()
    Resource.objects.filter(pk=recent.pk).update(link_checked_at=clock.now - 8 * DAY)
    Resource.objects.filter(pk=old.pk).update(link_checked_at=clock.now - 9 * DAY)
    assert list(due(timedelta(days=7))) == [new, old, recent]


def test_what_was_checked_is_not_due_again(internet, clock):
    link("good.example/page", internet=internet)
    assert counts(run()) == [1, 0, 0]
    assert counts(run()) == [0, 0, 0]
    assert counts(run(older_than=0)) == [1, 0, 0]
    clock.now += 3 * DAY
    assert counts(run(older_than=4)) == [0, 0, 0]
    assert counts(run(older_than=3)) == [1, 0, 0]


def test_a_run_can_be_limited_and_the_next_goes_on(internet):
    for number in range(5):
        link(f"good.example/{number}", internet=internet)
    assert counts(run(limit=2)) == [2, 0, 0]
    assert asked(internet) == ["good.example/0", "good.example/1"]
    assert counts(run()) == [3, 0, 0]
    assert sorted(asked(internet)) == [f"good.example/{number}" for number in range(5)]


def test_one_link_can_be_checked_whenever_it_was_checked(internet):
    link("good.example/one", internet=internet, slug="one")
    link("good.example/two", internet=internet, slug="two")
    run()
    internet.requests.clear()
    assert counts(run(slug="one")) == [1, 0, 0]
    assert asked(internet) == ["good.example/one"]


@pytest.mark.parametrize("fields", [{"slug": "other"}, {"slug": "one", "status": "draft"}, {"url": "", "body": "Text"}])
def test_a_link_that_is_not_there_is_said_to_be_so(fields):
    make_resource(**{"slug": "one"} | fields)
    with pytest.raises(CommandError, match=r"^No published resource called one has a web address\.$"):
        run(slug="one")


@pytest.mark.parametrize(
    "arguments",
    [["--older-than=-1"], ["--older-than=soon"], ["--limit=0"], ["--limit=-5"], ["--pause=-1"], ["--pause=nan"]],
)
def test_numbers_that_make_no_sense_are_refused(arguments):
    with pytest.raises(CommandError, match="give a number from"):
        call_command("check_links", *arguments)


def test_help_says_what_each_argument_is_for(capsys):
    with pytest.raises(SystemExit) as end:
        execute_from_command_line(["manage.py", "check_links", "--help"])
    assert end.value.code == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Ask the web addresses of published resources whether they still work." in said
    assert "Wait so long between two requests to the same host. Default: 1." in said


# Two failures a day apart


def test_a_link_is_broken_after_two_failures_a_day_apart(internet, clock):
    resource = link("good.example/gone", answer(404), internet=internet, slug="guide")
    assert len(run()) == 3
    assert status(resource) == "failing"
    clock.now += DAY
    lines = run()
    assert status(resource) == "broken"
    assert lines[3:] == [
        "",
        "Newly broken:",
        "  guide: The server does not know this page. http://good.example/gone",
    ]
    clock.now += 7 * DAY
    assert (counts(lines := run()), len(lines)) == ([0, 1, 0], 3)
    assert status(resource) == "broken"


def test_two_failures_within_a_day_are_not_enough(clock):
    resource = make_resource()
    record(resource, GONE)
    clock.now += DAY - timedelta(seconds=1)
    assert record(resource, GONE) == "failing"
    clock.now += timedelta(seconds=1)
    assert record(resource, GONE) == "broken"


def test_a_success_between_two_failures_starts_anew(clock):
    resource = make_resource()
    for finding, expected in [(GONE, "failing"), (FINE, "ok"), (GONE, "failing"), (GONE, "broken"), (FINE, "ok")]:
        assert record(resource, finding) == expected
        assert status(resource) == expected
        clock.now += DAY


def test_an_address_that_is_not_asked_keeps_its_status(clock):
    resource = make_resource()
    expected = [
        (NOT_ASKED, "unchecked"),
        (GONE, "failing"),
        (NOT_ASKED, "failing"),
        (GONE, "broken"),
        (NOT_ASKED, "broken"),
    ]
    for finding, status_then in expected:
        assert record(resource, finding) == status_then
        clock.now += DAY
    assert record(resource, FINE) == "ok"
    assert record(resource, NOT_ASKED) == "ok"


def test_failures_of_an_earlier_address_do_not_count(clock):
    resource = make_resource(url="http://good.example/old")
    record(resource, GONE)
    clock.now += DAY
    resource.url = "http://good.example/new"
    resource.save()
    assert record(resource, GONE) == "failing"


def test_failures_of_other_resources_do_not_count(clock):
    record(make_resource(), GONE)
    clock.now += DAY
    assert record(make_resource(), GONE) == "failing"


def test_checks_are_kept_for_two_years(clock):
    resource, other = make_resource(), make_resource()
    record(resource, FINE)
    record(other, FINE)
    clock.now += timedelta(days=730)
    record(resource, FINE)
    assert resource.link_checks.count() == 2
    clock.now += DAY
    record(resource, FINE)
    assert resource.link_checks.count() == 2
    assert other.link_checks.count() == 1


# Changes while a run is under way


@pytest.mark.parametrize(
    "change", [{"url": "http://good.example/new"}, {"status": "archived"}, {"url": "", "body": "Text"}]
)
def test_what_was_found_at_an_address_that_is_not_there_anymore_is_dropped(change):
    resource = make_resource()
    Resource.objects.update(**change)
    assert record(resource, GONE) is None
    assert (LinkCheck.objects.count(), status(resource)) == (0, "unchecked")


def test_what_was_found_for_a_deleted_resource_is_dropped():
    resource = make_resource()
    Resource.objects.all().delete()
    assert record(resource, GONE) is None


@pytest.mark.django_db(transaction=True)
def test_a_finding_waits_for_the_curator_who_is_saving_another_address():
    resource = make_resource()
    with psycopg.connect(**parameters()) as curator:
        curator.execute("UPDATE resources_resource SET url = 'http://good.example/new'")
        found = []
        thread = threading.Thread(target=lambda: found.append(record(resource, GONE)) or connection.close())
        thread.start()
        thread.join(0.3)
        assert (thread.is_alive(), found) == (True, [])
        curator.commit()
        thread.join(5)
    assert found == [None]
    assert (LinkCheck.objects.count(), status(resource)) == (0, "unchecked")


def test_a_run_says_how_many_findings_it_dropped(internet, monkeypatch):
    link("good.example/1", internet=internet)
    link("good.example/2", internet=internet)
    ask = link_checks.ask_all

    def change_meanwhile(*args):
        for pair in ask(*args):
            Resource.objects.filter(url="http://good.example/2").update(url="http://good.example/3")
            yield pair

    monkeypatch.setattr("resources.management.commands.check_links.ask_all", change_meanwhile)
    lines = run()
    assert (counts(lines), lines[3:]) == ([1, 0, 0], ["1 was changed or withdrawn meanwhile."])


# One run at a time


def parameters():
    """How to open a connection of one's own to the test database."""
    mine = connection.get_connection_params()
    return {name: mine[name] for name in ("dbname", "user", "password", "host", "port") if name in mine}


@contextlib.contextmanager
def lock_of_a_run(parameters):
    """Try to take, as another run would, the lock of runs; yield whether that worked."""
    with psycopg.connect(**parameters) as other:
        yield other.execute("SELECT pg_try_advisory_lock(hashtext('check_links'))").fetchone()[0]
        other.execute("SELECT pg_advisory_unlock_all()")  # the end of a connection would do so, but a moment later


def test_a_second_run_does_nothing_and_says_so(internet):
    link("good.example/page", internet=internet)
    with lock_of_a_run(parameters()) as taken:
        assert taken
        with pytest.raises(CommandError, match=r"^Another run is checking links now\. Wait until it is done\.$"):
            run()
    assert internet.requests == []
    assert counts(run()) == [1, 0, 0]


def test_a_run_keeps_others_out_until_it_is_done(internet):
    database, taken = parameters(), []

    def try_to_run(request):
        with lock_of_a_run(database) as lock:
            taken.append(lock)
        answer(200)(request)

    link("good.example/page", try_to_run, internet=internet)
    run()
    with lock_of_a_run(database) as lock:
        taken.append(lock)
    assert taken == [False, True]


def test_a_run_that_is_stopped_keeps_what_it_found_and_the_next_goes_on(internet):
    def stop(request):
        os.kill(os.getpid(), signal.SIGINT)
        slow(0.2, answer(200))(request)

    resources = [link(f"good.example/{number}", internet=internet) for number in range(4)]
    internet.pages["good.example/2"] = [stop]
    with pytest.raises(CommandError, match=r"^Stopped\. What was found is recorded"):
        run()
    assert [status(resource) for resource in resources] == ["ok", "ok", "unchecked", "unchecked"]
    internet.requests.clear()
    internet.serve("good.example/2", answer(200))
    assert counts(run()) == [2, 0, 0]
    assert asked(internet) == ["good.example/2", "good.example/3"]


# Politeness


def test_hosts_are_asked_side_by_side_and_each_one_thing_at_a_time(internet):
    together = threading.Barrier(3, timeout=5)

    def meet(request):
        together.wait()
        answer(200)(request)

    for host in ("a.example", "b.example", "c.example"):
        link(f"{host}/1", meet, internet=internet)
        for number in (2, 3):
            link(f"{host}/{number}", slow(0.05, answer(200)), internet=internet)
    assert counts(run()) == [9, 0, 0]
    assert internet.busiest == {"a.example": 1, "b.example": 1, "c.example": 1}


def test_a_host_that_others_redirect_to_gets_one_request_at_a_time_too(internet):
    for number in range(4):
        link(f"{number}.example/", answer(302, location="http://good.example/"), internet=internet)
    internet.serve("good.example/", slow(0.05, answer(200)))
    assert counts(run()) == [4, 0, 0]
    assert internet.busiest["good.example"] == 1
    assert asked(internet).count("good.example/") == 4


def test_there_is_a_pause_between_two_requests_to_a_host(internet):
    for number in range(3):
        link(f"good.example/{number}", internet=internet)
    started = timezone.now()
    run(pause=0.2)
    assert timezone.now() - started >= timedelta(seconds=0.4)


def test_the_database_is_written_by_one_thread_only(internet, monkeypatch):
    writers = set()

    def note(link, finding):
        writers.add(threading.current_thread())
        return record(link, finding)

    monkeypatch.setattr("resources.management.commands.check_links.record", note)
    for host in ("a.example", "b.example", "c.example"):
        link(f"{host}/", internet=internet)
    assert counts(run()) == [3, 0, 0]
    assert writers == {threading.main_thread()}


@pytest.mark.parametrize(("terminal", "shown"), [(True, True), (False, False)])
def test_progress_is_shown_on_a_terminal_only(internet, monkeypatch, terminal, shown):
    link("good.example/1", internet=internet)
    link("good.example/2", internet=internet)
    screen = StringIO()
    screen.isatty = lambda: terminal
    monkeypatch.setattr("sys.stderr", screen)
    run()
    assert ("2/2" in screen.getvalue()) is shown


# Whose fault it is


def test_when_no_server_answers_the_links_are_not_blamed(internet):
    resources = [make_resource(url=f"http://nowhere-{number}.example/") for number in range(3)]
    with pytest.raises(CommandError, match=r"^No server answered at all\. Is this computer online\?"):
        run()
    assert [status(resource) for resource in resources] == ["unchecked"] * 3
    assert LinkCheck.objects.count() == 0


def test_when_any_server_answers_the_failures_before_it_count_too(internet):
    failing = [make_resource(url=f"http://nowhere-{number}.example/") for number in range(3)]
    working = link("good.example/page", slow(0.2, answer(200)), internet=internet)
    assert counts(run()) == [1, 3, 0]
    assert [status(resource) for resource in [*failing, working]] == ["failing"] * 3 + ["ok"]


def test_links_that_worked_bear_witness_when_only_failing_ones_are_due(internet, clock):
    failing = [link(f"good.example/{number}", reset, internet=internet) for number in range(2)]
    working = [link(f"other.example/{number}", internet=internet) for number in range(5)]
    assert counts(run()) == [5, 2, 0]
    clock.now += DAY
    internet.requests.clear()
    assert counts(run()) == [0, 2, 0]
    assert [status(resource) for resource in failing] == ["broken", "broken"]
    assert "other.example/0" in asked(internet)
    assert LinkCheck.objects.filter(resource__in=working).count() == 5


def test_witnesses_that_fall_silent_too_are_not_blamed_either(internet, clock):
    failing = [link(f"good.example/{number}", reset, internet=internet) for number in range(2)]
    link("other.example/", answer(200), reset, internet=internet)
    run()
    clock.now += DAY
    with pytest.raises(CommandError, match="No server answered"):
        run()
    assert [status(resource) for resource in failing] == ["failing", "failing"]


def test_a_single_link_is_believed_to_be_at_fault(internet):
    resource = make_resource(url="http://nowhere.example/", slug="one")
    assert counts(run(slug="one")) == [0, 1, 0]
    assert status(resource) == "failing"


def test_a_refused_address_does_not_prove_that_we_are_online():
    silent = Finding(FAILED, "No server answers there.")
    passed = []
    with pytest.raises(OfflineError):
        passed.extend(believable([(1, silent), (2, NOT_ASKED), (3, silent)], pause=0))
    assert passed == [(2, NOT_ASKED)]
