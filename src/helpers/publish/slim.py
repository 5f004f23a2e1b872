"""Writes the pages small: what HTML lets one leave out is left out, the same script stands once for all pages.

What a browser makes of a page stays what it was. Publishers write with quotes, end tags and indents that HTML does not
need; over a hundred pages these weigh most of a megabyte. Done last, on pages that have been checked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from html.entities import html5
from pathlib import Path

import minify_html

from .memory import digest

#: Scripts in the page from this size on, in characters, get a file of their own where several pages hold the same.
WORTH_SHARING = 1000
INLINE = re.compile(
    r'<script(?P<kept>(?: id="[^"]*")?)(?: type="application/javascript")?>(?P<code>.*?)</script>', re.DOTALL
)
FOLDER = "site_libs/inline"
CODE = re.compile(r"(<(?:script|style)\b.*?</(?:script|style)>)", re.DOTALL)
NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]*;)")


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

        (site / f"{page}.html").write_text(small(INLINE.sub(named, text)), encoding="utf-8")


def small(html: str) -> str:
    """One page, written small."""
    text = minify_html.minify(html, keep_html_and_head_opening_tags=True)
    # "S&T;" would be no error to a browser, but it is one: what looks like the name of a character must be one.
    parts = CODE.split(text)
    parts[::2] = (NAMED.sub(lambda m: m[0] if m[1] in html5 else f"&amp;{m[1]}", part) for part in parts[::2])
    return "".join(parts)
