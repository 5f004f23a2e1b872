"""The Content-Security-Policy of a page: it runs and shows what the site holds, and nothing else.

What stands in the page itself (a publisher's small scripts, the style of an embedded card) is named by its hash.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from html import unescape

from helpers.system.fingerprints import sha256

#: Where a policy belongs: before anything that it judges.
_PLACE = re.compile(r"<head\b[^>]*>(?:\s*<meta charset=[^>]*>)?", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b(?![^>]*\bsrc=)([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)
_HANDLER = re.compile(r"""\son[a-z]+="([^"]*)\"""", re.IGNORECASE)
#: Scripts that hold data; a browser does not run them.
_DATA = re.compile(r"""\btype=["']?(?:application/(?:ld\+)?json|text/(?!javascript))""", re.IGNORECASE)


def add_policy(text: str) -> str:
    """A page that says what it may fetch and run.

    Parameters
    ----------
    text
        The page as readers get it: whatever is changed afterwards in its scripts and styles is not run.

    Examples
    --------
    >>> add_policy('<head><meta charset="utf-8"></head>')[:75]
    '<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" cont'
    """
    scripts = [found[1] for found in _SCRIPT.findall(text) if not _DATA.search(found[0])]
    handlers = [unescape(found) for found in _HANDLER.findall(text)]
    policy = {
        "default-src": ["'none'"],
        "script-src": ["'self'", *(["'unsafe-hashes'"] if handlers else []), *_hashes([*scripts, *handlers])],
        # plotly.js adds an empty style sheet, and fills it by script.
        "style-src": ["'self'", *_hashes([*_STYLE.findall(text), ""])],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "frame-src": ["'self'"],
        "base-uri": ["'self'"],
        "form-action": ["'none'"],
    }
    said = "; ".join(" ".join([name, *values]) for name, values in policy.items())
    return _PLACE.sub(lambda m: f'{m[0]}<meta http-equiv="Content-Security-Policy" content="{said}">', text, count=1)


def _hashes(texts: Iterable[str]) -> list[str]:
    digests = (base64.b64encode(bytes.fromhex(sha256(text.encode()))).decode() for text in texts)
    return list(dict.fromkeys(f"'sha256-{digest}'" for digest in digests))
