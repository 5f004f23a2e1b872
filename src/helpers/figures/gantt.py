"""Phases on a line of time, with what is certain of their ends and what is not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from helpers.figures import theme

#: Pixels per row: a line of text over a bar.
ROW = 46

#: Milliseconds, the unit of lengths on plotly's axis of time.
_DAY_MS = 86_400_000

#: Colour per kind of phase; the uncertain stretches are hatched besides.
COLOURS = {"call": theme.BLUE, "phase": "#4D6B85", "project": theme.ORANGE}


def gantt(
    labels: Sequence[str],
    kinds: Sequence[str],
    certain: Sequence[tuple[date, date] | None],
    uncertain: Sequence[list[tuple[date, date]]],
    hover: Sequence[str],
    words: dict[str, str],
    years: tuple[int, int],
    mark: tuple[date, str] | None = None,
) -> dict:
    """Bars from the first to the last day of each phase, each under its name.

    Parameters
    ----------
    labels, kinds, hover
        Name, key of :data:`COLOURS` and text of each phase, from the top.
    certain
        First and last day on which it was certainly under way.
    uncertain
        Stretches on which it may have been.
    words
        How the legend calls each kind, and ``uncertain``.
    years
        First and last year shown.
    mark
        A day drawn as a line through all rows, and its name.
    """
    rows = range(len(labels))
    traces = []
    for kind in dict.fromkeys(kinds):
        shown = [(i, days) for i in rows if kinds[i] == kind and (days := certain[i])]
        colour = {"color": COLOURS[kind], "line": {"color": COLOURS[kind], "width": 3}}
        traces.append(_bars(shown, hover) | {"name": words[kind], "marker": colour})
    loose = [(i, stretch) for i in rows for stretch in uncertain[i]]
    hatch = {
        "color": theme.CONTEXT,
        "line": {"color": theme.MUTED, "width": 1},
        "pattern": {"shape": "/", "fgcolor": theme.MUTED, "bgcolor": theme.CONTEXT, "size": 5},
    }
    traces.append(_bars(loose, hover) | {"name": words["uncertain"], "marker": hatch})
    ticks = [f"{year}-07-01" for year in range(years[0], years[1] + 1)]
    layout = theme.layout(
        ROW * len(labels) + 110,
        barmode="overlay",
        hovermode="closest",
        annotations=[_name(i, label) for i, label in enumerate(labels)] + _marks(mark),
        shapes=[_line(f"{year}-01-01", theme.CONTEXT) for year in range(years[0] + 1, years[1] + 1)]
        + ([_line(mark[0].isoformat(), theme.INK, "dot", "above")] if mark else []),
        xaxis=theme.axis(type="date", range=[f"{years[0]}-01-01", f"{years[1]}-12-31"], side="top", tickvals=ticks,
                         ticktext=[f"’{t[2:4]}" for t in ticks], showgrid=False),
        yaxis=theme.axis(visible=False, range=[len(labels) - 0.4, -0.75]),
        legend=theme.LEGEND | {"y": -0.01},
        margin={"l": 4, "r": 4, "t": 28, "b": 8},
    )  # fmt: skip
    return {"data": traces, "layout": layout}


def _bars(shown: list[tuple[int, tuple[date, date]]], hover: Sequence[str]) -> dict:
    """One trace of bars, still without name and look; a bar holds its last day too."""
    ends = [last + timedelta(days=1) for _, (_, last) in shown]
    return {
        "type": "bar",
        "orientation": "h",
        "y": [i for i, _ in shown],
        "base": [first.isoformat() for _, (first, _) in shown],
        "x": [(end - first).days * _DAY_MS for end, (_, (first, _)) in zip(ends, shown, strict=True)],
        "width": 0.3,
        "hovertext": [hover[i] for i, _ in shown],
        "hoverinfo": "text",
    }


def _name(row: int, label: str) -> dict:
    return {
        "x": 0, "xref": "paper", "xanchor": "left", "y": row - 0.38, "yanchor": "middle", "text": label,
        "showarrow": False, "font": {"size": 13}, "bgcolor": "rgba(255,255,255,0.85)", "borderpad": 1, "align": "left",
    }  # fmt: skip


def _marks(mark: tuple[date, str] | None) -> list[dict]:
    if mark is None:
        return []
    place = {"x": mark[0].isoformat(), "y": 0, "yref": "paper", "xanchor": "left", "yanchor": "bottom"}
    return [place | {"text": mark[1], "showarrow": False, "xshift": 4, "font": {"size": 12, "color": theme.INK}}]


def _line(day: str, colour: str, dash: str = "solid", layer: str = "below") -> dict:
    line = {"color": colour, "width": 1, "dash": dash}
    return {"type": "line", "x0": day, "x1": day, "y0": 0, "y1": 1, "yref": "paper", "line": line, "layer": layer}
