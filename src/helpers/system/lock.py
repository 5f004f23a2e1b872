"""One command at a time writes: what makes or changes files of the project takes this lock."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
from collections.abc import Iterator

from filelock import FileLock, Timeout

from helpers import config
from helpers.errors import WecareError


@contextlib.contextmanager
def exclusive(command: str) -> Iterator[None]:
    """Keep every other command that writes from starting while the block runs.

    Parameters
    ----------
    command
        What the person called, as ``build``.

    Raises
    ------
    WecareError
        If another one is running; says which, and since when.
    """
    config.BUILD.mkdir(parents=True, exist_ok=True)
    note = config.BUILD / "running.json"
    lock = FileLock(config.BUILD / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise WecareError(
            f"Another wecare is running{_say_who(note)}. To do: wait until it has ended, then try again."
        ) from None
    try:
        now = dt.datetime.now().isoformat(timespec="seconds")
        note.write_text(json.dumps({"command": command, "since": now, "process": os.getpid()}), encoding="utf-8")
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _say_who(note) -> str:
    """What the other one has said of itself, as far as it can be read."""
    try:
        told = json.loads(note.read_text(encoding="utf-8"))
        since = dt.datetime.fromisoformat(told["since"])
        return f": `wecare {told['command']}` since {since:%H:%M:%S} of {since:%d %B %Y}, process {told['process']}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
