"""What the last build knew, kept by doit: which files and values each step was made from.

What must run again follows from content: a file counts as changed when its bytes are, a value when its hash is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from doit.dependency import Dependency, JSONCodec, MD5Checker, SqliteDB
from doit.task import Task

from . import config

#: Reasons doit gives for a file, in words.
_FILE_REASONS = {
    "changed_file_dep": "changed",
    "added_file_dep": "added",
    "removed_file_dep": "removed",
    "missing_target": "missing",
}


@dataclass(frozen=True)
class Step:
    """Something that is made from files and values.

    Attributes
    ----------
    name
        Unique name.
    files
        Files it is made from.
    values
        Hashes of what else it is made from, by a name a person understands.
    targets
        Files it makes.
    """

    name: str
    files: tuple[Path, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    targets: tuple[Path, ...] = ()

    def _task(self) -> Task:
        return Task(
            self.name,
            None,
            file_dep=[str(file) for file in self.files],
            targets=[str(file) for file in self.targets],
            uptodate=[_Same(self.values)],
        )


class Record:
    """Answers whether a step must run, and remembers that it has.

    Parameters
    ----------
    path
        The file of the record. Removing it makes everything run again.
    """

    def __init__(self, path: Path):
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._known = self._open()

    def reasons(self, step: Step) -> list[str]:
        """Why a step must run, in words; empty when it need not."""
        if not self._known.backend.in_(step.name):
            return ["never made before"]
        task = step._task()
        found = self._known.get_status(task, {}, get_log=True).reasons
        words = [
            f"{_relative(file)} {word}"
            for reason, word in _FILE_REASONS.items()
            for file in sorted(map(str, found.get(reason, [])))
        ]
        return words + [f"{name} changed" for (same, *_) in task.uptodate for name in same.changed]

    def done(self, step: Step) -> None:
        """Remember that a step succeeded; at once, so that a killed build is resumed where it was."""
        self.all_done([step])

    def all_done(self, steps: list[Step]) -> None:
        """Remember that steps succeeded together."""
        for step in steps:
            task = step._task()
            task.values = dict(step.values)
            self._known.save_success(task)
        self._known.close()
        self._known = self._open()

    def _open(self) -> Dependency:
        return Dependency(SqliteDB, str(self.path), MD5Checker, JSONCodec)


class _Same:
    """True while every value is the one the step was last made with; doit calls it with the values it kept."""

    def __init__(self, values: Mapping[str, str]):
        self.values = values
        self.changed: list[str] = []

    def __call__(self, task: Task, values: Mapping[str, str]) -> bool:
        self.changed = sorted(name for name in {*self.values, *values} if self.values.get(name) != values.get(name))
        return not self.changed


def _relative(file: str) -> str:
    path = Path(file)
    return path.relative_to(config.ROOT).as_posix() if path.is_relative_to(config.ROOT) else file
