"""Installing packages: once for each change of the pins, and with a reason when it can't be done."""

import importlib.util
import os
import subprocess
import sys

import pytest

from dev import setup
from dev.paths import ROOT


@pytest.fixture
def installs(monkeypatch, tmp_path):
    """Let `setup.install` work on a folder of the test's own, and note what it would have run."""
    (tmp_path / "pins.txt").write_text("one==1 \\\n    --hash=sha256:00\ntwo==2\n")
    monkeypatch.setattr(setup, "PINS", tmp_path / "pins.txt")
    monkeypatch.setattr(setup, "VAR", tmp_path / "var")
    monkeypatch.setattr(setup, "VENV", tmp_path / "venv")
    monkeypatch.setattr(setup, "STAMP", tmp_path / "venv" / "installed-pins")
    monkeypatch.setattr(setup, "_works", lambda: True)
    monkeypatch.setattr(setup.shutil, "which", lambda name: None)
    commands = []

    def note(command, tell=None):
        (tmp_path / "venv").mkdir(exist_ok=True)
        commands.append("venv" if "venv" in command else "install")

    monkeypatch.setattr(setup, "_run", note)
    return commands


def test_it_installs_once(installs):
    setup.install()
    assert installs == ["venv", "install"]
    setup.install()
    assert installs == ["venv", "install"]


def test_changed_pins_are_installed_into_the_same_environment(installs):
    setup.install()
    setup.PINS.write_text("one==2\n")
    setup.install()
    assert installs == ["venv", "install", "install"]


def test_an_installation_that_was_cut_short_begins_anew(installs, monkeypatch):
    setup.install()
    setup.PINS.write_text("one==2\n")

    def fail(*arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(setup, "_install_packages", fail)
        with pytest.raises(KeyboardInterrupt):
            setup.install()
    setup.install()
    assert installs == ["venv", "install", "venv", "install"]


def test_a_debian_without_python3_venv_is_told_the_package(installs, monkeypatch):
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else find_spec(name))
    with pytest.raises(setup.SetupError, match="sudo apt-get install python3-venv"):
        setup.install()


def test_a_failed_installation_shows_what_the_installer_said():
    with pytest.raises(setup.SetupError, match="no space left"):
        setup._run([sys.executable, "-c", "print('no space left'); raise SystemExit(1)"])


def test_an_old_python_is_named():
    code = "import sys; sys.version_info = (3, 9, 2); import dev"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("The portal needs Python 3.11 or newer; this one is 3.9.")
    assert "Traceback" not in done.stderr


def test_pins_name_no_address_and_always_a_hash():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert "--index" not in text
        assert "--find-links" not in text
        pins = text.count("==")
        hashed = text.count(" \\\n    --hash=sha256:")
        assert pins > 5
        assert hashed >= pins, f"a pin in {name} has no hash"


def test_both_lists_pin_the_same_versions():
    def pins(name):
        lines = (ROOT / name).read_text().splitlines()
        return {line.split()[0] for line in lines if line[:1].isalpha()}

    assert pins("requirements.txt") <= pins("requirements-dev.txt")


def test_make_help_lists_every_command():
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(["make"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    listed = {line.split()[1] for line in done.stdout.splitlines()}
    phony = next(line for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith(".PHONY:"))
    assert listed == set(phony.split()[1:]) - {"help", "setup"}
