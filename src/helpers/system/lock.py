"""One command at a time writes: what makes or changes files of the project takes this lock."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from helpers import config
from helpers.errors import WecareError
from helpers.system import files

#: What a preview calls itself while it works, and seconds it takes at most: the whole site, from nothing.
PREVIEW, PREVIEW_S = "wecare preview", 180


@contextlib.contextmanager
def exclusive(command: str, patience: float = 0) -> Iterator[None]:
    """Keep every other command that writes from starting while the block runs.

    Parameters
    ----------
    command
        What the person called, as ``build``.
    patience
        Seconds to wait for another one to end. A preview, which works while others type, is always waited for.

    Raises
    ------
    WecareError
        If another one is running still; says which, and since when.
    """
    config.BUILD.mkdir(parents=True, exist_ok=True)
    note = config.BUILD / "running.json"
    lock = FileLock(config.BUILD / "lock")
    _acquire(lock, note, patience)
    try:
        if not note.is_file():
            files.remove(note)
        now = dt.datetime.now().isoformat(timespec="seconds")
        files.write(note, json.dumps({"command": command, "since": now, "process": os.getpid()}).encode())
        yield
    finally:
        files.remove(note)
        lock.release()


def _acquire(lock: FileLock, note: Path, patience: float) -> None:
    try:
        lock.acquire(timeout=patience)
    except Timeout:
        told = _say_who(note)
        if PREVIEW in told and patience < PREVIEW_S:
            return _acquire(lock, note, PREVIEW_S)
        raise WecareError(f"Another wecare is running{told}. To do: wait until it has ended, then try again.") from None


def _say_who(note: Path) -> str:
    """What the other one has said of itself, as far as it can be read."""
    try:
        told = json.loads(note.read_bytes()) if note.is_file() else {}
        since = dt.datetime.fromisoformat(told["since"])
        return f": `wecare {told['command']}` since {since:%H:%M:%S} of {since:%d %B %Y}, process {told['process']}"
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""
