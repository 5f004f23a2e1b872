"""A ranking: one bar or dot per territory, the highest at the top, in the colours of the map it stands beside."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import escape

from helpers.figures import theme

#: Pixels per row, and of all that is not rows; a legend needs more.
ROW, ENDS, LEGEND = 17, 34, 64

#: How far the axis goes, in parts of the longest bar, whose border would else be cut.
BEYOND = 1.003

#: Room for a printed value at the right of the longest bar, in pixels.
VALUE_ROOM = 62


def ranking(
    parts: pd.DataFrame,
    colours: Sequence[Sequence[str] | str],
    names: Sequence[str],
    printed: Sequence[str],
    hover: Sequence[str],
    links: Sequence[str] | None = None,
    legend: Sequence[str] = (),
    reference: tuple[float, str] | None = None,
    ids: Sequence[str] | None = None,
    dots: bool = False,
) -> dict:
    """Bars from zero, or dots, in the order of the rows.

    Parameters
    ----------
    parts
        One column per part of a bar (most rankings have one), first row at the top; zero or more, any unit.
    colours
        Per part, one colour or one per row.
    names, printed, hover
        Label, printed value and text per row.
    links
        Address opened by a click on each row; figures of a page mark together what leads to the same page.
    legend
        Entry per part; without it there is no legend.
    reference
        Value marked by a line through all rows, and how it is called.
    ids
        What names each row in other figures of the page where it leads to no page.
    dots
        Dots in place of the bars of one part: for values whose zero means nothing.
    """
    rows = list(range(len(parts)))
    bars = [
        {
            "type": "bar",
            "orientation": "h",
            "x": values.round(4).tolist(),
            "y": rows,
            # The border shows a bar whose colour is near that of the page, as it does on the map.
            "marker": {
                "color": colour if isinstance(colour, str) else list(colour),
                "line": {"color": theme.AREA_BORDER, "width": 0.6},
            },
            "hoverinfo": "skip",
            "showlegend": bool(legend),
            **({"name": legend[number]} if legend else {}),
        }
        for number, ((_, values), colour) in enumerate(zip(parts.items(), colours, strict=True))
    ]
    totals = parts.sum(axis=1)
    low, high = _reach(totals) if dots else (0.0, round(float(totals.max()), 4))
    traces = _dots(totals, colours[0]) if dots else bars
    # One trace answers for the whole row, whatever the bar is made of.
    told: dict = {
        "type": "scatter",
        "mode": "text",
        # The values stand in a column, where no line runs through them.
        "x": [high] * len(rows),
        "y": rows,
        "text": [f"\u00a0{text}" for text in printed],
        "textposition": "middle right",
        "textfont": {"size": 12, "color": theme.INK},
        "cliponaxis": False,
        "hovertext": list(hover),
        "hoverinfo": "text",
        "showlegend": False,
    }
    told |= {"customdata": list(links)} if links is not None else {}
    told |= {"ids": list(ids)} if ids is not None else {}
    traces.append(told)
    notes = []
    if reference is not None:
        value, name = reference
        line = {"color": theme.ORANGE, "width": 2, "dash": "dash"}
        traces.append(theme.lines([value] * 2, [-0.5, len(rows) - 0.5], line, name, showlegend=False))
        notes.append(
            {
                "x": value,
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "text": escape(name),
                "showarrow": False,
                "font": {"size": 12},
            }
        )
    labels = [escape(name) for name in names]
    layout = theme.layout(
        ROW * len(rows) + ENDS + (LEGEND if legend else 0),
        barmode="stack",
        bargap=0.22,
        hovermode="y",
        annotations=notes,
        xaxis=theme.axis(visible=False, range=[low, high if dots else BEYOND * high]),
        yaxis=theme.axis(
            showgrid=False,
            tickvals=rows,
            ticktext=labels,
            tickfont={"size": theme.SMALL},
            range=[len(rows) - 0.4, -0.6],
            automargin=True,
        ),
        margin={"l": theme.left(labels, theme.SMALL), "r": VALUE_ROOM, "t": 24, "b": 8},
        legend={**theme.LEGEND, "y": -0.005},
    )
    return {"data": traces, "layout": layout}


def _dots(values: pd.Series, colours: Sequence[str] | str) -> list[dict]:
    """One trace per colour."""
    shades = [colours] * len(values) if isinstance(colours, str) else list(colours)
    traces = []
    for shade in dict.fromkeys(shades):
        rows = [row for row, own in enumerate(shades) if own == shade]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [round(float(values.iloc[row]), 4) for row in rows],
                "y": rows,
                "marker": {"color": shade, "size": 11, "line": {"color": theme.INK, "width": 1}},
                "hoverinfo": "skip",
                "showlegend": False,
                "cliponaxis": False,
            }
        )
    return traces


def _reach(values: pd.Series) -> tuple[float, float]:
    """Ends of the axis of dots: a little beyond the least and the greatest."""
    room = 0.12 * (values.max() - values.min())
    return round(float(values.min() - room), 4), round(float(values.max() + room), 4)
