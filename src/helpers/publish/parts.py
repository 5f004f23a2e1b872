"""Files of the site made from data: each part is made again only when what it rests on has changed."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from ..reads import noted
from ..states import States
from .memory import Memory, digest, library


class Parts:
    """Parts made before, kept in one file.

    Parameters
    ----------
    path
        The file. Removing it only costs time.
    """

    def __init__(self, path: Path):
        self._memory = Memory(path)
        self._states = States()

    def files(self, name: str, sources: Iterable[object], make: Callable[[], Mapping[str, bytes]]) -> dict[str, bytes]:
        """One part: as it was made before if its sources are the same, else made now.

        Parameters
        ----------
        name
            Of the part.
        sources
            All it rests on besides the library's code: bytes, or plain values.
        make
            Gives files by address.
        """
        seen = [digest(s) if isinstance(s, bytes) else json.dumps(s, default=str) for s in sources]
        key = f"{name} {digest(repr((library(), seen)).encode())}"
        known = self._memory.get(key)
        if known is None:
            known = {address: base64.b64encode(content).decode() for address, content in make().items()}
            self._memory.put(key, known)
        return {address: base64.b64decode(text) for address, text in known.items()}

    def value(self, name: str, make: Callable[[], object]) -> object:
        """A plain value: as it was made before if all that was read for it is as it was then, else made now."""
        key = f"{name} {library()}"
        known = self._memory.get(key)
        if known is None or any(self._states.of(*read) != state for *read, state in known["reads"]):
            with noted() as reads:
                made = make()
            known = {"value": made, "reads": sorted((*read, self._states.of(*read)) for read in reads)}
            self._memory.put(key, known)
        return known["value"]

    def save(self) -> None:
        """Keep the parts asked for since the start; the others are forgotten."""
        self._memory.save()
