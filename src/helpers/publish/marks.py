"""The marks of citations: each says what it leads to."""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import escape

_MARK = re.compile(r'<a (?P<before>[^>]*?)href="(?P<to>[^"]*#(?P<id>S\d{3,}))"(?P<after>[^>]*)>(?P=id)</a>')
_TITLE = re.compile(r' ?\btitle="([^"]*)"')


def name_marks(text: str, names: Mapping[str, str]) -> str:
    """Give every mark the name of its source, for who hears the page and for who points at the mark.

    Parameters
    ----------
    text
        A page.
    names
        What each source is called, by its id; a mark of another stays as it is.

    Returns
    -------
    str
        The page, in which a mark is called by its id and the name of the source. Its title tells the name, and after
        it what it told before. The links of a table of sources, which have ids, stand beside the name already.
    """

    def name(found: re.Match[str]) -> str:
        rest = found["before"] + found["after"]
        if found["id"] not in names or " id=" in f" {rest}" or "aria-label=" in rest:
            return found[0]
        called = escape(names[found["id"]])
        told = _TITLE.search(f" {rest}")
        title = f"{called} ({told[1]})" if told else called
        other = " ".join(_TITLE.sub("", f" {rest}").split())
        more = f" {other}" if other else ""
        return f'<a href="{found["to"]}" title="{title}" aria-label="{found["id"]}: {called}"{more}>{found["id"]}</a>'

    return _MARK.sub(name, text)
