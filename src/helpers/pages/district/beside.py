"""A district beside others: the region, its province, and the districts most like it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from helpers.analysis.indicators import logarithmic
from helpers.analysis.peers import PEERS
from helpers.declarations.names import find_indicators
from helpers.errors import refuse
from helpers.figures.exhibit import Table
from helpers.figures.tables import Column
from helpers.pages.common.page import piece
from helpers.pages.district.inputs import DistrictInputs, district_inputs, indicators_of
from helpers.pages.district.opening import Opening

#: The page on which districts stand side by side.
COMPARISON = "esplora"


class Beside(Opening):
    """The pieces that compare a district; parameters as of :class:`.page.DistrictReport`."""

    facts: Mapping[str, Any]
    slug: str

    def varied(self, **given: Any) -> DistrictInputs:
        """What the page shows, cut anew with other arguments of :func:`.inputs.district_inputs`."""
        return district_inputs(self.inputs.code, **given)

    @piece
    def comparison(self, indicators: Sequence[str] | None = None, peers: int = 0) -> None:
        """The district against the region, its province and the other twenty-nine; each value in its own unit.

        Parameters
        ----------
        indicators
            Those of the table, by any of their names; by default all that pages show.
        peers
            How many of the most similar districts have a column, the nearest first.

        Raises
        ------
        InputError
            If districts have no such indicator (says the nearest), or there are not so many other districts.
        """
        inputs = self.inputs
        if indicators is not None or peers:
            asked = list(inputs.compared)
            if indicators is not None:
                asked = find_indicators(indicators, indicators_of("districts"), "report.comparison")
            inputs = self.varied(compared=asked, similar=self._counted(peers, "comparison"))
        self.section("comparison")
        self.prose("district_comparison", self.facts)
        if self.facts["income"]:
            self.prose("district_income", self.facts)
        beside = inputs.similar.set_index("code") if peers else inputs.similar.head(0).set_index("code")
        frame = self.indicator_rows(inputs, beside)
        values = ("district", "province", "region", *beside.index)
        printed = self.printed(frame, *values)
        printed["rank_printed"] = [self.rank(None if pd.isna(rank) else int(rank)) for rank in frame["rank"]]
        columns = [
            self.indicator_column(),
            Column("indicator", self.label("district.strip"), lambda i: self.strip(i, inputs.compared), file=()),
            *(self.printed_column(c, f"table.{c}") for c in ("district", "province", "region")),
            *(Column(f"{c}_printed", name, numeric=True, file=(c,)) for c, name in beside["name"].items()),
            Column("rank_printed", self.label("table.rank"), numeric=True, file={"rank": "rank"}),
            Column("year", self.label("change.calendar_year"), show=str, numeric=True),
        ]
        strips = self.text("caption_sheet_strips", {"logarithmic": logarithmic(frame["indicator"])})
        caption = f"{self.text('caption_indicators', self.facts, n_beside=len(beside))} {strips}"
        # The strips show every district.
        note = self.indicators_note(frame["indicator"])
        self.exhibit(Table("indicators", caption, printed, columns, self.words, note))

    @piece
    def similar(self, peers: int = PEERS, indicators: Sequence[str] | None = None) -> None:
        """The most similar districts, by a stated method: cards that open the comparison.

        Parameters
        ----------
        peers
            How many districts, the nearest first.
        indicators
            What the cards tell of each, by any of their names; by default what tells how near districts are.

        Raises
        ------
        InputError
            If there are not so many other districts, or they have no such indicator; says the nearest.
        """
        inputs, shown = self.inputs, self.facts["compared"]
        if indicators is not None or peers != PEERS:
            if indicators is not None:
                shown = find_indicators(indicators, indicators_of("districts"), "report.similar")
            inputs = self.varied(compared=shown, similar=self._counted(peers, "similar"))
        self.section("peers")
        self.prose("district_peers", inputs.facts)
        slugs = {p["name"]: p["slug"] for p in inputs.facts["peers"]}
        if not slugs:
            return
        cards = Markup("").join(self._card(row, slugs[row["name"]], shown) for row in inputs.similar.to_dict("records"))
        note = self.indicators_note(shown, inputs.similar["code"])
        self.html(
            Markup('<figure class="peers"><figcaption class="caption">{}</figcaption><ul>{}</ul>{}</figure>').format(
                self.text("caption_peers", inputs.facts), cards, note
            )
        )

    def _counted(self, peers: int, piece: str) -> int:
        """A number of other districts."""
        most = self.facts["n_districts"] - 1
        if not isinstance(peers, int) or not 0 <= peers <= most:
            raise refuse(f"report.{piece}", f"there are {most} other districts", f"write peers={most} or fewer", peers)
        return peers

    def _card(self, row: dict[str, Any], slug: str, shown: list[str]) -> Markup:
        """A district like this one, with what it is compared by."""
        values = Markup("").join(
            Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(
                self.label(f"indicator.{i}.short"), self.value(i, row[i])
            )
            for i in ("residents", *shown)
        )
        return Markup('<li><h3><a href="{}.html">{}</a></h3><dl>{}</dl><a href="{}{}.html?d={},{}">{}</a></li>').format(
            slug, row["name"], values, self.to_root, COMPARISON, self.slug, slug, self.label("district.compare")
        )
