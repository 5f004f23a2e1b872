"""The page «Come cambia il Piemonte»."""

from __future__ import annotations

from helpers.data import processed
from helpers.pages.common.page import Page
from helpers.pages.common.ranked_map import indicator_map
from helpers.pages.trends.inputs import trends_inputs


class Trends(Page):
    """What the districts have in common and where they differ; each method shows a piece."""

    notebook = "trends"
    address = "come-cambia"
    titles = "trends_page"
    inputs_from = staticmethod(trends_inputs)

    def __init__(self, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition)
        processed.ensure()
        self.inputs = trends_inputs()

    def brief(self) -> None:
        """What the page shows."""
        self.section("brief")
        self.prose("trends_brief", self.inputs.facts)

    def map(self) -> None:
        """The districts on a map beside their ranking."""
        self.section("map")
        indicator, districts = self.inputs.facts["indicator"], self.inputs.districts
        table = districts.assign(link=[f"{self.to_root}distretti/{slug}.html" for slug in districts["slug"]])
        values = zip(table["name"], table[indicator], strict=True)
        hover = [f"<b>{name}</b>: {self.value(indicator, value)}" for name, value in values]
        columns = [self.name_column("name", "table.district"), self.number_column(indicator)]
        self.exhibit(indicator_map(self, "trends", table, self.inputs.facts, hover, columns))
