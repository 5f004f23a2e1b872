"""The twenty-two projects of Misura 1: map, and what is known of each."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from helpers.figures.exhibit import Figure, Table
from helpers.figures.tables import Column
from helpers.figures.towns import grouped_map
from helpers.pages.common.page import piece
from helpers.pages.common.ranked_map import districts
from helpers.pages.common.records import Records
from helpers.pages.measure.inputs import MeasureInputs
from helpers.subjects.projects import ASPECTS, coverage

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

    @piece
    def projects(self) -> None:
        """The projects of Misura 1: counted by quadrant, and what is known of each; facts of the measure as a whole."""
        if not self.inputs.projects:
            return
        self.section("measure_projects")
        self.prose("measure_projects", self.facts)
        self._coverage()
        self.html(
            Markup("<h3>{}</h3>{}").format(
                self.label("measure_record.whole"), self.fact_items("misura1_facts", self.inputs.general)
            )
        )

    def _coverage(self) -> None:
        """Projects by what is known of them; a cell says how, and the file holds the value where it is one."""
        links = {p["capofila_town"]: (p["project_id"].lower(), p["slug"]) for p in self.inputs.projects}
        frame = pd.DataFrame(
            {**p, "districts": "; ".join(d["name"] for d in p["districts"]), "source_ids": ";".join(p["source_ids"])}
            | {"partner_names": "; ".join(row["partner"] for row in p["partners"])}
            | {f"known_{aspect}": status for aspect, status in coverage(p).items()}
            for p in self.inputs.projects
        )
        files = {"lead": ["lead_ente_gestore"], "partners": ["partner_names"], "amount": ["amount_granted_eur"]}
        files["results"] = ["source_ids"]
        page = Markup('<a id="{}" href="../progetti/{}.html">{}</a>')
        columns = [
            self.name_column("capofila_town", "measure_table.town", lambda town: page.format(*links[town], town)),
            Column("project_title", self.label("measure_table.title"), self._title_cell, file=("project_title",)),
            *(
                Column(
                    f"known_{aspect}",
                    self.label(f"project.aspect.{aspect}"),
                    self._known,
                    file=(*files.get(aspect, ()), f"known_{aspect}"),
                )
                for aspect in ASPECTS[1:]
            ),
        ]
        shared = set.intersection(*(set(p["source_ids"]) for p in self.inputs.projects))
        note = self.sources_note("sourced", sorted(shared))
        self.exhibit(Table("projects", self.label("measure_caption.projects"), frame, columns, self.words, note))

    def _title_cell(self, title: str | None) -> Markup:
        """A title, with its status where nobody says that it is one of the measure."""
        if title is None:
            return self.missing()
        inferred = any(p["project_title"] == title and p["title_status"] == "derived" for p in self.inputs.projects)
        return Markup("{} {}").format(self.original(title), self.badge("derived") if inferred else "")

    def _known(self, status: str | None) -> Markup:
        return self.missing() if status is None else self.badge(status)
