"""A piece of a page as Quarto's own Markdown, for formats that know nothing of the site's HTML and its style.

Figures and tables become Quarto's (``::: {#fig-map}``), which it numbers and captions in every format.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from html import escape, unescape
from html.parser import HTMLParser

from helpers.prose.escape import md
from helpers.publish.markup import raw_html

#: What is kept whole; a drawing may hold one of a map.
_INSIDE = r"(?:(?!</?svg\b).)*"
_WHOLE = re.compile(rf"<svg\b{_INSIDE}(?:<svg\b{_INSIDE}</svg>{_INSIDE})*</svg>|<table\b.*?</table>", re.DOTALL)
#: What is there for a screen only.
_SCREEN = {"button", "fieldset", "form", "label", "nav", "output", "script", "select", "summary"}
#: Classes of what only leads to files of the site, and of the number that Quarto gives by itself.
_SITE = {"downloads", "embed", "embed-code", "needs-script", "nth"}
_INLINE = {"a", "b", "cite", "code", "em", "i", "small", "span", "strong", "time"}
_VOID = {"br", "hr", "img", "input", "keep", "wbr"}
_HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
#: A named row: Quarto forgets its name, but not that of something in a cell.
_NAMED_ROW = re.compile(r'<tr\b[^>]*\bid="([^"]*)"[^>]*>(\s*<t[hd]\b[^>]*>)')
_LINK = re.compile(r'<a\b([^>]*)\bhref="([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)
_ID = re.compile(r'\bid="([^"]*)"')
_WAITING = re.compile(r"(?:\s|- |\[\]\{#[^}]*\})*")
_IMAGE = '![](data:image/svg+xml;base64,{data}){{fig-alt="{alt}"}}'


def as_markdown(html: str, lead: Callable[[str], str]) -> str:
    """A piece of HTML as Markdown.

    Parameters
    ----------
    html
        Drawings are SVG inside.
    lead
        From a link's target to where it leads; empty if nowhere.
    """
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f'<keep data-n="{len(kept) - 1}">'

    reader = _Reader(kept, lead)
    reader.feed(_WHOLE.sub(keep, html))
    reader.close()
    reader.flush()
    return "\n\n".join(reader.pieces)


class _Reader(HTMLParser):
    def __init__(self, kept: list[str], lead: Callable[[str], str]):
        super().__init__()
        self.kept, self.lead = kept, lead
        self.pieces: list[str] = []
        self.text, self.alt, self.heading, self.lists = "", "", "", 0
        self.skipped: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.outside: list[str] = []
        self.float, self.caption = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        of_the_site = tag in _SCREEN or "hidden" in told or _SITE & set(told.get("class", "").split())
        if self.skipped or of_the_site:
            if tag not in _VOID:
                self.skipped.append(tag)
            return
        if tag not in _INLINE and tag != "br":
            self.flush()
        self.alt = told.get("aria-label", self.alt)
        if tag == "keep":
            self.pieces.append(self._whole(self.kept[int(told["data-n"])]))
        elif tag == "figure" and told.get("id", "").startswith(("fig-", "tbl-")):
            self.outside, self.pieces, self.float, self.caption = self.pieces, [], told["id"], ""
        elif tag == "a":
            self.links.append((self.lead(told.get("href", "")), self.text))
            self.text = ""
        elif tag in ("ul", "ol"):
            self.lists += 1
        elif tag == "li":
            self.text = f"{'  ' * (self.lists - 1)}- {self.text}"
        elif tag in _HEADINGS:
            self.heading = "#" * int(tag[1]) + " "
        if told.get("id") and told["id"] != self.float:
            self.text += f"[]{{#{told['id']}}}"

    def handle_endtag(self, tag: str) -> None:
        if self.skipped:
            if tag == self.skipped[-1]:
                self.skipped.pop()
            return
        if tag == "a" and self.links:
            to, before = self.links.pop()
            self.text = before + (f"[{self.text}]({to})" if to else self.text)
            return
        if tag == "figcaption":
            self.caption, self.text = self.text.strip(), ""
        elif tag not in _INLINE:
            self.flush()
        if tag in ("ul", "ol"):
            self.lists -= 1
        elif tag == "figure" and self.float:
            self.pieces, self.float = [*self.outside, *self._floated()], ""

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.text += re.sub(r"\s+", " ", md(data)) if data.strip() else " " * bool(self.text)

    def flush(self) -> None:
        """End the paragraph; a name or the mark of an item without a text waits for it."""
        if _WAITING.fullmatch(self.text):
            return
        text, self.text = self.text.rstrip(), ""
        # Paragraphs of one item of a list belong together.
        inside = self.lists and not text.lstrip().startswith("- ")
        self.pieces.append(self.heading + ("  " * self.lists + text.lstrip() if inside else text))
        self.heading = ""

    def _whole(self, content: str) -> str:
        if content.startswith("<svg"):
            if "xmlns=" not in content.partition(">")[0]:
                content = content.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
            alt = re.sub(r'["\\{}]', "", self.alt)
            return _IMAGE.format(data=b64encode(content.encode()).decode(), alt=alt)
        content = _NAMED_ROW.sub(r'<tr>\2<span id="\1"></span>', content)
        return raw_html(_LINK.sub(self._cell_link, content))

    def _cell_link(self, found: re.Match[str]) -> str:
        before, target, after, text = found.groups()
        if to := self.lead(unescape(target)):
            text = f'<a href="{escape(to)}">{text}</a>'
        name = _ID.search(before + after)
        return f'<span id="{name[1]}">{text}</span>' if name else text

    def _floated(self) -> list[str]:
        """The pieces of a figure: its picture or table with the caption, then what else it holds."""
        whole = [n for n, piece in enumerate(self.pieces) if piece.startswith(("![](", "```"))]
        first = whole[0] + 1 if whole else len(self.pieces)
        return [f"::: {{#{self.float}}}", *self.pieces[:first], self.caption, ":::", *self.pieces[first:]]
