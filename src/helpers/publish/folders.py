"""What stands in a folder, found in one walk."""

from __future__ import annotations

import os
from pathlib import Path


def files_below(folder: Path) -> list[str]:
    """Addresses of the files below a folder, relative to it, in order."""
    found, above = [], len(str(folder)) + 1
    for place, _, names in os.walk(folder):
        inside = place[above:].replace(os.sep, "/")
        found += [f"{inside}/{name}" for name in names] if inside else names
    return sorted(found)
