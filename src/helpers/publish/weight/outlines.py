"""Takes the outlines of areas out of figures, to be fetched once for all pages.

In a notebook every trace holds its own coordinates, so that JupyterLab draws it as it is. On the site both editions,
and pages that draw the same map, refer to one file of outlines; ``reports/assets/figures.js`` puts figures together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from helpers.system.fingerprints import fingerprint

#: Where the files of outlines stand on the site.
FOLDER = "data/shapes"

#: Scheme of their addresses in the description of a figure, as ``page:`` for pages.
SCHEME = "site:"

#: Outlines shorter than this, in characters for the whole figure, stay in the page: a file of their own costs more.
WORTH_SHARING = 3000


def compact(figures: Mapping[str, dict]) -> tuple[dict[str, dict], dict[str, bytes]]:
    """Take outlines out of figures.

    Parameters
    ----------
    figures
        Plotly's description (``data``, ``layout``) by name.

    Returns
    -------
    tuple
        The figures, where a trace may hold ``shape`` (position in the file at ``shapes``) instead of ``x`` and ``y``;
        files by address on the site.
    """
    files: dict[str, bytes] = {}
    made = {}
    for name, figure in figures.items():
        made[name], file = _without_outlines(figure)
        files |= file
    return made, files


def outline(x: list, y: list) -> str | None:
    """Write a path of whole numbers as text; None if it is not one.

    The lines between two gaps are separated by ``;``. Each is the first point and the steps to the others, all
    numbers in a row, with nothing before a minus sign.

    Examples
    --------
    >>> outline([10, 14, 14, None, 3], [5, 5, 2, None, 1])
    '10 5 4 0 0-3;3 1'
    """
    if len(x) != len(y) or not x:
        return None
    lines: list[str] = []
    line: list[int] = []
    before = (0, 0)
    for point in [*zip(x, y, strict=True), (None, None)]:
        if point == (None, None):
            lines.append(" ".join(map(str, line)).replace(" -", "-"))
            line, before = [], (0, 0)
        elif type(point[0]) is int and type(point[1]) is int:
            line += [point[0] - before[0], point[1] - before[1]]
            before = point
        else:
            return None
    return ";".join(lines)


def _without_outlines(figure: dict) -> tuple[dict, dict[str, bytes]]:
    outlines = [
        outline(trace["x"], trace["y"]) if trace.get("fill") == "toself" and "y" in trace else None
        for trace in figure["data"]
    ]
    if sum(len(text) for text in outlines if text) < WORTH_SHARING:
        return figure, {}
    # A shape drawn twice (as ground and as outline) is stored once; in order, the same areas make the same file.
    position = {text: number for number, text in enumerate(sorted(set(filter(None, outlines))))}
    content = json.dumps(list(position), separators=(",", ":"))
    key = fingerprint(content.encode())[:12]
    data = [
        {key: value for key, value in trace.items() if key not in ("x", "y")} | {"shape": position[text]}
        if text
        else trace
        for trace, text in zip(figure["data"], outlines, strict=True)
    ]
    address = f"{FOLDER}/{key}.js"
    # A script, because a page opened from disk may load no other file.
    script = f'((window.Wecare??={{}}).shapes??={{}})["{key}"]={content};\n'
    return {**figure, "data": data, "shapes": SCHEME + address}, {address: script.encode()}
