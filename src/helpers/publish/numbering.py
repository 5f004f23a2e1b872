"""Figures and tables of a page in numbers: in their captions, and where the text leads to one.

A text speaks of a figure by a link to its place, ``[la mappa](#fig-map)``; on the page it reads "la mappa (figura 1)".
"""

from __future__ import annotations

import re

from helpers import config
from helpers.errors import WecareError
from helpers.prose.labels import label

#: The caption of a figure or table; what a script shows in the place of another has no number of its own.
CAPTION = re.compile(
    r'<figure class="(?:figure|table)-wecare" id="((fig|tbl)-[^"]*)"(?![^>]* data-live)[^>]*>\s*'
    r'<figcaption class="caption">(?:<p>)?'
)
#: A link of Markdown to a figure or table of the page.
REFERENCE = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\](\(#((?:fig|tbl)-[^)\s]*)\))")


def numbered(blocks: list[tuple[str, str]], lang: str, where: str) -> list[tuple[str, str]]:
    """What a page shows, with the numbers of its figures and of its tables, each counted in the page's order.

    Parameters
    ----------
    blocks
        ("markdown" or "html", text), in order.
    lang
        Of the page.
    where
        What an error names.

    Raises
    ------
    WecareError
        If a text leads to a figure or table that is not on the page.
    """
    lang = config.language_or_first(lang)
    told: dict[str, str] = {}
    counts = {"fig": 0, "tbl": 0}

    def count(caption: re.Match[str]) -> str:
        name, kind = caption.groups()
        counts[kind] += 1
        told[name] = label(lang, f"site.{kind}").format(number=counts[kind])
        return f'{caption[0]}<a class="nth" href="#{name}">{told[name]}.</a> '

    def refer(link: re.Match[str]) -> str:
        text, target, name = link.groups()
        if name not in told:
            raise WecareError(
                f"{where}: the text leads to #{name}, which is no figure or table of the page. "
                "To do: name one of the page."
            )
        number = told[name]
        return f"[{text} ({number[0].lower()}{number[1:]})]{target}"

    blocks = [(kind, CAPTION.sub(count, text) if kind == "html" else text) for kind, text in blocks]
    return [(kind, REFERENCE.sub(refer, text) if kind == "markdown" else text) for kind, text in blocks]
