"""What our tools say while they work: one line a step, with the seconds it took."""

import contextlib
import sys
import time


class Step:
    """A line on the terminal that can tell how far the step has come."""

    def __init__(self, label):
        self.label = label

    def progress(self, words):
        """Show how far it is, where somebody watches; a log file gets the finished line only."""
        if sys.stdout.isatty():
            print(f"\r\033[K{self.label} ... {words}", end="", flush=True)


@contextlib.contextmanager
def step(label):
    """Announce a step, and close its line with the seconds it took."""
    began = time.monotonic()
    print(f"{label} ...", end="", flush=True)
    here = Step(label)
    try:
        yield here
    except BaseException:
        print(flush=True)
        raise
    if sys.stdout.isatty():
        print(f"\r\033[K{label} ...", end="")
    print(f" {time.monotonic() - began:.1f} s", flush=True)
