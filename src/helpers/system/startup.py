"""What a process of this project does first, where it starts: importing the library changes nothing."""

from __future__ import annotations

import sys


def block_unused_modules() -> None:
    """Spare this process modules that others would import and nothing here uses; no use once they are imported."""
    # jsonschema, which comes with every reading of a notebook, builds the grammar of this optional format when it is
    # imported: a second or more, and nothing here checks such a format.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None is Python's own mark for it
