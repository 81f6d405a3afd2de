"""Clusters in places of their own, which the tests leave nothing behind of."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from dev.paths import ROOT
from dev.postgres import Cluster


@pytest.fixture
def place():
    """A new folder that every account may enter; pytest's own are private, which for root is a case by itself."""
    path = Path(tempfile.mkdtemp(prefix="alliance-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def new_cluster():
    """Make clusters that are stopped and deleted after the test, wherever their data went."""
    made = []

    def new(directory, durable=False):
        made.append(Cluster(directory, durable=durable))
        return made[-1]

    yield new
    for cluster in made:
        cluster.stop()
        for folder in (cluster.home, cluster.socket_directory):
            shutil.rmtree(folder, ignore_errors=True)


HOLDER = """
import os, sys
from dev.postgres import Cluster

Cluster({directory!r}, durable={durable}).hold()
child = os.fork()
if child == 0:
    sys.exit()  # as a server's worker does: it runs the exit handlers, and must not stop the database
os.waitpid(child, 0)
print("holding", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder():
    """Start processes that hold a cluster until they are told to end."""
    started = []

    def start(cluster):
        code = HOLDER.format(directory=str(cluster.directory), durable=cluster.durable)
        process = subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()
