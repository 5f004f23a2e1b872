"""The report of one project of Misura 1: twenty-two pages from one notebook."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup, escape

from helpers.figures.exhibit import Table
from helpers.figures.tables import Column
from helpers.pages.common.page import piece
from helpers.pages.common.records import Records
from helpers.pages.project.inputs import project_inputs
from helpers.subjects.projects import WORK
from helpers.subjects.strategy import lead_status


class ProjectReport(Records):
    """The pieces of one project's report; each method shows one, or nothing where no source speaks of it.

    Parameters
    ----------
    project
        Key (``M1-09``), slug or lead town.
    lang, edition
        See :class:`helpers.pages.common.page.Page`.
    """

    notebook = "project"
    address = "progetti/{slug}"
    each = "misura1_projects"
    parameter = "project"
    inputs_from = staticmethod(project_inputs)
    lists_sources = True

    def __init__(self, project: str, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition, project=project)
        self.inputs = project_inputs(project)
        self.facts, self.project = self.inputs.facts, self.inputs.project
        self.key = self.project["project_id"]
        self.key_columns = {"project_id": self.key}

    @piece
    def title(self) -> None:
        """Title, or the lead town where none is known; what the publishing step must know."""
        parts = (self.text(f"project_{part}", self.facts) for part in ("title", "subtitle", "description"))
        self.head(self.address.format(slug=self.project["slug"]), *parts)

    @piece
    def brief(self) -> None:
        """How it is known that the project exists, and whose it is."""
        self.section("brief")
        self.prose("project_brief", self.facts)

    @piece
    def sheet(self) -> None:
        """Lead body, partners and districts, each with how it is known."""
        self.section("project_sheet")
        lead = self.said("misura1_projects", self.key, self.project, "lead_ente_gestore")
        note = self.said("misura1_projects", self.key, self.project, "note")
        title, status = self.project["project_title"], self.project["title_status"]
        lines = [
            ("title", Markup("{} {}").format(self.original(title), self.badge(status)) if title else None),
            ("town", escape(self.project["capofila_town"])),
            ("lead", Markup("{} {}").format(lead, self.badge(lead_status(self.project))) if lead else None),
            ("partners", self._partners()),
            ("districts", self._districts()),
            ("note", escape(note) if note else None),
        ]
        pairs = [(f"measure_record.{name}", html) for name, html in lines if html]
        self.html(self.entry("", 0, pairs, self.project, anchor=self.key.lower(), status=""))

    def _partners(self) -> Markup:
        """Partners with their kind, together where confidence and sources are the same."""
        groups: dict[tuple[str, ...], list[Markup]] = {}
        for partner in self.project["partners"]:
            kind = f" ({self.label('measure_kind.' + partner['kind'])})" if partner["kind"] else ""
            told = escape(partner["partner"]) + kind
            groups.setdefault((partner["confidence"], *partner["source_ids"]), []).append(told)
        return Markup("<br>").join(
            Markup('{} <span class="evidence">{}</span>').format(
                Markup("; ").join(names), self.evidence({"confidence": confidence, "source_ids": ids})
            )
            for (confidence, *ids), names in groups.items()
        )

    def _districts(self) -> Markup:
        """Districts as links, each with how its link to the project is known."""
        page = Markup('<a href="../distretti/{}.html">{}</a> {}{}')
        lines = []
        for row in self.project["districts"]:
            note = self.said("district_projects", row["distretto_id"], row, "note")
            told = Markup(" <small>{} {}</small>").format(note, self.source_links(row["source_ids"])) if note else ""
            lines.append(page.format(row["slug"], row["name"], self.badge(row["status"]), told))
        return Markup("<br>").join(lines)

    @piece
    def work(self) -> None:
        """What sources tell of the work: results first, then what was done, where, and what came before and after."""
        told = [row for aspect in WORK for row in self.project["facts"] if row["aspect"] == aspect]
        rest = [row for row in self.project["facts"] if row not in told and row["aspect"] != "money"]
        for heading, rows in (("project_work", told), ("project_evidence", rest)):
            if rows:
                self.section(heading)
                self.html(self.fact_items("misura1_facts", rows))

    @piece
    def timeline(self) -> None:
        """The project's events, between the steps that all projects took."""
        self.section("measure_timeline")
        frame = pd.DataFrame(
            {
                "date": row["date"],
                "precision": row["precision"],
                "dated": self.dated(row["date"], row["precision"]),
                "event": self.said("events", row["event_id"], row, "event"),
                "project": self.label("project.own" if row["project_id"] else "project.all"),
                "note": self.event_note(row),
                "source_ids": ";".join(row["source_ids"]),
            }
            for row in self.inputs.steps
        )
        columns = [
            Column("dated", self.label("measure_table.date"), row_header=True, file=("date", "precision")),
            Column("event", self.label("measure_table.event")),
            Column("project", self.label("project.whose")),
            Column("note", self.label("measure_table.note"), show=lambda note: note or ""),
            Column("source_ids", self.label("measure_table.sources"), show=self.source_cell),
        ]
        self.exhibit(Table("timeline", self.label("project.timeline"), frame, columns, self.words))

    @piece
    def money(self) -> None:
        """The grant as far as it is known, the bounds of all grants, and other money that sources name."""
        self.section("project_money")
        self.prose("project_money", self.facts)
        if self.facts["money"]:
            self.html(self.fact_items("misura1_facts", self.facts["money"]))

    @piece
    def unknown(self) -> None:
        """What is not known, said once."""
        if self.facts["unknown"]:
            self.section("measure_unknown")
            self.prose("project_unknown", self.facts)

    @piece
    def sources(self) -> None:
        """The documents this page rests on."""
        self.section("sources")
        self.source_table(self.inputs.sources, self.label("measure_caption.sources"))
        link = Markup('<a href="../misure/misura-1.html">{}</a>').format(self.label("measure_link.district"))
        self.html(Markup("<p>{}</p>").format(link))
