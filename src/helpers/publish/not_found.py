"""The page that a server answers with where there is none: at whatever depth it was asked for, its links must work."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

#: Its address, by which servers find it.
PAGE = "404"

ADDRESS = re.compile(r'\b(href|src|action|data-root)="(?!#|/|[a-z][a-z0-9+.-]*:)([^"]*)"')
SCRIPTS = re.compile(r'\bdata-later="([^"]*)"')


def base(url: str) -> str:
    """Where the site begins on its server, with slashes around; ``/`` as long as its address is not known."""
    return urlsplit(url).path or "/"


def absolute(text: str, url: str) -> str:
    """A page at the root of the site with the addresses in it from the root of its server.

    Examples
    --------
    >>> absolute('<a href="dati.html">, <a href="#su">, <a href="https://example.org/">', "https://example.org/we/")
    '<a href="/we/dati.html">, <a href="#su">, <a href="https://example.org/">'
    """
    start = base(url)
    text = SCRIPTS.sub(lambda m: 'data-later="{}"'.format(" ".join(start + name for name in m[1].split())), text)
    return ADDRESS.sub(lambda m: f'{m[1]}="{start}{m[2].removeprefix("./")}"', text)


def relative(text: str, url: str) -> str:
    """What Quarto made absolute by itself, from the page again, so that it is judged like every other page."""
    return re.sub(rf'\b(href|src)="{re.escape(base(url))}(?!/)', r'\1="', text)
