"""The embedded server starts anywhere, survives anything, and leaves nothing running."""

import contextlib
import os
import signal
import stat
import subprocess

import psutil
import psycopg
import pytest

from dev import account
from dev.account import DatabaseError
from dev.postgres import NO_PROCESS

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as another account")


def query(cluster, sql):
    address = cluster.address
    with psycopg.connect(
        host=address["HOST"], port=address["PORT"], user=address["USER"], dbname=address["NAME"], autocommit=True
    ) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else None


def processes_of(cluster):
    """Return the server and its children, as long as they live."""
    server = cluster._find_server()
    return [server, *server.children(recursive=True)] if server else []


def kill(*victims):
    for victim in victims:
        with contextlib.suppress(psutil.NoSuchProcess):  # a server's children follow it by themselves
            victim.kill()


def wait_for(process):
    assert process.stdout.readline() == "holding\n"


def let_go(process):
    process.stdin.close()
    assert process.wait(20) == 0


def test_a_new_cluster_has_what_the_portal_needs(place, new_cluster):
    cluster = new_cluster(place / "cluster")
    assert cluster.start() is True
    assert cluster.start() is False
    for extension in ("pg_trgm", "unaccent", "btree_gist", "citext"):
        query(cluster, f"CREATE EXTENSION {extension}")
    provider = "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()"
    assert query(cluster, provider) == [("b", "C.UTF-8")]
    words = query(cluster, "SELECT to_tsvector('simple', 'Doña Ana — New Mexico')::text")
    assert words == [("'ana':2 'doña':1 'mexico':4 'new':3",)]


def test_it_listens_on_a_private_socket_only(place, new_cluster):
    cluster = new_cluster(place / "cluster")
    cluster.start()
    assert stat.S_IMODE(os.stat(cluster.socket_directory).st_mode) == 0o700
    assert not cluster._find_server().net_connections("inet")


@pytest.mark.parametrize(("durable", "setting"), [(True, "on"), (False, "off")])
def test_only_the_tests_server_may_lose_data_in_a_power_cut(place, new_cluster, durable, setting):
    cluster = new_cluster(place / "cluster", durable=durable)
    cluster.start()
    names = ("fsync", "synchronous_commit", "full_page_writes")
    assert {query(cluster, f"SHOW {name}")[0][0] for name in names} == {setting}


@pytest.mark.parametrize(
    "name",
    ["with spaces in it", "ñandú/" * 15, "a-long-name-" * 10, 'quote\'s, "comma" $HOME `id` %s \\'],
    ids=["spaces", "many bytes", "long", "shell characters"],
)
def test_the_checkout_may_have_any_path(place, new_cluster, name):
    cluster = new_cluster(place / name / "cluster")
    cluster.start()
    assert query(cluster, "SELECT 1") == [(1,)]
    cluster.stop()
    assert not cluster.running()


def test_the_users_own_postgres_settings_do_not_matter(place, new_cluster, monkeypatch):
    for name, value in {"PGPORT": "6543", "PGDATA": "/nowhere", "PGHOST": "elsewhere", "PGUSER": "me"}.items():
        monkeypatch.setenv(name, value)
    cluster = new_cluster(place / "cluster")
    cluster.start()
    assert query(cluster, "SELECT current_user::text") == [("portal",)]


def test_a_private_folder_keeps_its_mode(place, new_cluster):
    private = place / "home"
    private.mkdir(mode=0o700)
    cluster = new_cluster(private / "checkout" / "cluster")
    cluster.start()
    assert query(cluster, "SELECT 1") == [(1,)]
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


@as_root
def test_programs_out_of_the_accounts_reach_are_copied_to_a_shelf_of_root(place, monkeypatch):
    shelf = place / "shelf"
    monkeypatch.setattr(account, "SHELF", shelf)
    monkeypatch.setattr(account.Account, "_can_run", lambda self, program: str(program).startswith(str(shelf)))
    programs = account.Account(place).programs()
    assert shelf in programs.parents
    assert account.Account(place).run([programs / "postgres", "--version"]).returncode == 0
    assert account.Account(place).programs() == programs


@as_root
def test_a_shelf_that_another_account_can_change_is_refused(place, monkeypatch):
    monkeypatch.setattr(account, "SHELF", place / "shelf")
    account.SHELF.mkdir()
    account.SHELF.chmod(0o777)
    with pytest.raises(DatabaseError, match="only root can change"):
        account._make_shelf()


def test_a_socket_folder_that_another_account_made_is_refused(place, new_cluster):
    cluster = new_cluster(place / ("long-" * 25))
    cluster.socket_directory.mkdir()
    cluster.socket_directory.chmod(0o755)
    with pytest.raises(DatabaseError, match="not a private folder"):
        cluster.start()


# Sharing


def test_the_last_to_leave_stops_the_server(place, new_cluster, holder):
    cluster = new_cluster(place / "cluster")
    first, second = holder(cluster), holder(cluster)
    wait_for(first)
    wait_for(second)
    assert cluster.running(), "a fork of its user stopped the server"
    let_go(first)
    assert cluster.running()
    let_go(second)
    assert not cluster.running()
    assert not (cluster.data / "postmaster.pid").exists()


def test_three_starts_at_once_share_one_server(place, new_cluster, holder):
    cluster = new_cluster(place / "cluster")
    crowd = [holder(cluster) for _ in range(3)]
    for process in crowd:
        wait_for(process)
    assert query(cluster, "SELECT 1") == [(1,)]
    for process in crowd:
        let_go(process)
    assert not cluster.running()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_stops_the_server_too(place, new_cluster, holder, number):
    cluster = new_cluster(place / "cluster")
    process = holder(cluster)
    wait_for(process)
    process.send_signal(number)
    process.wait(20)
    assert not cluster.running()


# Recovery


def test_data_survives_kill_of_everything(place, new_cluster, holder):
    cluster = new_cluster(place / "cluster", durable=True)
    process = holder(cluster)
    wait_for(process)
    query(cluster, "CREATE TABLE kept AS SELECT 1 AS one")
    kill(process, *processes_of(cluster))
    process.wait()
    assert not cluster.running()
    assert cluster.start() is True
    assert query(cluster, "SELECT one FROM kept") == [(1,)]


def test_a_server_whose_user_was_killed_is_taken_over_and_stopped(place, new_cluster, holder):
    cluster = new_cluster(place / "cluster")
    process = holder(cluster)
    wait_for(process)
    process.kill()
    process.wait()
    assert cluster.running()
    heir = holder(cluster)
    wait_for(heir)
    let_go(heir)
    assert not cluster.running()


def test_the_process_id_of_a_killed_server_may_belong_to_another_program(place, new_cluster):
    cluster = new_cluster(place / "cluster")
    cluster.start()
    locks = (cluster.data / "postmaster.pid", cluster.socket_directory / ".s.PGSQL.5432.lock")
    kill(*processes_of(cluster))
    bystander = subprocess.Popen(["sleep", "60"])
    try:
        for lock in locks:
            lines = lock.read_text().split("\n")
            lock.write_text("\n".join([str(bystander.pid), *lines[1:]]))
        assert cluster.start() is True
        cluster.stop()
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_an_unfinished_data_directory_is_made_anew(place, new_cluster):
    cluster = new_cluster(place / "cluster")
    (cluster.directory / "data.new").mkdir(parents=True)
    (cluster.directory / "data.new" / "PG_VERSION").write_text("18\n")
    cluster.start()
    assert query(cluster, "SELECT 1") == [(1,)]


def test_a_server_that_can_not_start_says_why_in_one_line(place, new_cluster):
    cluster = new_cluster(place / "cluster")
    cluster.start()
    cluster.stop()
    (cluster.data / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(DatabaseError, match="did not start.*") as caught:
        cluster.start()
    assert "\n" not in str(caught.value)


def test_no_process_can_have_the_number_of_no_process():
    assert not psutil.pid_exists(NO_PROCESS)
