"""How the page *Come cambia il Piemonte* names districts, lays out its tables and writes its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from helpers.data import processed
from helpers.declarations import BY_ID
from helpers.figures import theme
from helpers.figures.slopes import Look
from helpers.figures.tables import Column
from helpers.pages.common.long_files import long_file, long_rows
from helpers.pages.common.page import Page
from helpers.pages.common.page_words import unit_of
from helpers.pages.trends.inputs import trends_inputs

#: Colour, width and size of the points of each kind of line.
LOOKS = {
    "other": ("#A9B6C2", 1.2, 4),
    "down": (theme.BLUE, 2.2, 6),
    "up": (theme.ORANGE, 2.2, 6),
    "region": (theme.INK, 3, 8),
}


class TrendsWords(Page):
    """A page with series of the districts, and the forms their names and numbers are printed in."""

    inputs_from = staticmethod(trends_inputs)

    def __init__(self, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition)
        processed.ensure()
        self.inputs = trends_inputs()
        self.facts = self.inputs.facts
        self.table = self.inputs.districts
        self.names = dict(zip(self.table["code"], self.table["name"], strict=True))
        self.names["region"] = self.label("ranking.region.short")
        self.slugs = dict(zip(self.table["code"], self.table["slug"], strict=True))

    def begin(self, section: str) -> bool:
        """Show the heading of a section; says why and is False if its data are not there."""
        self.section(section)
        if not self.facts:
            self.markdown(self.label("trends.missing"))
        return bool(self.facts)

    def of_districts(self, name: str) -> pd.DataFrame:
        """A series without the region."""
        return self.inputs.series[name].drop(index="region")

    def change(self, wide: pd.DataFrame) -> pd.Series:
        """Last year less the first."""
        return wide.iloc[:, -1] - wide.iloc[:, 0]

    def looks(self, chart: str, kinds: Sequence[str], every: bool = True) -> dict[str, Look]:
        """How lines of some kinds are drawn; ``every`` is that of :class:`Look` for those that are not marked."""
        return {
            kind: Look(self.label(f"trends.{chart}_{kind}"), *LOOKS[kind], every or kind != "other") for kind in kinds
        }

    def hovers(self, table: pd.DataFrame, *ids: str) -> list[str]:
        """Text of each district."""
        ids = ids or ("minutes_to_pole", "share_inner_areas")
        told = [
            [f"{self.label(f'indicator.{i}.short')}: {self.value(i, row[i])}" for i in ids]
            for row in table.to_dict("records")
        ]
        return [
            "<br>".join([f"<b>{escape(name)}</b>", *lines]) for name, lines in zip(table["name"], told, strict=True)
        ]

    def hovers_by_year(self, wide: pd.DataFrame, show: Callable[[str, int], str]) -> list[list[str]]:
        """Text of each district in each year."""
        return [
            [f"{escape(self.names[code])}, {year}: {show(code, year)}" for year in wide.columns] for code in wide.index
        ]

    def series_note(self, name: str) -> str:
        """The lines under a series whose source is told of by its latest year elsewhere: all its years, and caveats."""
        years = self.inputs.series[name].columns
        text = self.label(f"trends.note_{name}").format(first=years[0], last=years[-1])
        link = Markup('<a href="{}">{}</a>.').format(self.source_address(BY_ID[name].source), text)
        note = Markup('<p class="provenance">{} {}</p>').format(self.badge("derived"), link)
        return self.add_caveats(note, [name])

    def links(self, table: pd.DataFrame) -> list[str]:
        """Address of each district."""
        return [f"distretti/{slug}.html" for slug in table["slug"]]

    def district_column(self) -> Column:
        """The column that names the district of each row, with a link to its page."""
        slugs = {name: self.slugs[code] for code, name in self.names.items() if code in self.slugs}

        def linked(name: str) -> str:
            return Markup('<a href="distretti/{}.html">{}</a>').format(slugs[name], name) if name in slugs else name

        return self.name_column("name", "table.district", linked)

    def year_columns(self, wide: pd.DataFrame, name: str) -> list[Column]:
        """A column per year of a series; a year that is provisional says so."""
        provisional = self.inputs.provisional.get(name, ())
        return [
            Column(
                f"y{year}",
                self.label("trends.provisional_year").format(year=year) if year in provisional else str(year),
                self.show(name),
                numeric=True,
                unit=unit_of(name),
            )
            for year in wide.columns
        ]

    def rows(self, wide: pd.DataFrame, own: Mapping[str, pd.Series]) -> pd.DataFrame:
        """The table of a chart: a row per district, its values of each year and of one year."""
        years = {year: f"y{year}" for year in wide.columns if isinstance(year, (int,))}
        frame = wide.rename(columns=years).assign(**{name: values for name, values in own.items()})
        values = self.table.set_index("code").drop(columns="geometry")
        frame = frame.join(values[[column for column in values if column not in frame]])
        return frame.assign(name=[self.names[code] for code in frame.index])

    def long(self, name: str, wide: pd.DataFrame, **more: pd.DataFrame) -> tuple[pd.DataFrame, list[Column]]:
        """A series as a file: a row per district and year with its unit and, where some are, which are provisional."""
        provisional = self.inputs.provisional.get(name, ())
        return long_file(long_rows(self.names, name, unit_of(name), wide, provisional, **more))

    def long_of(self, wide: pd.DataFrame, ids: Sequence[str]) -> tuple[pd.DataFrame, list[Column]]:
        """Values of one year as a file: a row per district and indicator."""
        rows: list[dict[str, Any]] = [
            {
                "code": code,
                "name": self.names[code],
                "indicator": name,
                "year": wide.at[code, f"{name}_year"] if f"{name}_year" in wide else None,
                "value": wide.at[code, name],
                "unit": unit_of(name),
            }
            for name in ids
            for code in wide.index
        ]
        return long_file(rows)
