"""Puts a new site in the place of the old one: readers see the one or the other."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers import config
from helpers.errors import WecareError


def _next(site: Path) -> Path:
    return site.with_name(site.name + ".next")


def _last(site: Path) -> Path:
    return site.with_name(site.name + ".last")


def recover(site: Path) -> None:
    """Undo what an interrupted publication left behind.

    Between the two renames of a swap the site has no folder of its own; the old one is then still whole under
    its second name and goes back.
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


@contextmanager
def replacing(site: Path) -> Iterator[Path]:
    """Give a path beside the site to build in; when the block ends well, it becomes the site.

    Parameters
    ----------
    site
        The published folder. It stays exactly as it is when the block raises.

    Yields
    ------
    Path
        A sibling that does not exist yet, on the same file system, so that a rename suffices.
    """
    site.parent.mkdir(parents=True, exist_ok=True)
    recover(site)
    try:
        yield _next(site)
        if site.exists():
            site.rename(_last(site))
        _next(site).rename(site)
    finally:
        recover(site)
