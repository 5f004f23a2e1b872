"""Facts that are sentences rather than numbers: cards, which read better than a wide table, with their data as CSV."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pandas as pd

from helpers.figures.exhibit import Words
from helpers.figures.tables import Column, csv_text


@dataclass(frozen=True)
class Card:
    """One fact.

    Attributes
    ----------
    id
        Its place on the page.
    title
        What it is about (plain text).
    text
        What is known (plain text).
    details
        Further sentences (plain text).
    foot
        How well it is known and its sources, as HTML already made safe.
    """

    id: str
    title: str
    text: str
    details: tuple[str, ...] = ()
    foot: str = ""

    def html(self) -> str:
        """The card as a list item."""
        details = "".join(f'<p class="detail">{escape(text)}</p>' for text in self.details)
        return (
            f'<li id="{escape(self.id)}"><p class="about"><span>{escape(self.id)}</span> {escape(self.title)}</p>'
            f'<p>{escape(self.text)}</p>{details}<p class="foot">{self.foot}</p></li>'
        )


@dataclass(frozen=True)
class Cards:
    """A list of cards with a caption; the CSV holds ``columns`` of ``frame``."""

    id: str
    caption: str
    cards: list[Card]
    frame: pd.DataFrame
    columns: list[str]
    words: Words

    def outputs(self) -> list[tuple[dict, dict]]:
        """MIME bundles and metadata, as exhibits give them."""
        html = (
            f'<figure class="table-wecare" id="tbl-{self.id}">'
            f'<figcaption class="caption">{escape(self.caption)}</figcaption>'
            f'<ul class="cards">{"".join(card.html() for card in self.cards)}</ul>'
            f'<p class="downloads"><a href="csv:{self.id}" download>{escape(self.words.download_csv)}</a></p></figure>'
        )
        data = csv_text(self.frame, [Column(name, name) for name in self.columns])
        return [({"text/html": html, "text/csv": data, "text/plain": self.caption}, {})]
