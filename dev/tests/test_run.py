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


def make_run(checkout, port):
    ours = ("DATABASE_URL", "EMBEDDED_CLUSTER", "MAKEFLAGS", "MAKELEVEL")  # of these tests, and of `make test`
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    return subprocess.Popen(
        ["make", "run", f"PORT={port}"],
        cwd=checkout,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # a process group of its own, as a terminal gives it
    )


def read_until_ready(process):
    said = []
    for line in process.stdout:
        said.append(line)
        if "The portal is at" in line:
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
