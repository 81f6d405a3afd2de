"""Locks between processes that the kernel lets go of by itself, even after `kill -9`."""

import contextlib
import fcntl


def open_lock(path):
    """Open `path` for locking, without emptying what another process wrote into it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return open(path, "a+")


def try_lock(file):
    """Take the exclusive lock if nobody has it; say whether that worked."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def exclusive(path):
    """Wait for the exclusive lock on `path` and keep it for the block."""
    with open_lock(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
