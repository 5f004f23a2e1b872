"""Lists of keys in one cell, separated by semicolons: ``S027;S036``."""

from __future__ import annotations

from collections.abc import Iterable


def split_ids(cell: object) -> list[str]:
    """Split a cell into its keys, or pass a list on; a missing cell gives an empty list.

    Examples
    --------
    >>> split_ids("S027; S036")
    ['S027', 'S036']
    """
    if isinstance(cell, (list, tuple)):
        return list(cell)
    if not isinstance(cell, str):
        return []
    return [part.strip() for part in cell.split(";") if part.strip()]


def join_ids(*cells: str | Iterable[str]) -> str:
    """Join several lists, each key once, in order.

    Examples
    --------
    >>> join_ids("S027;S036", ["S036", "S001"])
    'S027;S036;S001'
    """
    keys = (key for cell in cells for key in (split_ids(cell) if isinstance(cell, str) else cell))
    return ";".join(dict.fromkeys(key for key in keys if key))
