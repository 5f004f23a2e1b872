"""Where the command prints: lines as wide as the terminal, and as long as they are in a pipe or a log."""

from __future__ import annotations

import os
import sys
from typing import Any, TextIO

from rich.console import Console

#: Columns of what is not a terminal, where nothing need be wrapped or left out.
UNLIMITED = 10_000


def _console(stream: TextIO, **options: Any) -> Console:
    piped = not stream.isatty() and "COLUMNS" not in os.environ
    return Console(highlight=False, width=UNLIMITED if piped else None, **options)


out = _console(sys.stdout)
err = _console(sys.stderr, stderr=True)
