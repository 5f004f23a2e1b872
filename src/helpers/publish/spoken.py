"""Names and roles of what publishers leave without: the menu, headings, tables and the boxes they scroll in.

Both publishers write the same elements, so that this is done once, on the rendered pages.
"""

from __future__ import annotations

import re

from markupsafe import Markup

from helpers.prose.labels import labels

#: The bar of menus.
_BAR = re.compile(r'<nav class="navbar\b')
#: What opens a menu: Quarto writes a link, which the space bar does not press.
_OPENER = re.compile(r'<a (class="nav-link dropdown-toggle") href="#"([^>]*?) role="link"([^>]*)>(.*?)</a>', re.DOTALL)
#: A heading at the start of a section with a place.
_HEADING = re.compile(r'(<section\b[^>]*\bid="([^"]+)"[^>]*>\s*<(h[2-4])\b[^>]*>)(.*?)(</\3>)', re.DOTALL)
#: Figures with a place, their captions and tables.
_TABLED = re.compile(
    r'<figure\b[^>]*\bid="(?P<place>[^"]+)"[^>]*>|(?P<end></figure>)|<figcaption(?= class="caption")'
    r'|<div class="table-scroll" tabindex="0"|<table(?=[ >])'
)


def name_parts(text: str, lang: str) -> str:
    """A page whose menu, headings, tables and scrolling boxes are what a screen reader says of them.

    Parameters
    ----------
    text
        A page as a publisher rendered it.
    lang
        Its language.
    """
    text = _BAR.sub(
        lambda bar: Markup('<nav aria-label="{}" class="navbar').format(labels(lang)["site.main_menu"]), text
    )
    text = _OPENER.sub(r'<button type="button" \1\2\3>\4</button>', text)
    # A box that scrolls is scrolled by keys when it has the focus.
    text = text.replace('<div class="sd-table">', '<div class="sd-table" tabindex="0">')
    # A link to the place for who points at the heading; the contents of the page lead there for all others.
    text = _HEADING.sub(r'\1\4<a class="place" href="#\2" aria-hidden="true" tabindex="-1"></a>\5', text)
    return _name_tables(text)


def _name_tables(text: str) -> str:
    """The caption of a figure names its tables, and the boxes these scroll in."""
    inside: list[str] = []

    def named(found: re.Match[str]) -> str:
        if found["place"]:
            inside.append(found["place"])
        elif found["end"]:
            if inside:
                inside.pop()
        elif inside and found[0].startswith("<figcaption"):
            return f'{found[0]} id="{inside[-1]}-caption"'
        elif inside:
            role = ' role="group"' if found[0].startswith("<div") else ""
            return f'{found[0]}{role} aria-labelledby="{inside[-1]}-caption"'
        return found[0]

    return _TABLED.sub(named, text)
