"""The page on method and sources."""

from __future__ import annotations

from html import escape

import pandas as pd

from .. import people, processed
from ..figures.exhibit import Table
from ..figures.tables import Column
from ..prose.provenance import DATASETS, anchor
from .base import Page
from .district import address_link
from .facts import STATUSES
from .inputs.region import method_inputs


class Method(Page):
    """How the numbers are made and where they come from."""

    def __init__(self, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition)
        processed.ensure()
        self.inputs = method_inputs()
        self.facts = self.inputs["facts"]

    def title(self) -> None:
        """Title, subtitle and what the publishing step must know."""
        texts = (self.label(f"method_page.{part}") for part in ("title", "subtitle", "description"))
        self.head("metodo", *texts)

    def text_sections(self) -> None:
        """How districts were reconstructed, how indicators, maps, similarity and benchmarks are made."""
        self.prose("method", self.facts)

    def statuses(self) -> None:
        """Counts by status of the boundary of each comune."""
        boundary = self.facts["status"]
        frame = pd.DataFrame([{"status": s, **boundary[s]} for s in STATUSES])
        columns = [
            Column("status", self.label("table.status"), show=self.badge, html=True, row_header=True),
            Column("status", self.label("table.definition"), show=lambda s: self.label(f"status.{s}.text")),
            Column("n", self.label("indicator.n_comuni.short"), show=self.show("n_comuni"), numeric=True),
            Column("share", self.label("table.residents_share"), show=self.show("share_65_plus"), numeric=True),
        ]
        self.exhibit(Table("statuses", self.label("caption.statuses"), frame, columns, self.words))

    def indicators(self) -> None:
        """The indicator sheets: definition, formula, unit, reference."""
        self.section("indicators")
        frame = pd.DataFrame([{"indicator": i.id, "reference": i.reference} for i in people.INDICATORS])
        columns = [
            Column(
                "indicator",
                self.label("table.indicator"),
                show=lambda i: self.label(f"indicator.{i}.long"),
                row_header=True,
            ),
            Column(
                "indicator",
                self.label("table.definition"),
                show=lambda i: self.label(f"indicator.{i}.definition"),
            ),
            Column("indicator", self.label("table.formula"), show=lambda i: self.label(f"indicator.{i}.formula")),
            Column("indicator", self.label("table.unit"), show=lambda i: self.label(f"indicator.{i}.unit")),
            Column("reference", self.label("table.source")),
        ]
        caption = self.label("caption.indicator_sheets")
        self.exhibit(Table("indicator-sheets", caption, frame, columns, self.words))

    def computed(self) -> None:
        """What numbers computed here rest on; links in the texts of other pages lead to its rows."""
        frame = pd.DataFrame([{"data": name, "status": status} for name, status in DATASETS.items()])
        columns = [
            Column(
                "data",
                self.label("table.data"),
                show=lambda d: f'<span id="{anchor(d)}">{escape(self.label(f"provenance.{d}.long"))}</span>',
                html=True,
                row_header=True,
            ),
            Column("data", self.label("table.definition"), show=lambda d: self.label(f"provenance.{d}.text")),
            Column("status", self.label("table.status"), show=self.badge, html=True),
        ]
        self.exhibit(Table("computed", self.label("caption.provenance"), frame, columns, self.words))

    def sources(self) -> None:
        """Every source with the address behind it; other pages link to its rows."""
        self.section("sources")
        self.computed()
        frame = self.inputs["sources"]
        columns = [
            Column(
                "source_id",
                self.label("table.source"),
                show=lambda i: f'<span id="{escape(str(i))}">{escape(str(i))}</span>',
                html=True,
                row_header=True,
            ),
            Column("site", self.label("table.publisher")),
            Column("address", self.label("table.address"), show=address_link, html=True),
        ]
        self.exhibit(Table("all-sources", self.label("caption.all_sources"), frame, columns, self.words))
