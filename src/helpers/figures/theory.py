"""A theory of change as a picture, level by level from top to bottom, and as lists that say the same."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup, escape

from helpers.figures import theme
from helpers.figures.exhibit import Words
from helpers.figures.tables import Column, csv_text

#: Width of a letter in parts of the font size: a little more than the font's mean, so that lines never leave their box.
LETTER = 0.54

#: Widths in pixels of the two drawings, and their font sizes: a column of text, and a phone.
WIDE, NARROW = (800, 15.0), (358, 12.0)

_PALE = "#EBF4FF"


def check(nodes: pd.DataFrame, links: pd.DataFrame, levels: Mapping[str, str]) -> None:
    """Refuse links that do not lead from a node to one of the next level.

    Raises
    ------
    ValueError
        Names the link or the level.
    """
    order = list(levels)
    level = dict(zip(nodes["node"], nodes["level"], strict=True))
    if unknown := set(nodes["level"]) - set(order):
        raise ValueError(f"levels without a title: {', '.join(sorted(unknown))}")
    for source, target in links[["source", "target"]].itertuples(index=False):
        if source not in level or target not in level:
            raise ValueError(f"{source} → {target} joins a node that does not exist")
        if order.index(level[target]) != order.index(level[source]) + 1:
            raise ValueError(f"{source} → {target} does not lead to the next level")


def svg(
    nodes: pd.DataFrame,
    links: pd.DataFrame,
    levels: Mapping[str, str],
    legend: Mapping[str, str],
    alt: str,
    size: tuple[int, float],
) -> Markup:
    """Draw the diagram.

    Parameters
    ----------
    nodes
        ``node``, ``level``, ``text``, ``status`` (``sourced``: solid border; anything else: dashed).
    links
        ``source``, ``target``: only to the next level, so that no line crosses a box.
    levels
        Title by level, in order from top to bottom.
    legend
        Words for ``sourced`` and ``proposal``.
    alt
        Text alternative.
    size
        Width in pixels and font size.

    Returns
    -------
    str
        An ``<svg>`` with every text escaped.
    """
    check(nodes, links, levels)
    width, font = size
    gap, pad, line = font, font * 0.6, font * 1.28
    shapes, places, y = [], {}, 0.0
    for level, title in levels.items():
        row = nodes[nodes["level"] == level]
        box = (width - 2 - gap * (len(row) - 1)) / max(len(row), 1)
        texts = [_wrap(text, box - 2 * pad, font) for text in row["text"]]
        high = max(map(len, texts)) * line + 2 * pad
        top = y + font * 2.1
        shapes.append(_title(title, y + font * 1.5, font))
        for number, (node, status, lines) in enumerate(zip(row["node"], row["status"], texts, strict=True)):
            x = 1 + number * (box + gap)
            places[node] = (x + box / 2, top, top + high)
            shapes.append(_box(x, top, box, high, status, lines, font, line))
        y = top + high + font * 2
    lines = [_link(places[s], places[t], font) for s, t in links[["source", "target"]].itertuples(index=False)]
    shapes.append(_legend(legend, y + font * 0.4, font))
    height = y + font * 0.4 + line * len(legend) + 4
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {:.0f}" width="{}" '
        'height="{:.0f}" role="img" aria-label="{}" font-size="{:g}" '
        'font-family="{}">{}{}</svg>'
    ).format(width, height, width, height, alt, font, theme.FONT, Markup("").join(lines), Markup("").join(shapes))


def lists(
    nodes: pd.DataFrame, links: pd.DataFrame, levels: Mapping[str, str], leads_to: str, notes: Mapping[str, str]
) -> Markup:
    """The same content as nested lists: levels, their nodes, what each leads to.

    Parameters
    ----------
    nodes, links, levels
        As for :func:`svg`.
    leads_to
        Words before the list of what a node leads to.
    notes
        By node: status and sources, as HTML already made safe.
    """
    check(nodes, links, levels)
    text = dict(zip(nodes["node"], nodes["text"], strict=True))
    items = []
    for level, title in levels.items():
        own = ""
        for node in nodes.loc[nodes["level"] == level, "node"]:
            targets = [escape(text[t]) for t in links.loc[links["source"] == node, "target"]]
            after = Markup("").join(Markup("<li>{}</li>").format(t) for t in targets)
            own += Markup("<li>{} {}").format(text[node], notes[node])
            own += (Markup("<br><small>{}</small><ul>{}</ul>").format(leads_to, after) if targets else "") + Markup(
                "</li>"
            )
        items.append(Markup("<li><strong>{}</strong><ul>{}</ul></li>").format(title, own))
    return Markup('<ol class="theory-levels">{}</ol>').format(Markup("").join(items))


@dataclass(frozen=True)
class Diagram:
    """The picture in two widths, with its caption and the lists that say the same.

    Attributes
    ----------
    id, caption, note
        As for a figure.
    wide, narrow
        From :func:`svg`.
    lists
        From :func:`lists`.
    show_lists
        Words that open the lists.
    frame, columns
        What the CSV holds.
    """

    id: str
    caption: str
    wide: str
    narrow: str
    lists: str
    show_lists: str
    frame: pd.DataFrame
    columns: list[Column]
    words: Words
    note: str = ""

    def outputs(self) -> list[tuple[dict, dict]]:
        """MIME bundles and metadata, as exhibits give them."""
        shown = Markup("<summary>{}</summary>{}").format(self.show_lists, self.lists)
        html = Markup(
            '<figure class="figure-wecare" id="fig-{}">'
            '<figcaption class="caption">{}</figcaption>'
            '<div class="diagram-wide">{}</div>'
            # Hidden where no style sheet says which of the two fits.
            '<div class="diagram-narrow" hidden>{}</div>'
            '<details class="figure-data">{}</details>{}'
            '<p class="downloads"><a href="csv:{}" download>{}</a></p></figure>'
        ).format(self.id, self.caption, self.wide, self.narrow, shown, self.note, self.id, self.words.download_csv)
        return [({"text/html": html, "text/csv": csv_text(self.frame, self.columns), "text/plain": self.caption}, {})]


def _wrap(text: str, width: float, font: float) -> list[str]:
    """Lines of a text that fit a width in pixels; a longer word stands on a line of its own."""
    letters = max(int(width / (font * LETTER)), 1)
    return textwrap.wrap(text, letters, break_long_words=False, break_on_hyphens=False)


def _box(
    x: float, y: float, width: float, high: float, status: str, lines: list[str], font: float, line: float
) -> Markup:
    look = Markup('fill="{}" stroke="{}" stroke-width="1.5"').format(_PALE, theme.BLUE)
    if status != "sourced":
        look = Markup('fill="#FFFFFF" stroke="{}" stroke-width="1.5" stroke-dasharray="5 3"').format(theme.MUTED)
    first = y + (high - len(lines) * line) / 2 + font * 0.98
    spans = Markup("").join(
        (
            Markup('<tspan x="{:.1f}" y="{:.1f}">{}</tspan>').format(x + width / 2, first + n * line, text)
            for n, text in enumerate(lines)
        )
    )
    return Markup(
        '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="5" {}/>'
        '<text text-anchor="middle" fill="{}">{}</text>'
    ).format(x, y, width, high, look, theme.INK, spans)


def _title(text: str, y: float, font: float) -> Markup:
    # A white halo keeps the lines behind the words from touching them.
    return Markup(
        '<text x="1" y="{:.1f}" font-weight="700" fill="{}" stroke="#FFFFFF" stroke-width="{:g}" '
        'stroke-linejoin="round" paint-order="stroke">{}</text>'
    ).format(y, theme.INK, font / 2, text)


def _link(start: tuple[float, float, float], end: tuple[float, float, float], font: float) -> Markup:
    x1, y1, x2, y2 = start[0], start[2], end[0], end[1]
    tip, middle = font * 0.45, (y1 + y2) / 2
    path = f"M{x1:.1f} {y1:.1f}C{x1:.1f} {middle:.1f} {x2:.1f} {middle:.1f} {x2:.1f} {y2 - tip:.1f}"
    head = f"{x2:.1f},{y2:.1f} {x2 - tip:.1f},{y2 - 1.6 * tip:.1f} {x2 + tip:.1f},{y2 - 1.6 * tip:.1f}"
    return Markup('<path d="{}" fill="none" stroke="{}" stroke-width="1.4"/><polygon points="{}" fill="{}"/>').format(
        path, theme.AREA_BORDER, head, theme.AREA_BORDER
    )


def _legend(legend: Mapping[str, str], y: float, font: float) -> Markup:
    drawn = Markup("")
    for number, (status, text) in enumerate(legend.items()):
        top = y + number * font * 1.28
        drawn += _box(1, top, font * 1.8, font * 0.85, status, [], font, font)
        drawn += Markup('<text x="{:.1f}" y="{:.1f}" fill="{}">{}</text>').format(
            font * 2.3, top + font * 0.78, theme.INK, text
        )
    return drawn
