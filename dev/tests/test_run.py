"""`make run` as a newcomer meets it: in a copy of this checkout, from nothing to nothing."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request

import psutil
import pytest

from dev.paths import ROOT, VENV
from dev.postgres import Cluster


@pytest.fixture
def checkout(place):
    """A copy of the checkout in a folder with a difficult name, with nothing in it but the installed packages."""
    copy = place / "a checkout, with spaces"
    shutil.copytree(
        ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", ".env", "var", "node_modules", "__pycache__")
    )
    (copy / ".venv").symlink_to(VENV.resolve())
    yield copy
    for process in processes_in(copy):
        process.kill()
    shutil.rmtree(Cluster(copy / "var" / "postgres").home, ignore_errors=True)


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment():
    """The surroundings of a newcomer: without what these tests and `make test` put there."""
    ours = ("DATABASE_URL", "EMBEDDED_CLUSTER", "MAKEFLAGS", "MAKELEVEL")
    return {name: value for name, value in os.environ.items() if name not in ours}


def make_run(checkout, port, target="run"):
    return subprocess.Popen(
        ["make", target, f"PORT={port}"],
        cwd=checkout,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # a process group of its own, as a terminal gives it
    )


def read_until_ready(process):
    said = []
    for line in process.stdout:
        said.append(line)
        if "The portal is at" in line or "Starting development server at" in line:
            return "".join(said)
    pytest.fail("make run ended without serving:\n" + "".join(said))


def finish(process):
    said, _ = process.communicate(timeout=30)
    return said


def processes_in(checkout):
    """Return every living process that was started in `checkout` or works on its files."""
    found = []
    for process in psutil.process_iter(["cmdline", "cwd", "status"]):
        words = [process.info["cwd"] or "", *(process.info["cmdline"] or [])]
        if process.info["status"] != psutil.STATUS_ZOMBIE and any(str(checkout) in word for word in words):
            found.append(process)
    return found


def get(port, path="/"):
    with urllib.request.urlopen(f"http://localhost:{port}{path}", timeout=20) as answer:
        return answer.status, answer.read().decode()


def test_from_nothing_to_a_page_and_back_to_nothing(checkout, port):
    first = make_run(checkout, port)
    said = read_until_ready(first)
    assert f"http://localhost:{port}" in said
    assert get(port)[0] == 200
    assert get(port, "/readyz")[0] == 200

    second = make_run(checkout, port)
    assert "is being served already, at http://localhost" in finish(second)
    assert second.returncode != 0

    os.killpg(first.pid, signal.SIGINT)
    assert "Traceback" not in finish(first)
    assert processes_in(checkout) == []

    again = make_run(checkout, port)
    seconds = float(re.search(r"after ([\d.]+) s", read_until_ready(again))[1])
    assert seconds < 10
    for process in processes_in(checkout):
        process.kill()
    finish(again)

    recovered = make_run(checkout, port)
    read_until_ready(recovered)
    assert get(port)[0] == 200
    os.killpg(recovered.pid, signal.SIGHUP)
    assert "Traceback" not in finish(recovered)
    assert processes_in(checkout) == []


def test_a_port_that_is_taken_is_named(checkout, port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        process = make_run(checkout, port)
        said = finish(process)
    assert f"Port {port} is in use by another program. Choose another one: make run PORT=" in said
    assert process.returncode != 0
    assert processes_in(checkout) == []


@pytest.mark.parametrize("word", ["zero", "0", "70000", "80 81", ""])
def test_a_port_that_is_none_is_refused(checkout, word):
    process = make_run(checkout, word)
    assert "PORT must be a number from 1 to 65535" in finish(process)
    assert process.returncode != 0


def test_sigterm_to_make_alone_stops_everything(checkout, port):
    process = make_run(checkout, port)
    read_until_ready(process)
    process.terminate()
    finish(process)
    deadline = time.monotonic() + 10
    while processes_in(checkout) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert processes_in(checkout) == []


def wait_until(condition, seconds=15):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)


def senders_in(checkout):
    return [process for process in processes_in(checkout) if "send_mail" in process.cmdline()]


def assert_one_sender_in(checkout):
    wait_until(lambda: senders_in(checkout))  # the kernel shows a program's words a moment after it began
    assert len(senders_in(checkout)) == 1


def nobody_in(checkout):
    return processes_in(checkout) == []


WRITE_MAIL = """
from alliance.core import mail
mail.send("sign_in_code", "ada@example.org", code="KRTM-WXBP", minutes=15)
"""


def test_mail_is_sent_into_files_while_the_portal_runs(checkout, port):
    server = make_run(checkout, port)
    read_until_ready(server)
    assert_one_sender_in(checkout)
    shell = [VENV / "bin" / "python", "manage.py", "shell", "-v0", "-c", WRITE_MAIL]
    subprocess.run(shell, cwd=checkout, env=environment(), check=True)
    wait_until(lambda: list(checkout.glob("var/mail/*")))
    (file,) = checkout.glob("var/mail/*")
    wait_until(lambda: "KRTM-WXBP" in file.read_text())
    assert "\nTo: ada@example.org\n" in file.read_text()
    assert [oct(path.stat().st_mode & 0o777) for path in (file.parent, file)] == ["0o700", "0o600"]
    os.killpg(server.pid, signal.SIGINT)
    assert "Traceback" not in finish(server)
    assert processes_in(checkout) == []


def test_killing_the_server_ends_the_sender_and_the_database_too(checkout, port):
    server = make_run(checkout, port)
    read_until_ready(server)
    assert_one_sender_in(checkout)
    (master,) = psutil.Process(server.pid).children()
    master.kill()
    wait_until(lambda: nobody_in(checkout))
    assert processes_in(checkout) == []
    finish(server)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_make_dev_starts_the_sender_too_and_ends_it(checkout, port, number):
    server = make_run(checkout, port, "dev")
    read_until_ready(server)
    assert get(port)[0] == 200
    assert_one_sender_in(checkout)
    os.killpg(server.pid, number)
    assert "Traceback" not in finish(server)
    wait_until(lambda: nobody_in(checkout))
    assert processes_in(checkout) == []
