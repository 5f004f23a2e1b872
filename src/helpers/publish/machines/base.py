"""What all files for machines share: the address of the site, how JSON is written, how a value says its basis."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import config
from helpers.data import raw
from helpers.prose.labels import label, row_text
from helpers.publish.description import read_description

#: The licence of texts and data, as three vocabularies name it.
LICENCE = {
    "name": "CC-BY-4.0",
    "url": "https://creativecommons.org/licenses/by/4.0/",
}

#: Folder of the API.
API = "api"

#: Decimals of published values and of WGS84 coordinates (about 10 m).
VALUE_DECIMALS = 6
COORDINATE_DECIMALS = 4


def site_url(quarto_yml: Path = config.QUARTO_YML) -> str:
    """Where the site stands on the web, with a final slash; empty where ``_quarto.yml`` has no ``site-url``."""
    if not quarto_yml.exists():
        return ""
    address = read_description(quarto_yml)["website"].get("site-url", "")
    return f"{address.rstrip('/')}/" if address else ""


def contributors(role: str) -> list[dict]:
    """Who has a role (``publisher``, ``rightsHolder``, ``contactPoint``) by the descriptor of the data package."""
    return [c for c in raw.descriptor().get("contributors", []) if role in c.get("roles", [c.get("role")])]


def encode(value: object) -> bytes:
    """JSON as UTF-8 on one line: the same value gives the same bytes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode() + b"\n"


def head(schema: str) -> dict:
    """How every document of the API begins."""
    edition = raw.edition()
    return {
        "schema": f"{API}/schema/{schema}.json",
        "edition": edition.version,
        "date": str(edition.date),
        "licence": LICENCE["name"],
    }


def quantity(
    value: Any,
    unit: str,
    status: str,
    sources: Iterable[str],
    reason: str = "not_known",
    decimals: int | None = None,
) -> dict:
    """A number with its unit, status and sources; one that is not there says why.

    Parameters
    ----------
    value
        A number; None or NaN where there is none.
    unit
        ``persons``, ``eur``, ``share``…
    status
        ``sourced``, ``derived``, ``indicative`` or ``benchmark``.
    sources
        Source ids or names of datasets, as in ``api/sources.json``.
    reason
        Why there is no number: ``not_known``, ``not_published`` or ``not_computable``.
    decimals
        Kept decimals; None keeps all.
    """
    sources = list(sources)
    if value is None or pd.isna(value):
        return {"value": None, "unit": unit, "status": None, "reason": reason, "sources": sources}
    number = round(float(value), VALUE_DECIMALS if decimals is None else decimals)
    number = int(number) if number.is_integer() else number
    return {"value": number, "unit": unit, "status": status, "sources": sources}


def text_or_reason(value: Any, reason: str = "not_known") -> dict:
    """A text, or why there is none."""
    if value is None or pd.isna(value):
        return {"value": None, "reason": reason}
    return {"value": str(value)}


def in_both(key: str) -> dict[str, str]:
    """A label in every language."""
    return {lang: label(lang, key) for lang in config.LANGUAGES}


def both_rows(table: str, key: str, column: str, otherwise: object) -> dict[str, str | None]:
    """What a row of a raw table says, in every language."""
    return {
        lang: row_text(lang, table, key, column, None if pd.isna(otherwise) else otherwise) for lang in config.LANGUAGES
    }


def pages(path: str) -> dict[str, str]:
    """Address of a page in every language, from the root of the site."""
    page, _, fragment = path.partition("#")
    anchor = f"#{fragment}" if fragment else ""
    return {lang: f"{config.edition_path(lang, page)}.html{anchor}" for lang in config.LANGUAGES}
