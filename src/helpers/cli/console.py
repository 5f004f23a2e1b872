"""Where the command prints: lines as wide as the terminal, and as long as they are in a pipe or a log."""

from __future__ import annotations

import os
import sys
from typing import Any, TextIO

from rich.console import Console

#: Columns of what is not a terminal, where nothing need be wrapped or left out.
UNLIMITED = 10_000


def _stream(name: str) -> TextIO:
    """A stream of this process that takes every text; nothing is shown where it was closed."""
    stream = getattr(sys, name)
    if stream is None:
        stream = open(os.devnull, "w", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115
        setattr(sys, name, stream)
    elif hasattr(stream, "reconfigure"):
        # Letters that the encoding of a terminal or a name of bytes does not have.
        stream.reconfigure(errors="backslashreplace")
    return stream


def _console(stream: TextIO, **options: Any) -> Console:
    piped = not stream.isatty() and "COLUMNS" not in os.environ
    return Console(highlight=False, width=UNLIMITED if piped else None, **options)


out = _console(_stream("stdout"))
err = _console(_stream("stderr"), stderr=True)
