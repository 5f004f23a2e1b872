"""The picture that others show beside a link to a page: the name and the map, one per district and one for the site."""

from __future__ import annotations

import io
from dataclasses import replace

import geopandas as gpd
from PIL import Image, ImageColor

from helpers.data import processed, raw
from helpers.figures import paper, theme
from helpers.figures.drawing import Picture, Word, draw
from helpers.figures.drawing.picture import element
from helpers.figures.text import LINE, text_width
from helpers.prose.labels import label
from helpers.sheet.typeset import PICTURE, Typesetter

FOLDER = "assets/social"
SITE = "osservatorio"
SIZE = (1200, 630)

#: Millimetres of a pixel, for the typesetter, which thinks in paper.
PIXEL = 25.4 / 72

LAND = "#D3DEEA"

#: Size and place of the map, and its finest detail, in pixels.
MAP, MAP_AT, DETAIL = (470, 550), (690, 40), 5.0

#: Where words begin, how wide they may be, largest and smaller sizes of the name, what stands below it.
LEFT, WIDTH, NAME, BELOW = 70, 600, 72, 34
MOST_LINES = 4


def social_files() -> dict[str, bytes]:
    """``assets/social/<slug>.png`` of every district and ``osservatorio.png``."""
    districts = processed.load("districts")
    slugs = raw.load("districts").set_index("distretto_id")["slug"]
    typesetter = Typesetter(PICTURE)
    named = {SITE: (label("it", "site.title"), "")}
    named |= {slugs[d.code]: (d.name, d.code) for d in districts.itertuples(index=False)}
    return {address(slug): _png(typesetter, picture(districts, *names)) for slug, names in named.items()}


def address(name: str = SITE) -> str:
    """Of the picture of a district, or of the site, from its root."""
    return f"{FOLDER}/{name}.png"


def picture(districts: gpd.GeoDataFrame, name: str, code: str) -> Picture:
    """The name beside the map, the district in blue; without a code the whole region is."""
    colours = (LAND if code else theme.BLUE, theme.BLUE)
    drawn = draw(paper.region(districts, code, MAP, DETAIL, colours, width=2), MAP[0])
    place = f"translate({MAP_AT[0]} {MAP_AT[1]})"
    marks = element("rect", width=16, height=SIZE[1], fill=theme.BLUE) + element("g", drawn.marks, transform=place)
    return replace(drawn, width=SIZE[0], height=SIZE[1], marks=marks, words=_words(name, code))


def _words(name: str, code: str) -> tuple[Word, ...]:
    lines, size = _fit(name)
    step = LINE * size
    first = (SIZE[1] - len(lines) * step) / 2 - 30 + size
    words = [Word(LEFT, first + n * step, line, size, bold=True) for n, line in enumerate(lines)]
    below = label("it", "site.title" if code else "site.region")
    return (*words, Word(LEFT, words[-1].y + 24 + 1.3 * BELOW, below, BELOW, theme.BLUE, bold=True))


def _fit(name: str) -> tuple[list[str], int]:
    """The name in lines that fit, in smaller letters where one word is too wide or lines are too many."""
    for size in range(NAME, 8, -4):
        lines = [""]
        # A line may end after a hyphen too.
        for part in name.replace("-", "- ").split(" "):
            gap = "" if not lines[-1] or lines[-1].endswith("-") else " "
            if not lines[-1] or text_width(lines[-1] + gap + part, size, bold=True) <= WIDTH:
                lines[-1] += gap + part
            else:
                lines.append(part)
        if len(lines) <= MOST_LINES and all(text_width(line, size, bold=True) <= WIDTH for line in lines):
            break
    return lines, size


def _png(typesetter: Typesetter, drawn: Picture) -> bytes:
    (made,) = typesetter.png(drawn.apart(PIXEL), ppi=72)
    out = io.BytesIO()
    image = Image.open(io.BytesIO(made)).convert("RGB").quantize(palette=PALETTE, dither=Image.Dither.NONE)
    image.save(out, "PNG", compress_level=9, bits=4)
    return out.getvalue()


def _palette() -> Image.Image:
    """Few colours: those of the picture and what lies between each and white, for smooth edges."""
    colours = []
    for colour, steps in ((theme.BLUE, 2), (theme.INK, 2), (LAND, 1)):
        own = ImageColor.getrgb(colour)
        colours += [tuple(255 - (255 - c) * n // steps for c in own) for n in range(1, steps + 1)]
    colours.append((255, 255, 255))
    image = Image.new("P", (1, 1))
    image.putpalette([value for colour in colours for value in colour])
    return image


PALETTE = _palette()
