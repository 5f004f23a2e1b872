"""The page on the boundaries: how the thirty districts were reconstructed, and what does not add up."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from helpers.data import processed
from helpers.figures.exhibit import Table
from helpers.figures.tables import Column, of_markup
from helpers.pages.boundaries.inputs import boundaries_inputs
from helpers.pages.common.facts import STATUSES
from helpers.pages.common.page import Page, piece
from helpers.prose import numbers
from helpers.prose.texts import rule_code, word


class Boundaries(Page):
    """The reconstruction of the boundaries, piece by piece."""

    notebook = "boundaries"
    address = "confini"
    titles = "boundaries_page"
    inputs_from = staticmethod(boundaries_inputs)

    def __init__(self, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition)
        processed.ensure()
        self.inputs = boundaries_inputs()
        self.facts = self.inputs.facts
        districts = self.inputs.districts
        self.names = dict(zip(districts["distretto_id"], districts["name"], strict=True))
        self.slugs = dict(zip(districts["distretto_id"], districts["slug"], strict=True))

    @piece
    def brief(self) -> None:
        """What is known of the boundaries, and how much of it."""
        self.prose("boundaries_brief", self.facts)

    @piece
    def statuses(self) -> None:
        """Counts by status of the boundary of each comune."""
        self.section("statuses")
        self.exhibit(status_table(self, self.facts["status"]))

    @piece
    def districts(self) -> None:
        """Each district: comuni by status; then how its name and bodies are known and what its number can be."""
        self.section("boundary_districts")
        frame = self.inputs.districts.sort_values("name")
        district = Column("distretto_id", self.label("table.district"), self._district, row_header=True)
        columns = [
            district,
            self._comuni("n_comuni", "indicator.n_comuni.short"),
            *(self._comuni(s, f"status.{s}.name") for s in STATUSES),
            self.share_column("sourced_share", "boundaries.sourced_share"),
        ]
        self._table("boundary-districts", self.text("caption_boundary_districts", self.facts), frame, columns)
        notes = [self._note("districts", i, n) for i, n in frame[["distretto_id", "note"]].to_numpy()]
        ambiti = [self._ambito(*pair) for pair in frame[["ambito_no", "ambito_no_range"]].astype(object).to_numpy()]
        columns = [
            district,
            Column("name_status", self.label("boundaries.name_status"), show=self.badge),
            Column("enti_link_status", self.label("boundaries.enti_status"), show=self.badge),
            Column("asl", self.label("boundaries.asl"), show=self._known),
            Column("ambito", self.label("boundaries.ambito"), file=("ambito_no", "ambito_no_range")),
            Column("note_worded", self.label("table.note"), show=_blank),
            self._sources_column(),
        ]
        frame = frame.assign(note_worded=notes, ambito=ambiti)
        self._table("boundary-names", self.label("caption.boundary_names"), frame, columns)

    @piece
    def rules(self) -> None:
        """Every rule by which an assignment was derived; the tables of the districts lead to its row."""
        self.section("rules")
        self.prose("boundaries_rules", self.facts)
        frame = self.inputs.rules
        frame = frame.assign(
            code=frame["rule"].map(rule_code), worded=[word(self.lang, "rules", r) for r in frame["rule"]]
        ).sort_values("code")
        columns = [
            Column("code", self.label("table.rule"), show=_anchored, row_header=True),
            Column("worded", self.label("boundaries.rule_text")),
            self._comuni("n_comuni", "indicator.n_comuni.short"),
            Column("districts", self.label("section.districts"), show=self._districts),
        ]
        self._table("rules", self.label("caption.rules"), frame, columns)

    @piece
    def mismatches(self) -> None:
        """The bodies whose comuni here are not as many as a source publishes."""
        self.section("mismatches")
        self.prose("boundaries_mismatches", self.facts)
        bodies = self._bodies()
        differing = bodies[bodies["difference"].notna() & (bodies["difference"] != 0)]
        self._table("mismatches", self.text("caption_mismatches", self.facts), differing, self._body_columns())

    @piece
    def bodies(self) -> None:
        """Every body, with what is counted here and what is published."""
        self.section("bodies")
        frame = self._bodies().sort_values("ente_gestore")
        self._table("bodies", self.label("caption.bodies"), frame, self._body_columns())

    @piece
    def notes(self) -> None:
        """What the sources say of each body."""
        self.section("body_notes")
        frame = self.inputs.notes.reset_index(drop=True)
        frame = frame.assign(
            body=of_markup(self._body(*p) for p in frame[["name_in_source", "type", "seat_or_area", "asl"]].to_numpy()),
            here=of_markup(self._here(*p) for p in frame[["ente_gestore", "first_district_id"]].to_numpy()),
            published=[self._published(*pair) for pair in frame[["municipalities", "population"]].to_numpy()],
            named=frame["municipalities_named"].map(", ".join),
            told=[self._tell_source(*row) for row in frame[["note_id", "note", "confidence"]].to_numpy()],
            note_worded=[self._note("enti_gestori_notes", i, n) for i, n in frame[["note_id", "note"]].to_numpy()],
            known=[self._sure(confidence) for confidence in frame["confidence"]],
        )
        for column in ("type", "seat_or_area", "asl"):
            frame[column] = [None if pd.isna(text) else word(self.lang, "bodies", text) for text in frame[column]]
        columns = [
            Column(
                "body",
                self.label("boundaries.name_in_source"),
                row_header=True,
                file=("note_id", "name_in_source", "type", "seat_or_area", "asl"),
            ),
            Column("here", self.label("boundaries.here"), file=("ente_gestore", "first_district_id")),
            Column(
                "published",
                self.label("boundaries.published_numbers"),
                file={"municipalities": "comuni", "population": "persons"},
            ),
            Column("named", self.label("boundaries.named"), show=_blank, file=("municipalities_named",)),
            Column("told", self.label("table.note"), file=("note_worded", "known")),
            self._sources_column(),
        ]
        self._table("body-notes", self.label("caption.body_notes"), frame, columns, self.note("sourced", "bodies"))

    @piece
    def provinces(self) -> None:
        """Provinces and quadrants, with their comuni, residents and districts."""
        self.section("provinces")
        columns = [
            self.name_column("name", "table.province"),
            Column("abbreviation", self.label("boundaries.abbreviation")),
            Column("quadrant", self.label("table.quadrant")),
            self._comuni("n_comuni", "indicator.n_comuni.short"),
            self.number_column("residents"),
            Column("n_districts", self.label("section.districts"), show=self._count, numeric=True, unit="districts"),
        ]
        self._table("provinces", self.label("caption.provinces"), self.inputs.provinces, columns)

    def _bodies(self) -> pd.DataFrame:
        frame = self.inputs.bodies
        notes = [self._note("enti_gestori", i, n) for i, n in frame[["ente_gestore", "note"]].to_numpy()]
        return frame.assign(note_worded=notes)

    def _body_columns(self) -> list[Column]:
        return [
            self.name_column("ente_gestore", "table.lead_ente"),
            self._comuni("counted", "boundaries.counted"),
            self._comuni("published_comuni", "boundaries.published"),
            Column("difference", self.label("table.difference"), show=self._signed, numeric=True, unit="comuni"),
            Column("note_worded", self.label("table.note"), show=_blank),
            Column("districts", self.label("table.district"), show=self._districts),
            self._sources_column(),
        ]

    def _table(self, name: str, caption: str, frame: pd.DataFrame, columns: list[Column], note: str = "") -> None:
        note = note or self.note("derived", "boundaries")
        self.exhibit(Table(name, caption, frame, columns, self.words, note))

    def _comuni(self, source: str, heading: str) -> Column:
        return Column(source, self.label(heading), show=self._count, numeric=True, unit="comuni")

    def _sources_column(self) -> Column:
        return Column("source_ids", self.label("table.sources"), show=self.source_links)

    def _note(self, table: str, key: str, note: object) -> str | None:
        return None if pd.isna(note) else self.row(table, key, "note", note)

    def _ambito(self, number: Any, span: object) -> str:
        """The number of the ambito a source prints, or those it can have."""
        if not pd.isna(number):
            return numbers.integer(number, self.lang)
        if pd.isna(span):
            return self.label("state.not_known")
        first, _, last = str(span).partition("-")
        return self.label("boundaries.ambito_possible" if last else "boundaries.ambito_derived").format(first, last)

    def _body(self, name: str, kind: object, seat: object, asl: object) -> Markup:
        """Name of a body with its legal form, seat and health authority below, as HTML."""
        more = [word(self.lang, "bodies", str(text)) for text in (kind, seat, asl) if not pd.isna(text)]
        return Markup("{}<br><small>{}</small>").format(name, Markup(", ").join(more))

    def _here(self, body: object, first_district: object) -> Markup:
        """Body of the reconstruction and the district first assigned to it, as HTML."""
        name = self.label("boundaries.dissolved") if pd.isna(body) else str(body)
        district = self._district(None if pd.isna(first_district) else first_district)
        return Markup("{}<br><small>{}: {}</small>").format(name, self.label("boundaries.first_district"), district)

    def _published(self, comuni: Any, residents: Any) -> str:
        pairs = ((comuni, "boundaries.comuni"), (residents, "indicator.residents.sentence"))
        said = [f"{numbers.integer(n, self.lang)} {self.label(key)}" for n, key in pairs if not pd.isna(n)]
        return "; ".join(said) or self.label("state.not_published")

    def _tell_source(self, note_id: str, note: object, confidence: object) -> str:
        """The note of a row and how many sources it has."""
        known = self._sure(confidence)
        text = self._note("enti_gestori_notes", note_id, note)
        return f"{text} ({known})" if text else f"{known[:1].upper()}{known[1:]}."

    def _sure(self, confidence: Any) -> str:
        return self.label("state.not_known") if pd.isna(confidence) else word(self.lang, "bodies", confidence)

    def _district(self, code: object) -> Markup:
        if code is None:
            return escape(self.label("state.not_known"))
        return Markup('<a href="{}distretti/{}.html">{}</a>').format(self.to_root, self.slugs[code], self.names[code])

    def _districts(self, codes: list[str]) -> Markup:
        return Markup(", ").join(self._district(code) for code in codes)

    def _count(self, value: Any) -> str:
        return self.label("state.not_published") if value is None else numbers.integer(value, self.lang)

    def _signed(self, value: Any) -> str:
        return "" if value is None else numbers.show_signed(value, 0, self.lang)

    def _known(self, value: object) -> str:
        return self.label("state.not_known") if value is None else str(value)


def status_table(page: Page, boundary: dict) -> Table:
    """The statuses of a boundary with what they mean, comuni and share of residents."""
    frame = pd.DataFrame([{"status": s, **boundary[s]} for s in STATUSES])
    columns = [
        Column("status", page.label("table.status"), show=page.badge, row_header=True),
        Column("status", page.label("table.definition"), show=lambda s: page.label(f"status.{s}.text")),
        Column("n", page.label("indicator.n_comuni.short"), show=page.show("n_comuni"), numeric=True, unit="comuni"),
        page.share_column("share", "table.residents_share"),
    ]
    return Table(
        "statuses", page.label("caption.statuses"), frame, columns, page.words, page.note("derived", "boundaries")
    )


def _anchored(code: object) -> Markup:
    return Markup('<span id="{}">{}</span>').format(str(code), str(code))


def _blank(value: object) -> str:
    return "" if value is None else str(value)
