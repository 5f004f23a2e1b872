"""A published page as it was before it was written small: quotes, end tags and numeric cells as tests expect them."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from pathlib import Path

from helpers.publish.check.soundness import BLOCKS, VOID

#: What a first tag ends, up to where it looks.
ENDS = {
    **dict.fromkeys(BLOCKS, ({"p"}, set())),
    "option": ({"option"}, {"select"}),
    "body": ({"head"}, set()),
    "li": ({"li"}, {"ul", "ol"}),
    "dt": ({"dt", "dd"}, {"dl", "div"}),
    "dd": ({"dt", "dd"}, {"dl", "div"}),
    "td": ({"td", "th"}, {"tr", "table"}),
    "th": ({"td", "th"}, {"tr", "table"}),
    "tr": ({"td", "th", "tr"}, {"table", "thead", "tbody", "tfoot"}),
    "tbody": ({"td", "th", "tr", "thead", "tbody"}, {"table"}),
}
IMPLIED = {"p", "option", "head", "body", "html", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody"}


class _Writer(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self.open: list[str] = []
        self.numeric: set[int] = set()
        self.column = 0

    def handle_starttag(self, tag, attrs, end=">"):
        ended, until = ENDS.get(tag, (set(), set()))
        while self.open and self.open[-1] in ended and self.open[-1] not in until:
            self._close()
        if tag == "table":
            self.numeric, attrs = _columns(attrs)
        elif tag in ("tr", "td", "th"):
            self.column = 0 if tag == "tr" else self.column + 1
            attrs += [("class", "num")] * (tag != "tr" and self.column in self.numeric)
        given = "".join(f" {k}" if v is None else f' {k}="{escape(v)}"' for k, v in attrs)
        self.out.append(f"<{tag}{given}{end}")
        if tag not in VOID and end == ">":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs, "/>")

    def handle_endtag(self, tag):
        while self.open and self.open[-1] != tag and self.open[-1] in IMPLIED:
            self._close()
        if self.open and self.open[-1] == tag:
            self._close()
        else:
            self.out.append(f"</{tag}>")

    def _close(self):
        self.out.append(f"</{self.open.pop()}>")

    def handle_data(self, data):
        self.out.append(data)

    def handle_entityref(self, name):
        self.out.append(f"&{name};")

    def handle_charref(self, name):
        self.out.append(f"&#{name};")

    def handle_comment(self, data):
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl):
        self.out.append(f"<!{decl}>")


def _columns(attrs):
    """Numeric columns that a table names in its class, and its other attributes."""
    named = re.fullmatch(r"(?: ?num-\d+)+", dict(attrs).get("class") or "")
    if not named:
        return set(), attrs
    return set(map(int, re.findall(r"\d+", named[0]))), [(k, v) for k, v in attrs if k != "class"]


def full(html: str) -> str:
    """The page with every quote and end tag, and every numeric cell saying so."""
    writer = _Writer()
    writer.feed(html)
    writer.close()
    return "".join([*writer.out, *(f"</{tag}>" for tag in reversed(writer.open))])


@lru_cache(maxsize=256)
def read_page(path: Path) -> str:
    """A published page, see :func:`full`."""
    return full(path.read_text(encoding="utf-8"))
