"""Files read once: while they are held, what is checked, built and recorded are the same bytes.

A command holds all it reads from its first look to its end. What is edited meanwhile is neither built nor taken for
built: :func:`find_changed` names it at the end. Whether a file is the same is decided by its content, never by times.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from helpers import config
from helpers.errors import InputError, Problem
from helpers.system.fingerprints import fingerprint

#: What is held: content and fingerprint by path, None for a file that was not there; None while nothing is held.
_held: dict[Path, tuple[bytes, str] | None] | None = None


@contextmanager
def holding() -> Iterator[None]:
    """Hold every file from when it is first read until the block ends; within another such block, that one holds."""
    global _held
    if _held is not None:
        yield
        return
    _held = {}
    try:
        yield
    finally:
        _held = None


def read(path: Path) -> bytes:
    """Content of a file.

    Raises
    ------
    FileNotFoundError
        If there is none, or was none when it was first asked for.
    """
    found = _look(path)
    if found is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    return found[0]


def read_text(path: Path) -> str:
    """Text of a file that people write.

    Raises
    ------
    FileNotFoundError
        As of :func:`read`.
    InputError
        If it is not UTF-8.
    """
    try:
        return read(path).decode()
    except UnicodeDecodeError:
        raise _fault(path, "the file is not UTF-8", "save it as UTF-8") from None


def fingerprint_of(path: Path) -> str:
    """Fingerprint of a file's content; empty if there is no such file."""
    found = _look(path)
    return "" if found is None else found[1]


def write(path: Path, content: bytes) -> None:
    """Put a file in place in one step: a reader sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    if not part.is_file():
        remove(part)
    try:
        part.write_bytes(content)
        os.replace(part, path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    forget(path)


def remove(path: Path) -> None:
    """Remove whatever stands there, be it a folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def forget(*paths: Path) -> None:
    """Read these files anew when they are next asked for: this process has written them."""
    for path in paths:
        (_held or {}).pop(path, None)


def find_changed() -> list[Path]:
    """Files that are held and stand otherwise on disk now."""
    return [path for path, found in (_held or {}).items() if _read(path) != found]


def _look(path: Path) -> tuple[bytes, str] | None:
    if _held is None:
        return _read(path)
    if path not in _held:
        _held[path] = _read(path)
    return _held[path]


def _read(path: Path) -> tuple[bytes, str] | None:
    """Content and fingerprint; a pipe is never opened, because who opens it waits for ever."""
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise _fault(path, "it is a folder, not a file" if stat.S_ISDIR(mode) else "it is no file with content")
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _fault(path, f"the file cannot be read ({error.strerror})") from None
    return content, fingerprint(content)


def _fault(path: Path, rule: str, remedy: str = "put the file back in its place") -> InputError:
    name = path.relative_to(config.ROOT).as_posix() if path.is_relative_to(config.ROOT) else str(path)
    return InputError([Problem(name, rule, remedy)])
