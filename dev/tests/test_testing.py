"""What CI promises: nothing is skipped there, and elsewhere a skip says what is missing."""

import os
import shutil
import subprocess
import sys

import pytest

from dev.paths import ROOT

ONE_SKIPPED = """
import pytest

def test_that_runs():
    pass

@pytest.mark.skip(reason="not today")
def test_that_does_not():
    pass
"""
AT_IMPORT = """
import pytest

pytest.skip("not here", allow_module_level=True)
"""
EXPECTED_FAILURE = """
import pytest

@pytest.mark.xfail(strict=True)
def test_that_fails_as_expected():
    assert False
"""
IN_A_BROWSER = """
def test_in_a_browser(page):
    pass
"""


@pytest.fixture
def run(tmp_path):
    def run(source, **environment):
        (tmp_path / "test_sample.py").write_text(source)
        command = [sys.executable, "-m", "pytest", "-c", ROOT / "pytest.ini", "--rootdir", tmp_path, tmp_path]
        return subprocess.run(
            command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60
        )

    return run


@pytest.mark.parametrize("source", [ONE_SKIPPED, AT_IMPORT])
def test_a_skip_fails_in_ci_only(run, source):
    in_ci = run(source, CI="true")
    assert in_ci.returncode == pytest.ExitCode.TESTS_FAILED
    assert "In CI nothing may be skipped, and 1 were" in in_ci.stdout
    assert run(source, CI="").returncode in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)


def test_an_expected_failure_is_no_skip(run):
    assert run(EXPECTED_FAILURE, CI="true").returncode == pytest.ExitCode.OK


def test_without_chromium_a_browser_test_says_how_to_get_it(run, tmp_path):
    shutil.copy(ROOT / "conftest.py", tmp_path)
    done = run(IN_A_BROWSER, CI="", PATH=str(tmp_path))
    assert done.returncode == pytest.ExitCode.OK
    assert "sudo apt-get install chromium" in done.stdout
