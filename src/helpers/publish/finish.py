"""From a page as a publisher rendered it to the page that readers get; unchanged pages are not made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from helpers import config
from helpers.publish import not_found
from helpers.publish.check.verify import Seen, look
from helpers.publish.frame import Owner, add_frame
from helpers.publish.languages import translate
from helpers.publish.machines.metadata import Site, add_metadata
from helpers.publish.machines.search import Sections
from helpers.publish.marks import Source, gather_marks
from helpers.publish.originals import mark_originals
from helpers.publish.policy import add_policy
from helpers.publish.spoken import name_parts
from helpers.publish.stacked import label_cells
from helpers.system import processes
from helpers.system.cache import Cache, fingerprint_of_sources
from helpers.system.fingerprints import fingerprint_of_value

#: Quarto's module that keeps a reader's choice of tabs in the browser, where it writes on every page, tabs or not.
KEEPER = "site_libs/quarto-html/tabsets/tabsets.js"


@dataclass(frozen=True)
class Finished:
    """A page and what the whole site needs to know of it.

    Attributes
    ----------
    html
        The page.
    seen
        What the check of the site looks at.
    found
        What the search finds in it (:class:`helpers.publish.machines.search.Sections`).
    """

    html: str
    seen: Seen
    found: dict


def finish(
    out: Path, site: Site, whose: Owner, kept: Path, sources: Mapping[str, Mapping[str, Source]]
) -> dict[str, Finished]:
    """Finish every page of a rendered site, whose pages then keep nothing in the reader's browser.

    Parameters
    ----------
    out
        The rendered site; its pages are written anew.
    site
        What pages say of themselves.
    whose
        See :func:`helpers.publish.frame.owner`.
    kept
        File of the pages finished before; removing it only costs time.
    sources
        By language, what :func:`helpers.publish.marks.gather_marks` tells of each.

    Returns
    -------
    dict
        By address of the page, without extension. One that was not rendered is left out.
    """
    cache = Cache(kept, __name__)
    of_site = [sorted(site.pages.items()), sorted(site.files), site.date, site.url]
    told = {lang: {name: asdict(source) for name, source in known.items()} for lang, known in sources.items()}
    around = fingerprint_of_value([*of_site, asdict(whose), told])
    rendered = {page: path.read_bytes() for page in site.pages if (path := out / f"{page}.html").is_file()}
    states = {page: fingerprint_of_sources([content, around]) for page, content in rendered.items()}
    finished = {page: cache.get(page, states[page]) for page in rendered}
    # By size, so that what is shared out among children is about the same for each.
    changed = sorted((page for page, known in finished.items() if known is None), key=lambda page: len(rendered[page]))
    made = processes.run_each(changed, lambda page: finish_page(rendered[page].decode(), page, site, whose, sources))
    for page, new in zip(changed, made, strict=True):
        finished[page] = new
        cache.put(page, states[page], new)
    cache.save()
    for page, known in finished.items():
        (out / f"{page}.html").write_text(known.html, encoding="utf-8")
    if (keeper := out / KEEPER).is_file():
        keeper.write_text("export function init() {}\n", encoding="utf-8")
    return finished


def finish_page(
    text: str, page: str, site: Site, whose: Owner, sources: Mapping[str, Mapping[str, Source]]
) -> Finished:
    """Finish one page; parameters as for :func:`finish`."""
    if page == not_found.PAGE:
        text = not_found.relative(text, site.url)
    lang = config.language_or_first(site.pages[page])
    text = gather_marks(translate(text, page, site.pages, site.date), page, lang, sources[lang])
    text = mark_originals(text, lang)
    text = add_frame(name_parts(label_cells(text), lang), page, site.pages, whose)
    text = add_policy(add_metadata(text, page, site))
    searched = Sections(page)
    seen = look(text, searched)
    if page == not_found.PAGE:
        text = not_found.absolute(text, site.url)
    return Finished(text, seen, searched.found())
