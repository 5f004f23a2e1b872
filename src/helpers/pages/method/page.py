"""The page on method and sources."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from helpers.data import processed
from helpers.figures.exhibit import Table
from helpers.figures.tables import Column
from helpers.pages.boundaries.page import status_table
from helpers.pages.common.page import Page, piece
from helpers.pages.method.inputs import method_inputs
from helpers.prose import numbers
from helpers.prose.provenance import anchor
from helpers.subjects.sources import KINDS


class Method(Page):
    """How the numbers are made and where they come from."""

    notebook = "method"
    address = "metodo"
    titles = "method_page"
    inputs_from = staticmethod(method_inputs)

    def __init__(self, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition)
        processed.ensure()
        self.inputs = method_inputs()
        self.facts = self.inputs.facts

    @piece
    def reading(self) -> None:
        """How to go from a number to its source, and what each status means."""
        self.section("reading")
        self.prose("method_reading", self.facts)
        self.computed()

    def computed(self) -> None:
        """What numbers computed here rest on; links in the texts of other pages lead to its rows."""
        frame = pd.DataFrame([{"data": name, "status": status} for name, status in self.facts["datasets"].items()])
        columns = [
            Column(
                "data",
                self.label("table.data"),
                show=lambda d: Markup('<span id="{}">{}</span>').format(anchor(d), self.label(f"provenance.{d}.long")),
                row_header=True,
            ),
            Column("data", self.label("table.definition"), show=lambda d: self.label(f"provenance.{d}.text")),
            Column("status", self.label("table.status"), show=self.badge),
        ]
        note = self.note("derived", "package")
        self.exhibit(Table("computed", self.label("caption.provenance"), frame, columns, self.words, note))

    @piece
    def boundaries(self) -> None:
        """How the districts were reconstructed, in short; the page of the boundaries tells the rest."""
        self.section("boundary")
        self.prose("method_boundaries", self.facts)
        self.exhibit(status_table(self, self.facts["status"]))

    @piece
    def text_sections(self) -> None:
        """Population, maps, similarity, comparisons in words, benchmarks, missing values."""
        self.prose("method", self.facts)

    @piece
    def editions(self) -> None:
        """What each edition brought."""
        self.section("editions")
        self.prose("method_editions", self.facts)
        frame = self.inputs.editions
        frame = frame.assign(
            date=frame["date"].dt.date.astype(str),
            changes=[self.row("editions", e, "changes", c) for e, c in frame[["edition", "changes"]].to_numpy()],
        )
        columns = [
            self.name_column("edition", "page.edition"),
            Column("date", self.label("table.date"), show=lambda d: numbers.date(d, lang=self.lang)),
            Column("changes", self.label("table.changes")),
        ]
        note = self.note("sourced", "package")
        self.exhibit(Table("editions", self.label("caption.editions"), frame, columns, self.words, note))

    @piece
    def citing(self) -> None:
        """How to cite the site and under which licences it may be reused."""
        self.section("citing")
        self.prose("method_citing", self.facts)

    @piece
    def sources(self) -> None:
        """Every source by kind, with the address behind it; other pages link to its rows."""
        self.section("sources")
        self.prose("method_sources", self.facts)
        frame, code = self.titled_sources(self.inputs.sources), Markup('<span id="{}">{}</span>')
        columns = self.source_columns(lambda i: code.format(i, i), frame)
        note = self.note("sourced", "sources")
        for kind in KINDS:
            own, name = frame[frame["kind"].fillna("") == kind], kind or "other"
            if len(own):
                self.markdown(f"### {self.label(f'source_kind.{name}_all')}")
                caption = self.label(f"source_kind.{name}_caption")
                self.exhibit(Table(f"sources-{name}", caption, own, columns, self.words, note))

    @piece
    def downloads(self, *own: tuple[str, str]) -> None:
        """Offer the sources as a bibliography too."""
        super().downloads((f"{self.to_site}data/references.bib", self.label("machines.file.bibliography")), *own)
