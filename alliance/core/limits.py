"""How often somebody may do something: counted in PostgreSQL, so that all processes count together.

A count is one statement that also tells the answer, so two requests at the same moment can't both be the last one
allowed.
"""

import ipaddress
import math
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Tally

# The network that one household or office has under IPv6; under IPv4 it is one address.
IPV6_NETWORK = 64  # bits
LONG = 120  # minutes; a longer wait is told by its day

COUNT = """
INSERT INTO core_tally AS tally (key, count, until) VALUES (%(key)s, 1, clock_timestamp() + %(span)s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN tally.until <= clock_timestamp() THEN 1 ELSE tally.count + 1 END,
    until = CASE WHEN tally.until <= clock_timestamp() THEN excluded.until ELSE tally.until END
RETURNING count, until
"""


class Locked(Exception):  # noqa: N818 - an answer, not an error
    """Too often; the door opens again at `until`, as the text says. `AccessMiddleware` answers with 429."""

    def __init__(self, until):
        self.until = until

    @property
    def seconds(self):
        """Seconds until the door opens, at least one."""
        return max(1, math.ceil((self.until - timezone.now()).total_seconds()))

    def __str__(self):
        minutes, end = math.ceil(self.seconds / 60), timezone.localtime(self.until + timedelta(minutes=1))
        if minutes > LONG:
            told = {"day": date_format(end, "MONTH_DAY_FORMAT"), "time": date_format(end, "TIME_FORMAT")}
            return _("For safety this waits until %(day)s, %(time)s (Central time). Then try again.") % told
        return ngettext(
            "For safety this waits for %(minutes)s minute, until %(time)s (Central time). Then try again.",
            "For safety this waits for %(minutes)s minutes, until %(time)s (Central time). Then try again.",
            minutes,
        ) % {"minutes": minutes, "time": date_format(end, "TIME_FORMAT")}


@dataclass(frozen=True)
class Limit:
    """At most `amount` times within `span`, for each key. The span begins with the first time."""

    name: str
    amount: int
    span: timedelta

    def count(self, key):
        """Count one time for this key (any text); raise Locked where it is one too many."""
        hashed = salted_hmac(f"alliance.core.limits.{self.name}", key, algorithm="sha256").hexdigest()
        with connection.cursor() as cursor:
            cursor.execute(COUNT, {"key": hashed, "span": self.span})
            count, until = cursor.fetchone()
        if count > self.amount:
            raise Locked(until)


def client_address(request):
    """The address that a request came from. Behind the web server of docs/deploy.md, that server says it, in the last
    entry of X-Forwarded-For; what a visitor wrote before it counts for nothing."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or request.META["REMOTE_ADDR"]


def network(request):
    """The network that a request came from, as the key of a limit."""
    said = client_address(request)
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return said
    if address.version == 4:
        return said
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), IPV6_NETWORK), strict=False))


def forget():
    """Delete the counts whose span is over."""
    return Tally.objects.filter(until__lte=timezone.now()).delete()[0]
