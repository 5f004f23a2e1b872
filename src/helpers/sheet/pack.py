"""A smaller PDF of the same content: small objects together in compressed streams (ISO 32000-1, 7.5.7 and 7.5.8).

What makes a tagged PDF heavy is its tree of tags, hundreds of small objects that Typst writes plain. Packed they take
a tenth, and so does the table of their places.
"""

from __future__ import annotations

import re
import zlib

import deflate

#: How well libdeflate packs, of twelve: a step more takes twice the time for half a per cent.
LEVEL = 10

#: Objects per stream: a reader unpacks a stream whole.
PER_STREAM = 400

_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_HEADER = re.compile(rb"(\d+) 0 obj\s")
_LENGTH = re.compile(rb"/Length \d+")
_PACKED = b"/Filter/FlateDecode"
_CONTENTS = re.compile(rb"/Contents (\d+) 0 R")
#: Text, which stays as it is, or a number with more decimals than paper shows.
_NUMBER = re.compile(rb"\((?:\\.|[^\\()])*\)|(?<![\w.])-?\d+\.\d{3,}", re.DOTALL)


def pack(pdf: bytes) -> bytes:
    """Pack a PDF as Typst writes it: one table of places, no encryption, objects of generation 0.

    Raises
    ------
    ValueError
        If it is not written so.
    """
    objects, trailer = _objects(pdf), _trailer(pdf)
    plain = {number: body for number, body in objects.items() if not body.endswith(b"endstream")}
    out = bytearray(pdf[: min(_places(pdf).values())])
    entries: dict[int, tuple[int, int, int]] = {0: (0, 0, 65535)}
    drawn = {int(found) for body in plain.values() for found in _CONTENTS.findall(body)}
    for number, body in objects.items():
        if number not in plain:
            packed = _rounded(body) if number in drawn else _repacked(body)
            entries[number] = (1, _write(out, number, packed), 0)
    size = max(objects) + 1
    numbers = sorted(plain)
    for start in range(0, len(numbers), PER_STREAM):
        some = numbers[start : start + PER_STREAM]
        entries |= {number: (2, size, place) for place, number in enumerate(some)}
        entries[size] = (1, _write(out, size, _object_stream([(n, plain[n]) for n in some])), 0)
        size += 1
    entries[size] = (1, len(out), 0)
    table = b"".join(
        kind.to_bytes(1, "big") + first.to_bytes(4, "big") + second.to_bytes(2, "big")
        for kind, first, second in (entries.get(n, (0, 0, 0)) for n in range(size + 1))
    )
    place = _write(out, size, _stream(b"/Type/XRef/W[1 4 2]/Size %d%b" % (size + 1, trailer), table))
    return bytes(out + b"startxref\n%d\n%%%%EOF" % place)


def _places(pdf: bytes) -> dict[int, int]:
    """Where each object begins, from the table at the end."""
    found = _START.search(pdf)
    if not found:
        raise ValueError("no table of places")
    head, *lines = pdf[int(found[1]) :].split(b"trailer")[0].split(b"\n")
    first, count = map(int, lines[0].split())
    if head.strip() != b"xref" or first != 0:
        raise ValueError("not one plain table of places")
    rows = [line.split() for line in lines[1 : count + 1]]
    return {number: int(row[0]) for number, row in enumerate(rows) if row[2] == b"n"}


def _objects(pdf: bytes) -> dict[int, bytes]:
    """Every object by its number, without its frame."""
    places = _places(pdf)
    ends = sorted([*places.values(), pdf.rindex(b"xref\n0 ")])
    following = dict(zip(ends[:-1], ends[1:], strict=True))
    found = {}
    for number, start in places.items():
        raw = pdf[start : following[start]].strip()
        head = _HEADER.match(raw)
        if not head or int(head[1]) != number or not raw.endswith(b"endobj"):
            raise ValueError(f"object {number} is not where the table says")
        found[number] = raw[head.end() :].removesuffix(b"endobj").strip()
    return found


def _trailer(pdf: bytes) -> bytes:
    """What the trailer says besides its size."""
    text = pdf[pdf.rindex(b"trailer") + len(b"trailer") : pdf.rindex(b"startxref")].strip()
    return re.sub(rb"/Size \d+", b"", text.removeprefix(b"<<").removesuffix(b">>")).strip()


def _rounded(body: bytes) -> bytes:
    """What a page draws, to a hundredth of a point; factors and shares of colours to a ten-thousandth."""

    def number(found: re.Match) -> bytes:
        if found[0].startswith(b"("):
            return found[0]
        value = float(found[0])
        return b"%.*f" % (2 if abs(value) >= 10 else 4, value)

    told, content = _unpacked(body)
    if told or content is None:
        raise ValueError("what a page draws is not one packed stream")
    return _stream(b"", _NUMBER.sub(number, content))


def _repacked(body: bytes) -> bytes:
    """Another stream (a font, a profile of colours), the same in fewer bytes."""
    told, content = _unpacked(body)
    return body if content is None else _stream(told, content)


def _unpacked(body: bytes) -> tuple[bytes, bytes | None]:
    """What is told of a stream besides its length and packing, and its content; None where it is not packed."""
    head, _, rest = body.partition(b"stream\n")
    told = _LENGTH.sub(b"", head.strip().removeprefix(b"<<").removesuffix(b">>"), count=1)
    if _PACKED not in told:
        return told, None
    return told.replace(_PACKED, b""), zlib.decompress(rest.removesuffix(b"\nendstream"))


def _object_stream(objects: list[tuple[int, bytes]]) -> bytes:
    heads, bodies = [], bytearray()
    for number, body in objects:
        heads.append(b"%d %d" % (number, len(bodies)))
        bodies += body + b"\n"
    head = b" ".join(heads) + b"\n"
    return _stream(b"/Type/ObjStm/N %d/First %d" % (len(objects), len(head)), head + bytes(bodies))


def _stream(told: bytes, content: bytes) -> bytes:
    packed = bytes(deflate.zlib_compress(content, LEVEL))
    return b"<<%b/Length %d/Filter/FlateDecode>>\nstream\n%b\nendstream" % (told, len(packed), packed)


def _write(out: bytearray, number: int, body: bytes) -> int:
    """Append an object; where it begins."""
    place = len(out)
    out += b"%d 0 obj\n%b\nendobj\n\n" % (number, body)
    return place
