"""The twenty-two projects of Misura 1: map, table, one by one."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from helpers.figures.exhibit import Figure, Table
from helpers.figures.tables import Column
from helpers.figures.towns import grouped_map
from helpers.pages.common.ranked_map import districts
from helpers.pages.common.records import Records
from helpers.pages.measure.inputs import MeasureInputs
from helpers.prose import numbers
from helpers.subjects.strategy import lead_status

#: Lead towns whose names are written first on the map; of the others those that find room.
NAMED_FIRST = ("Torino", "Alessandria", "Cuneo", "Novara", "Verbania", "Biella", "Vercelli", "Mondovì", "Alba")


class Projects(Records):
    """What the page of Misura 1 shows and the others have not."""

    inputs: MeasureInputs
    facts: dict[str, Any]

    def map_of_projects(self) -> None:
        """The thirty districts by quadrant, with the lead towns; the table says how each link is known."""
        ground, projects = self.inputs.ground, self.inputs.projects
        known = ground["town"].notna()
        names = {q["quadrant_id"]: q["name"] for q in self.facts["quadrants"]}
        towns = self.inputs.places.assign(
            hover=[Markup("<b>{}</b><br>{}").format(p["capofila_town"], p["project_id"]) for p in projects]
        )
        first = {name: position for position, name in enumerate(NAMED_FIRST)}
        towns = towns.sort_values("name", key=lambda s: s.map(first).fillna(len(first)), kind="stable")
        groups = ground["quadrant_id"].where(known, None).tolist()
        chart = grouped_map(
            ground,
            groups,
            names,
            [self._district_hover(row) for row in ground.drop(columns="geometry").to_dict("records")],
            towns,
            towns["hover"].tolist(),
            {"points": self.label("measure_map.towns"), "unknown": self.label("measure_map.unknown")},
            [f"../distretti/{slug}.html" for slug in ground["slug"]],
        )
        slugs = dict(zip(ground["name"], ground["slug"], strict=True))
        frame = pd.DataFrame(ground.drop(columns="geometry")).merge(self._links(), on="code", how="left")
        frame["quadrant"] = frame["quadrant_id"].map(names)
        columns = [
            self.name_column(
                "name",
                "measure_table.district",
                lambda n: Markup('<a href="../distretti/{}.html">{}</a>').format(slugs[n], n),
            ),
            Column("town", self.label("measure_table.town"), show=self.or_unknown),
            Column("quadrant", self.label("measure_table.quadrant"), show=self.or_unknown),
            Column("status", self.label("measure_table.status"), show=lambda s: self.badge(s) if s else ""),
            Column("note", self.label("measure_table.note"), show=lambda n: n or ""),
            Column("source_ids", self.label("measure_table.sources"), show=self.source_cell),
        ]
        caption, alt = self.text("caption_measure_map", self.facts), self.text("alt_measure_map", self.facts)
        note = self.note("derived", "boundaries")
        self.exhibit(Figure("projects-map", caption, alt, chart, frame, columns, self.words, note, districts(frame)))

    def _links(self) -> pd.DataFrame:
        """How the link of each district to its project is known: ``code``, ``note``, ``source_ids``."""
        rows = [d for p in self.inputs.projects for d in p["districts"]]
        return pd.DataFrame(
            {
                "code": [d["distretto_id"] for d in rows],
                "note": [self.said("district_projects", d["distretto_id"], d, "note") for d in rows],
                "source_ids": [";".join(d["source_ids"]) for d in rows],
            }
        )

    def _district_hover(self, row: dict) -> Markup:
        lines: list[str] = [Markup("<b>{}</b>").format(row["name"])]
        if pd.isna(row["town"]):
            lines.append(self.label("measure_map.unknown"))
        else:
            lines.append(Markup("{}: {}").format(self.label("measure_map.lead"), row["town"]))
            lines += [row["title"]] if not pd.isna(row["title"]) else []
        return Markup("<br>").join(lines)

    def projects(self) -> None:
        """The projects of Misura 1: counted by quadrant, as a table, one by one."""
        if not self.inputs.projects:
            return
        self.section("measure_projects")
        self.prose("measure_projects", self.facts)
        self._project_table()
        for quadrant in self.facts["quadrants"]:
            own = [p for p in self.inputs.projects if p["quadrant_id"] == quadrant["quadrant_id"]]
            self.prose("measure_quadrant", {"quadrant": quadrant})
            self.html(Markup("").join(self._project(p) for p in own))
        self.html(
            Markup("<h3>{}</h3>").format(self.label("measure_record.whole"))
            + self.fact_items("misura1_facts", self.inputs.general)
        )

    def _project_table(self) -> None:
        """All projects as a table; the amount has a column because it is missing, and says so."""
        names = {q["quadrant_id"]: q["name"] for q in self.facts["quadrants"]}
        anchors = {p["capofila_town"]: p["project_id"].lower() for p in self.inputs.projects}
        frame = pd.DataFrame(
            [
                {
                    "project_id": p["project_id"],
                    "capofila_town": p["capofila_town"],
                    "project_title": p["project_title"],
                    "lead_ente_gestore": self._lead(p),
                    "districts": "; ".join(d["name"] for d in p["districts"]),
                    "quadrant": names[p["quadrant_id"]],
                    "amount_granted_eur": p["amount_granted_eur"],
                    "confidence": self.confidence(p["confidence"]),
                    "source_ids": ";".join(p["source_ids"]),
                }
                for p in self.inputs.projects
            ]
        )
        columns = [
            self.name_column(
                "capofila_town", "measure_table.town", lambda t: Markup('<a href="#{}">{}</a>').format(anchors[t], t)
            ),
            Column("project_title", self.label("measure_table.title"), show=self._title_cell),
            Column("lead_ente_gestore", self.label("measure_table.lead"), show=self.or_unknown),
            Column("districts", self.label("measure_table.districts"), show=self.or_unknown),
            Column("quadrant", self.label("measure_table.quadrant")),
            Column("amount_granted_eur", self.label("measure_table.amount"), show=self._amount),
            Column("confidence", self.label("measure_table.confidence")),
            Column("source_ids", self.label("measure_table.sources"), show=self.source_cell),
        ]
        self.exhibit(Table("projects", self.label("measure_caption.projects"), frame, columns, self.words))

    def _lead(self, project: dict) -> str | None:
        return self.said("misura1_projects", project["project_id"], project, "lead_ente_gestore")

    def _title_cell(self, title: object) -> Markup:
        return self.missing() if title is None else self.original(str(title))

    def _amount(self, value: float | None) -> str:
        return self.label("state.not_published") if value is None else numbers.euro(value, self.lang)

    def _project(self, project: dict) -> Markup:
        """One project as an entry with its facts."""
        key = project["project_id"]
        lead, note = self._lead(project), self.said("misura1_projects", key, project, "note")
        amount = project["amount_granted_eur"]
        title = project["project_title"]
        lines = [
            (
                "title",
                Markup("{} {}").format(self.original(title), self.badge(project["title_status"]))
                if title
                else self.missing(),
            ),
            ("lead", Markup("{} {}").format(lead, self.badge(lead_status(project))) if lead else self.missing()),
            ("partners", self._partners(project["partners"])),
            ("districts", self._districts(project["districts"])),
            ("amount", self.missing("not_published") if amount is None else escape(self._amount(amount))),
        ]
        lines += [("note", escape(note))] if note else []
        after = self.fact_items("misura1_facts", project["facts"]) if project["facts"] else ""
        pairs = [(f"measure_record.{name}", html) for name, html in lines]
        return self.entry(
            escape(project["capofila_town"]), 4, pairs, project, anchor=key.lower(), after=after, status=""
        )

    def _partners(self, partners: list[dict]) -> Markup:
        """Partners with their kind, together where confidence and sources are the same."""
        if not partners:
            return self.missing()
        groups: dict[tuple, list[str]] = {}
        for p in partners:
            kind = Markup(" ({})").format(self.label("measure_kind." + p["kind"])) if p["kind"] else ""
            groups.setdefault((p["confidence"], *p["source_ids"]), []).append(escape(p["partner"]) + kind)
        rows = [({"confidence": c, "source_ids": ids}, names) for (c, *ids), names in groups.items()]
        return Markup("<br>").join(
            (
                Markup('{} <span class="evidence">{}</span>').format(Markup("; ").join(names), self.evidence(row))
                for row, names in rows
            )
        )

    def _districts(self, districts: list[dict]) -> Markup:
        """Districts as links, each with how its link to the project is known."""
        if not districts:
            return self.missing()
        return Markup("<br>").join(
            Markup('<a href="../distretti/{}.html">{}</a> {}').format(d["slug"], d["name"], self.badge(d["status"]))
            for d in districts
        )
