"""Keys in addresses: whoever reads one may open what it opens, so they stand in no log, no mail and no report."""

import re

# What is as long as a key of the readiness check, in an address; the words of its own addresses are shorter.
KEY_IN_ADDRESS = re.compile(r"(?<=/pathway/readiness/)[A-Za-z0-9_-]{32}")


def without_keys(text):
    """The text with a word in the place of each key."""
    return KEY_IN_ADDRESS.sub("(key)", text)
