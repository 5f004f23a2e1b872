"""The whole data package as read once: what every check looks at."""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from helpers.data import raw
from helpers.errors import Problem


@dataclass
class Package:
    """Resources by name, with the content that could be read.

    Attributes
    ----------
    resources
        Every resource of the descriptor.
    texts
        CSV tables as text; a file of wrong form or wrong header is not here, so no rule trips over it.
    maps
        Geometry tables, in the CRS of their files.
    flagged
        Cells already reported, as (table, position of the row, column): one fault is told once.
    day
        Day of the edition, or "" if it does not matter.
    warnings
        What is unlikely and may be true.
    """

    resources: dict[str, dict]
    texts: dict[str, raw.Text] = field(default_factory=dict)
    maps: dict[str, gpd.GeoDataFrame] = field(default_factory=dict)
    flagged: set[tuple[str, int, str]] = field(default_factory=set)
    day: str = ""
    warnings: list[Problem] = field(default_factory=list)

    def frame(self, table: str) -> pd.DataFrame | None:
        """Cells of a table as text (blank = ""), or None if it could not be read."""
        return self.texts[table].frame if table in self.texts else None

    def file(self, table: str) -> str:
        """Name of the table's file, for a person."""
        return raw.label(self.resources[table]["path"])

    def problem(
        self,
        table: str,
        rule: str,
        remedy: str,
        index: int | None = None,
        column: str | None = None,
        value: object = None,
    ) -> Problem:
        """Make a problem of a table; ``index`` is the position of its row (0 = first after the header)."""
        row = None if index is None else self.texts[table].lines[index]
        return Problem(self.file(table), rule, remedy, row=row, column=column, value=value)

    def find_unflagged(self, table: str, column: str, bad: pd.Series) -> list[int]:
        """Positions where ``bad`` (boolean, one value per row) holds and the cell was not reported before."""
        return [int(i) for i in bad.index[bad] if (table, int(i), column) not in self.flagged]
