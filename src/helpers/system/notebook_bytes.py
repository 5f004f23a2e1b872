"""Notebooks as bytes: the same for the same content, and small."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import nbformat


def notebook_bytes(notebook: nbformat.NotebookNode) -> bytes:
    """Write a notebook as compact JSON, sources as lists of lines.

    nbformat's own writer puts every coordinate of a map on a line of its own, which doubles the size and takes most of
    the time of writing.

    Raises
    ------
    nbformat.ValidationError
        If it is not a valid notebook.
    """
    import nbformat
    from nbformat.v4.rwbase import split_lines, strip_transient

    nbformat.validate(notebook)
    document = strip_transient(split_lines(notebook))
    return (json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()
