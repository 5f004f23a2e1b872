"""Takes the few rows that matter out of a CSV of any size, with the line each stands on, in bounded memory.

A row is kept or left as bytes; reading its cells is somebody else's work. A row ends at a line end outside quotes, so
the quotes before it must be even: counting them is far quicker than reading cells, and it is exact.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import NamedTuple, Protocol

import numpy as np

from helpers.errors import InputError, Problem

#: Bytes read at once: some hundred rows, small enough for the processor's cache.
BLOCK = 1 << 19
#: Bytes one row may have; more means that a quote was never closed.
LONGEST = 1 << 24
_QUOTE = ord('"')
_AROUND = b'" \r\n'
_NONE = np.array([], dtype=np.int64)


class Stream(Protocol):
    """What rows are read from."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Read some bytes into a buffer, none at the end; gives how many."""


class Kept(NamedTuple):
    """A row as bytes and the line of the file it starts on."""

    line: int
    row: bytes


class _Part(NamedTuple):
    """Whole rows at the start of a buffer: where each ends, after which line ends, and the line of the first."""

    data: bytearray
    ends: np.ndarray
    breaks: np.ndarray
    line: int

    def row(self, n: int) -> Kept:
        """One row."""
        begin, line = (int(self.ends[n - 1]), int(self.breaks[n - 1]) + 1) if n else (0, 0)
        return Kept(self.line + line, bytes(self.data[begin : int(self.ends[n])]))

    def holding(self, needles: tuple[bytes, ...]) -> list[int]:
        """Which rows hold any of some texts, in their order."""
        found = set()
        last = int(self.ends[-1])
        for needle in needles:
            at = self.data.find(needle, 0, last)
            while at >= 0:
                n = int(np.searchsorted(self.ends, at, "right"))
                found.add(n)
                at = self.data.find(needle, int(self.ends[n]), last)
        return sorted(found)

    def filled(self) -> int:
        """How many rows are not blank."""
        lengths = np.diff(self.ends, prepend=0)
        short = np.flatnonzero(lengths <= 2) if lengths.min() <= 2 else ()
        return len(lengths) - sum(not self.row(int(n)).row.strip(b"\r\n") for n in short)


class Rows:
    """The rows of a CSV, read once.

    Parameters
    ----------
    stream
        The rows, after the header.
    file
        Name of the file, for a person.
    line
        Line of the first row.
    separator, end
        What parts cells, and the last byte of a line end.

    Attributes
    ----------
    count
        Rows read so far that are not blank.
    """

    def __init__(self, stream: Stream, file: str, line: int = 2, separator: bytes = b";", end: bytes = b"\n"):
        self._stream, self._file, self._line, self._separator, self._end = stream, file, line, separator, end
        self.count = 0

    def holding(self, needles: tuple[bytes, ...]) -> Iterator[Kept]:
        """Keep the rows that hold any of some texts, none of them empty; without any, every row that is not blank.

        Raises
        ------
        InputError
            If the file ends inside a quoted cell, or a row never ends.
        """
        for part in self._parts():
            for n in part.holding(needles) if needles else range(len(part.ends)):
                kept = part.row(n)
                if needles or kept.row.strip(b"\r\n"):
                    yield kept

    def with_keys(self, keys: set[bytes], column: int) -> Iterator[Kept]:
        """Keep the rows whose cell of a column is one of some keys.

        Parameters
        ----------
        keys
            Keys as bytes, without quotes or separators in them.
        column
            Position of the column.

        Raises
        ------
        InputError
            As :meth:`holding`.
        """
        for part in self._parts():
            data, begin = part.data, 0
            for n, end in enumerate(part.ends.tolist()):
                if column == 0:
                    after = data.find(self._separator, begin, end)
                    cell = bytes(data[begin : end if after < 0 else after]).strip(_AROUND)
                else:
                    cell = self._cell(data[begin:end], column)
                if cell in keys:
                    yield part.row(n)
                begin = end

    def _cell(self, row: bytearray, column: int) -> bytes:
        text = io.StringIO(row.decode("utf-8", "replace"), newline="")
        cells = next(csv.reader(text, delimiter=self._separator.decode()), [])
        return cells[column].strip().encode() if column < len(cells) else b""

    def _parts(self) -> Iterator[_Part]:
        """Parts of whole rows; each lasts until the next is asked for."""
        data, filled, line = bytearray(2 * BLOCK), 0, self._line
        while read := self._read(data, filled):
            filled += read
            ends, breaks = self._row_ends(data, filled)
            if not len(ends):
                if filled > LONGEST:
                    rule = "a double quote is never closed in the row that starts here"
                    raise InputError([Problem(self._file, rule, "download the file again", row=line)])
                data.extend(bytes(max(0, filled + BLOCK - len(data))))
                continue
            part = _Part(data, ends, breaks, line)
            self.count += part.filled()
            yield part
            line += int(breaks[-1]) + 1
            rest = data[int(ends[-1]) : filled]
            filled = len(rest)
            data[:filled] = rest
        if filled:
            if data.count(b'"', 0, filled) % 2:
                rule = "the file ends inside a quoted cell: it was cut off, or a double quote is not closed"
                raise InputError([Problem(self._file, rule, "download it again, whole", row=line)])
            part = _Part(data, np.array([filled]), np.array([0]), line)
            self.count += part.filled()
            yield part

    def _read(self, data: bytearray, filled: int) -> int:
        with memoryview(data) as view, view[filled : filled + BLOCK] as free:
            return self._stream.readinto(free) or 0

    def _row_ends(self, data: bytearray, filled: int) -> tuple[np.ndarray, np.ndarray]:
        """Where the rows at the start of some bytes end, and which of the line ends these are."""
        starts = [0]
        while after := data.find(self._end, starts[-1], filled) + 1:
            starts.append(after)
        if len(starts) == 1:
            return _NONE, _NONE
        # Quotes of each line; that eight bits may overflow does not change whether they are even.
        marks = np.frombuffer(data, np.uint8, starts[-1]) == _QUOTE
        quotes = np.add.reduceat(marks.view(np.uint8), starts[:-1], dtype=np.uint8)
        outside = np.flatnonzero(np.cumsum(quotes, dtype=np.uint8) & 1 == 0)
        return np.array(starts[1:])[outside], outside
