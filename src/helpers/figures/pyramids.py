"""Age pyramids of several places side by side, all on one scale."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from helpers.figures import theme
from helpers.figures.charts import BAR, YEARS, class_label, stairs

#: Ages written on the axis.
AGE_TICKS = (0, 20, 40, 60, 80)

#: Size of their letters.
AGE_SIZE = 11

#: Shares written on the axis, in percent.
SHARE_TICKS = (-4, 0, 4)

#: Room between pyramids, as parts of the drawing's width and height.
GAP_X, GAP_Y = 0.03, 0.065


def pyramids(
    ages: pd.DataFrame,
    words: dict[str, str],
    percent: Callable[[float], str],
    columns: int = 3,
    cell_height: int = 195,
) -> dict:
    """Small multiples of the age pyramid, each with its reference as an outline.

    Parameters
    ----------
    ages
        ``place``, ``age_from``, ``male_share``, ``female_share``, ``reference_male_share``,
        ``reference_female_share`` (fractions of all residents); places in the order of appearance.
    words
        ``male``, ``female``, ``reference`` in the page's language.
    percent
        Prints a share.
    columns
        Pyramids in a row: three still tell their shape on a telephone, if their names are short.
    cell_height
        Pixels of a pyramid with its name.
    """
    places = ages["place"].drop_duplicates().tolist()
    rows = -(-len(places) // columns)
    shares = ["male_share", "female_share", "reference_male_share", "reference_female_share"]
    limit = int(ages[shares].to_numpy().max() * 100) + 1
    traces: list[dict] = []
    layout = theme.layout(
        60 + cell_height * rows,
        barmode="overlay",
        hovermode="closest",
        legend=theme.LEGEND | {"y": -0.04},
        margin={"l": theme.left(map(str, AGE_TICKS), AGE_SIZE), "r": 8, "t": 28, "b": 24},
        annotations=[],
    )
    for position, place in enumerate(places):
        own = ages[ages["place"] == place]
        row, column = divmod(position, columns)
        number = "" if position == 0 else str(position + 1)
        across = _part(column, columns, GAP_X)
        up = _part(rows - 1 - row, rows, GAP_Y)
        layout[f"xaxis{number}"] = _shares_axis(across, limit, f"y{number}")
        layout[f"yaxis{number}"] = _ages_axis(up, f"x{number}", column == 0)
        layout["annotations"].append(_title(place, sum(across) / 2, up[1]))
        axes = {"xaxis": f"x{number}", "yaxis": f"y{number}"}
        traces += [trace | axes for trace in _pyramid(own, place, words, percent, position == 0)]
    return {"data": traces, "layout": layout}


def _pyramid(
    own: pd.DataFrame, place: str, words: dict[str, str], percent: Callable[[float], str], legend: bool
) -> list[dict]:
    """Bars and outline of one place; only one of all stands in the legend."""
    middle = (own["age_from"] + YEARS / 2).tolist()
    traces = []
    for sign, sex, colour in ((-1, "male", theme.BLUE), (1, "female", theme.ORANGE)):
        share, other = own[f"{sex}_share"], own[f"reference_{sex}_share"]
        bars = {
            "type": "bar",
            "x": (sign * share * 100).round(2).tolist(),
            "y": middle,
            "width": BAR,
            "orientation": "h",
            "marker": {"color": colour},
            "name": words[sex],
            "legendgroup": sex,
            "showlegend": legend,
            "hovertext": [
                f"{place}, {words[sex]}, {class_label(age)}: {percent(a)}<br>{words['reference']}: {percent(b)}"
                for age, a, b in zip(own["age_from"], share, other, strict=True)
            ],
            "hoverinfo": "text",
        }
        outline = {
            "type": "scatter",
            **stairs((sign * other * 100).round(2), own["age_from"]),
            "mode": "lines",
            "line": {"color": theme.INK, "width": 1.5},
            "name": words["reference"],
            "legendgroup": "reference",
            "showlegend": legend and sign < 0,
            "hoverinfo": "skip",
        }
        traces += [bars, outline]
    return traces


def _part(position: int, n: int, gap: float) -> list[float]:
    """The stretch of one of ``n`` cells between 0 and 1."""
    size = (1 - gap * (n - 1)) / n
    start = position * (size + gap)
    return [round(start, 4), round(start + size, 4)]


def _shares_axis(domain: list[float], limit: int, anchor: str) -> dict:
    return theme.axis(
        domain=domain,
        anchor=anchor,
        range=[-limit, limit],
        tickvals=list(SHARE_TICKS),
        ticktext=[f"{abs(t)}%" for t in SHARE_TICKS],
        tickfont={"size": 10},
        zeroline=True,
        zerolinecolor=theme.INK,
    )


def _ages_axis(domain: list[float], anchor: str, labelled: bool) -> dict:
    return theme.axis(
        domain=domain,
        anchor=anchor,
        range=[0, 100],
        tickvals=list(AGE_TICKS),
        showticklabels=labelled,
        tickfont={"size": AGE_SIZE},
        automargin=True,
    )


def _title(text: str, x: float, y: float) -> dict:
    place = {"x": x, "y": y, "xref": "paper", "yref": "paper", "xanchor": "center", "yanchor": "bottom"}
    return {**place, "text": text, "showarrow": False, "font": {"size": 13, "color": theme.INK}}
