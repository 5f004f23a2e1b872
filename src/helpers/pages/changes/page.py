"""The page on what changed between two editions of the data."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from markupsafe import Markup, escape

from helpers.data.editions import KINDS, SEVERITIES
from helpers.figures.exhibit import Table
from helpers.figures.tables import Column
from helpers.pages.changes.inputs import changes_inputs
from helpers.pages.common.page import Page, piece
from helpers.prose import numbers

#: End of the names of figures that are amounts.
EURO = "_eur"


class Changes(Page):
    """The data at hand against the last edition kept; that there is none is said."""

    notebook = "changes"
    address = "cambiamenti"
    titles = "changes_page"
    inputs_from = staticmethod(changes_inputs)

    def __init__(self, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition)
        self.inputs = changes_inputs()
        self.facts = self.inputs.facts

    @piece
    def brief(self) -> None:
        """What is compared, or that nothing can be."""
        self.section("brief")
        self.prose("changes_brief", self.facts | {"edition": self.edition.version, "day": str(self.edition.date)})

    @piece
    def parts(self) -> None:
        """Each comparison: what differs, totals, districts, rows."""
        for n, part in enumerate(self.facts["parts"]):
            heading = self.text("changes_heading", part)
            self.markdown(f"## {heading}")
            self.prose("changes_part", part)
            if part["severity"] is not None:
                self._part(n)

    def _part(self, n: int) -> None:
        findings = [self._severity(), self._kind(), *self._plain("table"), self._count()]
        self._table(n, "findings", self.inputs.findings, findings)
        figures = [
            Column("what", self.label("changes.figure"), show=self._what, row_header=True),
            Column("old_text", self.label("changes.old"), numeric=True, file=("old",)),
            Column("new_text", self.label("changes.new"), numeric=True, file=("new", "unit")),
        ]
        self._table(n, "totals", self.inputs.totals, figures)
        districts = self.inputs.districts
        self._table(n, "districts", districts, [self._district(), *self._plain("tables"), self._moved()])
        names = dict(districts[["distretto_id", "name"]].to_numpy().tolist())
        district = Column("distretto_id", self.label("table.district"), show=lambda d: names.get(d, d), row_header=True)
        self._table(n, "moved", self.inputs.moved, [district, *(replace(c, row_header=False) for c in figures)])
        what = Column("what", self.label("changes.what"), show=lambda w: self.label(f"changes.row.{w}"))
        cells = [*self._plain("table"), what, *self._plain("key", "column", "old", "new")]
        self._table(n, "rows", self.inputs.rows, cells)

    @piece
    def rule(self) -> None:
        """The rule by which differences are graded."""
        self.section("changes_rule")
        self.prose("changes_rule", {})
        frame = pd.DataFrame({"severity": list(KINDS.values()), "kind": list(KINDS)})
        order = frame["severity"].map(SEVERITIES.index)
        frame = frame.iloc[order.argsort(kind="stable")]
        caption = self.label("changes.caption.rule")
        self.exhibit(Table("rule", caption, frame, [self._severity(), self._kind()], self.words))

    def _table(self, n: int, name: str, table: pd.DataFrame, columns: list[Column]) -> None:
        own = table[table["part"] == n].drop(columns="part")
        if own.empty:
            return
        if "what" in own and name != "rows":
            for side in ("old", "new"):
                pairs = zip(own["what"], own[side], strict=True)
                own[f"{side}_text"] = [self._figure(what, value) for what, value in pairs]
            own["unit"] = [self._unit(what) for what in own["what"]]
        caption = self.label(f"changes.caption.{name}")
        note = self.note("derived", "package")
        self.exhibit(Table(f"{name}-{n + 1}", caption, own, columns, self.words, note))

    def _figure(self, what: str, value: float) -> str:
        if numbers.is_missing(value):
            return self.label("state.not_known")
        return numbers.euro(value, self.lang) if what.endswith(EURO) else numbers.integer(value, self.lang)

    def _unit(self, what: str) -> str:
        """Of a figure, as files name it."""
        if what.endswith(EURO):
            return "eur"
        if what.startswith("residents"):
            return "persons"
        return what if what in ("comuni", "districts") else "projects"

    def _what(self, what: object) -> str:
        return self.label(f"changes.total.{what}")

    def _severity(self) -> Column:
        return Column("severity", self.label("changes.severity_of"), show=lambda s: self.label(f"changes.severity.{s}"))

    def _kind(self) -> Column:
        return Column("kind", self.label("changes.kind_of"), lambda k: self.label(f"changes.kind.{k}"), row_header=True)

    def _count(self) -> Column:
        return Column(
            "n", self.label("table.number"), show=lambda v: numbers.integer(v, self.lang), numeric=True, unit="findings"
        )

    def _moved(self) -> Column:
        return Column(
            "moved", self.label("changes.moved"), show=lambda m: self.label("changes.yes" if m else "changes.no")
        )

    def _district(self) -> Column:
        own = self.inputs.districts
        slugs = dict(own[["name", "slug"]].dropna().to_numpy().tolist())

        def link(name: object) -> Markup:
            text = escape(str(name))
            return Markup('<a href="distretti/{}.html">{}</a>').format(slugs[name], text) if name in slugs else text

        return Column("name", self.label("table.district"), show=link, row_header=True)

    def _plain(self, *columns: str) -> list[Column]:
        """Columns of text as it stands in the tables; nothing where blank."""
        return [Column(c, self.label(f"changes.{c}"), show=lambda v: "" if v is None else str(v)) for c in columns]
