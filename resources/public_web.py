"""Requests to public web servers, and to no others.

A name is resolved here, every address that it has must be public, and the connection goes to an address that was looked
at. So nothing that a web address, a name server or a redirect says leads into the network that this portal runs in.
"""

import contextlib
import ipaddress
import re
import socket
import threading
import time
from http.client import HTTPException
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri, punycode
from django.utils.translation import gettext_lazy as _
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError

CONNECT_SECONDS = 10
READ_SECONDS = 20  # the longest silence in an answer

PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")
LOCAL_HOST = re.compile(r"(.+\.)?(localhost|local|internal|home\.arpa)")  # RFC 6761, 6762, 8375
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# What `is_global` of older Pythons lets pass, 6to4, and an address that is inside though it looks public (Azure's).
NOT_PUBLIC = [
    ipaddress.ip_network(network)
    for network in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "2002::/16", "3fff::/20")
]

NOT_READABLE = _("It is no web address that can be read.")
NOT_WEB = _("It is no address of the web.")
WITH_PASSWORD = _("It carries a user name or a password.")
OTHER_PORT = _("It uses a port that is not for web pages.")
NOT_ON_INTERNET = _("Its server is not on the public internet.")


class RefusedError(Exception):
    """A web address that is not asked; the first argument says why, in plain words."""


def is_public(address):
    """Whether an IP address is one of the public internet, an IPv4 address inside an IPv6 one included."""
    ip = ipaddress.ip_address(address)
    if ip.version == 6:
        inner = ip.ipv4_mapped or (ip in NAT64 and ipaddress.ip_address(int(ip) & 0xFFFFFFFF))
        if inner:
            return is_public(inner)
        if ip not in GLOBAL_UNICAST:
            return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in NOT_PUBLIC)


class Target(NamedTuple):
    """A web address in the parts that a request needs."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def parse(cls, url, base=""):
        """Read a web address as people and servers write it, perhaps relative to `base`; may raise RefusedError."""
        try:
            parts = urlsplit(urljoin(base, url))
            host, port = punycode(unquote(parts.hostname or "").rstrip(".")), parts.port
        except ValueError as error:
            raise RefusedError(NOT_READABLE) from error
        if parts.scheme not in PORTS:
            raise RefusedError(NOT_WEB)
        if "@" in parts.netloc:
            raise RefusedError(WITH_PASSWORD)
        if not HOST.fullmatch(host):
            raise RefusedError(NOT_READABLE)
        if port not in (None, *PORTS.values()):
            raise RefusedError(OTHER_PORT)
        query = f"?{parts.query}" if parts.query else ""
        return cls(parts.scheme, host, port or PORTS[parts.scheme], iri_to_uri((parts.path or "/") + query))

    @property
    def netloc(self):
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self):
        return f"{self.scheme}://{self.netloc}{self.path}"

    def addresses(self):
        """The IP addresses of the server, in the order to try; raises RefusedError unless each of them is public."""
        if LOCAL_HOST.fullmatch(self.host):
            raise RefusedError(NOT_ON_INTERNET)
        answers = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(answer[4][0] for answer in answers))
        if not all(map(is_public, addresses)):
            raise RefusedError(NOT_ON_INTERNET)
        return addresses

    def connect(self, seconds):
        """Connect to the first address of the server that takes it; return the open connection."""
        end = time.monotonic() + seconds
        for address in self.addresses():
            timeout = min(CONNECT_SECONDS, until(end) / 2)  # for the connection, and again for the handshake
            if self.scheme == "http":
                connection = HTTPConnection(address, self.port, timeout=timeout)
            else:
                connection = HTTPSConnection(address, self.port, timeout=timeout, server_hostname=self.host)
            try:
                connection.connect()
                return connection
            except ConnectTimeoutError as error:
                fault = error
        raise fault


def request(method, target, seconds):
    """Send one request and return the answer: its head, and the first piece of its body, which stays packed.

    Raises RefusedError, and after `seconds` TimeoutError, besides what urllib3 and http.client raise.
    """
    end = time.monotonic() + seconds
    with contextlib.closing(target.connect(seconds)) as connection:
        left = until(end)
        connection.timeout = min(READ_SECONDS, left)
        with cut_off(connection.sock, left):
            headers = {
                "Host": target.netloc,
                "User-Agent": f"LinkChecker/1.0 ({settings.SITE_NAME}; {settings.CONTACT_EMAIL})".encode(),
                "Accept": "*/*",
                "Connection": "close",
            }
            connection.request(method, target.path, headers=headers, preload_content=False, decode_content=False)
            response = connection.getresponse()
            response.read(1)
            return response


def until(end):
    """The seconds that are left; raises TimeoutError when none are."""
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


@contextlib.contextmanager
def cut_off(sock, seconds):
    """End a conversation after `seconds`: a server that sends a byte now and then never runs into a time-out."""
    late = threading.Event()

    def shut():
        late.set()
        with contextlib.suppress(OSError):  # closed by then
            socket.socket.shutdown(sock, socket.SHUT_RDWR)  # that of SSLSocket is not for another thread to call

    timer = threading.Timer(seconds, shut)
    timer.start()
    try:
        yield
    except (OSError, HTTPException, HTTPError):
        if not late.is_set():
            raise
    finally:
        timer.cancel()
    if late.is_set():  # even half an answer can look like a whole one
        raise TimeoutError
