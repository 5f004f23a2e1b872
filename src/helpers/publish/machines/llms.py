"""``llms.txt``: what the site holds, in Markdown, for programs that read it: each page with title and description."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape

from helpers import config
from helpers.prose.labels import label
from helpers.publish import not_found
from helpers.publish.machines.catalog import CATALOG
from helpers.publish.machines.metadata import DESCRIPTION, TITLE
from helpers.publish.machines.references import BIBLIOGRAPHY
from helpers.publish.machines.web import FEED

ADDRESS = "llms.txt"

#: Files for programs, and the labels ``machines.file.*`` that say what they are.
FILES = {
    "api/index.json": "index",
    CATALOG: "catalogue",
    "data/tables/datapackage.json": "package",
    BIBLIOGRAPHY: "bibliography",
    FEED: "feed",
}

#: What Markdown would take for the end of a link's text, or for more than a line.
_BREAKS = re.compile(r"[\[\]\s]+")


def llms_file(finished: Mapping[str, str], pages: Mapping[str, str], url: str = "") -> dict[str, bytes]:
    """The file of a site.

    Parameters
    ----------
    finished
        HTML of each page by its address, without extension.
    pages
        Language of each page.
    url
        Where the site stands on the web; without it addresses are relative to its root.
    """
    first, *others = config.LANGUAGES
    lines = [f"# {label(first, 'site.title')}", ""]
    lines += [line for lang in config.LANGUAGES for line in (f"> {label(lang, 'site.description')}", ">")][:-1]
    for lang in (first, *others):
        lines += ["", f"## {label(lang, 'site.language_name')}", ""]
        own = [page for page in finished if pages.get(page) == lang and page != not_found.PAGE]
        lines += _listed({page: finished[page] for page in sorted(own, key=lambda page: (page.count("/"), page))}, url)
        lines += ["", f"### {label(lang, 'machines.llms')}", "", label(lang, "machines.addresses"), ""]
        lines += [f"- [{label(lang, f'machines.file.{key}')}]({url}{address})" for address, key in FILES.items()]
    return {ADDRESS: ("\n".join(lines) + "\n").encode()}


def _listed(pages: Mapping[str, str], url: str) -> Iterator[str]:
    for page, html in pages.items():
        head = html.partition("</head>")[0]
        title, description = (_plain(found[1]) if (found := form.search(head)) else "" for form in (TITLE, DESCRIPTION))
        name = title.removesuffix(f" – {label(config.LANGUAGES[0], 'site.title')}") or page
        yield f"- [{name}]({url}{page}.html)" + (f": {description}" if description else "")


def _plain(text: str) -> str:
    return _BREAKS.sub(" ", unescape(text)).strip()
