"""The index of the search: sections of all pages, one index per language, read by whatever search the publisher has.

Publishers index text only, in one file for all languages. Here tables count too, a comune is found by its name, what
is said alike on many pages is left out, and the pages of a language look only into their own index: their head says
where the edition begins instead of where the site begins.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections import Counter
from collections.abc import Mapping

from helpers import config

INDEX = "search.json"

#: The head of both publishers' pages says how to reach the folder of the index.
OFFSET = re.compile(r'(<meta name="(?:smalldocs|quarto):offset" content=")[^"]*(")')

#: Elements whose text is not searched, and classes of such elements.
SILENT = {"script", "style", "nav", "button", "summary", "thead", "svg"}
SILENT_CLASSES = {"downloads", "provenance", "status", "edition", "num", "figure-json", "percorso", "quarto-title-meta"}
#: Addresses of sources and datasets.
CITATION = re.compile(r"(?:metodo\.html|^)#(?:S\d+|dati-[a-z]+)$")
VOID = {"br", "img", "hr", "input", "meta", "link", "wbr", "source", "path", "col", "area"}
HEADINGS = {"h2", "h3", "h4"}
#: Elements that end a piece of text.
BLOCKS = {"p", "li", "td", "th", "dd", "dt", "figcaption", "h1", "div", "tr", *HEADINGS}

#: Where comuni are listed by name: pages in a folder, in the figure with this id.
PLACES_FOLDER, PLACES_FIGURE = "distretti", "fig-map"

#: A text found on more pages than this tells nothing of any of them.
MANY = 3
LETTERS = re.compile(r"[^\W\d_]{3}")


class Sections:
    """Reads what can be found in a page.

    Parameters
    ----------
    page
        Its address, without extension.
    """

    def __init__(self, page: str):
        self.tables = PLACES_FOLDER not in page.split("/")[:-1] or page.endswith("/index")
        self.sections: list[dict] = [{"id": "", "title": "", "texts": []}]
        self.places: list[str] = []
        self.title = ""
        self.open: list[tuple[str, bool]] = []
        self.in_main = False
        self.silent = 0
        self.waiting = ""  # id of a section whose heading is still to come
        self.heading = ""
        self.piece: list[str] = []
        self.figure = ""
        self.place = False

    def found(self) -> dict:
        """``title``, ``sections`` (``id``, ``title``, ``texts``) and ``places`` (comuni), as JSON can hold them."""
        return {"title": self.title, "sections": self.sections, "places": self.places}

    def handle_starttag(self, tag: str, given: Mapping[str, str], twice: bool) -> None:
        """See :class:`..reading.Reader`."""
        if tag == "main":
            self.in_main = True
        if not self.in_main or tag in VOID:
            return
        if tag in BLOCKS:
            self._end_piece()
        if tag in ("section", "article") and given.get("id"):
            self.waiting = given["id"]
        if tag == "figure":
            self.figure = given.get("id", "")
        if tag in HEADINGS or tag == "h1":
            self.heading = tag
            self.waiting = given.get("id") or self.waiting
        if tag in BLOCKS:
            self.place = tag == "th" and given.get("scope") == "row" and self.figure == PLACES_FIGURE
        silent = self._is_silent(tag, given)
        self.silent += silent
        self.open.append((tag, silent))

    def _is_silent(self, tag: str, given: Mapping[str, str]) -> bool:
        cites = tag == "a" and CITATION.search(given.get("href", ""))
        in_table = tag == "table" and not self.tables
        silent = "class" in given and not SILENT_CLASSES.isdisjoint(given["class"].split())
        return tag in SILENT or bool(cites) or in_table or silent

    def handle_endtag(self, tag: str) -> None:
        """See :class:`..reading.Reader`."""
        if not self.in_main or tag in VOID or not any(name == tag for name, _ in reversed(self.open)):
            return
        if tag in BLOCKS:
            self._end_piece()
        while self.open:
            name, silent = self.open.pop()
            self.silent -= silent
            if name == tag:
                break
        if tag == "main":
            self.in_main = False
        if tag == "figure":
            self.figure = ""

    def handle_data(self, data: str) -> None:
        """See :class:`..reading.Reader`."""
        if self.in_main and (not self.silent or self.place):
            self.piece.append(data)

    def _end_piece(self) -> None:
        text = " ".join("".join(self.piece).split())
        self.piece = []
        if self.heading == "h1":
            self.title, self.heading = text or self.title, ""
        elif self.heading:
            self.heading = ""
            if text and self.waiting:
                self.sections.append({"id": self.waiting, "title": text, "texts": []})
                self.waiting = ""
                return
        if self.place and text:
            self.places.append(text)
            self.place = False
        elif LETTERS.search(text) and self.title != text:
            self.sections[-1]["texts"].append(text)


def add_search_sections(html: str, page: str) -> str:
    """A page whose search looks into the index of its own edition."""
    root = _root(page)
    if not root:
        return html
    up = posixpath.relpath(root, posixpath.dirname(page))
    head, end, rest = html.partition("</head>")
    return OFFSET.sub(rf"\g<1>{up}/\g<2>", head) + end + rest


def indexes(found: Mapping[str, dict]) -> dict[str, bytes]:
    """One index per edition, by address on the site.

    Parameters
    ----------
    found
        What :meth:`Sections.found` gave, by address of the page.
    """
    editions: dict[str, dict[str, dict]] = {"": {}}
    for page, held in found.items():
        editions.setdefault(_root(page), {})[page] = held
    return {
        f"{root}{INDEX}": f"{json.dumps(_entries(own, root), ensure_ascii=False, separators=(',', ':'))}\n".encode()
        for root, own in editions.items()
    }


def _root(page: str) -> str:
    """Folder of the edition a page stands in: ``en/``, or "" for the first language's."""
    return next((f"{lang}/" for lang in config.LANGUAGES[1:] if page.startswith(f"{lang}/")), "")


def _entries(found: Mapping[str, dict], root: str) -> list[dict]:
    """What the search reads: one entry per section and per place, with addresses from the edition's root."""
    counted = Counter(
        text for page in found.values() for text in {t for section in page["sections"] for t in section["texts"]}
    )
    entries = []
    for page, held in found.items():
        address = f"{page.removeprefix(root)}.html"
        for n, section in enumerate(held["sections"]):
            texts = [t for t in dict.fromkeys(section["texts"]) if counted[t] <= MANY]
            if texts or n == 0:
                href = f"{address}#{section['id']}" if section["id"] else address
                entries.append(_entry(href, held["title"], section["title"], " ".join(texts)))
        if PLACES_FOLDER in page.split("/")[:-1]:
            at = f"{address}#{PLACES_FIGURE}"
            # Quarto lists what it finds on one page under its title: a place is told by its section.
            entries += [_entry(at, held["title"], name, "") for name in held["places"]]
    return [{"objectID": str(n)} | entry for n, entry in enumerate(entries)]


def _entry(href: str, title: str, section: str, text: str) -> dict:
    return {
        "href": href,
        "title": title,
        "section": section,
        "text": text,
    }
