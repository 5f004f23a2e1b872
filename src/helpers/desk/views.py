"""What a chart of the desk is: its frame, the interactive chart, the drawing, and files of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pandas as pd
from markupsafe import Markup

from helpers.errors import refuse
from helpers.figures import theme
from helpers.figures.drawing import Picture, draw
from helpers.figures.drawing.picture import element, write
from helpers.figures.exhibit import PLOTLY_MIME, SVG_MIME, WIDTH, as_json
from helpers.figures.tables import Column, csv_text, html_table
from helpers.figures.text import LINE, text_width
from helpers.system import startup

if TYPE_CHECKING:
    import plotly.graph_objects as go

#: Sizes of title and source, and what is kept free around them, in pixels.
TITLE, SOURCE, EDGE = 17, 12, 8

#: How much of its width the title of an interactive chart takes at most: other fonts are wider than ours.
NARROWER = 0.9

#: Pixels of a PNG for each of the drawing, and the length of one of these in millimetres.
SHARP, PIXEL = 2, 25.4 / 72

#: Kinds of files a chart is saved as.
KINDS = (".html", ".svg", ".png", ".csv")


@dataclass(frozen=True, repr=False)
class View:
    """A chart: shown by the last line of a cell, kept with :meth:`save`.

    Attributes
    ----------
    frame
        The data it shows, a row per mark.
    description
        Plotly's JSON, as the site's own pages have it: ``data`` and ``layout``.
    title, source
        What stands over and under the drawing.
    alt
        What it shows, in words.
    columns
        Of the CSV: names, units and how they are printed.
    """

    frame: pd.DataFrame
    description: dict
    title: str
    source: str
    alt: str
    columns: Sequence[Column]

    @property
    def chart(self) -> go.Figure:
        """The interactive chart, a plotly ``Figure`` of its own: change what you like."""
        startup.load_jsonschema()
        import plotly.graph_objects as go

        made = self.described()
        return go.Figure(made | {"layout": made["layout"] | {"template": "none"}})

    @property
    def picture(self) -> str:
        """The drawing as SVG, by the site's own drawing code: 760 pixels wide, title and source in it."""
        return self._svg

    @cached_property
    def _svg(self) -> str:
        return str(self._drawn().svg(alt=self.alt))

    def described(self, width: int = WIDTH, source: bool = True) -> dict:
        """The chart's description with its title and, if asked, its source, which on a page stand around it.

        Parameters
        ----------
        width
            Pixels in which the lines of both must fit.
        source
            Whether the source is among them.
        """
        plain: Any = as_json(self.description)
        layout = plain["layout"]
        first, *rest = _wrapped(self.title, TITLE, bold=True, width=round(width * NARROWER)) or [""]
        under = _wrapped(self.source, SOURCE, width=round(width * NARROWER)) if source else []
        above = round((1 + len(rest)) * TITLE * LINE + len(under) * SOURCE * LINE) + 2 * EDGE
        said = {"text": f"<b>{escape(first)}</b>", "font": {"size": TITLE}}
        # Plotly.js cuts the first of several lines of a title.
        look = f'<span style="font-size:{TITLE}px;color:{theme.INK}"><b>'
        below = [*(f"{look}{escape(line)}</b></span>" for line in rest), *map(escape, under)]
        if below:
            said["subtitle"] = {"text": "<br>".join(below), "font": {"size": SOURCE, "color": theme.MUTED}}
        place = {"x": 0, "xref": "container", "xanchor": "left", "y": 1, "yref": "container", "yanchor": "top"}
        layout |= {"title": said | place | {"pad": {"t": EDGE, "l": EDGE}}, "height": layout["height"] + above}
        layout["margin"] = layout["margin"] | {"t": layout["margin"]["t"] + above}
        layout.pop("template", None)
        return {"data": plain["data"], "layout": layout}

    def _drawn(self) -> Picture:
        plain: Any = as_json(self.description)
        # Several drawings may stand on one page, where ids must differ.
        drawn = draw(plain, WIDTH, f"view-{crc32(f'{self.title} {self.alt}'.encode()):08x}")
        top, bottom = _wrapped(self.title, TITLE, bold=True), _wrapped(self.source, SOURCE)
        above = EDGE + len(top) * TITLE * LINE
        height = above + drawn.height
        words = [
            word._replace(bold=True)
            for n, line in enumerate(top)
            for word in write(str(Markup.escape(line)), EDGE, EDGE + TITLE + n * TITLE * LINE, TITLE)
        ]
        words += [word._replace(y=word.y + above) for word in drawn.words]
        for n, line in enumerate(bottom):
            at = height + SOURCE + n * SOURCE * LINE
            words += write(str(Markup.escape(line)), EDGE, at, SOURCE, theme.MUTED)
        height += len(bottom) * SOURCE * LINE + EDGE
        marks = element("g", drawn.marks, transform=f"translate(0 {above:.10g})")
        return replace(drawn, height=round(height), marks=marks, words=tuple(words))

    def save(self, path: str | Path) -> Path:
        """Write the chart to a file, by the end of its name.

        Parameters
        ----------
        path
            ``.html``: interactive, in one file that needs no network. ``.svg``, ``.png`` (1,520 pixels wide): the
            drawing. ``.csv``: the data, numbers not rounded, each with its unit in the heading.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        InputError
            If the name ends otherwise, or the folder does not exist.
        """
        path = Path(path)
        if path.suffix.lower() not in KINDS:
            raise refuse("save", "a chart is saved by the end of the name", f"write one of {', '.join(KINDS)}", path)
        if not path.parent.is_dir():
            raise refuse("save", "the folder does not exist", "make it first, or give another", path.parent)
        path.write_bytes(getattr(self, f"_{path.suffix.lower()[1:]}_bytes")())
        return path

    def _html_bytes(self) -> bytes:
        config = {"responsive": True, "displaylogo": False}
        chart = self.chart.to_html(full_html=False, include_plotlyjs=True, config=config)
        page = Markup(
            '<!doctype html><html><head><meta charset="utf-8"><title>{}</title></head><body style="font-family: {}">'
            "{}<details><summary>CSV</summary>{}</details></body></html>"
        )
        made = page.format(
            self.title,
            theme.FONT,
            Markup(chart),  # noqa: S704 - plotly's own
            html_table(self.frame, list(self.columns)),
        )
        return str(made).encode()

    def _svg_bytes(self) -> bytes:
        return self.picture.encode()

    def _png_bytes(self) -> bytes:
        from helpers.sheet.typeset import PICTURE, Typesetter

        return Typesetter(PICTURE).png(self._drawn().apart(PIXEL), ppi=72 * SHARP)[0]

    def _csv_bytes(self) -> bytes:
        return csv_text(self.frame, list(self.columns)).encode()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict:
        """The chart for JupyterLab and VS Code, and the drawing for viewers that run no script."""
        config = {"responsive": True, "displayModeBar": False}
        return {PLOTLY_MIME: self.described() | {"config": config}, SVG_MIME: self.picture, "text/plain": self.alt}

    def __repr__(self) -> str:
        return self.alt


def _wrapped(text: str, size: int, bold: bool = False, width: int = WIDTH) -> list[str]:
    """A text in lines that fit into so many pixels."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold) <= width - 2 * EDGE:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
