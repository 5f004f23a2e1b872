"""Facts that are sentences rather than numbers: cards, which read better than a wide table, with their data as CSV."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

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

    def html(self) -> Markup:
        """The card as a list item."""
        details = Markup("").join(Markup('<p class="detail">{}</p>').format(text) for text in self.details)
        return Markup('<li id="{}"><p class="about">{}</p><p>{}</p>{}<p class="foot">{}</p></li>').format(
            self.id, self.title, self.text, details, self.foot
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
        html = Markup(
            '<figure class="table-wecare" id="tbl-{}">'
            '<figcaption class="caption">{}</figcaption>'
            '<ul class="cards">{}</ul>'
            '<p class="downloads"><a href="csv:{}" download>{}</a></p></figure>'
        ).format(
            self.id, self.caption, Markup("").join(card.html() for card in self.cards), self.id, self.words.download_csv
        )
        data = csv_text(self.frame, [Column(name, name) for name in self.columns])
        return [({"text/html": html, "text/csv": data, "text/plain": self.caption}, {})]
