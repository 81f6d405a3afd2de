"""What the log must not hold."""

import logging
import re

# What is as long as a key of the readiness check, in an address; the words of its own addresses are shorter.
KEY_IN_ADDRESS = re.compile(r"(?<=/pathway/readiness/)[A-Za-z0-9_-]{32}")


class WithoutKeys(logging.Filter):
    """Takes keys out of what is logged: whoever reads the log must not be able to open what they open."""

    def filter(self, record):
        record.msg, record.args = KEY_IN_ADDRESS.sub("(key)", record.getMessage()), ()
        return True
