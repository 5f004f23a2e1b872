"""The Content-Security-Policy of every page: what a browser may load, run and dress; a server may send the same."""

from __future__ import annotations

import base64
import hashlib
import re
from html import unescape

from markupsafe import Markup

#: Looks that plotly.js gives to words by an attribute.
LOOKS = ("font-weight:bold", "font-style:italic")

CHARSET = re.compile(r"<meta charset=[^>]*>", re.IGNORECASE)
MAIN = re.compile(r"<main\b.*</main>", re.DOTALL)
#: What a publisher writes around the content. That the content has no such thing is for the check of the site to see.
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.DOTALL)
OWN = re.compile(r'<a [^>]*\bid="quarto-back-to-top"[^>]*>')  # stands in the content
HANDLER = re.compile(r'<[a-z][^>]*?\son[a-z]+="([^"]*)"')
DATA = re.compile(r'\bsrc=|\btype="application/(?:ld\+)?json"')


def policy(scripts: tuple[str, ...] = (), styles: tuple[str, ...] = (), handlers: tuple[str, ...] = ()) -> str:
    """The policy; what is given is allowed to stand in the page by its hash.

    Parameters
    ----------
    scripts, styles
        Contents of elements.
    handlers
        Contents of attributes that run code.
    """
    directives = {
        "default-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "script-src": ["'self'", *(["'unsafe-hashes'"] if handlers else []), *map(_hash, (*scripts, *handlers))],
        "style-src": ["'self'", "'unsafe-hashes'", *map(_hash, (*LOOKS, *styles))],
    }
    return "; ".join(" ".join((name, *dict.fromkeys(sources))) for name, sources in directives.items())


def element(told: str) -> Markup:
    """A policy as the element that a page begins with."""
    return Markup('<meta http-equiv="Content-Security-Policy" content="{}">').format(told)


def add_policy(text: str) -> str:
    """A rendered page with its policy, which allows what the publisher wrote around the content."""
    around = MAIN.sub("", text) + "".join(OWN.findall(text))
    scripts = tuple(inner for given, inner in SCRIPT.findall(around) if not DATA.search(given))
    handlers = tuple(map(unescape, HANDLER.findall(around)))
    told = policy(scripts, tuple(STYLE.findall(around)), handlers)
    return CHARSET.sub(lambda found: f"{found[0]}{element(told)}", text, count=1)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
