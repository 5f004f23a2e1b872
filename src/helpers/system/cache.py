"""What was made before, kept with what it was made from: found again as long as that is the same.

A cache only saves time. One that is missing, broken or of another form is made anew, an entry that is not what was
written is not there, and what a run has not asked for is dropped at its end.
"""

from __future__ import annotations

import contextlib
import pickle
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from helpers.system import dependencies, files
from helpers.system.fingerprints import fingerprint, fingerprint_of_value

Value = TypeVar("Value")

#: What a database raises that is none, or holds text of no encoding.
_BROKEN = (sqlite3.DatabaseError, ValueError)
#: Form of the database; another one is made anew.
VERSION = 1


class Cache:
    """Values by name.

    Parameters
    ----------
    path
        The file. Removing it only costs time.
    *modules
        Where making the values begins in the library: with other code than before they are made again.
    """

    def __init__(self, path: Path, *modules: str):
        self._code = fingerprint_of_value(dependencies.fingerprints(*modules))
        self._new: dict[str, tuple[str, object]] = {}
        self._asked: set[str] = set()
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._database = _open(path)
        except _BROKEN:
            files.remove(path)
            self._database = _open(path)

    def value(self, name: str, sources: Iterable[object], make: Callable[[], Value]) -> Value:
        """A value as it was made before if its sources are the same, else made now.

        Parameters
        ----------
        name
            Of the value.
        sources
            All it is made from besides the code: bytes, or plain values.
        make
            Makes it.
        """
        state = fingerprint_of_sources(sources)
        found = self.get(name, state)
        if found is None:
            found = make()
            self.put(name, state, found)
        return found

    def get(self, name: str, state: str) -> Any:
        """What was kept under a name, if it was made from the same; else None.

        Parameters
        ----------
        name
            Of the value.
        state
            Fingerprint of all it is made from besides the code.
        """
        state = self._code + state
        self._asked.add(name)
        if name in self._new:
            made_from, value = self._new[name]
            return value if made_from == state else None
        try:
            row = self._database.execute("SELECT state, value, seal FROM kept WHERE name = ?", (name,)).fetchone()
        except _BROKEN:
            return None
        if row is None or row[0] != state or not isinstance(row[1], bytes) or row[2] != _seal(name, *row[:2]):
            return None
        try:
            return pickle.loads(row[1])
        except Exception:  # a class that another version of a library has not
            return None

    def put(self, name: str, state: str, value: object) -> None:
        """Keep a value from the next :meth:`save` on."""
        self._asked.add(name)
        self._new[name] = self._code + state, value

    def save(self, drop: bool = True) -> None:
        """Write down what is new, and drop what has not been asked for since the start unless told otherwise."""
        rows = []
        for name, (state, value) in self._new.items():
            packed = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
            rows.append((name, state, packed, _seal(name, state, packed)))
        # A cache that cannot be written is a cache that saves no time.
        with contextlib.suppress(*_BROKEN), self._database as database:
            database.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", rows)
            others = {name for (name,) in database.execute("SELECT name FROM kept")} - self._asked if drop else set()
            database.executemany("DELETE FROM kept WHERE name = ?", [(name,) for name in others])
        self._new.clear()


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    with database:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version != VERSION:
            database.execute("DROP TABLE IF EXISTS kept")
            database.execute("CREATE TABLE kept (name TEXT PRIMARY KEY, state TEXT, value BLOB, seal TEXT)")
            database.execute(f"PRAGMA user_version = {VERSION}")
    return database


def fingerprint_of_sources(sources: Iterable[object]) -> str:
    """Fingerprint of what a value is made from: bytes, or plain values."""
    return fingerprint_of_value([fingerprint(s) if isinstance(s, bytes) else s for s in sources])


def _seal(name: str, state: str, value: bytes) -> str:
    return fingerprint(b"\0".join([name.encode(), state.encode(), value]))
