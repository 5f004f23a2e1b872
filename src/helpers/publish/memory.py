"""What publishing found out about a file last time, kept by content: unchanged files are not read again."""

from __future__ import annotations

import hashlib
import json
import os
from functools import lru_cache
from pathlib import Path

from .. import config


def digest(content: bytes) -> str:
    """Short hash of a file's content."""
    return hashlib.sha256(content).hexdigest()[:24]


class Memory:
    """Plain values by key, in one JSON file; forgotten when the code that made them changes.

    Parameters
    ----------
    path
        The file. Removing it only costs time.
    """

    def __init__(self, path: Path):
        self.path = path
        self._before: dict[str, object] = {}
        self._now: dict[str, object] = {}
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return
        if kept.get("code") == code():
            self._before = kept["known"]

    def get(self, key: str) -> object | None:
        """What is known under a key, or None."""
        if key not in self._now and key in self._before:
            self._now[key] = self._before[key]
        return self._now.get(key)

    def put(self, key: str, value: object) -> None:
        """Remember a value that JSON can hold."""
        self._now[key] = value

    def save(self) -> None:
        """Write down what was asked for or put since the start; the rest is forgotten."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_suffix(".part")
        part.write_text(json.dumps({"code": code(), "known": self._now}), encoding="utf-8")
        os.replace(part, self.path)


@lru_cache(maxsize=1)
def code() -> str:
    """Hash of the library's publishing part."""
    files = sorted((config.HELPERS / "publish").rglob("*.py"))
    return digest(b"".join(file.read_bytes() for file in files))


@lru_cache(maxsize=1)
def library() -> str:
    """Hash of the whole library: its code and the words it knows."""
    files = sorted(file for suffix in ("py", "toml") for file in config.HELPERS.rglob(f"*.{suffix}"))
    return digest(b"".join(file.read_bytes() for file in files))
