"""What each step was last made from, and what it made: why a step must run.

A step carries the fingerprints taken before it ran, so an edit made while it runs is one it does not know. What it made
counts only as long as it is what was written then. Files are named from the root of the project: a checkout that is
moved or copied with its ``build/`` has nothing to make again.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from helpers import config
from helpers.system import files
from helpers.system.fingerprints import fingerprint

#: Form of the database; another one is made anew.
VERSION = 1


@dataclass(frozen=True)
class Step:
    """Something that is made.

    Attributes
    ----------
    name
        Unique name.
    inputs
        What it is made from: fingerprints by a name a person understands.
    targets
        Files it makes.
    """

    name: str
    inputs: Mapping[str, str]
    targets: tuple[Path, ...] = ()


def files_as_inputs(paths: Iterable[Path]) -> dict[str, str]:
    """Inputs of a step that are files, by their names from the root of the project."""
    return {_name(path): files.fingerprint_of(path) for path in paths}


class Record:
    """Answers whether a step must run, and remembers that it has.

    Parameters
    ----------
    path
        The file of the record. Removing it makes everything run again; one that cannot be read is made anew.
    """

    def __init__(self, path: Path):
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._made = self._load()
        except (sqlite3.DatabaseError, ValueError, TypeError, RecursionError):
            files.remove(path)
            self._made = self._load()

    def reasons(self, step: Step) -> list[str]:
        """Why a step must run, in words; empty when it need not."""
        if step.name not in self._made:
            return ["never made before"]
        inputs, targets = self._made[step.name]
        words = [*_differences(inputs, step.inputs)]
        for name in dict.fromkeys([*targets, *map(_name, step.targets)]):
            path = config.ROOT / name
            if not path.is_file():
                words.append(f"{name} missing")
            elif _fingerprint(path) != targets.get(name):
                words.append(f"{name} is not what was made")
        return words

    def inputs(self, name: str) -> Mapping[str, str]:
        """What a step was last made from; empty if it never was."""
        return self._made.get(name, ({}, {}))[0]

    def done(self, step: Step) -> None:
        """Remember that a step succeeded; at once, so that a killed build is resumed where it was."""
        self.all_done([step])

    def all_done(self, steps: Iterable[Step]) -> None:
        """Remember that steps succeeded together."""
        made = {
            step.name: (dict(step.inputs), {_name(path): _fingerprint(path) for path in step.targets}) for step in steps
        }
        rows = [(name, json.dumps(inputs), json.dumps(targets)) for name, (inputs, targets) in made.items()]
        with self._open() as database:
            database.executemany("INSERT OR REPLACE INTO step VALUES (?, ?, ?)", rows)
        self._made |= made

    def forget(self, names: Iterable[str]) -> None:
        """Take back that steps succeeded: they must run again."""
        names = list(names)
        with self._open() as database:
            database.executemany("DELETE FROM step WHERE name = ?", [(name,) for name in names])
        for name in names:
            self._made.pop(name, None)

    def _load(self) -> dict[str, tuple[dict[str, str], dict[str, str]]]:
        with self._open() as database:
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version != VERSION:
                database.execute("DROP TABLE IF EXISTS step")
                database.execute("CREATE TABLE step (name TEXT PRIMARY KEY, inputs TEXT, targets TEXT)")
                database.execute(f"PRAGMA user_version = {VERSION}")
            rows = database.execute("SELECT name, inputs, targets FROM step").fetchall()
        made = {name: (json.loads(inputs), json.loads(targets)) for name, inputs, targets in rows}
        if not all(isinstance(part, dict) for parts in made.values() for part in parts):
            raise ValueError("not a record")
        return made

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with contextlib.closing(sqlite3.connect(self.path)) as database, database:
            yield database


def _differences(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*before, *now}):
        if name not in before:
            yield f"{name} added"
        elif name not in now:
            yield f"{name} removed"
        elif before[name] != now[name]:
            yield f"{name} changed"


def _fingerprint(path: Path) -> str:
    """Fingerprint of what stands there now, whatever is held: a step's targets are what it has just written."""
    return fingerprint(path.read_bytes()) if path.is_file() else ""


def _name(path: Path) -> str:
    return path.relative_to(config.ROOT).as_posix() if path.is_relative_to(config.ROOT) else str(path)
