"""Whether anything that people save is lost or kept twice while workers of the server are killed under them.

    python bench/drafts.py [--people 20] [--kills 20] [--pause 1.5]

Starts a gunicorn as production has it (two workers) on a database of its own, and drops that afterwards. People work in
teams of five, each in a section of their own, and save one word after the other, as the page does: a save that got no
answer is sent again. Meanwhile one worker after the other is killed (SIGKILL). A save counts as lost where an
acknowledged one does not stand in the database before the next, or at the end; as doubled where the version of the
section went up more than once for it.
"""

import argparse
import contextlib
import http.client
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.lookup import prepare
from dev.paths import ROOT

TOKEN = "t" * 32
# A section, and a question of it, for each of a team.
PLACES = [("goals", "goal"), ("peers", "want"), ("data", "data_words"), ("learning", "learning_words")]
PLACES += [("practice", "practice_words")]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--pause", type=float, default=1.5, help="seconds from one kill to the next")
    options = parser.parse_args()
    prepare()
    from django.db import connection

    connection.settings_dict["TEST"]["NAME"] = "bench_drafts"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        people = make_people(options.people)
        with served(connection.settings_dict) as (server, port):
            killed = run(people, server, port, options)
        report(people, killed)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def make_people(number):
    """People in teams of five, signed in."""
    from importlib import import_module
    from uuid import uuid4

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from alliance.core.models import User
    from members.pathway import workflow
    from members.pathway.models import TeamMember

    people = []
    for index in range(number):
        user = User.objects.create_user(f"person-{index}@example.org")
        section, question = PLACES[index % len(PLACES)]
        if index % len(PLACES) == 0:
            application = workflow.start(key=uuid4(), user=user)
        else:
            TeamMember.objects.create(application=application, user=user, role=TeamMember.Role.EDITOR)
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session.save()
        cookies = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
        people.append(Person(application.pk, section, question, cookies))
    return people


@contextlib.contextmanager
def served(database):
    """A gunicorn with two workers on this database: its process, and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "DATABASE_URL": f"postgres://{database['USER']}@/{database['NAME']}?host={database['HOST']}",
        "SECRET_KEY": settings_key(),
        "ALLOWED_HOSTS": "localhost",
        "EMAIL_URL": "smtp://localhost:1",
        "DEBUG": "True",  # static files as they stand in the checkout
    }
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "python:alliance.gunicorn", "--bind", f"127.0.0.1:{port}"],
            cwd=ROOT, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            wait_for(server, port, log)
            yield server, port
        finally:
            server.terminate()
            server.wait(30)


def settings_key():
    from django.conf import settings

    return settings.SECRET_KEY  # the sessions above are signed with it


def wait_for(server, port, log):
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.1)
    log.seek(0)
    raise SystemExit(log.read().decode())


class Person(threading.Thread):
    """Saves one word after the other until told to stop, and remembers what was acknowledged."""

    stop = threading.Event()

    def __init__(self, application, section, question, cookies):
        super().__init__()
        self.application, self.section, self.question = application, section, question
        self.headers = {
            "Cookie": cookies,
            "X-CSRFToken": TOKEN,
            "Host": "localhost",
            "Origin": "https://localhost",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "203.0.113.7",
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.acknowledged, self.cut_off, self.refused, self.seconds = 0, 0, [], []

    def run(self):
        while not self.stop.is_set():
            began = time.perf_counter()
            version = self.save(f"word {self.acknowledged + 1}", self.acknowledged)
            self.seconds.append(time.perf_counter() - began)
            self.acknowledged += 1
            if version != self.acknowledged:
                self.refused.append(f"version {version} for save {self.acknowledged}")
                return

    def save(self, word, version):
        """The version that the server acknowledged; sent again for as long as no answer comes."""
        body = urlencode({"version": version, self.question: word})
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                address = f"/pathway/applications/{self.application}/sections/{self.section}/"
                connection.request("POST", address, body, self.headers)
                answer = connection.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException):
                self.cut_off += 1
                time.sleep(0.05)
                continue
            finally:
                connection.close()
            return json.loads(text)["version"] if answer.status == 200 else f"{answer.status} {text[:200]}"


def run(people, server, port, options):
    """Let everybody save while workers are killed; return how many were."""
    for person in people:
        person.port = port
        person.start()
    killed = 0
    for _ in range(options.kills):
        time.sleep(options.pause)
        if workers := children_of(server.pid):
            os.kill(random.choice(workers), signal.SIGKILL)
            killed += 1
    time.sleep(options.pause)
    Person.stop.set()
    for person in people:
        person.join()
    return killed


def children_of(pid):
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def report(people, killed):
    from members.pathway.models import SectionAnswers

    lost = doubled = 0
    for person in people:
        kept = SectionAnswers.objects.get(application=person.application, section=person.section)
        lost += kept.answers != {person.question: f"word {person.acknowledged}"} or bool(person.refused)
        doubled += kept.version != person.acknowledged
    seconds = sorted(second for person in people for second in person.seconds)
    p50, p99 = (statistics.quantiles(seconds, n=100)[rank - 1] for rank in (50, 99))
    figures = {
        "people": len(people),
        "workers killed": killed,
        "saves acknowledged": sum(person.acknowledged for person in people),
        "tries without an answer, sent again": sum(person.cut_off for person in people),
        "acknowledged saves lost": lost,
        "saves kept twice": doubled,
        "a save took, median": f"{1000 * p50:.0f} ms",
        "a save took, p99": f"{1000 * p99:.0f} ms",
        "a save took, longest": f"{1000 * seconds[-1]:.0f} ms",
    }
    for name, value in figures.items():
        print(f"| {name} | {value} |")
    for person in people:
        for line in person.refused:
            print(line)


if __name__ == "__main__":
    main()
