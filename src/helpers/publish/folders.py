"""What stands in a folder, found in one walk."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def files_below(folder: Path) -> list[str]:
    """Addresses of the files below a folder, relative to it, in order."""
    found, above = [], len(str(folder)) + 1
    for place, _, names in os.walk(folder):
        inside = place[above:].replace(os.sep, "/")
        found += [f"{inside}/{name}" for name in names] if inside else names
    return sorted(found)


def put(content: bytes, path: Path, last: Path) -> None:
    """Make a file of a folder that takes the place of another one; what is the same there is the same file here.

    So an unchanged file keeps its time, which tells who copies a site elsewhere that there is nothing to copy.

    Parameters
    ----------
    content
        Of the file, which must not exist yet.
    path, last
        Where it is made, and where the other folder may have it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if last.is_file() and not last.is_symlink() and last.read_bytes() == content:
        with contextlib.suppress(OSError):  # a system, or a disk, that knows one name a file only
            os.link(last, path)
            return
    path.write_bytes(content)
