"""Reads a stream some blocks ahead, in a thread: unpacking goes on while what was unpacked is looked through."""

from __future__ import annotations

import queue
import threading
from typing import IO

#: Blocks that may wait to be read.
_WAITING = 4
#: Seconds after which the thread looks whether anybody still reads.
_PATIENCE = 0.1


class Ahead:
    """A stream that is read by blocks of one size.

    Parameters
    ----------
    stream
        What is read, by a thread of its own until :meth:`close`.
    size
        Bytes of a block.
    """

    def __init__(self, stream: IO[bytes], size: int):
        self._stream, self._size = stream, size
        self._blocks: queue.Queue[bytes | Exception] = queue.Queue(_WAITING)
        self._rest = b""
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._fill, daemon=True)
        self._thread.start()

    def readinto(self, buffer: memoryview, /) -> int:
        """Some bytes of the next block; none at the end.

        Raises
        ------
        Exception
            What reading raised in the thread.
        """
        block = self._rest or self._blocks.get()
        if isinstance(block, Exception):
            raise block
        if not block:
            self._put(b"")
        size = min(len(buffer), len(block))
        buffer[:size], self._rest = block[:size], block[size:]
        return size

    def close(self) -> None:
        """End the thread; the stream stays open."""
        self._closed.set()
        self._thread.join()

    def _fill(self) -> None:
        try:
            while not self._closed.is_set():
                block = self._stream.read(self._size)
                self._put(block)
                if not block:
                    return
        except Exception as error:  # it is raised where the block is asked for
            self._put(error)

    def _put(self, block: bytes | Exception) -> None:
        while not self._closed.is_set():
            try:
                self._blocks.put(block, timeout=_PATIENCE)
                return
            except queue.Full:
                continue
