"""What a process of this project does first, where it starts: importing the library changes nothing."""

from __future__ import annotations

import importlib
import sys

#: Jsonschema, which comes with every reading of a notebook and with plotly's widgets, builds the grammar of this
#: optional format when it is imported: a second or more, and nothing here checks such a format.
GRAMMAR = "rfc3987_syntax"


def block_unused_modules() -> None:
    """Spare this process modules that others would import and nothing here uses; no use once they are imported."""
    sys.modules.setdefault(GRAMMAR, None)  # type: ignore[arg-type]  # None is Python's own mark for it


def load_jsonschema() -> None:
    """Import jsonschema without that grammar, which somebody else's code may import all the same afterwards."""
    if "jsonschema" in sys.modules or GRAMMAR in sys.modules:
        return
    block_unused_modules()
    try:
        importlib.import_module("jsonschema")
    finally:
        del sys.modules[GRAMMAR]
