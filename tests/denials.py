"""How many sentences of a page deny or disclaim: a page says what is known, and each absence once, as *n.d.*

Runs by itself too: ``python tests/denials.py _site``.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from bs4 import BeautifulSoup
from readers import read_page

#: Words by which a sentence denies or disclaims, by language.
DENIALS = {
    "it": (
        r"\bnon\b",
        r"\bné\b",
        # That no other district has a higher value denies nothing: it says who has the highest.
        r"\bnessun[oa]?\b(?! distretto ha un)",
        r"\bsenza\b",
        r"\bmanca(?:no)?\b",
        r"\bsolo in modo indiretto\b",
        r"\bindicativ[oiae]\b",
        r"\bricostruzione\b",
    ),
    "en": (
        r"\bnot\b",
        r"n’t\b|n't\b",
        r"\bcannot\b",
        r"\b(?-i:[Nn]o)\b(?! district has a)",
        r"\bnone\b",
        r"\bnor\b",
        r"\bneither\b",
        r"\bwithout\b",
        r"\bmissing\b",
        r"\bonly indirectly\b",
        r"\bindicative\b",
        r"\breconstruction\b",
    ),
}
_DENIES = {lang: re.compile("|".join(words), re.IGNORECASE) for lang, words in DENIALS.items()}

#: What is read: running text and captions. Cells, notes of provenance, downloads and lists of sources are no sentences;
#: nor is the *n.d.* of a value that is not known.
READ = ["p", "li", "dd", "figcaption"]
APART = (
    ".not-known, .evidence, .status, .citation, .stale, .provenance, .downloads, .edition, .cited, .embed, .percorso, "
    ".contents, nav, table, script, svg, form"
)
_END = re.compile(r"(?<=[.!?])\s+(?=[«“(]?[A-ZÀ-Þ0-9])")
#: Points that end no sentence.
_INSIDE = re.compile(r"\b(?:[A-Z]\.)+(?=\s)|\b(?:n|art|ecc|no)\.(?=\s)")


def sentences(html: str) -> list[str]:
    """The sentences of a page."""
    main = BeautifulSoup(html, "html.parser").main
    for apart in main.select(APART):
        apart.extract()
    found = []
    for block in main.find_all(READ):
        if block.find(READ):
            continue
        text = " ".join(block.get_text(" ").split())
        parts = _END.split(_INSIDE.sub(lambda m: m[0].replace(".", "\0"), text))
        found += [part.replace("\0", ".") for part in parts if re.search(r"[^\W\d_]{3}", part)]
    return found


def denials(html: str, lang: str) -> tuple[list[str], int]:
    """The sentences of a page that deny or disclaim, and how many sentences it has."""
    read = sentences(html)
    return [sentence for sentence in read if _DENIES[lang].search(sentence)], len(read)


def main(site: str) -> None:
    """Print the share of every page, and what denies on those above a tenth."""
    for path in sorted(Path(site).rglob("*.html")):
        name = path.relative_to(site).as_posix()
        html = read_page(path)
        if "<main" not in html:
            continue
        found, n = denials(html, "en" if name.startswith("en/") else "it")
        print(f"{len(found) / max(n, 1):.1%} {len(found)}/{n} {name}")
        if len(sys.argv) > 2 and re.search(sys.argv[2], name):
            print(*(f"    {sentence}" for sentence in found), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1])
