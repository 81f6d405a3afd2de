"""The pages of an account: well-formed, small, kept by nobody, and no word of anybody else's in them."""

import gzip
import json
import re
from base64 import urlsafe_b64encode

import html5lib
import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliance.accounts.devices import describe
from alliance.core import mail
from alliance.core.mail import Kind
from alliance.core.models import User
from alliance.core.tests.factories import make_curator, make_user, sign_in
from alliance.tests.test_pages import BUDGET, served_bytes

from .ways import ask_for_code

pytestmark = pytest.mark.django_db

# What each kind of person can open, and how many queries that takes. Two are the savepoint of the door,
# two more who is signed in.
VISITOR = {
    "/account/login/": 2,
    "/account/login/password/": 2,
    "/account/signup/": 2,
    "/account/password/reset/": 2,
    "/account/password/reset/done/": 2,
    "/account/inactive/": 2,
}
MEMBER = {
    "/account/": 10,
    "/account/email/": 8,
    "/account/password/": 4,
    "/account/again/": 10,
    "/account/two-step/": 6,
    "/account/two-step/app/": 12,
    "/account/two-step/passkeys/": 5,
    "/account/two-step/passkeys/add/": 12,
    "/account/sessions/": 6,
    "/account/mail/": 4,
    "/account/logout/": 4,
}
STAFF = {
    "/account/": 10,
    "/account/two-step/": 6,
    "/account/two-step/app/remove/": 9,
    "/account/two-step/codes/": 9,
    "/account/two-step/codes/new/": 8,
    "/account/again/two-step/": 10,
}
PAGES = [
    *(("visitor", address) for address in VISITOR),
    *(("member", address) for address in MEMBER),
    *(("staff", address) for address in STAFF),
]
WITH_PASSKEY_SCRIPT = {"/account/login/", "/account/two-step/passkeys/add/"}


@pytest.fixture
def client_of():
    def come_in(person):
        client = Client()
        if person == "member":
            sign_in(client, make_user())
        if person == "staff":
            curator = make_curator()
            RecoveryCodes.activate(curator)
            sign_in(client, curator)
        return client

    return come_in


def questions(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize(("person", "pages"), [("visitor", VISITOR), ("member", MEMBER), ("staff", STAFF)])
def test_the_number_of_queries_is_fixed(person, pages, client_of):
    client = client_of(person)
    assert {address: questions(client, address) for address in pages} == pages


def test_a_long_list_of_sessions_takes_no_more_queries(client):
    user = make_user()
    for browser in (client, *(Client() for _ in range(30))):
        sign_in(browser, user)
        UserSession.objects.create(user=user, session_key=browser.session.session_key, ip="192.0.2.1", user_agent="")
    assert questions(client, "/account/sessions/") == MEMBER["/account/sessions/"]
    assert len(client.get("/account/sessions/").context["sessions"]) == 31


@pytest.mark.parametrize(("person", "address"), PAGES)
def test_a_page_is_well_formed_small_private_and_keeps_to_the_policy(person, address, client_of):
    client = client_of(person)
    answer = client.get(address)
    page = answer.content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|placeholder=", page) == []
    scripts = re.findall(r"<script(?! id=\"passkey-options\" type=\"application/json\")[^>]*>", page)
    assert bool(scripts) == (address in WITH_PASSKEY_SCRIPT)
    assert all(re.fullmatch(r'<script src="/static/js/passkeys\.\w+\.js" defer>', script) for script in scripts)
    (stylesheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    html = served_bytes(client, address, "gzip")
    assert gzip.decompress(html)
    assert len(html) + len(served_bytes(client, stylesheet, "br")) <= BUDGET


def test_the_html_is_valid(client_of, validate_html):
    validate_html([(address, client_of(person).get(address).content.decode()) for person, address in PAGES])


def inputs(client, address):
    """The inputs of the forms of a page, by name, each as its attributes."""
    found = re.findall(r"<input ([^>]*)>", client.get(address).content.decode())
    return {
        attributes["name"]: attributes
        for attributes in (dict(re.findall(r'([\w-]+)="([^"]*)"', one)) for one in found)
        if attributes.get("type") != "hidden" and "name" in attributes
    }


def test_the_inputs_tell_the_browser_what_they_are_for(client_of):
    visitor, member, staff = client_of("visitor"), client_of("member"), client_of("staff")
    asks = inputs(visitor, "/account/login/")["login"]
    assert (asks["type"], asks["autocomplete"], asks["spellcheck"]) == ("email", "email", "false")
    assert inputs(visitor, "/account/login/password/")["password"]["autocomplete"] == "current-password"
    passwords = inputs(member, "/account/password/")
    assert {name: field["autocomplete"] for name, field in passwords.items()} == {
        "oldpassword": "current-password",
        "password1": "new-password",
    }
    assert "maxlength" not in passwords["password1"]
    assert inputs(member, "/account/")["name"]["autocomplete"] == "name"
    ask_for_code(visitor, "ada@example.org")
    assert inputs(visitor, "/account/login/code/")["code"]["autocomplete"] == "one-time-code"
    shown = inputs(staff, "/account/again/two-step/")["code"]
    assert (shown["autocomplete"], shown["inputmode"]) == ("one-time-code", "numeric")


def test_the_code_page_says_where_the_mail_is_on_the_embedded_default(client, settings):
    ask_for_code(client, "ada@example.org")
    page = client.get("/account/login/code/").content.decode()
    assert "The code in it holds for 15 minutes." in page
    assert "Look for it in the folder var/mail/" in page
    del settings.EMAIL_FILE_PATH
    assert "var/mail/" not in client.get("/account/login/code/").content.decode()


def test_a_refused_form_keeps_what_was_typed_and_names_the_field(client):
    answer = client.post("/account/signup/", {"email": "nobody@@example"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert '<a href="#id_email">Enter an e-mail address in plain letters, like name@example.gov.</a>' in page
    assert 'value="nobody@@example"' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_email_error"' in page
    assert 'id="id_email_error"' in page
    assert "<title>Please look again: Make an account" in page


# --- what people type ---

HARMFUL = '"><script>alert(1)</script>{{ 7|add:7 }}'


def test_a_name_of_150_characters_is_kept_and_one_more_is_refused(client):
    user = make_user(name="Ada")
    sign_in(client, user)
    assert client.post("/account/", {"name": "ü" * 150}).status_code == 303
    assert User.objects.get().name == "ü" * 150
    assert client.post("/account/", {"name": "ü" * 151}).status_code == 400
    assert client.post("/account/", {"name": "a\0b"}).status_code == 400
    assert User.objects.get().name == "ü" * 150
    assert client.post("/account/", {"name": "  "}).status_code == 303
    assert User.objects.get().name == ""


def test_a_name_is_inert_wherever_it_stands(client):
    admin = make_curator(name=HARMFUL, is_superuser=True)
    sign_in(client, admin)
    for address in ("/account/", "/admin/", "/admin/core/user/", f"/admin/core/user/{admin.pk}/change/"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_what_was_typed_into_a_door_comes_back_inert(client):
    for address, data in {
        "/account/login/": {"login": HARMFUL, "next": HARMFUL},
        "/account/login/password/": {"login": HARMFUL, "password": HARMFUL},
        "/account/signup/": {"email": HARMFUL, "next": HARMFUL},
        "/account/password/reset/": {"email": HARMFUL},
    }.items():
        page = client.post(address, data).content.decode()
        assert "<script>alert" not in page
        assert HARMFUL[:10].replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;") in page


@pytest.fixture
def choice(monkeypatch):
    """One kind of mail that can be declined, and one that can't."""
    kinds = {"news": Kind("news", "News", dict, may_decline=True), "alarm": Kind("alarm", "Alarm", dict)}
    monkeypatch.setattr(mail, "kinds", lambda: kinds)


def test_mail_is_declined_and_wanted_again(choice, client):
    sign_in(client, make_user())
    assert '<input type="checkbox" name="wanted" value="news" checked>' in client.get("/account/mail/").content.decode()
    assert client.post("/account/mail/", {}).status_code == 303
    assert User.objects.get().mail_declined == ["news"]
    assert '<input type="checkbox" name="wanted" value="news">' in client.get("/account/mail/").content.decode()
    client.post("/account/mail/", {"wanted": "news"})
    assert User.objects.get().mail_declined == []


@pytest.mark.parametrize("wanted", ["alarm", "nothing", "\0", "news\0", "x" * 10_000])
def test_what_cannot_be_chosen_is_refused(wanted, choice, client):
    sign_in(client, make_user())
    assert client.post("/account/mail/", {"wanted": ["news", wanted]}).status_code == 400
    assert User.objects.get().mail_declined == []


TEXTS = [
    "",
    "\0",
    "a\0b",
    "x" * 100_000,
    "🏛" * 300,
    "\ud7ff\u202e",
    "ada@example.org\nBcc: all@example.org",
    "[]",
    "-1",
]
FIELDS = {
    "visitor": {
        "/account/login/": "login",
        "/account/login/password/": "login password",
        "/account/signup/": "email",
        "/account/password/reset/": "email",
    },
    "member": {
        "/account/": "name",
        "/account/email/": "email",
        "/account/password/": "oldpassword password1",
        "/account/again/": "password",
        "/account/two-step/app/": "code",
        "/account/sessions/": "session",
    },
    "staff": {"/account/again/two-step/": "code"},
}


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
@pytest.mark.parametrize("person", FIELDS)
def test_whatever_is_typed_gets_an_answer(person, text, client_of):
    client = client_of(person)
    for address, names in FIELDS[person].items():
        answer = client.post(address, {"action_add": "", "next": text} | dict.fromkeys(names.split(), text))
        assert answer.status_code in (303, 400)
        assert client.get(address, {"next": text, "email": text}).status_code in (200, 302)


CREDENTIALS = [
    "",
    "null",
    "[]",
    "7",
    '"a"',
    "{}",
    "not json",
    "[" * 50_000,
    '{"id": "AAAA", "rawId": "AAAA", "response": []}',
    '{"id": "AAAA", "rawId": "AAAA", "response": {"clientDataJSON": 7}}',
    '{"id": "AAAA", "rawId": "AAAA", "response": {"clientDataJSON": "AAAA", "attestationObject": "AAAA"}}',
    '{"id": "AAAA", "rawId": "AAAA", "response": {"clientDataJSON": "A", "authenticatorData": "A", "signature": "A"}}',
    '{"id": "AAAA", "rawId": "AAAA", "response": {"clientDataJSON": "e30", "authenticatorData": "AAAA",'
    ' "signature": "AAAA", "userHandle": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"}}',
    '{"id": "\\u0000", "rawId": "AAAA", "response": {}}',
]


@pytest.mark.parametrize("credential", CREDENTIALS, ids=range(len(CREDENTIALS)))
def test_no_false_passkey_lets_in_or_breaks_a_page(credential, client_of):
    visitor, member, staff = client_of("visitor"), client_of("member"), client_of("staff")
    visitor.get("/account/login/passkey/", headers={"accept": "application/json"})
    answer = visitor.post("/account/login/passkey/", {"credential": credential})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/login/")
    assert visitor.get("/account/").status_code == 302
    member.get("/account/two-step/passkeys/add/")
    answer = member.post("/account/two-step/passkeys/add/", {"name": "x" * 60, "credential": credential})
    assert answer.status_code == 400
    assert staff.post("/account/again/passkey/", {"credential": credential}).status_code == 303


def test_the_name_of_a_passkey_has_sixty_characters_at_most(client_of):
    member = client_of("member")
    for length, faults in ((60, {"credential"}), (61, {"name", "credential"})):
        answer = member.post("/account/two-step/passkeys/add/", {"name": "x" * length})
        assert set(answer.context["form"].errors) == faults


def test_a_passkey_that_is_not_known_is_refused_in_words_of_passkeys(client):
    client.get("/account/login/passkey/", headers={"accept": "application/json"})
    client.post("/account/login/passkey/", {"credential": CREDENTIALS[-2]})
    (message,) = client.get("/account/login/").context["messages"]
    assert str(message) == "This passkey can’t be used here. Try again, or take another way."


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.binary(max_size=200), st.sampled_from(["attestationObject", "authenticatorData"]))
def test_no_bytes_of_a_passkey_break_a_page(client, first, second, part):
    def written(data):
        return urlsafe_b64encode(data).decode().rstrip("=")

    response = {
        "clientDataJSON": written(first),
        part: written(second),
        "signature": written(first),
        "userHandle": "MQ",
    }
    credential = json.dumps({"id": "AAAA", "rawId": "AAAA", "response": response})
    if "sessionid" not in client.cookies or client.get("/account/").status_code == 302:
        sign_in(client, make_user())
    for address in ("/account/two-step/passkeys/add/", "/account/login/passkey/"):
        assert client.post(address, {"credential": credential}).status_code in (302, 303, 400, 429)


# --- devices ---


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) CriOS/130 Safari/604.1", "Chrome on iPhone"),
        ("Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari on iPad"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14.0; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Mac"),
        ("curl/8", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_a_device_is_named_in_plain_words(user_agent, device):
    assert describe(user_agent) == device


def test_mail_that_only_staff_get_is_a_choice_of_staff_only(client):
    everybody = ["introduction_asked", "introduction_answered"]
    for user, offered in ((make_user(), everybody), (make_curator(), ["notes_waiting", *everybody])):
        client.force_login(user)
        assert [kind.name for kind, _wanted in client.get("/account/mail/").context["choices"]] == offered
