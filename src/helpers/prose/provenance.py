"""From a number in a sentence to its source: a short link after it, with the status of what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from helpers import config
from helpers.declarations import SOURCES
from helpers.prose.escape import md
from helpers.prose.labels import ProseError, label

#: What numbers computed here rest on, and their status; each has an entry of its own on the page of the sources.
DATASETS = {
    **{
        name: "own" if source.table.startswith(f"{config.MINE.name}_") else "derived"
        for name, source in SOURCES.items()
    },
    "regions": "derived",
    "boundaries": "derived",
    "need": "derived",
    "benchmark": "benchmark",
    "package": "derived",
    "feed": "sourced",
}

#: The page that lists the sources, from the root of the edition.
SOURCES_PAGE = "metodo.html"

_SOURCE_ID = re.compile(r"S\d{3,}\Z")


def anchor(what: str) -> str:
    """The fragment of a source or dataset on the page of the sources."""
    return f"dati-{what}" if what in DATASETS else what


@pass_context
def cite(context: Context, *what: str | Iterable[str], status: str | None = None) -> Markup:
    """Links to where a number comes from, in Markdown; put right after the sentence that holds it.

    Parameters
    ----------
    context
        Of the template; its ``edition_root`` leads to the pages of the language, and where the page lists its own
        sources ``sources_here`` is true.
    *what
        Names of :data:`DATASETS`, source ids, or lists of these.
    status
        Of the number: ``sourced``, ``derived``, ``indicative`` or ``benchmark``; by default that of the dataset, and
        ``sourced`` for sources.

    Raises
    ------
    ProseError
        When nothing is cited, or something is no source id.
    """
    cited = [str(item) for part in what for item in ([part] if isinstance(part, str) else part)]
    if not cited:
        raise ProseError(f"A number is cited without a source in {context.name}.")
    # The first mark stays with its number; many may go on in the next line.
    return Markup("\u00a0") + Markup(" ").join(_link(context, item, status) for item in dict.fromkeys(cited))


def _link(context: Context, item: str, status: str | None) -> Markup:
    lang = context["lang"]
    if item in DATASETS:
        text, status = label(lang, f"provenance.{item}.short"), status or DATASETS[item]
    elif _SOURCE_ID.match(item):
        text, status = item, status or "sourced"
    else:
        raise ProseError(f"{item!r} in {context.name} is neither a source id nor one of {', '.join(DATASETS)}.")
    title = label(lang, f"status.{status}.cited")
    page = "" if context["sources_here"] and item not in DATASETS else f"{context['edition_root']}{SOURCES_PAGE}"
    return Markup('[{}]({}#{} "{}")').format(md(text), page, anchor(item), md(title))
