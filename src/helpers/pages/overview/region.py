"""What the region's pages share: the thirty districts with address, status and project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from helpers.analysis.indicators import find_present
from helpers.data import processed
from helpers.declarations.names import find_indicator
from helpers.figures.exhibit import Pair
from helpers.figures.tables import Column
from helpers.pages.common.facts import STATUSES, map_facts
from helpers.pages.common.page import Page
from helpers.pages.common.ranked_map import indicator_map
from helpers.pages.overview.inputs import region_inputs


class RegionPage(Page):
    """What the region's pages share: the thirty districts with address, status and project."""

    #: From the page to the folder of the districts.
    to_districts = "distretti/"

    def __init__(self, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition)
        processed.ensure()
        self.inputs = region_inputs()
        self.facts = {**self.inputs.facts, "districts_path": self.to_districts}
        self.districts = self.inputs.districts

    def href(self, slug: str) -> str:
        """Address of a district's page from this one."""
        return f"{self.to_districts}{slug}.html"

    def district_columns(self) -> list[Column]:
        """Columns of the list of districts; shared by both pages."""
        slugs = dict(zip(self.districts["name"], self.districts["slug"], strict=True))
        columns = [
            self.name_column(
                "name", "table.district", lambda n: Markup('<a href="{}">{}</a>').format(self.href(slugs[n]), n)
            ),
            self.number_column("n_comuni"),
            self.number_column("residents"),
            self.number_column("share_65_plus", "indicator.share_65_plus.short"),
            self.number_column("old_age_index", "indicator.old_age_index.short"),
            Column("project_town", self.label("table.lead_town"), show=self._known),
        ]
        return columns

    def status_columns(self) -> list[Column]:
        """Comuni of each district by status of their boundary."""
        return [
            Column(s, self.label(f"status.{s}.name"), show=lambda v: str(int(v)), numeric=True, unit="comuni")
            for s in STATUSES
        ]

    def _known(self, value: str | None) -> str:
        return self.label("state.not_known") if value is None else str(value)

    def hovers(self, *indicators: str) -> list[str]:
        """Text of each district on a map."""
        return [
            Markup("<br>").join(
                [
                    Markup("<b>{}</b>").format(row["name"]),
                    *(f"{self.label(f'indicator.{i}.short')}: {self.value(i, row[i])}" for i in indicators),
                ]
            )
            for row in self.districts.to_dict("records")
        ]

    def facts_of(self, indicator: str, known: Mapping[str, Any], piece: str) -> Mapping[str, Any]:
        """What a map of an indicator says, see :func:`helpers.pages.common.facts.map_facts`.

        Parameters
        ----------
        indicator
            One that districts have, by any of its names.
        known
            The facts of the indicator that the page shows by itself.
        piece
            What an error names.
        """
        found = find_indicator(indicator, [i.id for i in find_present(self.districts)], f"page.{piece}")
        if found == known["indicator"]:
            return known
        return map_facts(self.districts, processed.load("region").iloc[0], found)

    def mapped(self, name: str, facts: Mapping[str, Any], hover: Sequence[str], columns: list[Column]) -> Pair:
        """The districts by the indicator of some facts, beside their ranking; ``hover`` are ids that a pointer tells.

        The columns of the table are these, and that of the indicator where they lack it.
        """
        shown = facts["indicator"]
        if shown not in [column.source for column in columns]:
            columns = [*columns, self.number_column(shown)]
        table = self.districts.assign(link=self.links())
        return indicator_map(self, name, table, facts, self.hovers(*dict.fromkeys(hover)), columns)

    def links(self) -> list[str]:
        """Address of each district, for the map."""
        return [self.href(slug) for slug in self.districts["slug"]]
