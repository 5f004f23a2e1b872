"""From executed notebooks to the published site: stage, render, check, swap."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from helpers import config
from helpers.data import raw
from helpers.errors import WecareError
from helpers.pages.common.page_words import PageWords
from helpers.prose import numbers
from helpers.prose.provenance import DATASETS, anchor
from helpers.publish import not_found
from helpers.publish.check.verify import verify
from helpers.publish.finish import finish, finish_page
from helpers.publish.folders import files_below, put
from helpers.publish.frame import owner
from helpers.publish.machines.base import site_url
from helpers.publish.machines.llms import llms_file
from helpers.publish.machines.metadata import Site
from helpers.publish.machines.search import indexes
from helpers.publish.machines.web import crawler_files
from helpers.publish.marks import Source
from helpers.publish.render import embedded, quarto
from helpers.publish.render.incremental import is_file
from helpers.publish.stage import StageResult, stage, stage_some
from helpers.publish.swap import replacing
from helpers.publish.weight.css import trim
from helpers.subjects.measures import precision
from helpers.subjects.sources import is_web
from helpers.system.cache import Cache
from helpers.system.files import write

#: Folders that publishers bring to the site as they are; files elsewhere are written beside the rendered pages.
STAGED = ("assets/", "data/")

PUBLISHERS: dict[str, ModuleType] = {"quarto": quarto, "embedded": embedded}


@dataclass(frozen=True)
class Publication:
    """What has been published.

    Attributes
    ----------
    publisher
        Name and version of what rendered the pages.
    pages, files, bytes
        Size of the site.
    seconds
        Time it took.
    staged
        What was laid out before rendering.
    """

    publisher: str
    pages: int
    files: int
    bytes: int
    seconds: float
    staged: StageResult


def choose(name: str | None = None) -> ModuleType:
    """The publisher asked for, else Quarto when it is on PATH, else the embedded one."""
    if name is None:
        return quarto if quarto.available() else embedded
    if name not in PUBLISHERS:
        raise WecareError(f"{name!r} is not a publisher. To do: use one of {', '.join(PUBLISHERS)}.")
    return PUBLISHERS[name]


def publish(
    reports: Path = config.REPORTS,
    target: Path = config.STAGE,
    site: Path = config.SITE,
    *,
    publisher: str | None = None,
    quarto_yml: Path = config.QUARTO_YML,
    extra: Mapping[str, bytes] | None = None,
    late: Callable[[], Mapping[str, bytes]] = dict,
    stale: frozenset[str] = frozenset(),
) -> Publication:
    """Publish the site; the one already published stays until the new one has passed every check.

    Parameters
    ----------
    reports, target, quarto_yml, extra, stale
        See ``helpers.publish.stage.stage``.
    site
        The published folder.
    late
        Gives files that stand beside the pages and are still being made; asked for when pages are rendered.
    publisher
        "quarto", "embedded", or None to choose.

    Raises
    ------
    WecareError
        When a page cannot be staged or rendered, or the built site fails a check.
    """
    start = time.monotonic()
    chosen = choose(publisher)
    version = chosen.version()
    laid, beside = _divide(extra or {})
    staged = stage(reports, target, publisher=version, quarto_yml=quarto_yml, extra=laid, stale=stale)
    url = site_url(quarto_yml)
    cache = Cache(target.with_name(f"{target.name}-libraries.db"), "helpers.publish.weight.css")
    with replacing(site) as out:
        chosen.render(target, out, site)
        _put(beside | dict(late()) | crawler_files(staged.pages, staged.edition_date, url), out, site)
        around = Site(staged.pages, frozenset(files_below(out)), staged.edition_date, url)
        kept = target.with_name(f"{target.name}-finished.db")
        finished = finish(
            out, around, owner(quarto_yml), kept, {lang: known_sources(lang) for lang in config.LANGUAGES}
        )
        _put(llms_file({page: made.html for page, made in finished.items()}, staged.pages, url), out, site)
        _put(indexes({page: made.found for page, made in finished.items() if page != not_found.PAGE}), out, site)
        verify(out, staged.pages, {page: made.seen for page, made in finished.items()})
        trim(out, cache)
        cache.save()
    sizes = [(site / name).stat().st_size for name in files_below(site)]
    seconds = time.monotonic() - start
    return Publication(version, len(staged.pages), len(sizes), sum(sizes), seconds, staged)


def known_sources(lang: str) -> dict[str, Source]:
    """Sources and datasets as the lists of a language tell them, by the fragments that lead to them."""
    words = PageWords(lang)
    known = {
        anchor(name): Source(words.label(f"provenance.{name}.short"), words.label(f"provenance.{name}.long"))
        for name in DATASETS
    }
    for row in words.titled_sources(raw.load("sources")).to_dict("records"):
        day = numbers.date(row["date"], precision(row["date"]), lang) if isinstance(row["date"], str) else ""
        address = row["address"] if is_web(row["address"]) else ""
        titled = isinstance(row["title"], str) or not address
        known[row["source_id"]] = Source(row["source_id"], row["name"], address, row["published_by"], day, titled)
    return known


def publish_some(
    addresses: Collection[str],
    whole: StageResult,
    site: Path,
    *,
    publisher: str | None = None,
    reports: Path = config.REPORTS,
    quarto_yml: Path = config.QUARTO_YML,
) -> list[str]:
    """Bring some pages of a site up to date where it stands, and what people write beside them; nothing is checked.

    For a look at a page before :func:`publish` makes and checks the whole.

    Parameters
    ----------
    addresses
        Of the pages.
    whole
        What was laid out when the site was published.
    site, publisher, reports, quarto_yml
        As for :func:`publish`.

    Returns
    -------
    list of str
        Files of the site that are otherwise now.
    """
    chosen = choose(publisher)
    version = chosen.version()
    laid = stage_some(reports, addresses, whole, publisher=version, quarto_yml=quarto_yml)
    made = {name: (whole.target / name).read_bytes() for name in laid if is_file(name)}
    around = Site(whole.pages, frozenset(files_below(site)), whole.edition_date, site_url(quarto_yml))
    whose, sources = owner(quarto_yml), {lang: known_sources(lang) for lang in config.LANGUAGES}
    for page, rendered in chosen.render_some(whole.target, addresses).items():
        made[f"{page}.html"] = finish_page(rendered.decode(), page, around, whose, sources).html.encode()
    changed = [name for name, content in made.items() if not _holds(site / name, content)]
    for name in changed:
        write(site / name, made[name])
    return changed


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _divide(extra: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Files that publishers take along, and the others."""
    laid = {name: content for name, content in extra.items() if name.startswith(STAGED)}
    return laid, {name: content for name, content in extra.items() if name not in laid}


def _put(contents: Mapping[str, bytes], out: Path, site: Path) -> None:
    for name, content in contents.items():
        put(content, out / name, site / name)
