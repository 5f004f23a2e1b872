"""What tests share: a project of their own to build in, and the whole site built once."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]

# How fast an example runs says how busy the machine is, not whether the law holds.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# A run started in the background may have inherited that Ctrl-C is ignored; the tests of interruption need it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

#: What a build reads; tests get copies, so that nothing they do reaches the working tree.
SOURCES = ("data/raw", "notebooks", "reports", "_quarto.yml")


def pytest_report_header() -> str:
    """Say loudly what is not tested here."""
    found = shutil.which("quarto")
    return f"quarto: {found}" if found else "quarto: NOT ON PATH, publishing with it is tested with a stand-in only"


class Project:
    """A copy of the project's sources, with the command ``wecare`` working on it."""

    def __init__(self, root: Path):
        self.root = root
        for name in SOURCES:
            source = ROOT / name
            if source.is_dir():
                # Not what an earlier build left in the working tree.
                ignore = shutil.ignore_patterns("*.ipynb") if name == "reports" else None
                shutil.copytree(source, root / name, ignore=ignore)
            else:
                shutil.copy(source, root / name)

    @property
    def site(self) -> Path:
        return self.root / "_site"

    def wecare(self, *arguments: str, ok: bool = True) -> subprocess.CompletedProcess:
        """Run the command on this project, as a person would, without Quarto on PATH."""
        command = [sys.executable, "-c", "from helpers.cli import main; main()", *arguments]
        path = os.pathsep.join(p for p in os.environ["PATH"].split(os.pathsep) if not (Path(p) / "quarto").exists())
        environment = os.environ | {"WECARE_ROOT": str(self.root), "COLUMNS": "200", "PATH": path}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=self.root)
        if ok:
            assert done.returncode == 0, done.stdout + done.stderr
        return done


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A fresh copy of the project."""
    return Project(tmp_path)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with its whole site built by the embedded publisher; tests only read it."""
    project = Project(tmp_path_factory.mktemp("built"))
    for command in ("check", "build", "publish"):
        project.wecare(command)
    return project


@pytest.fixture(scope="session")
def parts(tmp_path_factory: pytest.TempPathFactory):
    """Files of the site made from data, each made once."""
    from helpers.publish.parts import Parts

    return Parts(tmp_path_factory.mktemp("parts") / "parts.json")


@pytest.fixture(scope="session")
def tables() -> dict:
    """The processed tables, derived from data/raw."""
    from helpers import processed

    return processed.derive()


@pytest.fixture
def shown() -> Iterator[list[dict]]:
    """What pages display during a test, instead of being shown."""
    from showing import displayed

    with displayed() as outputs:
        yield outputs
