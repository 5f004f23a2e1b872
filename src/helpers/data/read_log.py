"""Notes what of ``data/`` a computation reads, also where it takes what an earlier one has kept.

Readers note, the build listens: by this it knows which reports an edit may change (:mod:`helpers.build.inputs`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, wraps
from typing import NamedTuple

#: Kinds of things that can be read, see :class:`Read`.
KINDS = (
    *("raw", "processed", "rows", "columns", "entry", "form", "year", "presence", "tables", "package", "edition"),
    "everything",
)


class Read(NamedTuple):
    """One thing that was read.

    Attributes
    ----------
    kind
        ``raw`` and ``processed`` are tables, ``rows`` and ``columns`` some of a raw table, ``entry`` what the data
        package says of a table, ``form`` its file and schema, ``year`` the year it gives, ``presence`` whether it has
        the table, ``tables`` the list of those it has, ``package`` all it says, ``edition`` its version and date, and
        ``everything`` all of ``data/raw``.
    name
        Of the table; for rows also the column and the value by which they were chosen, for columns their names.
    """

    kind: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".rstrip()

    @classmethod
    def from_name(cls, text: str) -> Read:
        """The other way round."""
        kind, _, name = text.partition(" ")
        return cls(kind, name)


_listening: list[set[Read]] = []


def note(kind: str, name: str = "") -> None:
    """Tell whoever listens that this is being read."""
    for heard in _listening:
        heard.add(Read(kind, name))


@contextmanager
def note_reads() -> Iterator[set[Read]]:
    """Listen to all that is read while the block runs."""
    heard: set[Read] = set()
    _listening.append(heard)
    try:
        yield heard
    finally:
        _listening.pop()


def kept(maxsize: int) -> Callable[[Callable], Callable]:
    """Like ``lru_cache``; a value that was kept counts as read from what it was made of."""

    def decorate(function: Callable) -> Callable:
        @lru_cache(maxsize=maxsize)
        def made(*args: object) -> tuple[object, frozenset[Read]]:
            with note_reads() as heard:
                value = function(*args)
            return value, frozenset(heard)

        @wraps(function)
        def again(*args: object) -> object:
            value, heard = made(*args)
            for read in heard:
                note(*read)
            return value

        return again

    return decorate
