"""Nobody learns from an answer whether an address has an account: not by its text, its status or its time."""

import re
import statistics
import time

import pytest
from django.contrib.auth import get_user
from django.test import Client

from alliance.core.models import OutgoingMail, Tally, User
from alliance.core.tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

KNOWN, UNKNOWN = "known@example.org", "nobody@example.org"

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')

# The ways in: the address of the form, the name of its field, and where a wrong code is typed next.
WAYS_IN = {
    "sign in": ("/account/login/", "login", "/account/login/code/"),
    "sign up": ("/account/signup/", "email", "/account/confirm/"),
    "reset": ("/account/password/reset/", "email", "/account/password/reset/code/"),
}
TRIES = 200
MOST_APART = 0.020  # seconds between the two medians


def plain(answer, address):
    """Everything of an answer that a visitor can see, without what differs from one request to the next anyway."""
    text = TOKEN.sub("", answer.content.decode()).replace(address, "(address)")
    return answer.status_code, answer.headers.get("Location"), sorted(answer.cookies), text


def go_in(way, address):
    """All that a visitor sees who asks for a code, types a wrong one until no more are taken, and asks again."""
    form, field, code_page = WAYS_IN[way]
    visitor = Client()
    seen = [visitor.get(form), visitor.post(form, {field: address}), visitor.get(code_page)]
    for _ in range(4):
        seen.append(visitor.post(code_page, {"code": "WRONG-CODE"}, follow=True))
    seen.append(visitor.post(code_page, {"action": "resend"}, follow=True))
    return [plain(answer, address) for answer in seen]


@pytest.mark.parametrize("way", WAYS_IN)
def test_a_known_address_is_answered_as_an_unknown_one_is(way):
    make_user(email=KNOWN)
    assert go_in(way, KNOWN) == go_in(way, UNKNOWN)
    assert [OutgoingMail.objects.filter(to=address).count() for address in (KNOWN, UNKNOWN)] == [1, 1]


@pytest.mark.parametrize("way", ["sign in", "reset"])
def test_a_closed_account_is_answered_as_an_unknown_one_is(way):
    make_user(email=KNOWN, is_active=False)
    assert go_in(way, KNOWN) == go_in(way, UNKNOWN)


def test_a_wrong_password_is_answered_as_an_unknown_address_is():
    make_user(email=KNOWN)
    answers = [
        plain(Client().post("/account/login/password/", {"login": address, "password": "not the one at all"}), address)
        for address in (KNOWN, UNKNOWN)
    ]
    assert answers[0] == answers[1]
    assert "do not belong together" in answers[0][-1]


def medians(ask, tries=TRIES):
    """Median seconds of `ask(address)` for known and for unknown addresses, in turns, each with its limits fresh."""
    taken = {KNOWN: [], UNKNOWN: []}
    for number in range(-5, tries):
        for address, times in taken.items():
            Tally.objects.all().delete()
            User.objects.filter(email=UNKNOWN).delete()
            begun = time.perf_counter()
            ask(address)
            if number >= 0:  # the first few fill caches
                times.append(time.perf_counter() - begun)
    return [statistics.median(times) for times in taken.values()]


@pytest.mark.parametrize("way", WAYS_IN)
def test_the_time_of_an_answer_tells_nothing(way):
    make_user(email=KNOWN)
    form, field, _code_page = WAYS_IN[way]
    known, unknown = medians(lambda address: Client().post(form, {field: address}))
    assert abs(known - unknown) < MOST_APART, f"{known * 1000:.1f} ms known, {unknown * 1000:.1f} ms unknown"


def test_the_time_of_a_password_sign_in_tells_nothing(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]  # the real one, slow on purpose
    make_user(email=KNOWN)
    sent = {"password": "not the one at all"}
    known, unknown = medians(lambda address: Client().post("/account/login/password/", {"login": address, **sent}), 12)
    # One hash is about a third of a second: without one for the unknown address they would be that far apart.
    assert 0.8 < known / unknown < 1.25, f"{known * 1000:.1f} ms known, {unknown * 1000:.1f} ms unknown"


TWINS = ["Known@Example.ORG", "ｋｎｏｗｎ@example.org", "\u212anown@example.org", " known@example.org "]


@pytest.mark.parametrize("twin", TWINS)
def test_a_twin_of_an_address_makes_no_second_account(twin):
    make_user(email=KNOWN)
    answer = Client().post("/account/signup/", {"email": twin})
    assert answer.headers["Location"] == "/account/confirm/"
    assert list(User.objects.values_list("email", flat=True)) == [KNOWN]
    assert list(OutgoingMail.objects.values_list("kind", "to")) == [("has_account", KNOWN)]


@pytest.mark.parametrize("twin", TWINS)
def test_a_twin_of_an_address_signs_in_to_the_one_account(twin):
    user = make_user(email=KNOWN)
    Client().post("/account/login/", {"login": twin})
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.to) == ("sign_in_code", KNOWN)
    visitor = Client()
    visitor.post("/account/login/password/", {"login": twin, "password": PASSWORD})
    assert get_user(visitor) == user
