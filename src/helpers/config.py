"""Where things are: the only module that knows a path or a fixed constant of the project."""

from __future__ import annotations

import os
from pathlib import Path

#: The repository. ``WECARE_ROOT`` lets a test or a second checkout point elsewhere.
ROOT = Path(os.environ.get("WECARE_ROOT") or Path(__file__).resolve().parents[2])

RAW = ROOT / "data" / "raw"
MINE = RAW / "mine"
PROCESSED = ROOT / "data" / "processed"
NOTEBOOKS = ROOT / "notebooks"
LAB = NOTEBOOKS / "lab"
REPORTS = ROOT / "reports"
BUILD = ROOT / "build"
STAGE = BUILD / "site"
SHEETS = BUILD / "pdf"
TEMPLATES = BUILD / "templates"
SITE = ROOT / "_site"
QUARTO_YML = ROOT / "_quarto.yml"
LOCK = ROOT / "requirements.lock"
HELPERS = Path(__file__).resolve().parent

#: Languages of the site, and how each writes numbers and dates (Unicode CLDR); the first one's pages stand at its root,
#: the others' in a folder of their own. What they say stands in ``prose/<language>/``.
LOCALES = {"it": "it_IT", "en": "en_GB"}
LANGUAGES = tuple(LOCALES)

#: Maps and lengths are computed in UTM 32N (Piedmont lies in it), areas in the equal-area grid of the EU.
CRS_MAP = "EPSG:32632"
CRS_AREA = "EPSG:3035"

#: A comune is *small* below this many residents (the threshold of L. 158/2017 is 5,000; ours marks the very small).
SMALL_COMUNE = 1_000

#: Garbage collections of commands and their children, which make much and keep it: after so many new objects, and in
#: the older generations.
SELDOM = (50_000, 20, 20)


def language_or_first(lang: str) -> str:
    """The language, or the first one if the site has no edition in it."""
    return lang if lang in LANGUAGES else LANGUAGES[0]


def edition_path(lang: str, path: str) -> str:
    """Address of a page (``distretti/cuneo``) in the edition of a language: ``en/distretti/cuneo``."""
    return path if lang == LANGUAGES[0] else f"{lang}/{path}"
