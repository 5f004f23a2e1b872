"""What importing the library does to a process, and what the command does to its own."""

import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution

import pytest

#: What the import of a library may change for the one who imports it.
IMPORTING = """
import gc, locale, logging, os, signal, sys, warnings

def state():
    return {
        "modules": {name: module for name, module in sys.modules.items() if name.partition(".")[0] != "helpers"},
        "ways to import": (list(sys.path), list(sys.meta_path), list(sys.path_hooks)),
        "warnings": list(warnings.filters),
        "environment": dict(os.environ),
        "signals": {number: signal.getsignal(number) for number in signal.valid_signals()},
        "collector": (gc.isenabled(), gc.get_threshold(), gc.get_freeze_count()),
        "rest": (os.getcwd(), locale.setlocale(locale.LC_ALL), list(logging.getLogger().handlers), sys.excepthook),
    }

before = state()
import helpers
print([name for name, now in state().items() if now != before[name]])
"""

STARTING = """
import sys
from helpers.cli.main import main
sys.argv = ["wecare", "--help"]
try:
    main()
finally:
    import nbformat
    print("rfc3987_syntax.syntax_helpers" in sys.modules)
"""


def run(code: str) -> str:
    """The last line that a fresh process prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    return done.stdout.splitlines()[-1]


def test_importing_the_library_changes_nothing():
    assert run(IMPORTING) == "[]"


@pytest.mark.slow
def test_the_command_spares_itself_the_grammar_that_comes_with_notebooks():
    # Not asked by an import, which a test before may have blocked.
    try:
        distribution("rfc3987-syntax")
    except PackageNotFoundError:
        pytest.skip("rfc3987-syntax is not installed: there is no grammar to be spared")
    assert run(STARTING) == "False"


@pytest.mark.slow
def test_the_grammar_that_nothing_uses_is_not_built_and_stays_for_others():
    code = (
        "import sys\nfrom helpers.system import startup\nstartup.load_jsonschema()\n"
        "assert 'jsonschema' in sys.modules and startup.GRAMMAR not in sys.modules and 'lark' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
