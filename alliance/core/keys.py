"""Keys in addresses: whoever reads one may open what it opens, so they stand in no log, no mail and no report.

The one exception is the mail that hands a key to whom it belongs.
"""

import re
import secrets
from urllib.parse import quote

# 192 bits, as 32 characters of a web address.
KEY_BYTES = 24
KEY = "[A-Za-z0-9_-]{32}"

# What is as long as a key, where keys stand; the other words of these addresses are shorter. The address that a sign-in
# leads on to stands in the address of the sign-in, in either form.
BEFORE_KEYS = ("/pathway/readiness/", "/pathway/readiness/shared/", "/pathway/invitations/", "/notes/")
BEHIND = "|".join(f"(?<={form})" for plain in BEFORE_KEYS for form in (plain, quote(plain, safe="")))
KEY_IN_ADDRESS = re.compile(f"(?:{BEHIND}){KEY}")


def new_key():
    return secrets.token_urlsafe(KEY_BYTES)


def without_keys(text):
    """The text with a word in the place of each key."""
    return KEY_IN_ADDRESS.sub("(key)", text)


class KeyConverter:
    """What `new_key` makes, in a route."""

    regex = KEY
    to_python = to_url = str
