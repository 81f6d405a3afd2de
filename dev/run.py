"""`make run` and `make dev`: from a fresh checkout to a portal in the browser.

It begins under the `python3` that the system has, installs the packages, and goes on under the Python of `.venv`.
"""

import argparse
import hashlib
import io
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from .locks import exclusive, open_lock, try_lock
from .paths import PYTHON, ROOT, VAR, VENV
from .setup import SetupError, install
from .steps import step

STATIC_STAMP = VAR / "static.stamp"


class RunError(Exception):
    """The portal can't be served; the message says why, and what to do."""


def main():
    options = parse()
    try:
        lock = None if options.reload else only_one_here(options.port)
        need_port(options.port)
        install()
        if Path(sys.prefix).resolve() != VENV.resolve():
            arguments = [*sys.argv[1:], f"--begun={options.begun}"]
            os.execv(PYTHON, [str(PYTHON), "-m", "dev.run", *arguments])
        if options.reload:
            os.environ["DEBUG"] = "True"
        prepare(options.port, collect=not options.reload)
        if options.reload:
            os.set_inheritable(start_mail().stdin.fileno(), True)
            os.execv(PYTHON, [str(PYTHON), "manage.py", "runserver", f"127.0.0.1:{options.port}"])
        serve(options, lock)
    except (RunError, SetupError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


def parse():
    parser = argparse.ArgumentParser(prog="python3 -m dev.run", description=__doc__.splitlines()[0])
    parser.add_argument("port", help="the port on this computer to serve at")
    parser.add_argument(
        "--reload", action="store_true", help="serve with DEBUG, and anew after each change of the code"
    )
    parser.add_argument("--begun", type=float, default=time.monotonic(), help=argparse.SUPPRESS)
    return parser.parse_args()


def only_one_here(port):
    """Take the lock that says which address this checkout is served at, and return it."""
    lock = open_lock(VAR / "run.lock")
    if not try_lock(lock):
        lock.seek(0)
        raise RunError(f"This checkout is being served already, at {lock.read()}. Stop that one first with Ctrl-C.")
    lock.truncate(0)
    lock.write(f"http://localhost:{port}")
    lock.flush()
    return lock


def need_port(port):
    """Find out before the long work whether the port is free."""
    if not (port.isdecimal() and 0 < int(port) < 65536):
        raise RunError(f"PORT must be a number from 1 to 65535, not {port!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except PermissionError:
            raise RunError(f"Port {port} is for root only. Choose a higher one: make run PORT=8001") from None
        except OSError:
            raise RunError(
                f"Port {port} is in use by another program. Choose another one: make run PORT={int(port) % 65535 + 1}"
            ) from None


def prepare(port, collect):
    """Start the database and bring tables, content and static files up to date."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import call_command
    from django.db import OperationalError, connections

    try:
        if settings.EMBEDDED:
            start_database()
        if "SITE_URL" not in os.environ and not settings.HTTPS_ONLY:
            os.environ["SITE_URL"] = settings.SITE_URL = f"http://localhost:{port}"
        django.setup()
        with exclusive(VAR / "prepare.lock"):
            with step("Bringing the tables up to date"):
                call_command("migrate", verbosity=0)
            with step("Loading the content that is new"):
                call_command("seed", stdout=io.StringIO())
            if collect:
                collect_static_files()
    except ImproperlyConfigured as error:
        raise RunError(str(error)) from None
    except OperationalError as error:
        raise RunError(f"The database does not answer: {' '.join(str(error).split())}") from None
    connections.close_all()  # the server forks, and two processes must not share a connection


def start_database():
    from .account import DatabaseError
    from .database import cluster

    with step("Starting the database"):
        try:
            cluster().hold()
        except DatabaseError as error:
            raise RunError(str(error)) from None
    if cluster().home != cluster().directory:
        print(f"Its data is in {cluster().home}, as PostgreSQL refuses to be root and can't enter this folder.")


def collect_static_files():
    """Hash and compress the static files, which takes seconds, only when one of them has changed."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = os.stat(storage.path(name))
            found.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    done = STATIC_STAMP.exists() and STATIC_STAMP.read_text() == found.hexdigest()
    if not done or not Path(settings.STATIC_ROOT, "staticfiles.json").exists():
        with step("Compressing the static files"):
            call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        STATIC_STAMP.write_text(found.hexdigest())


def start_mail():
    """Start the sender of mail; it ends when nobody holds the other end of its input any more, however we end."""
    return subprocess.Popen([PYTHON, "manage.py", "send_mail", "--until-eof"], cwd=ROOT, stdin=subprocess.PIPE)


def serve(options, lock):
    """Serve until a signal says stop. `lock` stays open, and so ours, for as long."""
    from django.conf import settings
    from gunicorn.app.base import BaseApplication
    from gunicorn.util import import_app

    from alliance import gunicorn

    def when_ready(server):
        server.mail = start_mail()
        server.handle_hup = server.handle_term  # a closed terminal means stop, not gunicorn's reload
        print(f"\nThe portal is at http://localhost:{options.port} after {time.monotonic() - options.begun:.1f} s.")
        if settings.HTTPS_ONLY:
            print("It answers over HTTPS only: docs/deploy.md shows the web server to put in front.")
        print("Ctrl-C stops it. To become staff, in a second terminal: make admin", flush=True)

    def on_exit(server):
        print("\nStopping.", flush=True)
        server.mail.stdin.close()
        server.mail.wait()

    class Server(BaseApplication):
        def load_config(self):
            for name, value in vars(gunicorn).items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)
            self.cfg.set("bind", f"127.0.0.1:{options.port}")
            self.cfg.set("loglevel", "warning")
            self.cfg.set("when_ready", when_ready)
            self.cfg.set("on_exit", on_exit)

        def load(self):
            return import_app(gunicorn.wsgi_app)

    os.chdir(ROOT)
    Server().run()


if __name__ == "__main__":
    main()
