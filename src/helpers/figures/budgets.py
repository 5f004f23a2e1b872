"""Budgets side by side: one bar per measure, coloured by fund."""

from __future__ import annotations

import math
from collections.abc import Sequence

from helpers.figures import theme
from helpers.figures.text import widest

#: Colours of the funds, told apart by lightness too.
FUNDS = {"FSE": theme.BLUE, "FESR": "#E69F00"}


def budget_bars(
    names: Sequence[str],
    millions: Sequence[float],
    funds: Sequence[str],
    printed: Sequence[str],
    fund_names: dict[str, str],
    height: int = 300,
) -> dict:
    """Bars of planned budgets, in the order given from the top.

    Parameters
    ----------
    names, millions, funds, printed
        Per measure: name, budget in millions of euro, fund (``FSE`` or ``FESR``) and the budget as text.
    fund_names
        Legend entry per fund.
    """
    traces = []
    for fund, colour in FUNDS.items():
        own = [i for i, f in enumerate(funds) if f == fund]
        traces.append(
            {
                "type": "bar",
                "x": [millions[i] for i in own],
                "y": [names[i] for i in own],
                "orientation": "h",
                "marker": {"color": colour},
                "name": fund_names[fund],
                "hovertext": [f"{names[i]}: {printed[i]}" for i in own],
                "hoverinfo": "text",
            }
        )
    amounts = [
        {
            "x": x,
            "y": name,
            "xanchor": "left",
            "xshift": 2,
            "text": text,
            "showarrow": False,
            "font": {"size": theme.TEXT},
        }
        for x, name, text in zip(millions, names, printed, strict=True)
    ]
    room = math.ceil(max(widest(text, theme.TEXT) for text in printed)) + 8
    layout = theme.layout(
        height,
        barmode="overlay",
        bargap=0.25,
        annotations=amounts,
        xaxis=theme.axis(visible=False, range=[0, max(millions)]),
        yaxis=theme.rows_axis(names, showgrid=False),
        legend=theme.LEGEND | {"y": -0.06},
        margin={"l": theme.left(names), "r": room, "t": 8, "b": 16},
    )
    return {"data": traces, "layout": layout}
