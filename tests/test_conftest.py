"""What the tests' own configuration decides: which tests are left out, and that none is where all must run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SKIPPING = """
import pytest

def test_that_looks():
    assert True

def test_that_does_not():
    pytest.skip("no Chromium")

@pytest.mark.skipif(True, reason="not on this system")
def test_of_another_system():
    pass
"""


ASKING = """
def test_that_needs_the_site(built):
    pass

def test_that_needs_a_project(tmp_path, project):
    pass

def test_of_a_unit(tmp_path):
    pass
"""


def run(folder, tests, *arguments, **environment):
    (folder / "test_it.py").write_text(tests)
    command = [sys.executable, "-m", "pytest", "-p", "conftest", "-p", "no:cacheprovider", "-c", os.devnull]
    given = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])} | environment
    given = {key: value for key, value in given.items() if not key.startswith("PYTEST_")}
    given["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    command += ["-q", "--color=no"]
    done = subprocess.run([*command, *arguments, str(folder)], capture_output=True, text=True, env=given, cwd=folder)
    return done.returncode, done.stdout


@pytest.mark.parametrize(("given", "said"), [("", "1 passed, 2 skipped"), ("1", "1 failed, 1 passed, 1 error")])
@pytest.mark.slow
def test_where_nothing_may_be_skipped_a_skip_is_a_failure(tmp_path, given, said):
    code, told = run(tmp_path, SKIPPING, NOTHING_SKIPS=given)
    assert said in told and code == bool(given)
    assert not given or ("may not be skipped here: Skipped: no Chromium" in told and "not on this system" in told)


@pytest.mark.slow
def test_tests_that_build_are_marked_by_what_they_ask_for(tmp_path):
    _, told = run(tmp_path, ASKING, "--collect-only", "-m", "not site and not slow")
    assert "1/3 tests collected (2 deselected)" in told and "test_of_a_unit" in told
    _, told = run(tmp_path, ASKING, "--collect-only", "-m", "site")
    assert "1/3 tests collected (2 deselected)" in told and "test_that_needs_the_site" in told
