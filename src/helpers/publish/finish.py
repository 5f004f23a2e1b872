"""From a page as a publisher rendered it to the page that readers get; a page that has not changed is not made again."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from .frame import Owner, dressed
from .languages import translated
from .machines.metadata import Site, described
from .machines.search import led, sections
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
        What the search finds in it (:func:`helpers.publish.machines.search.sections`).
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
    finished = {}
    for page in site.pages:
        path = out / f"{page}.html"
        if not path.is_file():
            continue
        rendered = path.read_bytes()
        key = digest(around.encode() + rendered)
        before = kept / f"{page}.json"
        known = _read(before, key)
        if known is None:
            known = _finished(rendered.decode(), page, site, whose)
            _keep(before, key, known)
        path.write_text(known.html, encoding="utf-8")
        for address, script in known.scripts.items():
            (out / address).parent.mkdir(parents=True, exist_ok=True)
            (out / address).write_text(script, encoding="utf-8")
        finished[page] = known
    _forget_others(kept, set(finished))
    return finished


def _finished(text: str, page: str, site: Site, whose: Owner) -> Finished:
    text = translated(text, page, site.pages, site.date)
    text = dressed(text, page, site.pages, whose)
    found = sections(text, page)
    text = described(led(text, page), page, site)
    # The check reads the page as it was written; the small writing leaves out what HTML lets one leave out.
    seen = look(text)
    text, scripts = shared_scripts(text, page)
    return Finished(small(text), scripts, seen, found)


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


def _forget_others(kept: Path, pages: Mapping[str, object] | set[str]) -> None:
    for path in kept.rglob("*.json"):
        if path.relative_to(kept).with_suffix("").as_posix() not in pages:
            path.unlink()
