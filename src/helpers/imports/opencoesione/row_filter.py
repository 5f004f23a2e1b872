"""Takes the few rows that matter out of a CSV of any size, with the line each stands on, in bounded memory.

A row is kept or left as bytes; reading its cells is somebody else's work. A row ends at a line end outside quotes, so
the quotes before it must be even: counting them is far quicker than reading cells, and it is exact.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import IO, NamedTuple

import numpy as np

from helpers.errors import InputError, Problem

#: Bytes read at once: some hundred rows, small enough for the processor's cache.
BLOCK = 1 << 19
#: Bytes one row may have; more means that a quote was never closed.
LONGEST = 1 << 24
_QUOTE, _END = ord('"'), ord("\n")


class Kept(NamedTuple):
    """A row as bytes and the line of the file it starts on."""

    line: int
    row: bytes


def holding(stream: IO[bytes], needles: tuple[bytes, ...], file: str, line: int = 2) -> Iterator[Kept]:
    """Keep the rows that hold any of some texts.

    Parameters
    ----------
    stream
        The rows, after the header.
    needles
        Texts as bytes, none empty; without any, every row is kept.
    file
        Name of the file, for a person.
    line
        Line of the first row.

    Raises
    ------
    InputError
        If the file ends inside a quoted cell, or a row never ends.
    """
    for start, part in _split(stream, file, line):
        at = counted = 0
        lines = start
        hits = [part.find(needle) for needle in needles]
        while at < len(part):
            if needles:
                hits = [part.find(n, at) if 0 <= hit < at else hit for n, hit in zip(needles, hits, strict=True)]
                hit = min((hit for hit in hits if hit >= 0), default=-1)
                if hit < 0:
                    break
                begin = _row_start(part, at, hit)
            else:
                hit = begin = at
            end = _row_end(part, begin, hit)
            lines += _count(_END, part, counted, begin)
            counted = begin
            yield Kept(lines, part[begin:end])
            at = end


def key_rows(stream: IO[bytes], keys: set[bytes], column: int, file: str, line: int = 2) -> Iterator[Kept]:
    """Keep the rows whose cell of a column is one of some keys.

    Parameters
    ----------
    stream, file, line
        As for :func:`holding`.
    keys
        Keys as bytes, without quotes or semicolons in them.
    column
        Position of the column.
    """
    for start, part in _split(stream, file, line):
        lines, row, odd, first = start, b"", False, start
        for text in io.BytesIO(part):
            row, odd = (row + text, odd) if row else (text, False)
            odd ^= bool(text.count(b'"') & 1)
            lines += text.count(b"\n")
            if not odd:
                if _cell(row, column) in keys:
                    yield Kept(first, row)
                row, first = b"", lines


def _cell(row: bytes, column: int) -> bytes:
    if column == 0:
        return row.split(b";", 1)[0].strip(b'"\r\n')
    cells = next(csv.reader(io.StringIO(row.decode("utf-8", "replace"), newline=""), delimiter=";"), [])
    return cells[column].encode() if column < len(cells) else b""


def _split(stream: IO[bytes], file: str, line: int) -> Iterator[tuple[int, bytes]]:
    """Cut the stream into parts of whole rows, each with the line it starts on."""
    rest = b""
    while block := stream.read(BLOCK):
        part = rest + block
        end = _row_start(part, 0, len(part))
        if not end and len(part) > LONGEST:
            rule, remedy = "a double quote is never closed in the row that starts here", "download the file again"
            raise InputError([Problem(file, rule, remedy, row=line)])
        rest = part[end:]
        if end:
            yield line, part[:end]
            line += _count(_END, part, 0, end)
    if rest:
        if _count(_QUOTE, rest, 0, len(rest)) % 2:
            rule = "the file ends inside a quoted cell: it was cut off, or a double quote is not closed"
            raise InputError([Problem(file, rule, "download it again, whole", row=line)])
        yield line, rest


def _row_start(part: bytes, at: int, before: int) -> int:
    """Where the row that holds the byte at ``before`` starts; ``at`` is the start of a row not after it."""
    end = part.rfind(b"\n", at, before)
    odd = _count(_QUOTE, part, at, end) % 2 if end >= 0 else 0
    while end >= 0 and odd:
        previous = part.rfind(b"\n", at, end)
        odd ^= _count(_QUOTE, part, max(previous, at), end) % 2
        end = previous
    return at if end < 0 else end + 1


def _row_end(part: bytes, start: int, after: int) -> int:
    """Where the row that starts at ``start`` and holds the byte at ``after`` ends."""
    end = part.find(b"\n", after)
    odd = _count(_QUOTE, part, start, end) % 2 if end >= 0 else 0
    while end >= 0 and odd:
        following = part.find(b"\n", end + 1)
        odd ^= _count(_QUOTE, part, end, following) % 2 if following >= 0 else 0
        end = following
    return len(part) if end < 0 else end + 1


def _count(byte: int, part: bytes, start: int, end: int) -> int:
    if end <= start:
        return 0
    return int(np.count_nonzero(np.frombuffer(part, np.uint8, end - start, start) == byte))
