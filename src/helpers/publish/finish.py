"""From a page as a publisher rendered it to the page that readers get; unchanged pages are not made again."""

from __future__ import annotations

import json
import os
from collections.abc import Set
from dataclasses import asdict, dataclass
from pathlib import Path

from .. import forks
from .folders import files_below
from .frame import Owner, dressed
from .languages import translated
from .machines.metadata import Site, described
from .machines.search import Sections, led
from .memory import digest, library
from .slim import shared_scripts, small
from .verify import Seen, look


@dataclass(frozen=True)
class Finished:
    """A page and what the whole site needs to know of it.

    Attributes
    ----------
    html
        The page, written small.
    scripts
        Scripts it shares with other pages, by address on the site.
    seen
        What the check of the site looks at.
    found
        What the search finds in it (:class:`helpers.publish.machines.search.Sections`).
    """

    html: str
    scripts: dict[str, str]
    seen: Seen
    found: dict


def finish(out: Path, site: Site, whose: Owner, kept: Path) -> dict[str, Finished]:
    """Finish every page of a rendered site.

    Parameters
    ----------
    out
        The rendered site; its pages are written anew.
    site
        What pages say of themselves.
    whose
        See :func:`helpers.publish.frame.owner`.
    kept
        Folder of the pages finished before; removing it only costs time.

    Returns
    -------
    dict
        By address of the page, without extension. One that was not rendered is left out.
    """
    around = repr((library(), sorted(site.pages.items()), sorted(site.files), site.date, site.url, whose))
    rendered = {page: path.read_bytes() for page in site.pages if (path := out / f"{page}.html").is_file()}
    keys = {page: digest(around.encode() + content) for page, content in rendered.items()}

    def make(page: str) -> Finished:
        made = _finished(rendered[page].decode(), page, site, whose)
        _keep(kept / f"{page}.json", keys[page], made)
        return made

    finished = {page: _read(kept / f"{page}.json", keys[page]) for page in rendered}
    # By size, so that what is shared out among children is about the same for each.
    changed = sorted((page for page, known in finished.items() if known is None), key=lambda page: len(rendered[page]))
    finished |= dict(zip(changed, forks.each(changed, make), strict=True))
    for page, known in finished.items():
        (out / f"{page}.html").write_text(known.html, encoding="utf-8")
        for address, script in known.scripts.items():
            (out / address).parent.mkdir(parents=True, exist_ok=True)
            (out / address).write_text(script, encoding="utf-8")
    _forget_others(kept, finished.keys())
    return finished


def _finished(text: str, page: str, site: Site, whose: Owner) -> Finished:
    text = translated(text, page, site.pages, site.date)
    text = dressed(text, page, site.pages, whose)
    text = described(led(text, page), page, site)
    # The check reads the page as it was written; the small writing leaves out what HTML lets one leave out.
    searched = Sections(page)
    seen = look(text, searched)
    text, scripts = shared_scripts(text, page)
    return Finished(small(text), scripts, seen, searched.found())


def _read(path: Path, key: str) -> Finished | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    if kept.pop("key") != key:
        return None
    return Finished(**kept | {"seen": Seen(**kept["seen"])})


def _keep(path: Path, key: str, page: Finished) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps({"key": key} | asdict(page)), encoding="utf-8")
    os.replace(part, path)


def _forget_others(kept: Path, pages: Set[str]) -> None:
    for name in files_below(kept):
        if name.removesuffix(".json") not in pages:
            (kept / name).unlink()
