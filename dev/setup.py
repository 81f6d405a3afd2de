"""Make `.venv` and install the pinned packages into it, once for each change of the pins.

Run by the `python3` that the system has, so it needs nothing but the standard library.
"""

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys

from .locks import exclusive
from .paths import PYTHON, ROOT, VAR, VENV
from .steps import step

PINS = ROOT / "requirements-dev.txt"
STAMP = VENV / "installed-pins"


class SetupError(Exception):
    """The packages can't be installed; the message says why, and what to do."""


def install():
    """Bring `.venv` up to what requirements-dev.txt pins; do nothing when it is there already."""
    with exclusive(VAR / "setup.lock"):
        pins = PINS.read_bytes()
        fingerprint = hashlib.sha256(pins).hexdigest()
        stamp = STAMP.read_text() if STAMP.exists() else None
        if stamp == fingerprint and _works():
            return
        uv = shutil.which("uv")
        # Without a stamp an installation was cut short, and what it left can't be trusted.
        if stamp is None or not _works():
            _make_environment(uv)
        STAMP.unlink(missing_ok=True)
        _install_packages(uv, len(re.findall(rb"^[\w.-]+==", pins, re.MULTILINE)))
        STAMP.write_text(fingerprint)


def _works():
    """Say whether the environment's Python still runs: it is a link to one that may have been upgraded away."""
    try:
        return subprocess.run([PYTHON, "-c", ""], stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def _make_environment(uv):
    if uv is None and importlib.util.find_spec("ensurepip") is None:
        raise SetupError(
            "This Python can't make virtual environments. On Debian and Ubuntu: sudo apt-get install python3-venv"
        )
    with step("Making .venv"):
        if uv:
            _run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV])
        else:
            _run([sys.executable, "-m", "venv", "--clear", VENV])


def _install_packages(uv, total):
    with step(f"Installing {total} packages") as line:
        if uv:
            _run([uv, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", PINS])
        else:
            command = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes", "-r", PINS]
            _run(command, lambda seen: line.progress(f"{min(seen, total)} of {total}"))


def _run(command, tell=None):
    """Run an installer silently, telling how many packages it has come to; on failure show what it said last."""
    said = []
    seen = 0
    with subprocess.Popen(
        [str(part) for part in command], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for text in process.stdout:
            said.append(text)
            if tell and text.startswith("Collecting "):
                seen += 1
                tell(seen)
    if process.returncode:
        raise SetupError("".join(said[-15:]) + "The installation failed; the lines above say why.")


def main():
    try:
        install()
    except SetupError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
