"""The page of the interregional pact: who signed, what it says, what became of it, what another region needs."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
from markupsafe import Markup, escape

from helpers.figures import italy, theme
from helpers.figures.exhibit import Figure, Places, Table
from helpers.figures.tables import Column
from helpers.pages.common.page import Page, piece
from helpers.pages.laboratorio.inputs import laboratorio_inputs
from helpers.prose import numbers
from helpers.subjects import regions
from helpers.system.id_lists import split_ids

#: A source as it is named in a text.
SOURCE_ID = re.compile(r"\bS\d{3}\b")

#: How each role looks on the map: signatories blue, told apart by pattern; the others by lightness too.
LOOKS = {
    "signed_presented": italy.Look(theme.STATUS_COLOURS["sourced"]),
    "signed_conflict": italy.Look(theme.STATUS_COLOURS["sourced"], "x"),
    "signed": italy.Look(theme.STATUS_COLOURS["sourced"], "/"),
    "signed_part": italy.Look(theme.STATUS_COLOURS["derived"], "-", theme.STATUS_COLOURS["sourced"]),
    "presented": italy.Look(theme.STATUS_COLOURS["indicative"], ".", "#7F3B08"),
    "none": italy.Look(theme.CONTEXT),
}


class LaboratorioPage(Page):
    """What the pages of the laboratory share: words for roles, confidence, years and sources."""

    people_year, of_piedmont = "regions_year", False

    def sources(self, ids: object) -> Markup:
        """Links to sources, or that there is none, as HTML."""
        return self.source_links(ids) or escape(self.label("lab.no_source"))

    def evidence(self, frame: pd.DataFrame) -> pd.Series:
        """How far the sources of each row agree, and which they are: ``single source: S140``."""
        pairs = zip(frame["confidence"], frame["source_ids"], strict=True)
        return pd.Series(
            [": ".join(p for p in (c, ids.replace(";", ", ")) if p) or self.label("lab.no_source") for c, ids in pairs],
            index=frame.index,
        )

    def evidence_column(self) -> Column:
        """The column of :meth:`evidence`; its source ids are links."""
        return Column(
            "evidence",
            self.label("lab.table.evidence"),
            show=self._linked,
            file=("confidence", "source_ids"),
        )

    def _linked(self, text: str) -> str:
        linked, start = Markup(""), 0
        for found in SOURCE_ID.finditer(text):
            link = Markup('<a href="{}">{}</a>').format(self.source_address(found[0]), found[0])
            linked += text[start : found.start()] + link
            start = found.end()
        return linked + text[start:]

    def known(self, missing: str) -> Callable[[object], str]:
        """Print a value, or in words that it is missing and how."""
        return lambda value: self.label(missing) if value is None else str(value)

    def years(self, value: object) -> str:
        """Years as a reader expects them: ``2014–2020``, ``2022, 2024``; blank where a row gives none."""
        if value is None:
            return ""
        known = {"undated": self.label("lab.undated")}
        return known.get(str(value), str(value).replace("-", "–").replace(";", ", "))

    def word_rows(self, table: str, frame: pd.DataFrame, key: str, columns: tuple[str, ...]) -> pd.DataFrame:
        """Rows of a raw table with some columns worded in the page's language."""
        texts = {
            column: [self.row(table, k, column, v) for k, v in zip(frame[key], frame[column], strict=True)]
            for column in columns
        }
        # As objects, so that what is missing stays None.
        return frame.assign(**{c: pd.Series(t, index=frame.index, dtype=object) for c, t in texts.items()})

    def role(self, role: str) -> str:
        """Where a region stands, in words."""
        return self.label(f"lab.role.{role}")


class Laboratorio(LaboratorioPage):
    """The pieces of the page; each method shows one."""

    notebook = "laboratorio"
    address = "laboratorio/index"
    titles = "lab_page"
    inputs_from = staticmethod(laboratorio_inputs)

    def __init__(self, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition)
        self.inputs = laboratorio_inputs()
        self.facts = self.inputs.facts

    @piece
    def numbers(self) -> None:
        """The pact in four numbers."""
        items, by_kind = self.facts["items"], ("principle", "objective", "topic")
        cards = [("signatories", self.facts["n_signatories"], self.facts["pact_sources"])]
        cards += [(kind, len(items[kind]), ["S019"]) for kind in by_kind]
        html = Markup("").join(
            (
                Markup('<li class="number"><strong>{}</strong><span>{}</span>{}<small>{}</small></li>').format(
                    numbers.integer(value, self.lang),
                    self.label("lab.card." + key),
                    self.badge("sourced"),
                    self.sources(ids),
                )
                for key, value, ids in cards
            )
        )
        self.html(Markup('<ul class="numbers">{}</ul>').format(html))

    @piece
    def brief(self) -> None:
        """What the pact is and what is known of what followed."""
        self.section("brief")
        self.prose("laboratorio_brief", self.facts)

    @piece
    def map(self) -> None:
        """The twenty regions by role, and the table of the bodies that signed or presented."""
        self.section("signatories")
        areas = self.inputs.regions
        names = {role: self.role(role) for role in regions.ROLES}
        hover = [Markup("<b>{}</b><br>{}").format(r.body or r.name, names[r.role]) for r in self._areas().itertuples()]
        legend = {role: self.label(f"lab.legend.{role}") for role in regions.ROLES}
        chart = italy.category_map(areas, areas["role"], LOOKS, legend, hover)
        chart = italy.annotate(chart, areas, self._areas()["short"][areas["role"] != "none"])
        columns = [
            self.name_column("name", "lab.table.region"),
            Column("body", self.label("lab.table.body"), show=self.known("lab.not_named")),
            Column("role_worded", self.label("lab.table.role")),
        ]
        frame = self._areas().drop(columns="geometry")
        caption, alt = self.text("caption_patto_map", self.facts), self.text("alt_patto_map", self.facts)
        note = self.sources_note("sourced", self.facts["pact_sources"])
        places = Places(frame.index.tolist(), "data/geo/regions.geojson", "region_code")
        self.exhibit(Figure("patto-map", caption, alt, chart, frame, columns, self.words, note, places))
        self._signatories()

    def _areas(self) -> pd.DataFrame:
        """The regions as they are shown: missing bodies as None, names for the map."""
        areas = self.inputs.regions.reset_index()
        body = areas["body"].astype(object).where(areas["body"].notna(), None)
        pact = self.inputs.pact
        parts = set(pact.loc[pact["part_of_region"].astype(bool), "region"])
        short = [self.label("lab.trento") if b in parts else n for b, n in zip(body, areas["name"], strict=True)]
        shown = areas.assign(body=body, short=short, role_worded=areas["role"].map(self.role))
        return shown.set_index(self.inputs.regions.index)

    def _signatories(self) -> None:
        pact = self.word_rows("patto_regions", self.inputs.pact, "region", ("role", "confidence", "note"))
        pact = pact.assign(evidence=self.evidence(pact))
        columns = [
            self.name_column("region", "lab.table.body"),
            Column("role", self.label("lab.table.role")),
            Column(
                "presented_practice",
                self.label("lab.table.presented"),
                show=lambda v: self.label(f"lab.presented.{v or 'absent'}"),
            ),
            self.evidence_column(),
            Column("note", self.label("table.note"), show=lambda v: v or ""),
        ]
        caption = self.label("lab.caption.signatories")
        self.exhibit(Table("signatories", caption, pact, columns, self.words))

    @piece
    def pact(self) -> None:
        """What the pact says: premises, values, principles, objectives, topics, arrangements."""
        self.section("pact")
        self.prose("laboratorio_pact", self.facts)

    @piece
    def forum(self) -> None:
        """The day of the forum: who spoke, what was presented."""
        self.section("forum")
        self.prose("laboratorio_forum", self.facts)
        self._found("forum", self.inputs.forum)

    @piece
    def timeline(self) -> None:
        """The dates around the pact."""
        self.section("pact_timeline")
        self.prose("laboratorio_timeline", self.facts)

    @piece
    def later(self) -> None:
        """What became of the laboratory, as far as sources tell."""
        self.section("later")
        self.prose("laboratorio_later", self.facts)
        self._found("later", self.inputs.later)

    @piece
    def others(self) -> None:
        """What the sources say of the other regions' practices and strategies."""
        self.section("other_regions")
        self.prose("laboratorio_others", self.facts)
        self._found("others", self.inputs.others)

    def _found(self, which: str, rows: pd.DataFrame) -> None:
        """A table of facts on the pact; what was looked for and not found says so."""
        worded = ("region_or_body", "item", "value", "confidence", "note")
        frame = self.word_rows("patto_facts", rows, "fact_id", worded)
        subject = frame["region_or_body"] + ": " + frame["item"]
        frame = frame.assign(subject=subject, evidence=self.evidence(frame))
        columns = [
            Column("subject", self.label("lab.table.subject"), row_header=True),
            Column("value", self.label("lab.table.found"), show=self.known("lab.not_found")),
            Column("year", self.label("lab.table.year"), show=self.years),
            self.evidence_column(),
            Column("note", self.label("table.note"), show=lambda v: v or ""),
        ]
        ids = sorted({i for cell in rows["source_ids"] for i in split_ids(cell)})
        note = self.sources_note("sourced", ids)
        caption = self.label(f"lab.caption.{which}")
        self.exhibit(Table(f"facts-{which}", caption, frame, columns, self.words, note))

    @piece
    def conflicts(self) -> None:
        """Where the sources disagree."""
        self.section("conflicts")
        self.prose("laboratorio_conflicts", self.facts)

    @piece
    def reuse(self) -> None:
        """What another region needs to do the same."""
        self.section("reuse")
        self.prose("laboratorio_reuse", self.facts)

    @piece
    def limits(self) -> None:
        """What is not known and what cannot be concluded."""
        self.section("limits")
        self.prose("laboratorio_limits", self.facts)
