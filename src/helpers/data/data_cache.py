"""A cache of what is computed from data: a value is found again while all that was read for it is as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from helpers.data.read_log import Read, note_reads
from helpers.data.read_state import States
from helpers.system.cache import Cache, Value, fingerprint_of_sources


class DataCache(Cache):
    """Values by name, each with what was read for it; parameters as for :class:`helpers.system.cache.Cache`."""

    def __init__(self, path: Path, *modules: str):
        super().__init__(path, *modules)
        self._states = States()

    def compute(self, name: str, sources: Iterable[object], make: Callable[[], Value]) -> Value:
        """A value as it was computed before if its sources and all that was read for it are as they were, else anew.

        Parameters
        ----------
        name, sources
            As for :meth:`helpers.system.cache.Cache.value`.
        make
            Computes it from these and from data.
        """
        state = fingerprint_of_sources(sources)
        found = self.find(name, state)
        if found is None:
            with note_reads() as reads:
                found = make()
            self.keep(name, state, found, reads)
        return found

    def find(self, name: str, state: str) -> Any:
        """What was kept under a name, if what was read for it is as it was, and the rest it was made from too.

        Parameters
        ----------
        name
            Of the value.
        state
            Fingerprint of what it is made from besides code and data.
        """
        value, reads = self.get(name, state) or (None, ())
        return value if all(self._states.of(*read) == was for read, was in reads) else None

    def keep(self, name: str, state: str, value: object, reads: Iterable[Read]) -> None:
        """Keep a value with what was read for it."""
        self.put(name, state, (value, [(tuple(read), self._states.of(*read)) for read in sorted(reads)]))
