"""Writes the pages small: what HTML lets one leave out is left out, the same script stands once for all pages.

What a browser makes of a page stays what it was. Publishers write with quotes, end tags and indents that HTML does not
need; over a hundred pages these weigh most of a megabyte. Done last, on pages that have been checked.
"""

from __future__ import annotations

import re
from html.entities import html5

import minify_html

from .memory import digest

#: Scripts in the page from this size on, in characters, get a file of their own, one for all pages that hold the same.
WORTH_SHARING = 1000
INLINE = re.compile(
    r'<script(?P<kept>(?: id="[^"]*")?)(?: type="application/javascript")?>(?P<code>.*?)</script>', re.DOTALL
)
FOLDER = "site_libs/inline"
CODE = re.compile(r"(<(?:script|style)\b.*?</(?:script|style)>)", re.DOTALL)
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
        address = f"{FOLDER}/{digest(code.encode())[:12]}.js"
        scripts[address] = code.strip() + "\n"
        return f'<script{found["kept"]} src="{up}{address}"></script>'

    return INLINE.sub(named, html), scripts


def small(html: str) -> str:
    """One page, written small."""
    text = minify_html.minify(html, keep_html_and_head_opening_tags=True)
    # "S&T;" would be no error to a browser, but it is one: what looks like the name of a character must be one.
    parts = CODE.split(text)
    parts[::2] = (NAMED.sub(lambda m: m[0] if m[1] in html5 else f"&amp;{m[1]}", part) for part in parts[::2])
    return "".join(parts)
