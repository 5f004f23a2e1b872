"""Content → PDF or PNG, by Typst: no network, no font of the machine, the same bytes for the same content.

The fonts are those of ``reports/assets/fonts/`` written as TrueType, which is what Typst reads.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import typst

from helpers.errors import WecareError

FOLDER = Path(__file__).parent
TEMPLATE, PICTURE = FOLDER / "district.typ", FOLDER / "picture.typ"
FONTS = FOLDER / "fonts"

#: PDF/UA-1: every figure has an alternative, every table its header, the document title and language. Typst refuses to
#: write a file that would break the standard.
STANDARD = "ua-1"

#: Pages of a sheet, and how much smaller its type may become for it to keep to them.
PAGES = 2
SCALES = (1.0, 0.96, 0.92, 0.88)

_PAGE = re.compile(rb"/Type/Page\b")


class Typesetter:
    """Sets sheets one after the other; what Typst knows after the first makes the others quicker."""

    def __init__(self, template: Path = TEMPLATE):
        self._compiler = typst.Compiler(
            str(template), root=str(FOLDER), font_paths=[str(FONTS)], ignore_system_fonts=True
        )

    def pdf(self, content: dict) -> bytes:
        """The sheet as tagged PDF.

        Parameters
        ----------
        content
            As :meth:`helpers.pages.district.sheet.DistrictSheet.content` gives it. It reaches the template as JSON, so
            that no text in it can become markup.

        Raises
        ------
        typst.TypstError
            When the sheet would not conform to PDF/UA-1.
        WecareError
            When it is longer than two pages even in the smallest type.
        """
        year, month, day = content["date"]
        midnight = int(dt.datetime(year, month, day, tzinfo=dt.UTC).timestamp())
        for scale in SCALES:
            (made,) = self._compile(content, scale, format="pdf", pdf_standards=STANDARD, timestamp=midnight)
            if len(_PAGE.findall(made)) == PAGES:
                return made
        raise WecareError(
            f"The sheet «{content['title']}» takes more than {PAGES} pages. To do: shorten what district_*.md.j2 say."
        )

    def png(self, content: dict, ppi: float = 110, scale: float = 1.0) -> list[bytes]:
        """The content as pictures, one per page."""
        return self._compile(content, scale, format="png", ppi=ppi)

    def _compile(self, content: dict, scale: float, **options: Any) -> list[bytes]:
        inputs = {"sheet": json.dumps(content, ensure_ascii=False), "scale": str(scale)}
        made = self._compiler.compile(sys_inputs=inputs, **options)
        return [made] if isinstance(made, bytes) else made or []
