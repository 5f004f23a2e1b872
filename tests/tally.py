"""What came of trials, and what the kinds of trials share."""

from __future__ import annotations

import atexit
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

from conftest import ROOT, Project


@dataclass
class Tally:
    """What came of trials: how many held, told as a problem or taken as valid, and the faults."""

    told: int = 0
    taken: int = 0
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def tried(self) -> int:
        return self.told + self.taken + len(self.faults)

    def numbers(self, day: str) -> dict:
        """All of it as plain values, with the day on which it was tried."""
        return {"day": day, "tried": self.tried} | asdict(self)


#: Says whether there is time for one more.
More = Callable[[], bool]
#: A kind of trial: it gets chance, a folder of its own, and what says whether there is time for one more.
Kind = Callable[[random.Random, Path, More], Tally]


def clock(seconds: float) -> More:
    """Says whether there is time left; the first answer is always yes."""
    end, asked = time.monotonic() + seconds, []

    def more() -> bool:
        asked.append(True)
        return len(asked) == 1 or time.monotonic() < end

    return more


#: What a command may end with besides its work: it says what to do, or which reports failed.
TELLING = ("To do: ", "Reports that failed", "Usage: ", "Next: ", "`wecare reports` lists them", "Did you mean")
#: Seconds after which a command that is given something wrong is said to hang.
PATIENCE = 300


def begin(project: Project, *arguments: str, before: str = "", **environment: str) -> subprocess.Popen:
    """A command on a project, as a person types it; ``before`` is code that its process runs first."""
    command = [sys.executable, "-c", f"{before}\nfrom helpers.cli.main import main; main()", *arguments]
    own = os.environ | {"WECARE_ROOT": str(project.root), "COLUMNS": "200"} | environment
    if (project.root / "src/helpers").is_dir():
        own["PYTHONPATH"] = str(project.root / "src")
    return subprocess.Popen(
        command, env=own, cwd=project.root, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="backslashreplace", start_new_session=True,
    )  # fmt: skip


def ended(process: subprocess.Popen, patience: float = PATIENCE) -> tuple[str, str]:
    """What a command said, and what is wrong with how it ended; blank if nothing is."""
    try:
        said, _ = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[0], f"it had not ended after {patience:.0f} s"
    if "Traceback" in said:
        return said, f"a traceback: {said.strip().splitlines()[-1][:200]}"
    if process.returncode and not any(word in said for word in TELLING):
        return said, f"it says nothing to do: {said.strip()[-200:]!r}"
    return said, ""


def do(project: Project, *arguments: str) -> None:
    """A command that must succeed, in a process that knows nothing of this one."""
    process = begin(project, *arguments)
    said, _ = process.communicate()
    assert process.returncode == 0, said


def note(tally: Tally, what: str, process: subprocess.Popen, patience: float = PATIENCE) -> str:
    """Count how a command ended; gives what it said."""
    said, wrong = ended(process, patience)
    if wrong:
        tally.faults.append(f"{what}: {wrong}")
    elif process.returncode:
        tally.told += 1
    else:
        tally.taken += 1
    return said


def with_library(root: Path, *made: str) -> Project:
    """A project with a library of its own, for commands that write there; ``made`` says what is built."""
    return Project(shutil.copytree(_library(made).root, root))


@cache
def _library(made: tuple[str, ...]) -> Project:
    """Built once for all kinds that begin with it."""
    folder = tempfile.TemporaryDirectory(prefix="trials-")
    atexit.register(folder.cleanup)
    project = Project.fresh(Path(folder.name) / "project")
    shutil.copytree(ROOT / "src/helpers", project.root / "src/helpers")
    do(project, "build", *made)
    return project
