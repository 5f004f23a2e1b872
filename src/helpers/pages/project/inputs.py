"""What the pages of the projects show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.data import raw, required
from helpers.pages.common.facts import PRESENTATION, measure_1
from helpers.subjects import measures, projects

#: Events of the measure that are steps of every project: call, deadline, admission.
COMMON = ("EV-10", "EV-12", "EV-15")


@dataclass(frozen=True)
class ProjectInputs:
    """Everything the page of one project shows.

    Attributes
    ----------
    project
        Its row, with partners, districts, facts and events, see :func:`helpers.subjects.measures.projects_with_all`.
    facts
        What the texts speak of.
    steps
        Its events and those of all projects, by date.
    sources
        Those of all that is shown.
    """

    project: dict[str, Any]
    facts: dict[str, Any]
    steps: list[dict[str, Any]]
    sources: pd.DataFrame


def project_inputs(project: str) -> ProjectInputs:
    """Cut what the page of one project shows, the project given by key, slug or lead town."""
    named = raw.load("misura1_projects", columns=("project_id", "slug", "capofila_town")).to_dict("records")
    key = projects.find_project(named, project)["project_id"]
    tables = ("misura1_projects", "misura1_partners", "district_projects", "misura1_facts", "events")
    own, partners, links, told, dated = (raw.load(table, having=("project_id", key)) for table in tables)
    (found,) = measures.projects_with_all(own, partners, links, raw.load("districts"), told, dated)
    common = measures.records(_rows("events", "event_id", (*COMMON, PRESENTATION)))
    steps = sorted(found["events"] + common, key=lambda row: row["date"])
    measure, coverage = measure_1(), projects.coverage(found)
    quadrants = raw.load("quadrants").set_index("quadrant_id")["name"]
    facts = {
        "project": found,
        "title": found["project_title"],
        "town": found["capofila_town"],
        "quadrant": quadrants[found["quadrant_id"]],
        "coverage": coverage,
        "unknown": [aspect for aspect, status in coverage.items() if status is None],
        "measure": measure,
        "money": [row for row in found["facts"] if row["aspect"] == "money"],
        "presented": required.row(PRESENTATION)["date"],
        "presentation": required.sources(PRESENTATION),
    }
    cited = [[found], steps, *(found[part] for part in ("partners", "districts", "facts"))]
    ids = measures.source_ids(*cited) + measure["source_ids"] + measure["grant_source_ids"] + facts["presentation"]
    return ProjectInputs(found, facts, steps, _rows("sources", "source_id", ids))


def _rows(table: str, column: str, values: Iterable[str]) -> pd.DataFrame:
    frame = raw.load(table)
    return frame[frame[column].isin(list(values))].reset_index(drop=True)
