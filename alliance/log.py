"""What the log must not hold."""

import logging

from alliance.core.keys import without_keys


class WithoutKeys(logging.Formatter):
    """Leaves keys out of every line: whoever reads the log must not be able to open what they open."""

    def format(self, record):
        return without_keys(super().format(record))
