"""Keeps a notebook from writing into ``data/raw``: the build only reads there."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from helpers import config
from helpers.errors import WecareError

_CHANGES = frozenset(
    ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod")
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

#: Whether cells are running in this process; the watch itself stays once it is set.
_running, _set = False, False


@contextmanager
def keeping_raw() -> Iterator[None]:
    """Refuse whatever would change a file of ``data/raw`` while the block runs.

    What other processes and libraries that open files by themselves do is not seen here: a build names files that
    have changed since it began.
    """
    global _running, _set
    if not _set:
        sys.addaudithook(_watch)
        _set = True
    _running = True
    try:
        yield
    finally:
        _running = False


def _watch(event: str, given: tuple) -> None:
    if not _running:
        return
    if event == "open":
        path, mode, flags = given
        if not (isinstance(flags, int) and flags & _WRITING):
            return
        paths = [path]
    elif event in _CHANGES:
        paths = [part for part in given if isinstance(part, str | bytes | os.PathLike)]
    else:
        return
    raw = str(config.RAW)
    for path in paths:
        if isinstance(path, str | bytes | os.PathLike):
            full = os.path.realpath(os.fsdecode(path))
            if full == raw or full.startswith(raw + os.sep):
                raise WecareError(
                    f"A notebook may not write into data/raw: {os.path.basename(full)}. To do: let it write elsewhere;"
                    " what is published by others comes in with `wecare import`."
                )
