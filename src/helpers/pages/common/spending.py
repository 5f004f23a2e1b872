"""Spending on the pages of resources, measures and districts: what the official feed says, or that it is not there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from helpers import config
from helpers.figures import spending as charts
from helpers.figures.exhibit import Figure, Table
from helpers.figures.tables import Column
from helpers.pages.common.page import Page
from helpers.pages.common.spending_inputs import DistrictSpending, MeasureSpending, RegionSpending
from helpers.prose import numbers

#: Amounts of a project in the order of their columns.
AMOUNTS = ("public_funding_eur", "committed_eur", "paid_eur")


class Spending:
    """The pieces on spending of one page, in its language.

    Parameters
    ----------
    page
        The page that shows them.
    """

    def __init__(self, page: Page):
        self.page, self.label, self.lang = page, page.label, page.lang

    def region(self, found: RegionSpending | None) -> None:
        """Sums per measure, quadrant and district, payments over time, amounts against the benchmark."""
        page = self.page
        page.section("spending")
        page.prose("resources_spending", {"spending": found.facts if found else None})
        if found is None:
            return
        self._sums("spending-measures", found.measures, self._measure_column(), budget=True)
        self.payments(found.payments)
        if len(found.quadrants):
            self._sums("spending-quadrants", found.quadrants, page.name_column("name", "table.quadrant"))
        districts = found.districts
        slugs = dict(zip(districts["name"], districts["slug"], strict=True))
        name = page.name_column(
            "name",
            "table.district",
            lambda n: Markup('<a href="{}distretti/{}.html">{}</a>').format(page.to_root, slugs[n], n),
        )
        self._sums("spending-districts", districts, name)
        self._against(districts, name)
        if len(found.untied):
            columns = [self._title_column(found.untied), self._measure_column(), *self._amounts()]
            self._table("spending-untied", found.untied, columns)

    def measure(self, found: MeasureSpending, facts: Mapping[str, Any]) -> None:
        """Spending of one measure: sums, payments over time, its projects."""
        page = self.page
        page.section("spending")
        page.prose("measure_spending", facts, fed=found.fed, spending=found.facts)
        if found.facts is None:
            return
        self.payments(found.payments)
        columns = [
            self._title_column(found.projects),
            Column("districts", self.label("spending.districts"), show=self._text("spending.untied")),
            Column("rule", self.label("spending.rule"), show=lambda r: self.label(f"spending.rules.{r}")),
            *self._amounts(),
        ]
        self._table("spending-projects", found.projects, columns)

    def district(self, found: DistrictSpending, facts: Mapping[str, Any]) -> None:
        """Spending in one district, its amount against the benchmark, its projects."""
        page, table = self.page, found.projects
        page.section("spending")
        page.prose("district_spending", facts, fed=found.fed, spending=found.facts, actual=found.actual)
        if found.facts is None:
            return
        columns = [
            self._title_column(table),
            self._measure_column(),
            Column("rule", self.label("spending.rule"), show=lambda r: self.label(f"spending.rules.{r}")),
            Column(
                "n_districts", self.label("spending.n_districts"), show=self._integer, numeric=True, unit="districts"
            ),
            *self._amounts(),
        ]
        self._table("spending-own", table, columns)

    def payments(self, table: pd.DataFrame) -> None:
        """What had been paid by the end of each quarter; nothing where no payment has a day."""
        if table.empty:
            return
        page = self.page
        names = {key: self._measure(key) for key in dict.fromkeys(table["measure_id"])}
        hover = [
            Markup("{}, {}: {}").format(
                names[row.measure_id], numbers.date(row.date, lang=self.lang), self._euro(row.paid_eur)
            )
            for row in table.itertuples()
        ]
        chart = charts.paid(table, names, hover, self.label("spending.axis_millions"), self.page.tick)
        last = [table[table["measure_id"] == key].iloc[-1] for key in names]
        facts = {
            "last": [
                {"name": names[row["measure_id"]], "date": row["date"], "eur": float(row["paid_eur"])} for row in last
            ]
        }
        columns = [
            self._measure_column(),
            Column("date", self.label("table.date"), show=lambda d: numbers.date(d, lang=self.lang)),
            Column("paid_eur", self.label("spending.paid_eur"), show=self._euro, numeric=True),
            Column("n", self.label("spending.paying"), show=self._integer, numeric=True, unit="projects"),
        ]
        caption, alt = page.text("caption_payments", facts), page.text("alt_payments", facts)
        page.exhibit(Figure("payments", caption, alt, chart, table, columns, page.words, page.note("derived", "feed")))

    def _against(self, districts: pd.DataFrame, name: Column) -> None:
        page = self.page
        known = districts[districts["granted_eur"].notna()]
        if known.empty:
            return
        granted, benchmark = self.label("spending.actual"), self.label("spending.benchmark")
        hover = [
            Markup("<b>{}</b><br>{}<br>{}: {}").format(
                row["name"], self._euro(row["granted_eur"]), benchmark, self._euro(row["residents_eur"])
            )
            for row in known.to_dict("records")
        ]
        words = granted, benchmark, self.label("spending.axis_thousands")
        chart = charts.against(
            known["name"], known["granted_eur"], known["residents_eur"], hover, words, self.page.tick
        )
        columns = [
            name,
            Column("granted_eur", granted, show=self._euro, numeric=True),
            Column("granted_status", self.label("table.status"), show=page.badge),
            Column("granted_by", self.label("spending.by"), show=lambda b: self.label(f"spending.given_by.{b}")),
            Column("residents_eur", benchmark, show=self._euro, numeric=True),
        ]
        order = known.sort_values("granted_eur")[["name", "granted_eur"]].to_dict("records")
        facts = {
            "n": len(known),
            "n_districts": len(districts),
            "n_above": int((known["granted_eur"] > known["residents_eur"]).sum()),
            "lowest": {"name": order[0]["name"], "eur": order[0]["granted_eur"]},
            "highest": {"name": order[-1]["name"], "eur": order[-1]["granted_eur"]},
        }
        caption, alt = page.text("caption_actual", facts), page.text("alt_actual", facts)
        note = page.note("derived", "feed")
        page.exhibit(Figure("actual", caption, alt, chart, known, columns, page.words, note))

    def _sums(self, name: str, table: pd.DataFrame, first: Column, budget: bool = False) -> None:
        columns = [first, Column("n", self.label("spending.n"), show=self._count, numeric=True, unit="projects")]
        columns += [Column("budget_eur", self.label("table.budget"), show=self._euro, numeric=True)] if budget else []
        columns += [
            *self._amounts(),
            Column("progress", self.label("spending.progress"), self._percent, numeric=True, unit="share"),
        ]
        self._table(name, table, columns)

    def _table(self, name: str, table: pd.DataFrame, columns: list[Column]) -> None:
        page = self.page
        caption = self.label("spending.caption." + name.removeprefix("spending-"))
        page.exhibit(Table(name, caption, table, columns, page.words, page.note("derived", "feed")))

    def _amounts(self) -> list[Column]:
        return [Column(a, self.label(f"spending.{a}"), show=self._euro, numeric=True) for a in AMOUNTS]

    def _measure_column(self) -> Column:
        return Column("measure_id", self.label("table.measure"), show=self._measure, row_header=False)

    def _measure(self, key: object) -> str:
        measure, _, call = str(key).partition("-")
        name = self.label(f"measure_short.{measure}")
        return f"{name}: {self.label(f'measure_short.{key}')}" if call else name

    def _title_column(self, table: pd.DataFrame) -> Column:
        """Titles as published, each leading to its page on OpenCoesione."""
        rows = table.set_index("project_ref")[["title", "link"]].to_dict("index")

        def show(ref: object) -> Markup:
            row = rows[ref]
            text = escape(str(ref) if pd.isna(row["title"]) else str(row["title"]))
            text = text if self.lang == config.LANGUAGES[0] else Markup('<span lang="it">{}</span>').format(text)
            safe = not pd.isna(row["link"]) and str(row["link"]).startswith("https://")
            return Markup('<a href="{}">{}</a>').format(str(row["link"]), text) if safe else text

        return Column("project_ref", self.label("table.project"), show=show, row_header=True)

    def _text(self, otherwise: str) -> Callable[[str | None], str]:
        return lambda value: self.label(otherwise) if value is None else str(value)

    def _euro(self, value: float | None) -> str:
        return self.label("state.not_known") if numbers.is_missing(value) else numbers.euro(value, self.lang)

    def _integer(self, value: float | None) -> str:
        return numbers.integer(value, self.lang)

    def _count(self, value: float | None) -> str:
        return self.label("spending.none_tied") if numbers.is_missing(value) else numbers.integer(value, self.lang)

    def _percent(self, value: float | None) -> str:
        return self.label("state.not_known") if numbers.is_missing(value) else numbers.percent(value, 1, self.lang)
