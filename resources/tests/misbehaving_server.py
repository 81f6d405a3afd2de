"""A small internet on this computer, for tests of code that asks strangers: its servers do whatever a test tells them.

Two things only are not real: which addresses a name has, and which computer stands behind an address. Sockets, TLS,
time and bytes are real.
"""

import contextlib
import errno
import gzip
import socket
import socketserver
import ssl
import struct
import subprocess
import threading
import time
from collections import Counter

ADDRESS = "93.184.215.14"  # a public one; the tests never reach the server that really has it
NO_TLS_ADDRESS = "93.184.215.15"  # its server speaks plain HTTP where TLS is expected


def answer(status=200, body=b"fine", **headers):
    """Answer properly; `answer(301, location="/there")`."""
    fields = {"content_length": len(body), **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return send(f"HTTP/1.1 {status} Words\r\n{lines}\r\n".encode() + body)


def send(data):
    """Send these bytes, whatever they are, and close."""

    def behave(request):
        request.sendall(data)

    return behave


def slow(seconds, behavior):
    """Think for a while first."""

    def behave(request):
        time.sleep(seconds)
        behavior(request)

    return behave


def drip(head, every=0.05):
    """Send the head of an answer, then a byte now and then, forever."""

    def behave(request):
        request.sendall(head)
        while True:
            time.sleep(every)
            request.sendall(b"x")

    return behave


def pour(head, piece):
    """Send the head of an answer, then the same piece again and again, as fast as it goes."""

    def behave(request):
        request.sendall(head)
        while True:
            request.sendall(piece)

    return behave


def hang(request):
    """Listen and say nothing until the other side gives up."""
    while request.recv(65536):
        pass


def reset(request):
    """Break the connection off as a crash does."""
    request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def gzip_bomb():
    """A megabyte that unpacks to a gigabyte."""
    packed = gzip.compress(bytes(1 << 20)) * 1000
    return answer(body=packed, content_encoding="gzip", content_type="text/html")


class Server(socketserver.ThreadingTCPServer):
    """Hands each connection, over TLS where a context is given, to the `internet` of the test, and counts them."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 50

    def __init__(self, tls=None):
        super().__init__(("127.0.0.1", 0), socketserver.BaseRequestHandler)
        self.tls = tls
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def finish_request(self, request, client_address):
        self.connections += 1
        with contextlib.suppress(OSError):  # a client that has heard enough hangs up
            if self.tls:
                request = self.tls.wrap_socket(request, server_side=True)
            with request:
                self.internet.answer(request)


class Internet:
    """Names, what their servers answer, and what was asked of whom.

    `names` gives the addresses of a name for each time it is asked for, `pages` the behavior for each request of a
    page; the last of them is for good. What is sent to an address that no server of ours has ends in a trap.
    """

    def __init__(self, monkeypatch, trap, plain, secure):
        self.names, self.pages = {}, {}
        self.requests, self.heads, self.dialed = [], [], []
        self.busy, self.busiest = Counter(), Counter()
        self.trap = trap
        self.routes = {(ADDRESS, 80): plain, (ADDRESS, 443): secure, (NO_TLS_ADDRESS, 443): plain}
        for server in (trap, plain, secure):
            server.internet, server.connections = self, 0
        self.getaddrinfo, self.connect = socket.getaddrinfo, socket.socket.connect
        monkeypatch.setattr(socket, "getaddrinfo", self.resolve)
        monkeypatch.setattr(socket.socket, "connect", lambda *args: self.dial(*args))

    def serve(self, page, *behaviors):
        """Let `page`, "host/path", behave so, and its host be known."""
        self.names.setdefault(page.partition("/")[0], [[ADDRESS]])
        self.pages[page] = list(behaviors)

    def resolve(self, host, port, family=0, type=0):
        """Look into `names`; what is not there must be an IP address in one of its spellings."""
        found = [
            self.getaddrinfo(address, port, family, type, flags=socket.AI_NUMERICHOST)
            for address in next_of(self.names.get(host, [[host]]))
        ]
        return [answer for answers in found for answer in answers]

    def dial(self, sock, address):
        self.dialed.append(address[0])
        if sock.family == socket.AF_INET6:
            raise OSError(errno.ENETUNREACH, "this computer has no IPv6")
        self.connect(sock, self.routes.get(address, self.trap).server_address)

    def answer(self, request):
        head = b""
        while b"\r\n\r\n" not in head:
            if not (piece := request.recv(65536)):
                return
            head += piece
            if head.startswith(b"\x16"):  # TLS, to a server that knows none
                return answer(400)(request)
        line, *fields = head.decode("latin-1").split("\r\n")
        method, path, _version = line.split(" ")
        host = next(field.partition(": ")[2] for field in fields if field.startswith("Host: "))
        self.requests.append((method, host + path))
        self.heads.append(fields)
        self.busy[host] += 1
        self.busiest[host] = max(self.busiest[host], self.busy[host])
        try:
            next_of(self.pages.get(host + path, [answer(404)]))(request)
        finally:
            self.busy[host] -= 1


def next_of(things):
    """Take the first of the things off, unless it is the last."""
    return things.pop(0) if len(things) > 1 else things[0]


# TLS

EXTENSIONS = """\
subjectAltName=DNS:{name}
basicConstraints=CA:FALSE
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
"""


def make_certificates(folder):
    """Make an authority and servers with good and bad certificates; return its file and the TLS context of them all.

    The server answers by the name it is asked for: expired.example, other-name.example, self-signed.example, and
    properly for good.example.
    """

    def openssl(command):
        subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)

    key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
    openssl(f"req -x509 {key} -days 2 -keyout ca.key -out ca.pem -subj /CN=authority -addext keyUsage=keyCertSign")
    contexts = {}
    for name, certified, days in (
        ("good.example", "good.example", 2),
        ("expired.example", "expired.example", -1),
        ("other-name.example", "good.example", 2),
    ):
        (folder / "extensions").write_text(EXTENSIONS.format(name=certified))
        openssl(f"req -new {key} -keyout {name}.key -out {name}.csr -subj /CN={certified}")
        openssl(
            f"x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days {days}"
            f" -extfile extensions -out {name}.pem"
        )
    openssl(
        f"req -x509 {key} -days 2 -keyout self-signed.example.key -out self-signed.example.pem -subj /CN=self"
        " -addext subjectAltName=DNS:self-signed.example"
    )
    for name in ("good.example", "expired.example", "other-name.example", "self-signed.example"):
        contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        contexts[name].load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    good = contexts["good.example"]
    good.sni_callback = lambda sock, name, _context: setattr(sock, "context", contexts.get(name, good))
    return folder / "ca.pem", good
