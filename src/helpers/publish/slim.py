"""Writes the pages small: what HTML lets one leave out is left out, the same script stands once for all pages.

What a browser makes of a page stays what it was. Publishers write with quotes, end tags and indents that HTML does not
need; over a hundred pages these weigh more than a megabyte. Done last, on pages that have been checked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from .memory import digest

#: Elements whose text must stay as it is.
RAW = re.compile(r"(<(script|style|pre|textarea)\b[^>]*>.*?</\2>)", re.DOTALL)
#: Comments say nothing to readers, but for those that mark what publishing put in.
COMMENT = re.compile(r"<!--(?!/?metadata).*?-->", re.DOTALL)

#: An element's first tag, whatever its attributes hold, and one attribute of it.
TAG = re.compile(r"<[a-zA-Z][^\s/>\"'=]*(?:\s+[^\s=>\"'/]+(?:=(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?)+\s*/?>")
#: Blanks within a tag may be part of a value.
TAG_OR_BLANKS = re.compile(rf"{TAG.pattern}|\s{{2,}}")
ATTRIBUTE = re.compile(r"\s+([^\s=>\"'/]+)=\"([^\"]*)\"(?=[\s>])")
PLAIN_VALUE = re.compile(r"[^\s\"'`=<>&]*[^\s\"'`=<>&/]")

#: End tags that HTML implies (HTML Standard, 13.1.2.4), with what must follow.
#: Blanks between cells are nothing; between items of a list they may be seen.
IMPLIED = (
    (r"</t[dh]>\s*", r"<t[dh][\s>]|</tr>"),
    (r"</tr>\s*", r"<tr[\s>]|</(?:tbody|thead|tfoot|table)>"),
    (r"</thead>\s*", r"<t(?:body|foot)[\s>]"),
    (r"</tbody>\s*", r"<t(?:body|foot)[\s>]|</table>"),
    (r"</li>", r"\s*(?:<li[\s>]|</[uo]l>)"),
    (r"</dt>", r"\s*<d[td][\s>]"),
    (r"</dd>", r"\s*(?:<d[td][\s>]|</dl>)"),
)
END = re.compile("|".join(rf"{tag}(?={follows})" for tag, follows in IMPLIED))

#: Scripts in the page from this size on, in characters, get a file of their own where several pages hold the same.
WORTH_SHARING = 1000
INLINE = re.compile(
    r'<script(?P<kept>(?: id="[^"]*")?)(?: type="application/javascript")?>(?P<code>.*?)</script>', re.DOTALL
)
FOLDER = "site_libs/inline"

TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
ROW = re.compile(r"<tr\b[^>]*>.*?</tr>", re.DOTALL)
CELL = re.compile(r"<t[dh](?=[\s>])[^>]*>")
NUMERIC = ' class="num"'
#: Class of a table whose third column is numbers: ``n3``. The style sheet knows as many columns.
COLUMN, COLUMNS = "n", 16
CLASS = re.compile(r'(?<= class=")[^"]*')


def slim(site: Path, pages: Mapping[str, str]) -> None:
    """Write every page of a rendered site small.

    Parameters
    ----------
    site
        The rendered site.
    pages
        Address of every page, without extension, and its language.
    """
    texts = {page: (site / f"{page}.html").read_text(encoding="utf-8") for page in pages}
    counted = Counter(found["code"] for text in texts.values() for found in INLINE.finditer(text))
    shared = {
        code: f"{FOLDER}/{digest(code.encode())[:12]}.js"
        for code, times in counted.items()
        if times > 1 and len(code) >= WORTH_SHARING
    }
    for code, address in shared.items():
        (site / address).parent.mkdir(parents=True, exist_ok=True)
        (site / address).write_text(code.strip() + "\n", encoding="utf-8")
    for page, text in texts.items():
        up = "../" * page.count("/")

        def named(found: re.Match, up: str = up) -> str:
            address = shared.get(found["code"])
            return f'<script{found["kept"]} src="{up}{address}"></script>' if address else found[0]

        (site / f"{page}.html").write_text(small(INLINE.sub(named, text) if shared else text), encoding="utf-8")


def small(html: str) -> str:
    """One page, written small. Its head only loses blanks: other programs read it with less care than browsers do."""
    head, end, body = html.partition("</head>")
    if not end:
        head, body = "", html
    pieces = RAW.split(body)
    # The pattern has two groups: text, raw element, its name, text…
    pieces[0::3] = [_small(piece) for piece in pieces[0::3]]
    del pieces[2::3]
    return _blanks(head) + end + "".join(pieces)


def _blanks(text: str) -> str:
    parts = RAW.split(text)
    parts[0::3] = [TAG_OR_BLANKS.sub(lambda m: m[0] if m[0][0] == "<" else _one(m), part) for part in parts[0::3]]
    del parts[2::3]
    return "".join(parts)


def _one(blank: re.Match) -> str:
    return "\n" if "\n" in blank[0] else " "


def _small(html: str) -> str:
    html = END.sub("", TABLE.sub(_told_by_column, COMMENT.sub("", html)))
    return TAG_OR_BLANKS.sub(lambda m: _short_tag(m) if m[0][0] == "<" else _one(m), html)


def _told_by_column(table: re.Match) -> str:
    """A table that says once which of its columns are numbers, instead of in every cell."""
    text = table[0]
    if NUMERIC not in text or "span=" in text or text.count("<table") > 1:
        return text
    rows = [CELL.findall(row) for row in ROW.findall(text)]
    width = len(rows[0])
    if any(len(row) != width for row in rows):
        return text
    numeric = [n for n in range(min(width, COLUMNS)) if all(NUMERIC in row[n] for row in rows)]
    place = iter(range(width * len(rows)))

    def cell(found: re.Match) -> str:
        return found[0].replace(NUMERIC, "") if next(place) % width in numeric else found[0]

    names = "".join(f" {COLUMN}{n + 1}" for n in numeric)
    head, end, rest = CELL.sub(cell, text).partition(">")
    had = CLASS.search(head)
    head = f"{head[: had.end()]}{names}{head[had.end() :]}" if had else f'{head} class="{names.strip()}"'
    return f"{head}{end}{rest}" if numeric else text


def _short_tag(tag: re.Match) -> str:
    return ATTRIBUTE.sub(_short_attribute, tag[0])


def _short_attribute(found: re.Match) -> str:
    name, value = found[1], found[2]
    if not value:
        return "" if name == "class" else f" {name}"
    return f" {name}={value}" if PLAIN_VALUE.fullmatch(value) else found[0]
