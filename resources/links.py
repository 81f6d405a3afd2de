"""Asks one web address politely whether it still leads somewhere, and says in plain words what was found."""

import contextlib
import enum
import http.client
import logging
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field, replace
from string import printable
from urllib.parse import quote

from django.utils.translation import gettext_lazy as _
from urllib3 import exceptions
from urllib3.util import Retry

from .models import LinkCheck
from .public_web import RefusedError, Target, request

OK, FAILED, REFUSED = LinkCheck.Outcome.OK, LinkCheck.Outcome.FAILED, LinkCheck.Outcome.REFUSED
MAX_URL = LinkCheck._meta.get_field("final_url").max_length

SECONDS = 60  # for one web address, with all redirects, retries and pauses; only a slow name server may take longer
BACK_OFF_SECONDS = (2, 4, 8)  # before one more request, unless the server names a longer time
MAX_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)

logging.getLogger("urllib3.connection").setLevel(logging.ERROR)  # it logs each odd header, with a traceback

# Whether one more request may find something else: never, by GET (many servers do not know HEAD), or a while later.
Again = enum.Enum("Again", "NEVER BY_GET LATER")


@dataclass(frozen=True)
class Finding:
    """What was found: the status code of an answer, if one came; where redirects led, if anywhere."""

    outcome: str
    detail: str
    status_code: int | None = None
    final_url: str = ""
    again: Again = Again.NEVER
    retry_after: float = 0  # seconds

    @property
    def answered(self):
        return self.status_code is not None


NOT_FOR_PROGRAMS = _("The server is there, but turns programs away.")
OUT_OF_ORDER = _("The server is out of order.")
TOO_LATE = _("The server takes too long to answer.")
NOBODY_THERE = _("No server answers there.")
BREAKS_OFF = _("The server breaks off its answer.")
WRONG_NAME = _("Its certificate is for another name.")
FRONT_PAGE = _("It now leads to the front page of a site.")
WITHOUT_END = _("Its redirects go on without end.")
LEADS_ON = _("It leads to another address that we do not ask. %(reason)s")

# A server that lives and only turns programs away is no broken link: people may still be let in.
ANSWERS = {
    401: (OK, _("The page asks readers to sign in."), Again.BY_GET),
    403: (OK, NOT_FOR_PROGRAMS, Again.BY_GET),
    404: (FAILED, _("The server does not know this page."), Again.BY_GET),
    405: (OK, NOT_FOR_PROGRAMS, Again.BY_GET),
    406: (OK, NOT_FOR_PROGRAMS, Again.BY_GET),
    410: (FAILED, _("The page was taken away for good."), Again.BY_GET),
    429: (OK, NOT_FOR_PROGRAMS, Again.LATER),
    451: (OK, _("The page is not shown here for legal reasons."), Again.BY_GET),
    502: (FAILED, OUT_OF_ORDER, Again.LATER),
    503: (FAILED, OUT_OF_ORDER, Again.LATER),
    504: (FAILED, OUT_OF_ORDER, Again.LATER),
    999: (OK, NOT_FOR_PROGRAMS, Again.BY_GET),
}
OTHER_ANSWER = (FAILED, _("The server answers with an error."), Again.BY_GET)

# What may be raised on the way to an answer; the special stands before the general.
FAULTS = {
    socket.gaierror: (_("The name of the server is not known."), Again.NEVER),
    ssl.SSLCertVerificationError: (_("Its certificate can't be trusted."), Again.NEVER),
    ssl.SSLEOFError: (BREAKS_OFF, Again.LATER),
    ssl.SSLError: (_("The server does not speak HTTPS as it should."), Again.NEVER),
    TimeoutError: (TOO_LATE, Again.BY_GET),
    OSError: (BREAKS_OFF, Again.LATER),
    exceptions.ConnectTimeoutError: (NOBODY_THERE, Again.NEVER),
    exceptions.TimeoutError: (TOO_LATE, Again.BY_GET),
    exceptions.HTTPError: (BREAKS_OFF, Again.BY_GET),
    http.client.HTTPException: (_("The server answers with something that is no web page."), Again.BY_GET),
}
# OpenSSL's codes of what is wrong with a certificate (its manual page X509_STORE_CTX_get_error).
CERTIFICATE_FAULTS = {10: _("Its certificate has expired."), 62: WRONG_NAME, 64: WRONG_NAME}


class Turns:
    """Lets one request at a time go to a host, each `pause` seconds after the one before; for several threads."""

    @dataclass
    class Turn:
        lock: threading.Lock = field(default_factory=threading.Lock)
        free_at: float = 0

    def __init__(self, pause):
        self.pause, self.hosts = pause, {}

    @contextlib.contextmanager
    def __call__(self, host):
        turn = self.hosts.setdefault(host, self.Turn())
        with turn.lock:
            time.sleep(max(0, turn.free_at - time.monotonic()))
            try:
                yield
            finally:
                turn.free_at = time.monotonic() + self.pause


def ask(url, turn=contextlib.nullcontext):
    """Find out whether `url` still leads somewhere; what goes wrong on the way is a finding, and nothing is raised.

    Each request is made inside `turn(host)`: see Turns.
    """
    visit = Visit(turn)
    finding, method = visit.look(url, "HEAD"), "HEAD"
    for back_off in BACK_OFF_SECONDS:
        if finding.again is Again.LATER:
            pause = max(back_off, finding.retry_after)
            if pause >= visit.left:
                break
            time.sleep(pause)
        elif finding.again is Again.NEVER or method == "GET":
            break
        method = "GET"
        finding = visit.look(url, method)
    return finding


class Visit:
    """The requests that one web address takes, and the time that is left for them."""

    def __init__(self, turn):
        self.turn = turn
        self.end = time.monotonic() + SECONDS

    @property
    def left(self):
        return self.end - time.monotonic()

    def look(self, url, method):
        """Go where redirects lead, and say what the last answer means."""
        asked, response = [], None
        try:
            target = Target.parse(url)
            while target not in asked and len(asked) <= MAX_REDIRECTS:
                asked.append(target)
                response = self.request(method, target)
                location = response.headers.get("Location") if response.status in REDIRECTS else None
                if location is None:
                    finding = read_answer(response, asked)
                    break
                target = Target.parse(quote(location, safe=printable, encoding="latin-1"), base=target.url)
            else:
                finding = Finding(FAILED, WITHOUT_END, response.status, again=Again.BY_GET)
        except RefusedError as refused:
            (reason,) = refused.args
            finding = Finding(REFUSED, LEADS_ON % {"reason": reason} if response is not None else reason)
        except tuple(FAULTS) as error:
            finding = read_fault(error)
        final_url = asked[-1].url if len(asked) > 1 else ""
        if len(final_url) > MAX_URL:
            final_url = final_url.partition("?")[0][:MAX_URL]
        return replace(finding, detail=str(finding.detail), final_url=final_url)

    def request(self, method, target):
        before = time.monotonic()
        with self.turn(target.host):
            self.end += time.monotonic() - before  # waiting for others to be done with this host is free
            return request(method, target, self.left if method == "GET" else self.left / 2)  # GET needs some, too


def read_answer(response, asked):
    """What the answer to the last of the requests means."""
    if 200 <= response.status < 300:
        moved_to_front = asked[-1].path == "/" != asked[0].path
        return Finding(OK, FRONT_PAGE if moved_to_front else "", response.status)
    outcome, detail, again = ANSWERS.get(response.status, OTHER_ANSWER)
    try:
        retry_after = Retry().parse_retry_after(response.headers.get("Retry-After", "0"))
    except (exceptions.InvalidHeader, ValueError, OverflowError):
        retry_after = 0
    return Finding(outcome, detail, response.status, again=again, retry_after=retry_after)


def read_fault(error):
    """What an exception on the way to an answer means."""
    detail, again = next(fault for kind, fault in FAULTS.items() if isinstance(error, kind))
    return Finding(FAILED, CERTIFICATE_FAULTS.get(getattr(error, "verify_code", None), detail), again=again)
