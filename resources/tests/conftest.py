import shutil

import pytest

from resources import links, public_web

from .misbehaving_server import Internet, Server, make_certificates


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed; to run the tests of links: sudo apt-get install openssl")
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def servers(certificates):
    _authority, tls = certificates
    servers = [Server(), Server(), Server(tls)]
    yield servers
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def internet(monkeypatch, certificates, servers):
    """A small internet that behaves as the test says, asked by a link checker that is in a hurry."""
    authority, _tls = certificates
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    monkeypatch.setattr(links, "SECONDS", 4)
    monkeypatch.setattr(links, "BACK_OFF_SECONDS", (0.02, 0.04, 0.08))
    monkeypatch.setattr(public_web, "CONNECT_SECONDS", 1)
    monkeypatch.setattr(public_web, "READ_SECONDS", 1)
    return Internet(monkeypatch, *servers)
