"""In which state everything that can be read is now: what rests on it must be made again once the state is another."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from helpers import config
from helpers.data import raw
from helpers.data.read_log import Read
from helpers.system import files
from helpers.system.cache import Cache, fingerprint_of_sources
from helpers.system.fingerprints import fingerprint_of_value


class States:
    """Fingerprints of what can be read, each computed when it is first asked for."""

    def __init__(self):
        self.found: dict[Read, str] = {}
        self.package = json.loads(raw.content())
        self.entries = {entry["name"]: entry for entry in self.package["resources"]}

    def of(self, kind: str, name: str = "") -> str:
        """State of one thing as it is now; a table that is not there has one too."""
        read = Read(kind, name)
        if read not in self.found:
            self.found[read] = self._of(kind, name)
        return self.found[read]

    def of_all(self, reads: Iterable[Read]) -> dict[str, str]:
        """States of several things, by their names for a person."""
        return {str(read): self.of(*read) for read in reads}

    def _of(self, kind: str, name: str) -> str:
        entry = self.entries.get(name)
        if kind == "raw":
            if entry is None:
                return ""
            return fingerprint_of_value([entry["path"], entry.get("schema"), raw.fingerprint_of(name)])
        if kind == "rows":
            table, column, value = name.split(" ", 2)
            return fingerprint_of_value(raw.rows(table, having=(column, value))) if table in self.entries else ""
        if kind == "columns":
            table, *columns = name.split(" ")
            return _of_columns(table, tuple(columns), raw.contents(table)) if table in self.entries else ""
        if kind == "processed":
            return files.fingerprint_of(config.PROCESSED / f"{name}.parquet")
        if kind == "everything":
            paths = ((path.relative_to(config.RAW).as_posix(), path) for path in raw_files())
            return fingerprint_of_value([(name, files.fingerprint_of(path)) for name, path in paths])
        told = {
            "entry": entry,
            "form": entry and [entry["path"], entry.get("schema")],
            "year": entry and entry.get("year"),
            "presence": entry is not None,
            "tables": list(self.entries),
            "package": self.package,
            "edition": [self.package["version"], self.package["created"]],
        }
        return fingerprint_of_value(told[kind])


def _of_columns(table: str, columns: tuple[str, ...], contents: tuple[str, str]) -> str:
    """State of some columns; that of a table as it was known before is found without reading it."""
    known = _kept(config.BUILD / "columns.db", os.getpid())
    name, state = " ".join([table, *columns]), fingerprint_of_sources([contents])
    found = known.get(name, state)
    if found is None:
        found = _read_columns(table, columns)
        known.put(name, state, found)
        known.save(drop=False)
    return found


def _read_columns(table: str, columns: tuple[str, ...]) -> str:
    return fingerprint_of_value(raw.load(table, columns=columns).to_dict("list"))


@lru_cache(maxsize=4)
def _kept(path: Path, process: int) -> Cache:
    """Of each process its own: a database that is open is not for a child."""
    return Cache(path, __name__)


def raw_files() -> tuple[Path, ...]:
    """All files of ``data/raw`` that are data."""
    return tuple(sorted(p for p in config.RAW.rglob("*") if p.is_file() and p.suffix != ".md"))
