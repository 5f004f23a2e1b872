"""A Sankey diagram drawn as filled scatter traces: a tree in three columns, every label beside its node.

Plotly's own Sankey puts labels over each other on a phone; in a tree no ribbon crosses another, so the places are ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from helpers.figures import theme

#: Left edges of the columns and width of a node, as parts of the chart's width.
COLUMNS, NODE_WIDTH = (0.0, 0.265, 0.605), 0.028

#: Room left between leaves for two lines of text, in pixels.
LEAF_ROOM = 32

#: Fill and border of each branch, in the order of the roots.
BRANCHES = (("rgba(0,102,204,0.28)", theme.BLUE), ("rgba(179,88,6,0.28)", theme.ORANGE))


@dataclass
class _Node:
    """One bar: where it stands, and how far its ribbons have filled it."""

    column: int
    amount: float
    known: bool
    branch: int
    children: list[str] = field(default_factory=list)
    low: float = 0.0
    filled: float = 0.0

    @property
    def x(self) -> float:
        return COLUMNS[self.column]

    @property
    def high(self) -> float:
        return self.low + self.amount


def sankey(links: pd.DataFrame, labels: dict[str, str], hover: dict[str, str], height: int = 760) -> dict:
    """The flows of a tree from left to right, heights in proportion to amounts.

    Parameters
    ----------
    links
        ``level`` (1 or 2), ``source``, ``target``, ``amount`` (missing: not known, drawn as an empty outline).
    labels, hover
        Text per node; a label may hold ``<br>``.
    """
    nodes = _nodes(links)
    room = _place(nodes, height)
    known, unknown = links[links["amount"].notna()], links[links["amount"].isna()]
    ends = zip(known["source"], known["target"], known["amount"], strict=True)
    traces = [_ribbon(nodes[source], nodes[target], amount, hover[target]) for source, target, amount in ends]
    traces += [
        _unknown_share(nodes[source], nodes[target])
        for source, target in zip(unknown["source"], unknown["target"], strict=True)
    ]
    traces += [_bar(node, hover[name]) for name, node in nodes.items()]
    top = max(node.high for node in nodes.values())
    layout = theme.layout(
        height,
        xaxis=theme.axis(visible=False, range=[-0.005, 1]),
        # The first fund stands at the top.
        yaxis=theme.axis(visible=False, range=[top + room / 2, -room / 2]),
        hovermode="closest",
        showlegend=False,
        annotations=[_label(node, labels[name], room) for name, node in nodes.items()],
    )
    return {"data": traces, "layout": layout}


def _nodes(links: pd.DataFrame) -> dict[str, _Node]:
    first = links[links["level"] == 1]
    nodes: dict[str, _Node] = {}
    for branch, (name, own) in enumerate(first.groupby("source", sort=False)):
        nodes[name] = _Node(0, float(own["amount"].sum()), True, branch % len(BRANCHES))
    for link in links.itertuples():
        parent = nodes[link.source]
        known = pd.notna(link.amount)
        nodes[link.target] = _Node(link.level, float(link.amount) if known else 0.0, known, parent.branch)
        parent.children.append(link.target)
    return nodes


def _place(nodes: dict[str, _Node], height: int) -> float:
    """Stack the leaves with room for their labels; every parent stands at the middle of its children."""
    leaves = [node for node in nodes.values() if not node.children]
    total = sum(leaf.amount for leaf in leaves)
    room = LEAF_ROOM * total / (height - LEAF_ROOM * len(leaves))
    y = 0.0

    def settle(name: str) -> tuple[float, float]:
        nonlocal y
        node = nodes[name]
        if node.children:
            ends = [settle(child) for child in node.children]
            node.low = (ends[0][0] + ends[-1][1] - node.amount) / 2
        else:
            node.low = y
            y += node.amount + room
        return node.low, node.high

    for name, node in nodes.items():
        if node.column == 0:
            settle(name)
    return room


def _ribbon(source: _Node, target: _Node, amount: float, hover: str) -> dict:
    start = source.low + source.filled
    source.filled += amount
    t = np.linspace(0, 1, 15)
    ease = t * t * (3 - 2 * t)
    x = source.x + NODE_WIDTH + t * (target.x - source.x - NODE_WIDTH)
    upper = start + ease * (target.low - start)
    path_x = np.concatenate([x, x[::-1]])
    path_y = np.concatenate([upper, (upper + amount)[::-1]])
    fill, _ = BRANCHES[target.branch]
    return _area(path_x, path_y, fill, "rgba(0,0,0,0)", hover)


def _unknown_share(source: _Node, target: _Node) -> dict:
    """A dotted line to a node whose amount is not known: a way that exists, without a width."""
    return {
        "type": "scatter",
        "x": [round(source.x + NODE_WIDTH, 4), round(target.x, 4)],
        "y": [round(source.low, 3), round(target.low, 3)],
        "mode": "lines",
        "line": {"color": theme.MUTED, "width": 1.5, "dash": "dot"},
        "hoverinfo": "skip",
    }


def _bar(node: _Node, text: str) -> dict:
    left, right = node.x, node.x + NODE_WIDTH
    _, colour = BRANCHES[node.branch]
    x = np.array([left, right, right, left, left])
    if node.known:
        return _area(x, np.array([node.low, node.low, node.high, node.high, node.low]), colour, colour, text)
    y = np.array([node.low, node.low, node.low, node.low, node.low])
    empty = _area(x, y, "rgba(0,0,0,0)", theme.MUTED, text)
    return empty | {"line": {"color": theme.MUTED, "width": 2, "dash": "dot"}}


def _area(x: np.ndarray, y: np.ndarray, fill: str, border: str, text: str) -> dict:
    return {
        "type": "scatter",
        "x": x.round(4).tolist(),
        "y": y.round(3).tolist(),
        "mode": "lines",
        "fill": "toself",
        "fillcolor": fill,
        "line": {"color": border, "width": 0.5},
        "hoveron": "fills",
        "text": text,
        "hoverinfo": "text",
    }


def _label(node: _Node, text: str, room: float) -> dict:
    """The name beside its bar; over it where bands leave the bar apart, or one too thin, and would cross the name."""
    above = len(node.children) > 1 or (bool(node.children) and node.amount < room)
    return {
        "x": node.x if above else node.x + NODE_WIDTH + 0.012,
        "y": node.low if above else (node.low + node.high) / 2,
        "text": text,
        "xanchor": "left",
        "yanchor": "bottom" if above else "middle",
        "align": "left",
        "showarrow": False,
        "font": {"size": 12},
        "captureevents": False,
        # A dotted way to what is not known starts here too.
        **({"bgcolor": "rgba(255,255,255,0.8)", "borderpad": 0} if above else {}),
    }
