"""Where the command prints: lines as wide as the terminal, and as long as they are in a pipe or a log."""

from __future__ import annotations

import os
import sys
from typing import Any, TextIO

from rich.console import Console
from typer.core import TyperGroup

from helpers.errors import WecareError

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


class Commands(TyperGroup):
    """Commands of which none ends with "Aborted." where a file ends too early: Click takes that for a wish to stop."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was typed."""
        try:
            return super().invoke(ctx)
        except EOFError as error:
            raise WecareError(
                f"A file of the library ends too early ({error}), as after a full disk. To do: see that there is room, "
                "remove the folders __pycache__ of the project and of its environment, then run the command again."
            ) from error
