"""Files packed for download: the same bytes for the same content."""

from __future__ import annotations

import base64
import io
import re
import zipfile
import zlib

import deflate as libdeflate

#: A ZIP cannot say that a file has no date; this is the earliest it knows.
NO_DATE = (1980, 1, 1, 0, 0, 0)

#: Of libdeflate's twelve: the last two take two and three times as long for less than a hundredth. One level less
#: takes a sixth of the time and packs a twentieth worse, which large files made at every publication can do with.
LEVEL, QUICK = 10, 9


def zipped(name: str, content: bytes) -> bytes:
    """A ZIP archive of one file, without date and without anything of the machine that made it."""
    entry = zipfile.ZipInfo(name, NO_DATE)
    entry.create_system = 3  # read the rights below as Unix does, wherever it is made
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, archive.open(entry, "w") as member:
        member._compressor = _Compressor()  # the module's own packs a tenth worse
        member.write(content)
    return buffer.getvalue()


class _Compressor:
    """What :mod:`zipfile` asks of a compressor."""

    def __init__(self) -> None:
        self.content = b""

    def compress(self, data: bytes) -> bytes:
        self.content += data
        return b""

    def flush(self) -> bytes:
        return deflate(self.content)


def deflate(content: bytes, level: int = LEVEL) -> bytes:
    """Raw deflate, which browsers undo by themselves (``DecompressionStream``)."""
    return bytes(libdeflate.deflate_compress(content, level))


def deflated(text: str) -> str:
    """A text as base64 of :func:`deflate`."""
    return base64.b64encode(deflate(text.encode())).decode()


def inflated(packed: str) -> str:
    """The text that :func:`deflated` packed."""
    return zlib.decompress(base64.b64decode(packed), -zlib.MAX_WBITS).decode()


def packed_script(address: str, text: str) -> bytes:
    """A script that hands a packed text to ``reports/assets/figures.js``, under the hash at the end of its address.

    A script, because a page opened from disk may load no other file; packed, because not every server packs.
    """
    key = re.search(r"([0-9a-f]+)\.js$", address)[1]
    return f'((window.Wecare??={{}}).packed??={{}})["{key}"]="{deflated(text)}";\n'.encode()


def unpacked_script(script: bytes) -> str:
    """The text that :func:`packed_script` packed."""
    return inflated(script.decode().split('"')[3])
