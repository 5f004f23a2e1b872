"""A drawing: its marks as SVG, its words apart from them, and both together as one SVG picture."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from helpers.figures import theme
from helpers.figures.text import LINE, lines_of

#: ``rgba(0,102,204,0.28)``.
RGBA = re.compile(r"rgba\((\d+), ?(\d+), ?(\d+), ?([\d.]+)\)")


class Word(NamedTuple):
    """One line of text: where it begins, ends or is centred on the line of writing, and its look."""

    x: float
    y: float
    text: str
    size: float
    colour: str = theme.INK
    anchor: str = "start"
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Picture:
    """A drawing.

    Attributes
    ----------
    width, height
        In pixels.
    marks
        Everything but the words, as SVG.
    words
        What is written over it. A typesetter would turn words in SVG into outlines: far heavier, and no longer text.
    """

    width: int
    height: int
    marks: Markup
    words: tuple[Word, ...]

    def apart(self, pixel: float) -> dict[str, Any]:
        """The picture for a typesetter: marks as SVG, words apart; ``pixel`` is the length of one in millimetres."""
        words = [word._asdict() for word in self.words]
        return {
            "width": self.width,
            "height": self.height,
            "pixel": pixel,
            "svg": self.svg(words=False),
            "words": words,
        }

    def svg(self, look: str = "drawing", alt: str = "", words: bool = True) -> Markup:
        """The picture as an SVG element.

        Parameters
        ----------
        look
            Its class.
        alt
            What it shows, in words; without them it is hidden from who cannot see it, for what stands around says it.
        words
            Whether the words are in it.
        """
        told = {"role": "img", "aria_label": alt} if alt else {"aria_hidden": "true"}
        written = _written(self.words) if words else ""
        return element(
            "svg",
            self.marks + written,
            xmlns="http://www.w3.org/2000/svg",
            class_=look,
            width=self.width,
            height=self.height,
            viewBox=f"0 0 {self.width} {self.height}",
            font_family=theme.FONT,
            **told,
        )


def element(tag: str, content: str = "", **attributes: Any) -> Markup:
    """One SVG element; attributes are escaped, and so is content that is no markup. None leaves an attribute out."""
    given = "".join(
        f' {name.rstrip("_").replace("_", "-") if name != "viewBox" else name}="{escape(number(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    # Put together by hand: the most frequent call of a build.
    return Markup(f"<{tag}{given}>{escape(content)}</{tag}>" if content else f"<{tag}{given}/>")  # noqa: S704


def number(value: object) -> str:
    """A number to a tenth of a pixel, anything else as it is."""
    return f"{round(value, 1):.10g}" if isinstance(value, float) else str(value)


def points(x: Iterable[float], y: Iterable[float]) -> str:
    """Coordinates as in a path, to a tenth of a pixel."""
    return " ".join([f"{round(a, 1):.10g} {round(b, 1):.10g}" for a, b in zip(x, y, strict=True)])


def polyline(x: Iterable[float], y: Iterable[float]) -> str:
    """A line as a path: its first point, then each step from the one before, to a tenth of a pixel: shorter to send."""
    places = [(round(a * 10), round(b * 10)) for a, b in zip(x, y, strict=True)]
    steps = [f"{(c - a) / 10:.10g} {(d - b) / 10:.10g}" for (a, b), (c, d) in pairwise(places)]
    (a, b), rest = places[0], " ".join(steps).replace(" -", "-")
    return f"M{a / 10:.10g} {b / 10:.10g}" + (f"l{rest}" if rest else "")


def paint(name: str, colour: str | None) -> dict[str, str]:
    """A colour of a chart as attributes of SVG, ``name`` being ``fill`` or ``stroke``."""
    if colour is None:
        return {name: "none"}
    seen = RGBA.fullmatch(colour)
    if seen is None:
        if len(colour) == 4 and colour[0] == "#":
            colour = "#" + "".join(letter * 2 for letter in colour[1:])
        return {name: colour.upper() if colour[0] == "#" else colour}
    red, green, blue, share = seen.groups()
    if float(share) == 0:
        return {name: "none"}
    return {name: f"#{int(red):02X}{int(green):02X}{int(blue):02X}", f"{name}_opacity": share}


def write(
    text: str, x: float, y: float, size: float, colour: str = theme.INK, anchor: str = "start", leading: float = 0
) -> list[Word]:
    """Words at a place; further lines stand below, or all of them ``leading`` lines further up.

    Parameters
    ----------
    leading
        Share of the lines after the first that stand above the place: 0 none, 0.5 centred, 1 all.
    """
    lines = lines_of(text)
    step = LINE * size
    first = y - leading * step * (len(lines) - 1)
    return [
        Word(x, first + n * step, line, size, colour, anchor, bold, italic)
        for n, (line, bold, italic) in enumerate(lines)
    ]


def _written(words: Iterable[Word]) -> Markup:
    """Words as SVG; those of one look, one after the other, share its attributes."""
    found = []
    for (size, colour, anchor, bold, italic), group in groupby(words, key=lambda word: word[3:]):
        texts = Markup("").join([element("text", word.text, x=float(word.x), y=float(word.y)) for word in group])
        found.append(
            element(
                "g",
                texts,
                font_size=size,
                **paint("fill", colour),
                text_anchor=None if anchor == "start" else anchor,
                font_weight="700" if bold else None,
                font_style="italic" if italic else None,
            )
        )
    return Markup("").join(found)
