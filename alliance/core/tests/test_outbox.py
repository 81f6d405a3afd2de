"""The outbox against a real mail server, with real processes that are stopped and killed."""

import asyncio
import email
import email.policy
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from urllib.parse import quote

import pytest
from aiosmtpd.controller import Controller
from allauth.usersessions.models import UserSession
from django.conf import settings as portal
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from alliance.core import limits, mail, outbox, tidy
from alliance.core.models import OutgoingMail, Tally
from alliance.core.outbox import PAUSES, ServerAway, send_next

from .factories import make_user

State = OutgoingMail.State
in_transaction = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)


def write(to="ada@example.org", **fields):
    """A mail that waits in the outbox."""
    row = mail.send("password_changed", to, when=timezone.now())
    OutgoingMail.objects.filter(pk=row.pk).update(**fields)
    row.refresh_from_db()
    return row


def fresh(row):
    row.refresh_from_db()
    return row


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Sink:
    """A mail server that keeps what it gets. It answers `answers[address]` to a recipient, `on_data` to a mail and
    `on_sender` to whoever sends; it takes `seconds` over each mail."""

    def __init__(self, port):
        self.port = port
        self.letters, self.senders = [], []
        self.answers, self.on_data, self.on_sender, self.seconds = {}, "250 OK", None, 0
        self.has_data = threading.Event()
        self.controller = Controller(self, hostname="127.0.0.1", port=port)

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if self.on_sender:
            return self.on_sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.letters.append(letter)
        self.senders.append(envelope.mail_from)
        self.has_data.set()
        await asyncio.sleep(self.seconds)
        return self.on_data

    @property
    def ids(self):
        return [letter["Message-ID"] for letter in self.letters]


@pytest.fixture
def sink(settings):
    """A mail server that runs, and that the portal sends to."""
    sink = Sink(free_port())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 5
    sink.controller.start()
    yield sink
    sink.controller.stop(no_assert=True)


@pytest.fixture
def sender():
    """Start `manage.py send_mail` as production runs it, against the database of this test."""
    started = []

    def start(port, *arguments, mail_from="portal@example.org", **popen):
        database = connection.settings_dict
        server = f"?host={quote(database['HOST'])}" if database["HOST"].startswith("/") else ""
        user = f"{quote(database['USER'])}:{quote(database['PASSWORD'] or '')}".rstrip(":")
        place = "" if server else f"{database['HOST']}:{database['PORT'] or 5432}"
        environment = os.environ | {
            "DATABASE_URL": f"postgres://{user}@{place}/{database['NAME']}{server}",
            "SECRET_KEY": "k" * 50,
            "ALLOWED_HOSTS": "portal.example.org",
            "HTTPS_ONLY": "True",
            "DEBUG": "False",
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "MAIL_FROM": mail_from,
        }
        process = subprocess.Popen(
            [sys.executable, "manage.py", "send_mail", *arguments],
            cwd=portal.BASE_DIR,
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
            **popen,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stderr.close()


def wait_until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)


def end(process):
    """Ask a sender to end; return its exit code and what it logged."""
    process.terminate()
    _out, said = process.communicate(timeout=60)
    return process.returncode, said.splitlines()


# --- One mail ---


@in_transaction
def test_a_mail_arrives_as_text_and_html_and_its_texts_are_blanked(sink):
    row = write("ada@example.org")
    text, html = row.text, row.html
    assert send_next() == row
    (letter,) = sink.letters
    assert (letter["To"], letter["Subject"], letter["Message-ID"], letter["Auto-Submitted"]) == (
        "ada@example.org", row.subject, row.message_id, "auto-generated",
    )  # fmt: skip
    assert letter["Date"].datetime == row.created_at.replace(microsecond=0)
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_content().replace("\r\n", "\n").strip() for part in letter.iter_parts()] == [
        text.strip(), html.strip(),
    ]  # fmt: skip
    fresh(row)
    assert (row.state, row.text, row.html, row.attempts, row.last_error) == (State.SENT, "", "", 1, "")
    assert send_next() is None


@in_transaction
def test_what_is_not_due_waits(sink):
    write(due_at=timezone.now() + timedelta(seconds=30))
    assert (send_next(), sink.letters) == (None, [])


@in_transaction
def test_an_expired_code_is_not_sent_and_not_kept(sink):
    row = write(expires_at=timezone.now() - timedelta(seconds=1))
    send_next()
    assert (fresh(row).state, row.text, row.html, row.attempts, sink.letters) == (State.LATE, "", "", 0, [])


@in_transaction
@pytest.mark.parametrize(
    ("to", "subject"),
    [("a@example.org,b@example.org", "Hello"), ("a@example.org", "Hello\r\nBcc: b@example.org")],
)
def test_what_can_not_stand_in_a_header_reaches_nobody_and_holds_nobody_up(sink, to, subject):
    row = write(to, subject=subject)
    other = write("later@example.org")
    send_next()
    send_next()
    assert (fresh(row).state, fresh(other).state) == (State.FAILED, State.SENT)
    assert [letter["To"] for letter in sink.letters] == ["later@example.org"]


# --- The server says no ---


@in_transaction
def test_a_recipient_that_is_refused_for_good_fails_at_once_and_keeps_its_text(sink):
    sink.answers["gone@example.org"] = "550 5.1.1 No such <b>person</b>"
    row, other = write("gone@example.org"), write("ada@example.org")
    send_next()
    send_next()
    assert (fresh(row).state, row.attempts, row.last_error) == (State.FAILED, 1, "550 5.1.1 No such <b>person</b>")
    assert row.text != ""
    assert fresh(other).state == State.SENT


@in_transaction
def test_a_recipient_that_is_put_off_waits_longer_each_time_and_fails_after_three_days(sink):
    sink.answers["ada@example.org"] = "450 4.2.0 Come back later"
    row = write("ada@example.org")
    pauses = []
    while fresh(row).state == State.WAITING and len(pauses) < 100:
        OutgoingMail.objects.update(due_at=timezone.now())
        send_next()
        pauses.append(round((fresh(row).due_at - timezone.now()) / timedelta(minutes=1)))
    assert pauses[:10] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360]
    assert timedelta(days=3) <= timedelta(minutes=sum(pauses)) < timedelta(days=3, hours=6)
    assert (row.state, row.attempts, row.text != "") == (State.FAILED, len(PAUSES) + 1, True)
    assert row.last_error == "450 4.2.0 Come back later"
    assert sink.letters == []


@in_transaction
def test_a_code_that_is_put_off_is_cleared_away_when_it_expires(sink):
    sink.answers["ada@example.org"] = "450 Come back later"
    soon = timezone.now() + timedelta(seconds=20)
    row = write("ada@example.org", expires_at=soon)
    send_next()
    assert (fresh(row).state, row.due_at) == (State.WAITING, soon)


@in_transaction
@pytest.mark.parametrize(
    ("answer", "state"), [("554 5.7.1 Looks like spam", State.FAILED), ("451 4.3.0 Try again", State.WAITING)]
)
def test_a_mail_that_is_refused_when_it_has_been_read(sink, answer, state):
    sink.on_data = answer
    row = write()
    send_next()
    assert (fresh(row).state, row.last_error, row.attempts) == (state, answer, 1)


@in_transaction
def test_a_server_that_refuses_the_sender_is_not_held_against_the_mail(sink):
    sink.on_sender = "550 You may not send from here"
    row = write()
    with pytest.raises(ServerAway, match="You may not send from here"):
        send_next()
    assert (fresh(row).state, row.due_at > timezone.now()) == (State.WAITING, True)


@in_transaction
def test_a_server_that_hangs_holds_nothing_up_for_longer_than_the_timeout(sink, settings):
    settings.EMAIL_TIMEOUT = 0.3
    sink.seconds = 3
    row = write()
    begun = time.monotonic()
    with pytest.raises(ServerAway):
        send_next()
    assert time.monotonic() - begun < 2
    assert (fresh(row).state, row.attempts, row.due_at > timezone.now()) == (State.WAITING, 1, True)


@in_transaction
def test_a_server_that_is_down_leaves_mail_as_it_was_and_gets_it_when_it_is_back(sink):
    sink.controller.stop()
    row = write()
    before = OutgoingMail.objects.values().get()
    with pytest.raises(ServerAway, match="refused"):
        send_next()
    with pytest.raises(CommandError, match="The mail server takes no mail now: .*refused"):
        call_command("send_mail", "--once")
    assert OutgoingMail.objects.values().get() == before

    sink.controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    sink.controller.start()
    send_next()
    assert (fresh(row).state, sink.ids) == (State.SENT, [row.message_id])


# --- Many, together, and killed ---


@committed
def test_a_server_down_and_back_gets_everything_once_in_order_and_the_log_has_one_line(sink, sender):
    sink.controller.stop()
    rows = [write(f"person-{number}@example.org") for number in range(20)]
    process = sender(sink.port)
    assert "Mail waits: " in process.stderr.readline()  # it has knocked
    time.sleep(2)
    assert OutgoingMail.objects.filter(state=State.WAITING, attempts=0).count() == 20

    sink.controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    sink.controller.start()
    wait_until(lambda: not OutgoingMail.objects.filter(state=State.WAITING).exists())
    assert sink.ids == [row.message_id for row in rows]
    assert end(process) == (0, [])


@committed
def test_killed_in_the_middle_of_a_send_it_is_sent_again_with_the_same_message_id(sink, sender):
    sink.seconds = 60
    rows = [write("ada@example.org"), write("grace@example.org")]
    process = sender(sink.port)
    assert sink.has_data.wait(60)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert [fresh(row).state for row in rows] == [State.WAITING] * 2

    sink.seconds = 0
    assert sender(sink.port, "--once").wait(60) == 0
    first, second = (row.message_id for row in rows)
    assert sink.ids == [first, first, second]
    assert [fresh(row).state for row in rows] == [State.SENT] * 2


@committed
def test_two_senders_at_once_send_each_mail_exactly_once(sink, sender):
    names = {"one@example.org", "two@example.org"}
    processes = [sender(sink.port, mail_from=name) for name in names]
    deadline = time.monotonic() + 60
    while set(sink.senders) != names and time.monotonic() < deadline:
        write()
        time.sleep(0.1)
    wait_until(lambda: not OutgoingMail.objects.filter(state=State.WAITING).exists())

    sink.letters, sink.senders, sink.seconds = [], [], 0.05
    with transaction.atomic():
        rows = [write(f"person-{number}@example.org") for number in range(50)]
    wait_until(lambda: not OutgoingMail.objects.filter(state=State.WAITING).exists())
    assert [end(process) for process in processes] == [(0, []), (0, [])]
    assert sorted(sink.ids) == sorted(row.message_id for row in rows)
    assert set(sink.senders) == names


@committed
def test_sigterm_ends_it_after_the_mail_in_hand(sink, sender):
    sink.seconds = 1
    rows = [write(), write()]
    process = sender(sink.port)
    assert sink.has_data.wait(60)
    assert end(process) == (0, [])
    assert [fresh(row).state for row in rows] == [State.SENT, State.WAITING]


@committed
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_ctrl_c_and_a_closed_terminal_end_it_too(sink, sender, number):
    row = write()
    process = sender(sink.port)
    wait_until(lambda: fresh(row).state == State.SENT)
    process.send_signal(number)
    assert process.communicate(timeout=60)[1] == ""
    assert process.returncode == 0


@committed
def test_it_ends_with_the_program_that_holds_its_input(sink, sender):
    row = write()
    process = sender(sink.port, "--until-eof", stdin=subprocess.PIPE)
    wait_until(lambda: fresh(row).state == State.SENT)
    assert process.poll() is None
    process.stdin.close()
    assert process.wait(60) == 0


@committed
def test_it_goes_on_when_the_database_was_away(sink, sender):
    first = write()
    process = sender(sink.port)
    wait_until(lambda: fresh(first).state == State.SENT)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchall() != []
    second = write()
    wait_until(lambda: fresh(second).state == State.SENT)
    code, log = end(process)
    assert (code, len(log)) == (0, 1), log
    assert "Mail waits: " in log[0]


@in_transaction
def test_a_thousand_mails_leave_in_the_order_in_which_they_were_written(mailoutbox):
    rows = [
        OutgoingMail(
            kind="password_changed",
            to=f"person-{number}@example.org",
            subject="Hello",
            text="x",
            html="x",
            message_id=f"<{number}@localhost>",
        )
        for number in range(1000)
    ]
    OutgoingMail.objects.bulk_create(reversed(rows))
    call_command("send_mail", "--once")
    assert [letter.extra_headers["Message-ID"] for letter in mailoutbox] == [row.message_id for row in rows]


# --- On this computer ---


@in_transaction
def test_mail_of_this_computer_becomes_files_for_the_eyes_of_their_owner(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    mail.send("sign_in_code", "ada@example.org", code="KRTM-WXBP", minutes=15)
    mask = os.umask(0o022)
    try:
        call_command("send_mail", "--once")
    finally:
        os.umask(mask)
    (file,) = Path(settings.EMAIL_FILE_PATH).iterdir()
    assert [oct(path.stat().st_mode & 0o777) for path in (file.parent, file)] == ["0o700", "0o600"]
    assert "\n\nKRTM-WXBP\n\n" in file.read_text()


# --- What staff and time do ---


@in_transaction
def test_trying_again_makes_failed_and_waiting_mail_due_and_leaves_the_rest(sink):
    failed = write(state=State.FAILED, done_at=timezone.now(), attempts=21)
    waiting = write(due_at=timezone.now() + timedelta(hours=6), attempts=12)
    write(state=State.SENT, done_at=timezone.now(), text="", html="")
    assert OutgoingMail.objects.all().try_again() == 2
    assert [fresh(row).attempts for row in (failed, waiting)] == [0, 0]
    call_command("send_mail", "--once")
    assert sorted(sink.ids) == sorted([failed.message_id, waiting.message_id])


@committed
def test_trying_again_does_not_wait_for_the_mail_in_hand(sink, sender):
    sink.seconds = 60
    in_hand = write()
    other = write(due_at=timezone.now() + timedelta(hours=6))
    process = sender(sink.port)
    assert sink.has_data.wait(60)
    begun = time.monotonic()
    assert OutgoingMail.objects.filter(pk__in=[in_hand.pk, other.pk]).try_again() == 1
    assert time.monotonic() - begun < 1
    process.kill()


@in_transaction
def test_whoever_calls_the_sender_keeps_their_own_file_mode():
    before = os.umask(0o022)
    try:
        call_command("send_mail", once=True)
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)


@in_transaction
def test_what_has_expired_is_cleared_away_and_nothing_else(client):
    now, month = timezone.now(), timedelta(days=30)
    old = write(state=State.FAILED, done_at=now - month)
    kept = [write(state=State.FAILED, done_at=now - month + timedelta(hours=1)), write(created_at=now - 2 * month)]
    Tally.objects.create(key="over", count=1, until=now)
    Tally.objects.create(key="on", count=1, until=now + timedelta(hours=1))
    client.force_login(make_user())
    store = import_module(portal.SESSION_ENGINE).SessionStore()
    store.set_expiry(-1)
    store.create()
    user, signed_in = make_user(), client.session.session_key
    for key in (store.session_key, signed_in):
        UserSession.objects.get_or_create(session_key=key, defaults={"user": user, "ip": "192.0.2.1"})

    tidy.tidy()

    assert old not in OutgoingMail.objects.all()
    assert set(OutgoingMail.objects.all()) == set(kept)
    assert [tally.key for tally in Tally.objects.filter(key__in=("over", "on"))] == ["on"]
    assert [session.session_key for session in Session.objects.all()] == [signed_in]
    assert [session.session_key for session in UserSession.objects.all()] == [signed_in]


@in_transaction
def test_what_can_not_be_cleared_away_is_in_the_log_and_the_rest_is_done(monkeypatch, caplog):
    def broken():
        raise RuntimeError("no broom")

    monkeypatch.setattr(tidy, "TIDY", [broken, limits.forget])
    Tally.objects.create(key="over", count=1, until=timezone.now())
    with caplog.at_level(logging.ERROR):
        tidy.tidy()
    assert [(record.getMessage(), str(record.exc_info[1])) for record in caplog.records] == [
        (f"{__name__}.broken failed", "no broom")
    ]
    assert not Tally.objects.filter(key="over").exists()


def test_the_answer_of_a_server_fits_its_column():
    assert len(outbox.words_of("x\r\n" * 1000)) == 500
    assert outbox.words_of(TimeoutError()) == "TimeoutError"
