"""Series as files: a row per territory, indicator and year, with its unit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from helpers.figures.tables import Column


def long_rows(
    names: Mapping[str, str],
    indicator: str,
    unit: str,
    wide: pd.DataFrame,
    provisional: Collection[int] = (),
    **more: pd.DataFrame,
) -> list[dict[str, Any]]:
    """The rows of one series.

    Parameters
    ----------
    names
        Name of each territory by code.
    indicator, unit
        What the values are, and their unit as files call it.
    wide
        A row per code, a column per year.
    provisional
        Years whose values are provisional; where there are some, each row says whether it is.
    **more
        Further columns: frames of the same shape.
    """
    return [
        {
            "code": code,
            "name": names[code],
            "indicator": indicator,
            "year": int(year),
            "value": wide.at[code, year],
            "unit": unit,
            **({"provisional": int(year) in provisional} if provisional else {}),
            **{extra: values.at[code, year] for extra, values in more.items()},
        }
        for code in wide.index
        for year in wide.columns
    ]


def long_file(rows: list[dict[str, Any]]) -> tuple[pd.DataFrame, list[Column]]:
    """Rows as a file: what :class:`helpers.figures.exhibit.Figure` has as ``file``."""
    frame = pd.DataFrame(rows)
    return frame, [Column(name, name, unit="rank" if name == "rank" else "") for name in frame]
