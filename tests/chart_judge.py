"""Plotly.js in a real Chromium as the judge of drawings: what both show may differ by two pixels at most."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import numpy as np
from browser import visiting
from PIL import Image

from helpers import config
from helpers.figures.drawing import Picture, draw
from helpers.publish.stage import plotly_file

PLOTLY_MIME = "application/vnd.plotly.v1+json"

#: Pixels by which things may stand apart.
APART = 2
#: Pixels that may differ for no reason: where three edges meet, smoothing gives colours of its own.
NOISE = 24

PAGE = """<!doctype html><html lang="it"><meta charset="utf-8"><title>Judge</title><link rel="icon" href="data:,">
<style>
{faces}
body {{ margin: 0; background: #fff; font-family: "Titillium Web" }}
text {{ white-space: pre }}
</style><script src="plotly.js"></script><div id="place">à<i>à</i><b>à</b></div>"""
FACE = '@font-face {{ font-family: "Titillium Web"; src: url({file}); font-weight: {weight}; font-style: {style} }}'

PLOT = """async ([figure, width]) => {
    const place = document.getElementById("place");
    window.Plotly.purge(place);
    place.replaceChildren();
    place.style.width = `${width}px`;
    await document.fonts.ready;
    await window.Plotly.newPlot(place, figure.data, { ...figure.layout, width }, { displayModeBar: false });
    const lines = (text) => (text.querySelector(".line") ? [...text.querySelectorAll(".line")] : [text]);
    return [...place.querySelectorAll("text")].flatMap(lines).map((line) => line.textContent.trim()).filter(Boolean);
}"""
SHOW = """(svg) => {
    const place = document.getElementById("place");
    window.Plotly.purge(place);
    place.innerHTML = svg;
    return [...place.querySelectorAll("text")].map((text) => text.getComputedTextLength());
}"""


@dataclass(frozen=True)
class Verdict:
    """What is wrong with a drawing: pixels that only one of the two has, words over words or beyond the drawing."""

    pixels: int
    words: list[str]


@contextmanager
def judging(browser: object, folder: Path) -> Iterator[Callable[..., Verdict]]:
    """Give what compares the drawing of a chart with plotly.js, at a width in pixels."""
    fonts = sorted((config.REPORTS / "assets/fonts").glob("titillium-web-latin-[4-7]*.woff2"))
    faces = []
    for font in fonts:
        (folder / font.name).write_bytes(font.read_bytes())
        weight, style = font.stem.split("-")[-2:]
        faces.append(FACE.format(file=font.name, weight=weight, style=style))
    (folder / "plotly.js").write_bytes(plotly_file()[1].read_bytes())
    (folder / "judge.html").write_text(PAGE.format(faces="\n".join(faces)))
    with visiting(folder, browser) as visit:
        page = visit.open("judge.html", viewport={"width": 900, "height": 1600})
        page.evaluate("document.fonts.ready")

        def judge(chart: dict, width: int, drawn: dict | None = None) -> Verdict:
            """Compare; ``drawn`` is drawn instead of the chart where a difference is wanted."""
            size = (width, chart["layout"]["height"])
            said = Counter(page.evaluate(PLOT, [chart, width]))
            theirs = _pixels(page, size)
            picture = draw(drawn or chart, width)
            lengths = page.evaluate(SHOW, picture.svg())
            ours = _pixels(page, size)
            assert (visit.errors, visit.foreign) == ([], [])
            apart = _alone(theirs, ours) | _alone(ours, theirs)
            written = Counter(word.text.strip() for word in picture.words)
            other = [f"«{word}» is not in both" for word in (said - written) + (written - said)]
            return Verdict(int(apart.sum()), [*other, *misplaced(picture, lengths)])

        yield judge


def figures(reports: Path) -> dict[tuple[str, str], dict]:
    """Every chart of executed notebooks, by address of the page and name."""
    found = {}
    for path in sorted(reports.rglob("*.ipynb")):
        for cell in json.loads(path.read_text())["cells"]:
            for output in cell.get("outputs", ()):
                if chart := output.get("data", {}).get(PLOTLY_MIME):
                    name = output["metadata"]["wecare"]["figure"]
                    found[path.relative_to(reports).with_suffix("").as_posix(), name] = chart
    return found


def _pixels(page: object, size: tuple[int, int]) -> np.ndarray:
    taken = page.screenshot(clip={"x": 0, "y": 0, "width": size[0], "height": size[1]})
    return np.asarray(Image.open(io.BytesIO(taken)).convert("RGB")).astype(np.int16)


def _around(picture: np.ndarray, of: np.ufunc) -> np.ndarray:
    """Least or greatest of what stands around each pixel."""
    padded = np.pad(picture, ((APART, APART), (APART, APART), (0, 0)), constant_values=255)
    height, width, _ = picture.shape
    steps = range(2 * APART + 1)
    rows = reduce(of, [padded[:, n : n + width] for n in steps])
    return reduce(of, [rows[n : n + height] for n in steps])


def _alone(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Pixels of one picture whose colour does not lie between those that stand around in the other.

    A thin line on the edge of two pixels is half as strong on both: sixty percent of the contrast around do not count.
    """
    low, high = _around(other, np.minimum), _around(other, np.maximum)
    allowed = 8 + 0.6 * (_around(one, np.maximum) - _around(one, np.minimum))
    return ((low - one > allowed) | (one - high > allowed)).any(axis=2)


def misplaced(picture: Picture, lengths: list[float]) -> list[str]:
    """Words of a picture, of these lengths in pixels, that are cut or stand over others."""
    boxes = []
    for word, length in zip(picture.words, lengths, strict=True):
        left = word.x - {"start": 0, "middle": 0.5, "end": 1}[word.anchor] * length
        # Of a letter, not of the line it stands in.
        boxes.append((left, word.y - 0.68 * word.size, left + length, word.y + 0.16 * word.size, word.text))
    found = [f"«{text}» is cut" for x0, y0, x1, y1, text in boxes if _beyond(picture, x0, y0, x1, y1)]
    for n, (a0, b0, a1, b1, text) in enumerate(boxes):
        for c0, d0, c1, d1, other in boxes[n + 1 :]:
            if min(a1, c1) - max(a0, c0) > 1 and min(b1, d1) - max(b0, d0) > 1:
                found.append(f"«{text}» over «{other}»")
    return found


def _beyond(picture: Picture, x0: float, y0: float, x1: float, y1: float) -> bool:
    return x0 < -1 or y0 < -1 or x1 > picture.width + 1 or y1 > picture.height + 1
