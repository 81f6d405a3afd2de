"""Whether the contact by which an applicant's authority is checked is one that the applicant gave.

Somebody who pretends to act for a government can give an address, a number and a website of their own. So what counts
is a contact that the Alliance found itself.
"""

import re
import unicodedata
from typing import NamedTuple
from urllib.parse import urlsplit

from .duplicates import PUBLIC_MAIL
from .models import SnapshotAnswer

ADDRESS = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
NUMBER = re.compile(r"\d(?:[\s().\-–/]*\d){6,}")
WEBSITE = re.compile(r"https?://([\w.-]+)")
# A local number has this many digits, one with its area ten; a country may stand before it.
LOCAL, WITH_AREA = 7, 10
# Only governments get a name there.
OF_GOVERNMENTS = re.compile(r"(\.|^)(gov|mil|[a-z]{2}\.us)$|-nsn\.gov$")


class Contacts(NamedTuple):
    """What a text names: e-mail addresses, the digits of telephone numbers, and the hosts of both kinds of address."""

    addresses: set
    numbers: set
    hosts: set


def contacts_in(*texts):
    # Letters and digits of other widths read as the usual ones.
    text = unicodedata.normalize("NFKC", "\n".join(texts)).casefold()
    mail = list(ADDRESS.finditer(text))
    numbers = {re.sub(r"\D", "", found)[-WITH_AREA:] for found in NUMBER.findall(text)}
    hosts = {one[1] for one in mail} | {host.removeprefix("www.") for host in WEBSITE.findall(text)}
    return Contacts({one[0] for one in mail}, numbers, hosts)


def given_by(application):
    """All that the team wrote, at any time: answers, messages, and the addresses of its people."""
    answers = [answer for section in application.sections.all() for answer in section.answers.values()]
    answers += SnapshotAnswer.objects.filter(snapshot__application=application).values_list("answer", flat=True)
    messages = application.messages.filter(is_from_team=True).values_list("text", flat=True)
    people = application.team.values_list("user__email", flat=True)
    invited = application.invitations.values_list("email", flat=True)
    return contacts_in(*(str(answer) for answer in answers), *messages, *people, *invited)


def of_one_site(host, other):
    return host == other or host.endswith(f".{other}") or other.endswith(f".{host}")


def own_hosts(application):
    """The websites that the network's own records name for the government."""
    place = application.place
    records = [application.jurisdiction, getattr(place, "jurisdiction", None)]
    addresses = [address for one in records if one for address in (one.website, one.office_url)]
    return {host.removeprefix("www.") for address in addresses if (host := urlsplit(address).hostname)}


def is_given(application, contact):
    """Whether the team gave the address or the number that stands in `contact`."""
    given, found = given_by(application), contacts_in(contact)
    return bool(given.addresses & found.addresses) or any(
        len(mine) >= LOCAL and (mine.endswith(theirs) or theirs.endswith(mine))
        for mine in found.numbers
        for theirs in given.numbers
    )


def known_only_from_team(application, *texts):
    """The hosts in these texts that the team gave, that are not only for governments, and not on our own record."""
    given, own = given_by(application).hosts, own_hosts(application)
    return sorted(
        host
        for host in contacts_in(*texts).hosts - PUBLIC_MAIL
        if not OF_GOVERNMENTS.search(host)
        and any(of_one_site(host, one) for one in given)
        and not any(of_one_site(host, one) for one in own)
    )
