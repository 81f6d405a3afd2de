"""The limits of the doors, asked of a real gunicorn with two processes on the tests' own database."""

import os
import re
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import urllib3
from django.db import connection

from alliance.accounts.doors import GUESSES, MAILS
from alliance.core.models import OutgoingMail, Tally
from alliance.core.tests.factories import make_user
from dev.paths import ROOT

pytestmark = pytest.mark.django_db(transaction=True)

OF_NETWORK, OF_ACCOUNT = (limit.amount for limit in GUESSES)


@pytest.fixture
def portal(transactional_db, tmp_path):
    """The address of the portal behind a web server, as production has it: HTTPS_ONLY, and X-Forwarded-For believed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    database = connection.settings_dict
    environment = os.environ | {
        "DATABASE_URL": f"postgres://{database['USER']}@/{database['NAME']}?host={database['HOST']}",
        "SECRET_KEY": "k" * 50,
        "ALLOWED_HOSTS": "localhost",
        "EMAIL_URL": "smtp://localhost:1",
        "DEBUG": "True",  # static files as they stand in the checkout
        "DJANGO_SETTINGS_MODULE": "alliance.settings",
    }
    environment.pop("EMBEDDED_CLUSTER", None)
    log = open(tmp_path / "gunicorn.log", "w+")  # noqa: SIM115 - closed behind the server
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "python:alliance.gunicorn", "--bind", f"127.0.0.1:{port}"],
        cwd=ROOT, env=environment, stdout=log, stderr=log,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urllib3.request("GET", f"{address}/healthz", retries=False)
            break
        except urllib3.exceptions.HTTPError:
            if server.poll() is not None:
                log.seek(0)
                pytest.fail(f"gunicorn ended: {log.read()}")
            time.sleep(0.1)
    yield address
    server.terminate()
    server.wait(20)
    log.close()


def post(portal, path, fields, came_from, claims="10.0.0.1"):
    """Send a form as a browser would behind the web server; return the status. `claims` is what the visitor wrote into
    X-Forwarded-For before the web server added the true address."""
    pool = urllib3.PoolManager(retries=False)
    headers = {"Host": "localhost", "X-Forwarded-Proto": "https", "X-Forwarded-For": f"{claims}, {came_from}"}
    form = pool.request("GET", f"{portal}{path}", headers=headers)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form.data.decode())[1]
    cookies = "; ".join(cookie.partition(";")[0] for cookie in form.headers.getlist("Set-Cookie"))
    sent = {"csrfmiddlewaretoken": token, **fields}
    answer = pool.request(
        "POST", f"{portal}{path}", fields=sent, encode_multipart=False, redirect=False,
        headers=headers | {"Cookie": cookies, "Referer": f"https://localhost{path}"},
    )  # fmt: skip
    return answer.status, answer.headers.get("Retry-After")


def at_once(tries, ask):
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(ask, range(tries)))


def test_an_account_is_guarded_by_both_processes_together_wherever_the_guesses_come_from(portal):
    make_user(email="known@example.org")

    def guess(number):
        fields = {"login": "known@example.org", "password": f"a wrong password {number}"}
        return post(portal, "/account/login/password/", fields, came_from=f"192.0.2.{number}")

    answers = at_once(OF_ACCOUNT + 10, guess)
    locked = [retry_after for status, retry_after in answers if status == 429]
    assert len(locked) == 10
    assert all(0 < int(seconds) <= GUESSES[1].span.total_seconds() for seconds in locked)


def test_a_network_is_guarded_by_both_processes_together_whatever_it_claims_to_be(portal):
    def guess(number):
        fields = {"login": f"somebody-{number}@example.org", "password": "a wrong password"}
        path = "/account/login/password/"
        return post(portal, path, fields, came_from="203.0.113.7", claims=f"198.51.100.{number}")[0]

    answers = at_once(OF_NETWORK + 10, guess)
    assert (answers.count(429), len(answers) - answers.count(429)) == (10, OF_NETWORK)
    assert Tally.objects.count() == 1 + OF_NETWORK


def test_an_address_gets_no_more_mail_than_its_limit_from_both_processes_together(portal):
    def ask(number):
        return post(portal, "/account/login/", {"login": "known@example.org"}, came_from=f"192.0.2.{number}")[0]

    answers = at_once(MAILS[1].amount + 6, ask)
    assert answers.count(429) == 6
    assert OutgoingMail.objects.count() == MAILS[1].amount
