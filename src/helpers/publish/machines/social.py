"""The picture that others show beside a link to a page: the name and the map, one per district and one for the site."""

from __future__ import annotations

import io
from functools import lru_cache

import geopandas as gpd
import shapely
from PIL import Image, ImageColor, ImageDraw, ImageFont

from helpers import config
from helpers.data import processed, raw
from helpers.prose.labels import label
from helpers.publish.machines.outlines import Frame, coarse, fit, rings

FOLDER = "assets/social"
SITE = "osservatorio"
SIZE = (1200, 630)

#: Drawn larger and then reduced, so that edges are smooth.
FINER = 2

BLUE, INK, LAND, WHITE = "#0066CC", "#17324D", "#D3DEEA", "#FFFFFF"
MAP_BOX = (690, 40, 470, 550)
TEXT_WIDTH = 600
TOLERANCE_M = 2_500


def social_files() -> dict[str, bytes]:
    """``assets/social/<slug>.png`` of every district and ``osservatorio.png``."""
    districts = processed.load("districts")
    slugs = raw.load("districts").set_index("distretto_id")["slug"]
    drawing = _Drawing(districts)
    pictures = {SITE: drawing.picture(label("it", "site.title"), "")}
    pictures |= {slugs[d.code]: drawing.picture(d.name, d.code) for d in districts.itertuples(index=False)}
    return {address(slug): picture for slug, picture in pictures.items()}


def address(name: str = SITE) -> str:
    """Of the picture of a district, or of the site, from its root."""
    return f"{FOLDER}/{name}.png"


class _Drawing:
    """The map drawn once; each picture adds its own district and name."""

    def __init__(self, districts: gpd.GeoDataFrame):
        self.shapes = coarse(districts, TOLERANCE_M)
        self.frame: Frame = fit(districts.total_bounds.tolist(), [FINER * v for v in MAP_BOX])
        self.palette = _palette()
        self.quiet, self.loud = (self._map(colour) for colour in (LAND, BLUE))

    def picture(self, name: str, code: str) -> bytes:
        """One picture as PNG."""
        image = (self.quiet if code else self.loud).copy()
        if code:
            image.paste(self.loud, mask=self._mask(code))
        draw = ImageDraw.Draw(image)
        draw.rectangle((0, 0, 16, SIZE[1]), fill=BLUE)
        lines, font = _fit(name, _font(700, 72))
        line_height = font.getbbox("Àg")[3]
        y = (SIZE[1] - len(lines) * line_height) / 2 - 30
        for line in lines:
            draw.text((70, y), line, font=font, fill=INK)
            y += line_height
        below = label("it", "site.title" if code else "site.region")
        draw.text((70, y + 24), below, font=_font(600, 34), fill=BLUE)
        out = io.BytesIO()
        image.quantize(palette=self.palette, dither=Image.Dither.NONE).save(out, "PNG", compress_level=9, bits=4)
        return out.getvalue()

    def _map(self, colour: str) -> Image.Image:
        large = Image.new("RGB", [FINER * v for v in SIZE], WHITE)
        draw = ImageDraw.Draw(large)
        for points in (points for shape in self.shapes.values() for points in self._points(shape)):
            draw.polygon(points, fill=colour)
            draw.line(points, fill=WHITE, width=FINER * 2)
        return large.reduce(FINER)

    def _mask(self, code: str) -> Image.Image:
        large = Image.new("L", [FINER * v for v in SIZE], 0)
        for points in self._points(self.shapes[code]):
            ImageDraw.Draw(large).polygon(points, fill=255)
        return large.reduce(FINER)

    def _points(self, shape: shapely.Geometry) -> list[list[tuple[float, float]]]:
        return [[tuple(p) for p in self.frame.pixels(ring)] for ring in rings(shape)]


def _palette() -> Image.Image:
    """Few colours: those of the picture and what lies between each and white, for smooth edges."""
    colours = []
    for colour, steps in ((BLUE, 2), (INK, 2), (LAND, 1)):
        own = ImageColor.getrgb(colour)
        colours += [tuple(255 - (255 - c) * n // steps for c in own) for n in range(1, steps + 1)]
    colours.append((255, 255, 255))
    image = Image.new("P", (1, 1))
    image.putpalette([value for colour in colours for value in colour])
    return image


def _fit(name: str, font: ImageFont.FreeTypeFont) -> tuple[list[str], ImageFont.FreeTypeFont]:
    """The name in lines that fit, in smaller letters where one word is too wide or lines are too many."""
    while True:
        lines = [""]
        for word in name.replace("-", "-\u200b").replace("\u200b", " \u200b").split(" "):
            joined = (
                f"{lines[-1]}{'' if word.startswith(chr(0x200B)) or not lines[-1] else ' '}{word.strip(chr(0x200B))}"
            )
            if font.getlength(joined) <= TEXT_WIDTH or not lines[-1]:
                lines[-1] = joined
            else:
                lines.append(word.strip("\u200b"))
        if len(lines) <= 4 and all(font.getlength(line) <= TEXT_WIDTH for line in lines):
            return lines, font
        font = font.font_variant(size=font.size - 4)


@lru_cache
def _font(weight: int, size: int) -> ImageFont.FreeTypeFont:
    path = config.REPORTS / "assets" / "fonts" / f"titillium-web-latin-{weight}-normal.woff2"
    return ImageFont.truetype(str(path), size)
