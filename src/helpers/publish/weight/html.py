"""Writes the pages small: what HTML lets one leave out is left out, the same script stands once for all pages.

What a browser makes of a page stays what it was. Publishers write with quotes, end tags and indents that HTML does not
need; over a hundred pages these weigh most of a megabyte. Done last, on pages that have been checked.
"""

from __future__ import annotations

import re
from html.entities import html5

import minify_html

from helpers.system.fingerprints import fingerprint

#: Scripts in the page from this size on, in characters, get a file of their own, one for all pages that hold the same.
WORTH_SHARING = 1000
INLINE = re.compile(
    r'<script(?P<kept>(?: id="[^"]*")?)(?: type="application/javascript")?>(?P<code>.*?)</script>', re.DOTALL
)
FOLDER = "site_libs/inline"
CODE = re.compile(r"(<(?:script|style)\b.*?</(?:script|style)>)", re.DOTALL)
TABLE = re.compile(r"<table>((?:(?!<table).)*?)</table>", re.DOTALL)
CELL = re.compile(r"<t[dh]\b[^>]*>")
ROW_OR_CELL = re.compile(r"<tr>|<t[dh]\b[^>]*>")
NUMERIC = re.compile(r' class="num"')
#: The style sheet knows so many columns.
MOST_COLUMNS = 16
NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]*;)")


def shared_scripts(html: str, page: str) -> tuple[str, dict[str, str]]:
    """Take the large scripts out of a page, so that pages with the same script share one file.

    Parameters
    ----------
    html
        The page.
    page
        Its address, without extension.

    Returns
    -------
    tuple
        The page, which names the files; the scripts by address on the site.
    """
    up, scripts = "../" * page.count("/"), {}

    def named(found: re.Match) -> str:
        code = found["code"]
        if len(code) < WORTH_SHARING:
            return found[0]
        address = f"{FOLDER}/{fingerprint(code.encode())[:12]}.js"
        scripts[address] = code.strip() + "\n"
        return f'<script{found["kept"]} src="{up}{address}"></script>'

    return INLINE.sub(named, html), scripts


def numeric_columns(html: str) -> str:
    """Say once for a table which of its columns are numeric (``num-3``) instead of in each of their cells.

    Examples
    --------
    >>> numeric_columns('<table><tr><th>a</th><td class="num">1</td></tr></table>')
    '<table class="num-2"><tr><th>a</th><td>1</td></tr></table>'
    """
    return TABLE.sub(_with_numeric_columns, html)


def _with_numeric_columns(table: re.Match) -> str:
    rows = [CELL.findall(row) for row in table[1].split("<tr>")[1:]]
    if "span=" in table[1] or len({len(row) for row in rows}) != 1:
        return table[0]
    columns = [n for n, cells in enumerate(zip(*rows, strict=True), start=1) if all(map(NUMERIC.search, cells))]
    if not columns or columns[-1] > MOST_COLUMNS:
        return table[0]
    position = 0

    def bare(cell: re.Match) -> str:
        nonlocal position
        position = 1 if cell[0] == "<tr>" else position + 1
        return NUMERIC.sub("", cell[0]) if position - 1 in columns else cell[0]

    classes = " ".join(f"num-{n}" for n in columns)
    return f'<table class="{classes}">{ROW_OR_CELL.sub(bare, table[1])}</table>'


def small(html: str) -> str:
    """One page, written small."""
    text = minify_html.minify(numeric_columns(html), keep_html_and_head_opening_tags=True)
    # "S&T;" would be no error to a browser, but it is one: what looks like the name of a character must be one.
    parts = CODE.split(text)
    parts[::2] = (NAMED.sub(lambda m: m[0] if m[1] in html5 else f"&amp;{m[1]}", part) for part in parts[::2])
    return "".join(parts)
