"""The index of the search: sections of all pages, one index per language, which ``reports/assets/search.js`` reads.

Tables count too, a source is found by its code, a page by words that stand in the labels (``search.words``), an
indicator by its synonyms; what is said alike on many pages is left out. Comuni have a list of their own
(:mod:`helpers.publish.machines.places`).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping

from helpers import config
from helpers.declarations import BY_ID
from helpers.prose.labels import label_or
from helpers.publish import documentation

INDEX = "search.json"

#: Elements whose text is not searched, and classes of such elements.
SILENT = {"script", "style", "nav", "button", "summary", "thead", "svg"}
SILENT_CLASSES = {
    "downloads",
    "provenance",
    "status",
    "edition",
    "num",
    "figure-json",
    "percorso",
    "quarto-title-meta",
    "cited",
}
#: Addresses of sources and datasets.
CITATION = re.compile(r"(?:metodo\.html|^)#(?:S\d+|dati-[a-z]+)$")
VOID = {"br", "img", "hr", "input", "meta", "link", "wbr", "source", "path", "col", "area"}
HEADINGS = {"h2", "h3", "h4"}
#: Elements that end a piece of text.
BLOCKS = {"p", "li", "td", "th", "dd", "dt", "figcaption", "h1", "div", "tr", *HEADINGS}

#: Pages in this folder have tables that are for their readers only.
DISTRICTS_FOLDER = "distretti"
#: The page whose table of sources is searched row by row, and the id of a row.
SOURCES_PAGE, SOURCE = "metodo", re.compile(r"S\d{3}\Z")

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
        self.tables = DISTRICTS_FOLDER not in page.split("/")[:-1] or page.endswith("/index")
        self.sources = page.rpartition("/")[2] == SOURCES_PAGE
        self.interrupted: dict | None = None  # the section whose table of sources is being read
        self.sections: list[dict] = [{"id": "", "title": "", "texts": []}]
        self.title = ""
        self.open: list[tuple[str, bool]] = []
        self.in_main = False
        self.silent = 0
        self.waiting = ""  # id of a section whose heading is still to come
        self.heading = ""
        self.piece: list[str] = []

    def found(self) -> dict:
        """``title`` and ``sections`` (``id``, ``title``, ``texts``), as JSON can hold them."""
        return {"title": self.title, "sections": self.sections}

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
        if self.sources and SOURCE.match(given.get("id", "")):
            self.interrupted = self.interrupted or self.sections[-1]
            self.sections.append({"id": given["id"], "title": given["id"], "texts": []})
        if tag in HEADINGS or tag == "h1":
            self.heading = tag
            self.waiting = given.get("id") or self.waiting
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
        if tag == "table" and self.interrupted:
            # What follows belongs to the section around the table: it goes on under the same id.
            self.sections.append({**self.interrupted, "texts": []})
            self.interrupted = None

    def handle_data(self, data: str) -> None:
        """See :class:`..reading.Reader`."""
        if self.in_main and not self.silent:
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
        if LETTERS.search(text) and self.title != text:
            self.sections[-1]["texts"].append(text)


def indexes(found: Mapping[str, dict]) -> dict[str, bytes]:
    """One index per edition, by address on the site.

    Parameters
    ----------
    found
        What :meth:`Sections.found` gave, by address of the page.
    """
    editions: dict[str, dict[str, dict]] = {"": {}}
    for page, held in found.items():
        if page.startswith(f"{documentation.FOLDER}/"):  # for who works on the site, not for its readers
            continue
        editions.setdefault(_root(page), {})[page] = held
    return {
        f"{root}{INDEX}": f"{json.dumps(_entries(own, root), ensure_ascii=False, separators=(',', ':'))}\n".encode()
        for root, own in editions.items()
    }


def _root(page: str) -> str:
    """Folder of the edition a page stands in: ``en/``, or "" for the first language's."""
    return next((f"{lang}/" for lang in config.LANGUAGES[1:] if page.startswith(f"{lang}/")), "")


def _entries(found: Mapping[str, dict], root: str) -> list[dict]:
    """What the search reads, page by page: ``href`` from the edition's root, ``title``, ``words``, ``sections``.

    A section is its id, heading and text, and where there are some the words by which it is also sought.
    """
    lang = root.rstrip("/") or config.LANGUAGES[0]
    counted = Counter(
        text for page in found.values() for text in {t for section in page["sections"] for t in section["texts"]}
    )
    entries = []
    for page, held in found.items():
        name = page.removeprefix(root)
        sections = []
        for n, section in enumerate(held["sections"]):
            source = SOURCE.match(section["id"])
            texts = [t for t in dict.fromkeys(section["texts"]) if source or counted[t] <= MANY]
            if texts or n == 0:
                also = _synonyms(lang, section["id"])
                sections.append([section["id"], section["title"], " ".join(texts), *([also] if also else [])])
        words = label_or(lang, f"search.words.{name.replace('/', '_')}", "")
        entries.append({"href": f"{name}.html", "title": held["title"], "words": words, "sections": sections})
    return entries


def _synonyms(lang: str, section: str) -> str:
    """The words by which an indicator is also sought, for the section that describes it."""
    return " ".join(BY_ID[section].words[lang].synonyms) if section in BY_ID else ""
