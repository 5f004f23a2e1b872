"""Puts a new site in the place of the old one: readers see the one or the other."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers import config
from helpers.errors import WecareError

#: Of Linux: paths are as they are given; two files change places.
_AT_FDCWD, _EXCHANGE = -100, 2
#: What a system answers that cannot do it: no such call, no such flag, a file system that does not.
_CANNOT = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM)


def _next(site: Path) -> Path:
    return site.with_name(site.name + ".next")


def _last(site: Path) -> Path:
    return site.with_name(site.name + ".last")


def recover(site: Path) -> None:
    """Undo what an interrupted publication left behind.

    Where a system cannot exchange two folders, the site has none of its own between the two renames of a swap; the
    old one is then still whole under its second name and goes back.
    """
    if not site.exists() and _last(site).exists():
        _last(site).rename(site)
    for leftover in (_next(site), _last(site)):
        shutil.rmtree(leftover, ignore_errors=True)


def require_replaceable(site: Path) -> None:
    """Refuse a folder that holds something else than a site of ours: it would be lost.

    Raises
    ------
    WecareError
        If it is a file, or has files and is no published site.
    """
    published = (site / "api" / "index.json").is_file() or site.is_relative_to(config.ROOT / "build")
    if site.is_file() or (site.is_dir() and any(site.iterdir()) and not published):
        raise WecareError(
            f"{site.name} holds something else than a published site, which publishing would remove. To do: name a "
            "folder that does not exist yet."
        )


def place_of(site: Path) -> Path:
    """The folder that is replaced: where a link leads, which stays a link.

    Raises
    ------
    WecareError
        If it cannot be replaced: a link that leads to itself, a file, a place where something is mounted.
    """
    try:
        place = site.resolve()
        place.parent.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError) as error:
        raise _refusal(site, f"it leads nowhere ({error})", "remove it, or let it lead to a folder") from None
    if place.exists() and not place.is_dir():
        raise _refusal(site, "it is a file", "remove it")
    if os.path.ismount(place):
        remedy = "publish into a folder below it (`wecare publish --folder`), or let _site be a link to such a folder"
        raise _refusal(site, "something is mounted there, and a mounted place cannot be exchanged", remedy)
    return place


@contextmanager
def replacing(site: Path) -> Iterator[Path]:
    """Give a path beside the site to build in; when the block ends well, it becomes the site.

    Parameters
    ----------
    site
        The published folder, or a link to it. It stays exactly as it is when the block raises.

    Yields
    ------
    Path
        A sibling that does not exist yet, on the same file system, so that a rename suffices.

    Raises
    ------
    WecareError
        If the folder cannot be replaced; it stays as it is.
    """
    place = place_of(site)
    recover(place)
    try:
        yield _next(place)
        try:
            _put(_next(place), place)
        except OSError as error:
            remedy = "see that nothing is mounted there and that its folder may be written, then publish again"
            raise _refusal(site, f"the system says: {error.strerror}", remedy) from error
    finally:
        recover(place)


def _put(new: Path, place: Path) -> None:
    """Let a folder take the place of another one, in one step where the system can."""
    if not place.exists():
        new.rename(place)
    elif not exchange(new, place):
        place.rename(_last(place))
        new.rename(place)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False if the system cannot.

    Raises
    ------
    OSError
        If one is not there, or may not be moved.
    """
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(one), None, str(other))


def _refusal(site: Path, why: str, remedy: str) -> WecareError:
    return WecareError(f"{site.name} cannot be replaced: {why}. The site stays as it is. To do: {remedy}.")
