"""Processes and those they start: none outlives the command it belongs to."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal

#: Numbers of Linux's ``prctl``.
_DEATH_SIGNAL, _SUBREAPER = 1, 36


def bind_to(parent: int) -> None:
    """Let this process end when its parent does, and let whatever its descendants leave behind become its own.

    Parameters
    ----------
    parent
        Number of the process that forked this one.
    """
    with contextlib.suppress(OSError, AttributeError):
        prctl = ctypes.CDLL(None).prctl
        prctl(_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
        prctl(_SUBREAPER, 1, 0, 0, 0)
    # The parent may have ended before.
    if os.getppid() != parent:
        os._exit(1)


def end_descendants(pid: int) -> None:
    """Kill all that a process has started, whatever session or group it is in by now."""
    import psutil

    with contextlib.suppress(psutil.Error):
        for process in psutil.Process(pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                process.kill()
