"""The documentation as pages of the site: ``docs/`` as it stands, and a reference made from docstrings.

It is in English, but for pages whose name ends in ``.it``; readers reach it from the footer only.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import yaml
from markupsafe import Markup

from helpers import config
from helpers.prose.escape import md
from helpers.prose.labels import labels
from helpers.publish.folders import files_below
from helpers.publish.markup import plain
from helpers.system.files import read_text

#: Where the pages stand on the site, and the one that leads to the others.
FOLDER, FIRST = "documentazione", "index"
#: The page made from docstrings.
REFERENCE = "reference"
#: Folders of ``docs/`` and their headings on the first page, in its order.
GROUPS = {"": "Begin here", "how-to": "How to"}

TITLE = re.compile(r"# (.+)\n+")
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
#: A block of code that says to which file it goes; Pandoc takes only the first word.
NAMED_BLOCK = re.compile(r'^```(\w+) title="([^"]+)"$', re.MULTILINE)
PARAGRAPH = re.compile(r"^[A-Z][^\n]*(?:\n[^\n#`|*-][^\n]*)*", re.MULTILINE)


@dataclass(frozen=True)
class Document:
    """A page of the documentation.

    Attributes
    ----------
    address
        On the site, without extension.
    lang
        Of its text.
    title
        Its heading.
    body
        Markdown below the heading.
    """

    address: str
    lang: str
    title: str
    body: str

    @property
    def description(self) -> str:
        """The first sentence of the text."""
        found = PARAGRAPH.search(self.body)
        text = re.sub(r"[`*\[\]]|\(\S+\)", "", " ".join(found[0].split())) if found else self.title
        return re.split(r"(?<=[.:]) (?=[A-Z])", text)[0]


def pages(reference: str, docs: Path = config.ROOT / "docs") -> dict[str, bytes]:
    """Every page of the documentation as a written page of the site, by its file in the stage.

    Parameters
    ----------
    reference
        Markdown of the reference, from :func:`helpers.publish.reference.write`.
    docs
        The folder of the documents; those named README are left out.
    """
    documents = [*_read(docs), Document(f"{FOLDER}/{REFERENCE}", "en", "Reference: import helpers as we", reference)]
    first = Document(f"{FOLDER}/{FIRST}", "en", "Documentation", _contents(documents))
    return {f"{document.address}.qmd": _page(document).encode() for document in [first, *documents]}


def _read(docs: Path) -> Iterator[Document]:
    names = [name for name in files_below(docs) if name.endswith(".md") and Path(name).stem.lower() != "readme"]
    for name in names:
        text = read_text(docs / name)
        found = TITLE.match(text)
        stem = name.removesuffix(".md")
        lang = "it" if stem.endswith(".it") else "en"
        body = text[found.end() :] if found else text
        body = NAMED_BLOCK.sub(r"In `\2`:\n\n```\1", body)
        body = LINK.sub(partial(_link, page=name, names=names), body)
        yield Document(_address(stem), lang, found[1] if found else stem, body)


def _address(stem: str) -> str:
    return f"{FOLDER}/{stem.replace('.', '-')}"


def _link(found: re.Match, page: str, names: list[str]) -> str:
    """A link to another document or elsewhere; what is no page of the site is only its words."""
    picture, words, target = found.groups()
    path, mark, fragment = target.partition("#")
    if re.match(r"https?:|#", target):
        return found[0]
    name = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
    if picture or name not in names:
        return words
    stem = posixpath.relpath(_address(name.removesuffix(".md")), posixpath.dirname(_address(page)) or ".")
    return f"[{words}]({stem}.html{mark}{fragment})"


def _contents(documents: list[Document]) -> str:
    """What the first page says: every document with what it is about."""
    lines = [
        "How this site is made, how to ask the data a question of one's own, and how to publish the answer. "
        "[The catalogue of the data](../en/dati.html) describes every table and column, "
        "[the sheets of the indicators](../en/indicatori.html) every number.",
    ]
    others = [d for d in documents if d.address.count("/") == 1]
    groups = {GROUPS[""]: others} | {
        title: [d for d in documents if d.address.startswith(f"{FOLDER}/{folder}/")]
        for folder, title in GROUPS.items()
        if folder
    }
    for title, own in groups.items():
        lines += ["", f"## {title}", ""]
        for document in sorted(own, key=lambda d: (not d.address.endswith(("tutorial", "tutorial-it")), d.title)):
            address = posixpath.relpath(document.address, FOLDER)
            lines.append(f"* [{document.title}]({address}.html) – {md(document.description)}")
    return "\n".join(lines) + "\n"


def _page(document: Document) -> str:
    """The document with what Quarto and the embedded publisher want above it."""
    words = labels(document.lang)
    up = posixpath.relpath(".", posixpath.dirname(document.address))
    home = posixpath.join(up, config.edition_path(document.lang, "index.html"))
    trail = [(home, words["site.title"])]
    if document.address != f"{FOLDER}/{FIRST}":
        first = posixpath.relpath(f"{FOLDER}/{FIRST}", posixpath.dirname(document.address))
        trail.append((f"{first}.html", words["site.documentation"]))
    steps = Markup("").join(Markup('<li><a href="{}">{}</a></li>').format(*step) for step in trail)
    nav = Markup('<nav class="percorso" aria-label="{}"><ol>{}</ol></nav>').format(words["site.path"], steps)
    front = {"title": plain(document.title), "description": plain(document.description), "lang": document.lang}
    front["toc-title"] = words["site.contents"]
    head = f"---\n{yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=10_000)}---\n"
    return "\n".join([head, "```{=html}", nav, "```", "", document.body])
