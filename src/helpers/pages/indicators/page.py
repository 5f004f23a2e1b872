"""The indicator sheets: what each indicator is, how it is read, between which values it lies."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from helpers.data import processed
from helpers.declarations import BY_ID
from helpers.figures.exhibit import Table
from helpers.figures.tables import Column
from helpers.pages.common.page import Page, piece
from helpers.pages.indicators.inputs import indicators_inputs
from helpers.prose import numbers


class Indicators(Page):
    """The sheets of the indicators, one after the other."""

    notebook = "indicators"
    address = "indicatori"
    titles = "indicators_page"
    inputs_from = staticmethod(indicators_inputs)

    def __init__(self, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition)
        processed.ensure()
        self.inputs = indicators_inputs()
        self.facts, self.sheets = self.inputs.facts, self.inputs.sheets

    @piece
    def brief(self) -> None:
        """How the indicators are made and how the sheets are to be read."""
        self.prose("indicators_brief", self.facts)

    @piece
    def overview(self) -> None:
        """All indicators at a glance: unit, region, lowest, median and highest district."""
        self.section("indicators_table")
        headings = {
            "region": "table.region",
            "lowest": "table.minimum",
            "median": "table.median",
            "highest": "table.maximum",
        }
        columns = [
            self.indicator_column(),
            Column("indicator", self.label("table.unit"), show=lambda i: self.label(f"indicator.{i}.unit")),
            *(self.printed_column(c, heading) for c, heading in headings.items()),
        ]
        caption = self.text("caption_indicators_table", self.facts)
        note = self.indicators_note(self.sheets["indicator"])
        self.exhibit(Table("indicators", caption, self.printed(self.sheets, *headings), columns, self.words, note))

    @piece
    def all_sheets(self) -> None:
        """One sheet per indicator."""
        self.section("indicator_sheets")
        for sheet in self.sheets.to_dict("records"):
            self.markdown(f"### {self.label('indicator.' + sheet['indicator'] + '.long')}")
            self.html(self._sheet(sheet))

    def _sheet(self, sheet: dict[str, Any]) -> Markup:
        """One sheet as a list of what is known of the indicator."""
        name = sheet["indicator"]
        rows = {
            "table.definition": escape(self.label(f"indicator.{name}.definition")),
            "table.formula": escape(self.label(f"indicator.{name}.formula")),
            "table.unit": escape(self.label(f"indicator.{name}.unit")),
            "sheet.direction": escape(self.label(f"indicator.{name}.reading")),
            "sheet.limits": escape(self.label(f"indicator.{name}.caveat")),
            "sheet.values": self._values(sheet),
            "sheet.reference": escape(sheet["reference"]),
            "sheet.synonyms": escape(", ".join(BY_ID[name].words[self.lang].synonyms)),
        }
        items = Markup("").join(
            (Markup("<dt>{}</dt><dd>{}</dd>").format(self.label(key), text) for key, text in rows.items() if text)
        )
        note = self.indicators_note([name])
        return Markup('<article class="sheet" id="{}"><dl>{}</dl>{}</article>').format(name, items, note)

    def _values(self, sheet: dict[str, Any]) -> Markup:
        """Region, lowest, median and highest as one line, the districts with links to their pages."""
        name = sheet["indicator"]
        parts = [Markup("{} {}").format(self.label("table.region"), self.value(name, sheet["region"]))]
        for end, heading in (("lowest", "table.minimum"), ("median", "table.median"), ("highest", "table.maximum")):
            text = Markup("{} {}").format(self.label(heading).lower(), self.value(name, sheet[end]))
            parts.append(text if end == "median" else Markup("{} ({})").format(text, self._district(sheet, end)))
        return Markup("; ").join(parts) + "."

    def _district(self, sheet: dict[str, Any], end: str) -> Markup:
        link = Markup('<a href="{}distretti/{}.html">{}</a>').format(
            self.to_root, sheet[end + "_slug"], sheet[end + "_name"]
        )
        others = sheet[end + "_others"]
        if others == 0:
            return link
        key = "sheet.and_one_more" if others == 1 else "sheet.and_more"
        return Markup("{} {}").format(link, escape(self.label(key)).format(n=numbers.cardinal(others, self.lang)))

    @piece
    def limits(self) -> None:
        """What cannot be concluded from any of these indicators."""
        self.section("limits")
        self.prose("indicators_limits", self.facts)
