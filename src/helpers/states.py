"""In which state everything that can be read is now: what rests on it must be made again once the state is another."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from . import config, raw


class States:
    """Hashes of what can be read, each computed when it is first asked for."""

    def __init__(self):
        self.found: dict[tuple[str, str], str] = {}
        self.package = json.loads(raw.content())
        self.entries = {entry["name"]: entry for entry in self.package["resources"]}

    def of(self, kind: str, name: str) -> str:
        """Hash of one thing as it is now; a table that is not there has one too."""
        if (kind, name) not in self.found:
            self.found[kind, name] = self._of(kind, name)
        return self.found[kind, name]

    def _of(self, kind: str, name: str) -> str:
        entry = self.entries.get(name)
        if kind == "raw":
            if entry is None:
                return ""
            return hash_of([entry["path"], entry.get("schema"), content_of(config.RAW / entry["path"])])
        if kind == "rows":
            table, column, value = name.split(" ", 2)
            return hash_of(raw.rows(table, having=(column, value))) if table in self.entries else ""
        if kind == "columns":
            table, *columns = name.split(" ")
            return hash_of(raw.load(table, columns=columns).to_dict("list")) if table in self.entries else ""
        if kind == "processed":
            return content_of(config.PROCESSED / f"{name}.parquet")
        if kind == "everything":
            return hash_of([(path.relative_to(config.RAW).as_posix(), content_of(path)) for path in raw_files()])
        told = {
            "entry": entry,
            "form": entry and [entry["path"], entry.get("schema")],
            "year": entry and entry.get("year"),
            "tables": list(self.entries),
            "package": self.package,
            "edition": [self.package["version"], self.package["created"]],
        }
        return hash_of(told[kind])


def raw_files() -> tuple[Path, ...]:
    """All files of ``data/raw`` that are data."""
    return tuple(sorted(p for p in config.RAW.rglob("*") if p.is_file() and p.suffix != ".md"))


def content_of(path: Path) -> str:
    """Short hash of a file; empty if there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.is_file() else ""


def hash_of(value: object) -> str:
    """Short hash of a plain value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]
