"""How the page on need and equity prints its numbers and names its rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
from markupsafe import Markup

from helpers.data import processed
from helpers.figures.tables import Column
from helpers.pages.common.page import Page
from helpers.pages.equity.inputs import equity_inputs
from helpers.prose import numbers

#: Units of the numbers, as files name them.
UNITS = {
    **dict.fromkeys(("index", "points", "age_dispersion"), "points"),
    **dict.fromkeys(("rank", "rank_median", "age_dispersion_rank"), "rank"),
    **dict.fromkeys(("top_share", "weight", "first", "total"), "share"),
    **dict.fromkeys(("gini_districts", "gini_residents", "concentration", "against_need", "expected"), "index"),
    **dict.fromkeys(("pearson", "spearman"), "correlation"),
    "citizens_income": "per_1000",
    "p_value": "probability",
    "n": "districts",
}


class EquityWords(Page):
    """A page with the tables of need and equity, and the forms its numbers and names are printed in."""

    def __init__(self, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition)
        processed.ensure()
        self.inputs = equity_inputs()
        self.facts = self.inputs.facts
        # The dimensions and indicators of the index, and where numbers come from: of exhibits of the index as a whole,
        # and of those with each district.
        self.dimensions: list[str] = self.facts["dimensions"]
        self.ids: list[str] = self.facts["ids"]
        self.basis, self.district_basis = self.note("derived", "need"), self.indicators_note(self.ids)
        table = self.inputs.need
        self.slugs = dict(zip(table["name"], table["slug"], strict=True))
        # How values are printed: with so many decimals.
        self._one, self._two, self._three, self._four = (
            partial(numbers.decimal, digits=digits, lang=lang) for digits in (1, 2, 3, 4)
        )
        self._percent = partial(numbers.percent, digits=0, lang=lang)
        self._points, self._signed = (partial(numbers.show_signed, digits=d, lang=lang) for d in (1, 3))

    def _number(self, source: str, show: Callable[..., str]) -> Column:
        return Column(source, self.label(f"equity.{source}"), show=show, numeric=True, unit=UNITS[source])

    def _district(self) -> Column:
        return self.name_column("name", "table.district", self._linked)

    def _linked(self, name: object) -> Markup:
        return Markup('<a href="distretti/{}.html">{}</a>').format(self.slugs[str(name)], str(name))

    def _links(self, table: pd.DataFrame) -> list[str]:
        return [f"distretti/{slug}.html" for slug in table["slug"]]

    def _hover(self, name: str, *lines: str) -> Markup:
        return Markup("<br>").join([Markup("<b>{}</b>").format(name), *lines])

    def _basis(self, basis: object) -> str:
        return self.label(f"equity.basis.{basis}")

    def _basis_column(self) -> Column:
        return Column("basis", self.label("equity.basis_heading"), show=self._basis, row_header=True)

    def _status_column(self) -> Column:
        return Column("status", self.label("table.status"), show=self.badge)

    def _part(self, name: object) -> str:
        """A dimension, an indicator of one, or an index."""
        if name in self.dimensions:
            return self.label(f"dimension.{name}.name")
        return self.label(f"indicator.{name}.short" if name in self.ids else f"equity.{name}")

    def _choice(self, name: object) -> str:
        return self.label(f"equity.choice.{name}")

    def _p(self, value: float | None) -> str:
        below = value is not None and value < 0.001
        return self.label("equity.below").format(value=self._three(0.001)) if below else self._three(value)
