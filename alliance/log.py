"""What the log must not hold."""

import logging
import re

# What is as long as a key of the readiness check, in an address; the words of its own addresses are shorter.
KEY_IN_ADDRESS = re.compile(r"(?<=/pathway/readiness/)[A-Za-z0-9_-]{32}")


class WithoutKeys(logging.Formatter):
    """Leaves keys out of every line: whoever reads the log must not be able to open what they open."""

    def format(self, record):
        return KEY_IN_ADDRESS.sub("(key)", super().format(record))
