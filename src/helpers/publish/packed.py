"""Files packed for download: the same bytes for the same content."""

from __future__ import annotations

import base64
import io
import zipfile
import zlib

#: A ZIP cannot say that a file has no date; this is the earliest it knows.
NO_DATE = (1980, 1, 1, 0, 0, 0)


def zipped(name: str, content: bytes) -> bytes:
    """A ZIP archive of one file, without date and without anything of the machine that made it."""
    entry = zipfile.ZipInfo(name, NO_DATE)
    entry.create_system = 3  # read the rights below as Unix does, wherever it is made
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(entry, content, compresslevel=9)
    return buffer.getvalue()


def deflate(content: bytes) -> bytes:
    """Raw deflate, which browsers undo by themselves (``DecompressionStream``)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def deflated(text: str) -> str:
    """A text as base64 of :func:`deflate`."""
    return base64.b64encode(deflate(text.encode())).decode()


def inflated(packed: str) -> str:
    """The text that :func:`deflated` packed."""
    return zlib.decompress(base64.b64decode(packed), -zlib.MAX_WBITS).decode()
