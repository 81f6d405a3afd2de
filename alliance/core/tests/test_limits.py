"""Limits: exact under a race, for a network as a household has it, and not to be talked round."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from alliance.core import limits
from alliance.core.limits import Limit, Locked
from alliance.core.models import Tally

pytestmark = pytest.mark.django_db

THREE = Limit("three", 3, timedelta(minutes=15))


def let_time_pass(span):
    """Put all counts back by so much, as if that time had passed."""
    for tally in Tally.objects.all():
        Tally.objects.filter(pk=tally.pk).update(until=tally.until - span)


def times_allowed(limit, key, tries):
    allowed = 0
    for _try in range(tries):
        try:
            limit.count(key)
        except Locked:
            continue
        allowed += 1
    return allowed


def test_exactly_the_amount_is_allowed_and_the_door_says_when_it_opens():
    before = timezone.now()
    for _time in range(3):
        THREE.count("ada@example.org")
    for _time in range(2):
        with pytest.raises(Locked) as refusal:
            THREE.count("ada@example.org")
        assert before + THREE.span <= refusal.value.until <= timezone.now() + THREE.span


def test_tries_that_were_too_many_do_not_keep_the_door_shut_for_longer():
    times_allowed(THREE, "a", 4)
    first = Tally.objects.get().until
    times_allowed(THREE, "a", 4)
    assert Tally.objects.get().until == first


def test_the_span_begins_anew_with_the_first_time_after_it():
    assert times_allowed(THREE, "a", 9) == 3
    let_time_pass(THREE.span - timedelta(seconds=20))
    assert times_allowed(THREE, "a", 1) == 0
    let_time_pass(timedelta(seconds=20))
    now = timezone.now()
    assert times_allowed(THREE, "a", 9) == 3
    assert Tally.objects.get().until - now == pytest.approx(THREE.span, abs=timedelta(seconds=5))


def test_keys_and_limits_count_each_for_itself():
    other = Limit("other", 3, THREE.span)
    assert [times_allowed(*what, 9) for what in ((THREE, "a"), (THREE, "b"), (other, "a"))] == [3, 3, 3]


def test_the_table_holds_no_key_in_plain_words():
    THREE.count("ada@example.org")
    key = Tally.objects.get().key
    assert len(key) == 64
    assert set(key) <= set("0123456789abcdef")


def test_the_same_key_is_another_one_under_another_secret(settings):
    THREE.count("a")
    settings.SECRET_KEY = "another " * 8
    THREE.count("a")
    assert [tally.count for tally in Tally.objects.all()] == [1, 1]


def test_any_text_is_a_key():
    assert [times_allowed(THREE, key, 9) for key in ("\x00", "", "x" * 100_000, "’ü\U0001f600")] == [3] * 4


def test_what_is_over_is_forgotten():
    for key in "ab":
        THREE.count(key)
    kept = Tally.objects.order_by("pk").first()
    Tally.objects.exclude(pk=kept.pk).update(until=timezone.now())
    assert limits.forget() == 1
    assert list(Tally.objects.all()) == [kept]


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_are_counted_one_by_one():
    limit = Limit("race", 7, timedelta(minutes=15))
    gate, allowed, locked = threading.Barrier(20), [], []

    def knock():
        gate.wait()
        for _time in range(3):
            try:
                limit.count("a")
                allowed.append(1)
            except Locked:
                locked.append(1)
        connection.close()

    threads = [threading.Thread(target=knock) for _number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(allowed), len(locked), Tally.objects.get().count) == (7, 53, 60)


# --- Whom a limit counts ---


def request(forwarded=None, address="192.0.2.7"):
    headers = {"X-Forwarded-For": forwarded} if forwarded is not None else {}
    return RequestFactory().get("/", headers=headers, REMOTE_ADDR=address)


@pytest.mark.parametrize("forwarded", ["203.0.113.9", "203.0.113.9, 198.51.100.1", "::1", "", "x"])
def test_without_a_proxy_what_a_visitor_says_of_their_address_counts_for_nothing(settings, forwarded):
    settings.BEHIND_PROXY = False
    assert limits.network(request(forwarded)) == "192.0.2.7"


@pytest.mark.parametrize(
    ("forwarded", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("1.1.1.1, 2.2.2.2,203.0.113.9", "203.0.113.9"),
        ("1.1.1.1\t,  203.0.113.9 ", "203.0.113.9"),
        ("2001:db8::1, 203.0.113.9", "203.0.113.9"),
        (None, "192.0.2.7"),
        ("", "192.0.2.7"),
        ("203.0.113.9,", "192.0.2.7"),
        ("unix:", "unix:"),
    ],
)
def test_behind_the_proxy_only_its_own_last_entry_counts(settings, forwarded, network):
    settings.BEHIND_PROXY = True
    assert limits.network(request(forwarded)) == network


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::1", "::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
    ],
)
def test_a_household_with_ipv6_is_one_network(address, network):
    assert limits.network(request(address=address)) == network


def test_a_new_x_forwarded_for_each_time_gets_nobody_past_a_limit(settings):
    allowed = {}
    for settings.BEHIND_PROXY in (False, True):
        limit = Limit(f"spoofed {settings.BEHIND_PROXY}", 3, timedelta(minutes=15))
        networks = [limits.network(request(f"198.51.100.{n}, 203.0.113.9")) for n in range(9)]
        allowed[settings.BEHIND_PROXY] = sum(times_allowed(limit, network, 1) for network in networks)
    assert allowed == {False: 3, True: 3}
