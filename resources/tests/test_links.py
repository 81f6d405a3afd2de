import threading
import time
import tracemalloc
from email.utils import formatdate

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from resources import links, public_web
from resources.links import FAILED, OK, REFUSED, Turns, ask
from resources.public_web import RefusedError, Target, is_public
from resources.tests.misbehaving_server import (
    ADDRESS,
    NO_TLS_ADDRESS,
    Internet,
    answer,
    drip,
    gzip_bomb,
    hang,
    pour,
    reset,
    send,
    slow,
)

URL = "http://good.example/page"
PAGE = "good.example/page"
NOT_ON_INTERNET = str(public_web.NOT_ON_INTERNET)
HEAD, GET = ("HEAD", PAGE), ("GET", PAGE)


def found(finding):
    return finding.outcome, finding.detail, finding.status_code, finding.final_url


# Answers


def test_one_head_request_is_enough_for_a_page_that_is_there(internet):
    internet.serve(PAGE, answer(200))
    assert found(ask(URL)) == (OK, "", 200, "")
    assert internet.requests == [HEAD]


def test_a_request_says_who_asks_and_how_to_reach_them(internet, settings):
    settings.SITE_NAME, settings.CONTACT_EMAIL = "La Alianza ñ", "corrections@portal.example"
    internet.serve(PAGE, answer(200))
    ask(URL)
    assert sorted(filter(None, internet.heads[0])) == [
        "Accept-Encoding: identity",
        "Accept: */*",
        "Connection: close",
        "Host: good.example",
        "User-Agent: LinkChecker/1.0 (La Alianza ñ; corrections@portal.example)".encode().decode("latin-1"),
    ]


@pytest.mark.parametrize("status", [400, 403, 404, 405, 500, 501])
def test_what_head_finds_wrong_is_asked_again_by_get(internet, status):
    internet.serve(PAGE, answer(status), answer(200))
    assert found(ask(URL)) == (OK, "", 200, "")
    assert internet.requests == [HEAD, GET]


@pytest.mark.parametrize("behavior", [reset, hang, send(b""), send(b"no http\r\n\r\n")])
def test_a_server_that_chokes_on_head_is_asked_by_get(internet, behavior):
    internet.serve(PAGE, behavior, answer(200))
    assert found(ask(URL)) == (OK, "", 200, "")
    assert internet.requests == [HEAD, GET]


@pytest.mark.parametrize(
    ("status", "outcome", "detail"),
    [
        (204, OK, ""),
        (206, OK, ""),
        (401, OK, "The page asks readers to sign in."),
        (403, OK, "The server is there, but turns programs away."),
        (405, OK, "The server is there, but turns programs away."),
        (406, OK, "The server is there, but turns programs away."),
        (429, OK, "The server is there, but turns programs away."),
        (451, OK, "The page is not shown here for legal reasons."),
        (999, OK, "The server is there, but turns programs away."),
        (300, FAILED, "The server answers with an error."),
        (304, FAILED, "The server answers with an error."),
        (400, FAILED, "The server answers with an error."),
        (404, FAILED, "The server does not know this page."),
        (410, FAILED, "The page was taken away for good."),
        (500, FAILED, "The server answers with an error."),
        (502, FAILED, "The server is out of order."),
        (503, FAILED, "The server is out of order."),
        (504, FAILED, "The server is out of order."),
        (526, FAILED, "The server answers with an error."),
    ],
)
def test_each_answer_has_its_meaning(internet, status, outcome, detail):
    internet.serve(PAGE, answer(status, body=b""))
    assert found(ask(URL)) == (outcome, detail, status, "")


# Retries


@pytest.mark.parametrize("behavior", [answer(429), answer(502), answer(503), answer(504), reset])
def test_what_may_pass_is_asked_again_a_while_later(internet, behavior):
    internet.serve(PAGE, behavior, behavior, behavior, answer(200))
    started = time.monotonic()
    assert found(ask(URL)) == (OK, "", 200, "")
    assert internet.requests == [HEAD, GET, GET, GET]
    assert time.monotonic() - started >= sum(links.BACK_OFF_SECONDS)


def test_four_requests_are_the_most(internet):
    internet.serve(PAGE, answer(503))
    ask(URL)
    assert internet.requests == [HEAD, GET, GET, GET]


@pytest.mark.parametrize("status", [404, 500])
def test_what_get_says_for_good_is_not_asked_again(internet, status):
    internet.serve(PAGE, answer(status))
    ask(URL)
    assert internet.requests == [HEAD, GET]


def test_a_server_may_say_how_long_to_wait(internet):
    internet.serve(PAGE, answer(429, retry_after=1), answer(200))
    started = time.monotonic()
    assert found(ask(URL)) == (OK, "", 200, "")
    assert 1 <= time.monotonic() - started < 3


def test_a_server_that_wants_us_to_wait_longer_than_we_can_is_left_alone(internet):
    internet.serve(PAGE, answer(503, retry_after=60), answer(200))
    started = time.monotonic()
    assert found(ask(URL)) == (FAILED, "The server is out of order.", 503, "")
    assert internet.requests == [HEAD]
    assert time.monotonic() - started < 3


def test_the_time_to_wait_may_be_a_date(internet):
    internet.serve(PAGE, answer(503, retry_after=formatdate(time.time() + 3600, usegmt=True)), answer(200))
    ask(URL)
    assert internet.requests == [HEAD]


@pytest.mark.parametrize("value", ["soon", "-5", "9" * 5000, "Fri, 99 Abc 99999999999 99:99:99 GMT", ""])
def test_a_time_to_wait_that_is_nonsense_does_not_stop_us(internet, value):
    internet.serve(PAGE, answer(503, retry_after=value), answer(200))
    assert found(ask(URL)) == (OK, "", 200, "")


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["https://good.example/new/place?a=b", "/new/place?a=b"])
def test_where_a_page_moved_is_found_and_told(internet, status, location):
    internet.serve(PAGE, answer(status, location=location))
    internet.serve("good.example/new/place?a=b", answer(200))
    scheme = "https" if location.startswith("https") else "http"
    assert found(ask(URL)) == (OK, "", 200, f"{scheme}://good.example/new/place?a=b")


def test_a_move_from_https_to_http_is_followed(internet):
    internet.serve(PAGE, answer(301, location="http://good.example/plain"))
    internet.serve("good.example/plain", answer(200))
    assert found(ask("https://good.example/page")) == (OK, "", 200, "http://good.example/plain")


def test_five_redirects_are_followed_and_no_more(internet):
    for number in range(1, 8):
        internet.serve(f"good.example/{number}", answer(302, location=f"/{number + 1}"))
    internet.serve("good.example/8", answer(200))
    assert found(ask("http://good.example/3")) == (OK, "", 200, "http://good.example/8")
    internet.requests.clear()
    assert ask("http://good.example/2").detail == "Its redirects go on without end."
    assert len(internet.requests) == 2 * 6  # by HEAD and by GET


def test_a_page_that_sends_people_round_in_circles_has_failed(internet):
    internet.serve(PAGE, answer(302, location="/there"))
    internet.serve("good.example/there", answer(302, location="/page"))
    assert found(ask(URL)) == (FAILED, "Its redirects go on without end.", 302, "http://good.example/there")
    assert len(internet.requests) == 2 * 2


def test_a_page_that_leads_to_itself_has_failed(internet):
    internet.serve(PAGE, answer(302, location=""))
    assert ask(URL).detail == "Its redirects go on without end."


def test_a_deep_page_that_leads_to_a_front_page_works_with_a_note(internet):
    internet.serve(PAGE, answer(301, location="https://good.example"))
    internet.serve("good.example/", answer(200))
    detail = "It now leads to the front page of a site."
    assert found(ask(URL)) == (OK, detail, 200, "https://good.example/")
    internet.serve("good.example/", answer(301, location="https://good.example/"), answer(200))
    assert ask("http://good.example/").detail == ""


def test_a_page_that_moved_and_is_gone_there_tells_both(internet):
    internet.serve(PAGE, answer(301, location="/gone"))
    internet.serve("good.example/gone", answer(410))
    detail = "The page was taken away for good."
    assert found(ask(URL)) == (FAILED, detail, 410, "http://good.example/gone")


def test_a_redirect_without_a_place_is_an_error(internet):
    internet.serve(PAGE, answer(302))
    assert found(ask(URL)) == (FAILED, "The server answers with an error.", 302, "")


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("/caf\xe9", "/caf%E9"),
        ("/café".encode().decode("latin-1"), "/caf%C3%A9"),
        ("/a b", "/a%20b"),
        ("/a%20b#part", "/a%20b"),
    ],
)
def test_what_servers_write_into_redirects_is_understood(internet, location, path):
    head = f"HTTP/1.1 301 Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
    internet.serve(PAGE, send(head.encode("latin-1")))
    internet.serve(f"good.example{path}", answer(200))
    assert found(ask(URL)) == (OK, "", 200, f"http://good.example{path}")


def test_an_address_too_long_to_keep_is_told_without_its_query(internet):
    internet.serve(PAGE, answer(302, location="/sign-in?" + "a" * 3000))
    internet.serve("good.example/sign-in?" + "a" * 3000, answer(200))
    assert found(ask(URL)) == (OK, "", 200, "http://good.example/sign-in")


# Addresses that are not asked

PRIVATE_ADDRESSES = [
    "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
    "100.100.100.200", "192.0.0.192", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "168.63.129.16", "::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "fe80::1", "fc00::1",
    "fd00:ec2::254", "fec0::1", "ff02::1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::1", "2001:0:a00:1::1",
    "2001:db8::1", "3fff::1",
]  # fmt: skip
PUBLIC_ADDRESSES = ["8.8.8.8", ADDRESS, "2606:4700::6810:84e5", "64:ff9b::808:808", "::ffff:8.8.8.8"]


@pytest.mark.parametrize("address", PRIVATE_ADDRESSES)
def test_a_name_of_a_private_address_is_not_asked(internet, address):
    internet.names["inside.example"] = [[address]]
    assert found(ask("http://inside.example/")) == (REFUSED, NOT_ON_INTERNET, None, "")
    assert (internet.dialed, internet.trap.connections) == ([], 0)


@pytest.mark.parametrize("address", PRIVATE_ADDRESSES)
def test_a_private_address_is_not_asked(internet, address):
    host = f"[{address}]" if ":" in address else address
    assert found(ask(f"http://{host}/")) == (REFUSED, NOT_ON_INTERNET, None, "")
    assert (internet.dialed, internet.trap.connections) == ([], 0)


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_public_addresses_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.1", "0", "127.0.0.1.",
        "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "①②⑦.⓪.⓪.①", "127。0。0。1", "127%2e0.0.1", "%31%32%37.0.0.1",
        "localhost", "LOCALHOST", "localhost.", "printer.local", "wiki.internal", "router.home.arpa", "a.localhost",
    ],
)  # fmt: skip
def test_no_spelling_of_this_computer_is_asked(internet, host):
    assert found(ask(f"http://{host}/")) == (REFUSED, NOT_ON_INTERNET, None, "")
    assert (internet.dialed, internet.trap.connections) == ([], 0)


def test_a_name_with_a_public_and_a_private_address_is_not_asked(internet):
    for addresses in ([ADDRESS, "127.0.0.1"], ["10.0.0.1", ADDRESS], [ADDRESS, "::1"]):
        internet.names["both.example"] = [addresses]
        assert ask("http://both.example/").outcome == REFUSED
    assert internet.dialed == []


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_second_answer_for_a_name_does_not_move_the_connection(internet, scheme):
    internet.serve(PAGE, answer(200))
    internet.names["good.example"] = [[ADDRESS], ["127.0.0.1"]]
    assert ask(f"{scheme}://good.example/page").outcome == OK
    assert internet.dialed == [ADDRESS]
    assert ask(f"{scheme}://good.example/page").outcome == REFUSED
    assert (internet.dialed, internet.trap.connections) == ([ADDRESS], 0)


def test_a_name_that_turns_private_between_two_requests_is_left_alone(internet):
    internet.serve(PAGE, answer(404), answer(200))
    internet.names["good.example"] = [[ADDRESS], ["127.0.0.1"]]
    assert found(ask(URL)) == (REFUSED, NOT_ON_INTERNET, None, "")
    assert (internet.dialed, internet.trap.connections) == ([ADDRESS], 0)


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/", "http://127.0.0.1:80/", "http://[::1]/", "http://2130706433/", "http://0x7f.1/",
        "http://169.254.169.254/latest/meta-data/", "http://inside.example/", "//inside.example/", "http://localhost/",
    ],
)  # fmt: skip
def test_a_redirect_into_a_private_network_is_not_followed(internet, location):
    internet.names["inside.example"] = [["10.0.0.1"]]
    internet.serve(PAGE, answer(302, location=location))
    finding = ask(URL)
    detail = f"It leads to another address that we do not ask. {NOT_ON_INTERNET}"
    assert (finding.outcome, finding.detail, finding.status_code) == (REFUSED, detail, None)
    assert (internet.dialed, internet.trap.connections) == ([ADDRESS], 0)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", public_web.NOT_WEB),
        ("ftp://good.example/", public_web.NOT_WEB),
        ("gopher://good.example/", public_web.NOT_WEB),
        ("javascript:alert(1)", public_web.NOT_WEB),
        ("data:text/html,hello", public_web.NOT_WEB),
        ("mailto:someone@good.example", public_web.NOT_WEB),
        ("http://user:word@good.example/", public_web.WITH_PASSWORD),
        ("http://user@good.example/", public_web.WITH_PASSWORD),
        ("http://@good.example/", public_web.WITH_PASSWORD),
        ("http://good.example\\@127.0.0.1/", public_web.WITH_PASSWORD),
        ("http://good.example:22/", public_web.OTHER_PORT),
        ("https://good.example:8443/", public_web.OTHER_PORT),
        ("http://good.example:0/", public_web.OTHER_PORT),
        ("http://good.example:99999/", public_web.NOT_READABLE),
        ("http://[good.example/", public_web.NOT_READABLE),
        ("http://good..example/", public_web.NOT_READABLE),
        ("http://good example/", public_web.NOT_READABLE),
        ("http://good\0.example/", public_web.NOT_READABLE),
        ("http://" + "a" * 64 + ".example/", public_web.NOT_READABLE),
        ("http://good.example%0d%0aX: y/", public_web.NOT_READABLE),
        ("http://[fe80::1%25eth0]/", public_web.NOT_READABLE),
    ],
)
def test_what_is_no_plain_web_address_is_refused_and_not_followed(internet, url, reason):
    assert found(ask(url)) == (REFUSED, str(reason), None, "")
    internet.serve(PAGE, answer(302, location=url.replace("\0", "%00")))
    assert found(ask(URL)) == (REFUSED, f"It leads to another address that we do not ask. {reason}", None, "")
    assert internet.dialed == [ADDRESS]


@pytest.mark.parametrize("url", ["", "page", "good.example/page", "/page", "//good.example/page", "http:///page"])
def test_a_piece_of_an_address_is_no_address(internet, url):
    assert ask(url).outcome == REFUSED
    assert internet.dialed == []


def test_proxies_of_the_environment_are_not_asked(internet, monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
        monkeypatch.setenv(name.upper(), "http://127.0.0.1:9/")
    internet.serve(PAGE, answer(200))
    assert (ask(URL).outcome, ask("https://good.example/page").outcome) == (OK, OK)
    assert internet.dialed == [ADDRESS, ADDRESS]


# Names


def test_a_name_that_nobody_knows_has_failed(internet):
    assert found(ask("http://nowhere.example/")) == (FAILED, "The name of the server is not known.", None, "")
    assert internet.dialed == []


@pytest.mark.parametrize(
    ("url", "requested"),
    [
        ("http://bücher.example/straße?q=é", "xn--bcher-kva.example/stra%C3%9Fe?q=%C3%A9"),
        ("http://GOOD.example./a b?", "good.example/a%20b"),
        ("http://good.example", "good.example/"),
        ("http://good.example?q=1", "good.example/?q=1"),
        ("http://good.example:80/a%2Fb", "good.example/a%2Fb"),
        ("http://good.example//a/../b;c?d#e", "good.example//a/../b;c?d"),
        ("https://good.example:80/", None),
    ],
)
def test_addresses_are_asked_as_a_browser_would(internet, url, requested):
    internet.serve("good.example/", answer(200))
    internet.names["xn--bcher-kva.example"] = [[ADDRESS]]
    finding = ask(url)
    if requested:
        assert internet.requests[0] == ("HEAD", requested)
    else:
        assert finding.detail == "The server does not speak HTTPS as it should."


def test_the_next_address_of_a_name_is_tried_when_one_is_dead(internet):
    internet.serve(PAGE, answer(200))
    internet.names["good.example"] = [["2606:4700::1", ADDRESS]]
    assert ask(URL).outcome == OK
    assert internet.dialed == ["2606:4700::1", ADDRESS]


def test_a_server_of_which_no_address_answers_has_failed(internet):
    internet.names["good.example"] = [["2606:4700::1", "2606:4700::2"]]
    assert found(ask(URL)) == (FAILED, "No server answers there.", None, "")
    assert internet.dialed == ["2606:4700::1", "2606:4700::2"]


# TLS


def test_a_page_behind_a_good_certificate_works(internet):
    internet.serve(PAGE, answer(200))
    assert found(ask("https://good.example/page")) == (OK, "", 200, "")
    assert internet.dialed == [ADDRESS]


@pytest.mark.parametrize(
    ("host", "detail"),
    [
        ("expired.example", "Its certificate has expired."),
        ("other-name.example", "Its certificate is for another name."),
        ("self-signed.example", "Its certificate can't be trusted."),
        ("plain.example", "The server does not speak HTTPS as it should."),
    ],
)
def test_wrong_tls_is_a_failure_that_says_what_is_wrong(internet, host, detail):
    internet.serve(f"{host}/", answer(200))
    internet.names["plain.example"] = [[NO_TLS_ADDRESS]]
    assert found(ask(f"https://{host}/")) == (FAILED, detail, None, "")
    assert internet.requests == []
    assert len(internet.dialed) == 1


def test_a_certificate_for_the_name_does_not_hold_for_the_address(internet):
    assert ask(f"https://{ADDRESS}/").detail == "Its certificate is for another name."


def test_an_authority_that_is_not_known_is_not_trusted(internet, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    internet.serve(PAGE, answer(200))
    assert ask("https://good.example/page").detail == "Its certificate can't be trusted."


def test_a_server_that_hangs_up_in_the_handshake_is_asked_again_a_while_later(internet, monkeypatch):
    monkeypatch.setattr(internet.routes[ADDRESS, 443], "tls", None)
    monkeypatch.setattr(internet, "answer", lambda request: request.recv(65536))
    internet.names["good.example"] = [[ADDRESS]]
    assert found(ask("https://good.example/")) == (FAILED, "The server breaks off its answer.", None, "")
    assert len(internet.dialed) == 4


# Servers that take their time

HEAD_OF_200 = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("behavior", "scheme"),
    [
        (drip(b""), "http"),
        (drip(b""), "https"),
        (drip(HEAD_OF_200 + b"X: "), "http"),
        (drip(HEAD_OF_200 + b"X: "), "https"),
        (pour(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "http"),
    ],
)
def test_a_server_that_never_ends_its_answer_can_not_hold_us(internet, monkeypatch, behavior, scheme):
    monkeypatch.setattr(links, "SECONDS", 1)
    internet.serve(PAGE, behavior)
    started = time.monotonic()
    detail = "The server takes too long to answer."
    assert found(ask(f"{scheme}://good.example/page")) == (FAILED, detail, None, "")
    assert 0.9 < time.monotonic() - started < 3
    assert [method for method, _page in internet.requests] == ["HEAD", "GET"]


def test_a_server_that_says_nothing_is_left_after_a_silence(internet):
    internet.serve(PAGE, hang)
    started = time.monotonic()
    assert found(ask(URL)) == (FAILED, "The server takes too long to answer.", None, "")
    assert 2 <= time.monotonic() - started < 3.5


def test_a_handshake_that_never_ends_can_not_hold_us(internet, monkeypatch):
    monkeypatch.setattr(links, "SECONDS", 1)
    monkeypatch.setattr(public_web, "CONNECT_SECONDS", 10)
    internet.names["silent.example"] = [[ADDRESS]]
    monkeypatch.setattr(internet.routes[ADDRESS, 443], "tls", None)
    monkeypatch.setattr(internet, "answer", hang)
    started = time.monotonic()
    silent = ask("https://silent.example/")
    assert found(silent) == (FAILED, "The server takes too long to answer.", None, "")
    assert time.monotonic() - started < 3


def test_a_slow_connection_and_a_slow_handshake_share_the_time(internet, monkeypatch):
    def dial_slowly(sock, address):
        time.sleep(sock.gettimeout() * 0.9)
        Internet.dial(internet, sock, address)

    monkeypatch.setattr(public_web, "CONNECT_SECONDS", 10)
    monkeypatch.setattr(internet, "dial", dial_slowly)
    monkeypatch.setattr(internet.routes[ADDRESS, 443], "tls", None)
    monkeypatch.setattr(internet, "answer", hang)
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        public_web.request("GET", Target.parse(f"https://{ADDRESS}/"), seconds=1)
    assert time.monotonic() - started < 1.4


def test_no_request_is_made_when_the_time_is_over(internet):
    internet.serve(PAGE, answer(200))
    with pytest.raises(TimeoutError):
        public_web.request("GET", Target.parse(URL), seconds=0)
    assert internet.dialed == []


def test_slow_redirects_can_not_hold_us_either(internet, monkeypatch):
    monkeypatch.setattr(links, "SECONDS", 1)
    for number in range(9):
        internet.serve(f"good.example/{number}", slow(0.25, answer(302, location=f"/{number + 1}")))
    started = time.monotonic()
    assert ask("http://good.example/0").detail == "The server takes too long to answer."
    assert time.monotonic() - started < 2


# Servers that send what no browser wants


@pytest.mark.parametrize(
    "behavior",
    [
        gzip_bomb(),
        pour(HEAD_OF_200 + b"\r\n", bytes(1 << 16)),
        pour(HEAD_OF_200 + b"Content-Length: 99999999999\r\n\r\n", bytes(1 << 16)),
        pour(HEAD_OF_200 + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + bytes(1 << 16) + b"\r\n"),
        drip(HEAD_OF_200 + b"\r\n"),
    ],
)
def test_a_body_is_not_read_but_for_its_first_piece(internet, behavior):
    internet.serve(PAGE, answer(405), behavior)
    tracemalloc.start()
    started = time.monotonic()
    assert found(ask(URL)) == (OK, "", 200, "")
    assert time.monotonic() - started < 3
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 << 20  # the server is in this process


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (b"", "The server breaks off its answer."),
        (HEAD_OF_200 + b"Content-Length: 5, 6\r\n\r\nhello", "The server breaks off its answer."),
        (b"HTTP/1.1 OK\r\n\r\n", "The server answers with something that is no web page."),
        (b"HTTP/1.1 2000 OK\r\n\r\n", "The server answers with something that is no web page."),
        (b"HTTP/1.1 -1 OK\r\n\r\n", "The server answers with something that is no web page."),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "The server answers with something that is no web page."),
        (b"<html>hello</html>", "The server answers with something that is no web page."),
        (b"HTTP/1.1 200 " + b"O" * 70_000, "The server answers with something that is no web page."),
        (HEAD_OF_200 + b"X: " + b"y" * 70_000, "The server answers with something that is no web page."),
        (HEAD_OF_200 + b"X: y\r\n" * 1000 + b"\r\n", "The server answers with something that is no web page."),
    ],
)
def test_broken_answers_are_failures(internet, data, detail):
    internet.serve(PAGE, send(data))
    assert found(ask(URL)) == (FAILED, detail, None, "")


@pytest.mark.parametrize("rest", [b"Content-Length: 5\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"])
def test_a_broken_body_is_a_failure(internet, rest):
    internet.serve(PAGE, answer(405), send(HEAD_OF_200 + rest))
    assert found(ask(URL)) == (FAILED, "The server breaks off its answer.", None, "")


def test_headers_without_end_are_given_up(internet):
    internet.serve(PAGE, pour(HEAD_OF_200, b"X: y\r\n"))
    assert ask(URL).detail == "The server answers with something that is no web page."


def test_odd_headers_do_not_hurt(internet, caplog):
    internet.serve(PAGE, send(HEAD_OF_200 + b"no colon\r\n: no name\r\nX: \xff\x00\r\n folded\r\n\r\n"))
    assert ask(URL).outcome == OK
    assert caplog.records == []


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=200),
        st.builds(
            lambda status, name, value: b"HTTP/1.1 %d X\r\n%s: %s\r\n\r\n" % (status, name, value),
            st.integers(100, 599),
            st.sampled_from([b"Location", b"Retry-After", b"Content-Length", b"Transfer-Encoding", b"X"]),
            st.binary(max_size=40),
        ),
    )
)
def test_whatever_a_server_sends_there_is_a_finding(internet, data):
    internet.serve(PAGE, send(data))
    finding = ask(URL)
    assert finding.outcome in (OK, FAILED, REFUSED)
    assert (finding.outcome == OK) <= (finding.status_code is not None)
    assert set(internet.dialed) <= {ADDRESS}


@given(st.text(max_size=40), st.sampled_from(["", "http://", "https://", "http://good.example/", "//"]))
def test_whatever_stands_in_an_address_is_read_or_refused(text, beginning):
    try:
        target = Target.parse(beginning + text, base="http://good.example/")
    except RefusedError:
        return
    assert target.url.isascii()
    assert Target.parse(target.url) == target


# Taking turns


def test_one_request_at_a_time_goes_to_a_host_with_a_pause_between(internet):
    times = []
    for number in range(4):
        internet.serve(f"good.example/{number}", lambda request: times.append(time.monotonic()) or answer()(request))
    turns = Turns(0.2)
    threads = [threading.Thread(target=ask, args=(f"http://good.example/{number}", turns)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(times) == 4
    assert min(later - earlier for earlier, later in zip(times, times[1:], strict=False)) >= 0.2
    assert internet.busiest["good.example"] == 1


def test_waiting_for_others_does_not_make_a_server_late(internet, monkeypatch):
    monkeypatch.setattr(links, "SECONDS", 1)
    internet.serve(PAGE, answer(200))
    turns = Turns(0)
    with turns("good.example"):
        findings = []
        thread = threading.Thread(target=lambda: findings.append(ask(URL, turns)))
        thread.start()
        time.sleep(1.2)
    thread.join()
    assert [finding.outcome for finding in findings] == [OK]
