"""WE.CA.RE. in a district: its Misura 1 project, partners, and the benchmark of resources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from helpers.system.id_lists import split_ids

MISURA_1 = "M1"

#: The act that approved the strategy, by its key in the raw table of acts.
APPROVAL = "ACT-02"

#: What the Region says of all grants of Misura 1 together: a sum that they exceed, in the raw table of key figures.
M1_GRANTED_OVER = "KF-01"

#: The fact in which an article of 2021 gives another total of Misura 1 than the budget of the call.
M1_COMMITMENT = "M1F-38"

#: How many districts there are.
DISTRICT_COUNT = "KF-08"


def benchmark_by_residents(residents: pd.Series, budget_eur: float) -> pd.DataFrame:
    """What each district would receive if the budget followed residents alone.

    A yardstick, not an allocation: no source publishes the amount of a project.

    Parameters
    ----------
    residents
        Persons, indexed by district.
    budget_eur
        Budget of the measure in euro.

    Returns
    -------
    DataFrame
        Same index: ``total_eur`` (sums to the budget) and ``per_resident_eur`` (the same for all).
    """
    per_resident = budget_eur / residents.sum()
    return pd.DataFrame({"total_eur": residents * per_resident, "per_resident_eur": per_resident})


def measure_budget(measures: pd.DataFrame, measure_id: str = MISURA_1) -> float:
    """Budget of a measure in euro, as planned in 2017."""
    return float(measures.set_index("measure_id").at[measure_id, "budget_eur"])


def project_of(
    distretto_id: str,
    district_projects: Iterable[Mapping],
    projects: Iterable[Mapping],
    partners: Iterable[Mapping],
    districts: Iterable[Mapping],
    quadrants: Iterable[Mapping],
) -> dict | None:
    """The Misura 1 project a district takes part in, as plain values.

    Parameters
    ----------
    district_projects, projects, partners, districts, quadrants
        Rows of the raw tables of these names, as :func:`helpers.data.raw.rows` gives them.

    Returns
    -------
    dict or None
        ``project_id``, ``slug``, ``title``, ``capofila_town``, ``lead``, ``lead_inferred``, ``partners`` (list of name
        and kind),
        ``quadrant``, ``districts`` (names), ``n_districts``, ``amount_eur``, ``link_status``, ``confidence``,
        ``source_ids``.
        Values no source gives are None. None altogether when the sources do not say which project it is.
    """
    link = next((row for row in district_projects if row["distretto_id"] == distretto_id), None)
    if link is None:
        return None
    number = link["project_id"]
    project = next(row for row in projects if row["project_id"] == number)
    sharing = [row["distretto_id"] for row in district_projects if row["project_id"] == number]
    names = {row["distretto_id"]: row["name"] for row in districts}
    return {
        "project_id": number,
        "slug": project["slug"],
        "title": project["project_title"],
        "capofila_town": project["capofila_town"],
        "lead": project["lead_ente_gestore"],
        "lead_inferred": project["lead_inferred_from"] == "town",
        "partners": [{"name": p["partner"], "kind": p["kind"]} for p in partners if p["project_id"] == number],
        "quadrant": next(row["name"] for row in quadrants if row["quadrant_id"] == project["quadrant_id"]),
        "districts": [names[code] for code in sharing],
        "n_districts": len(sharing),
        "amount_eur": project["amount_granted_eur"],
        "link_status": link["status"],
        "confidence": project["confidence"],
        "source_ids": split_ids(project["source_ids"]),
    }


def lead_status(project: Mapping) -> str:
    """Status of the lead body of a Misura 1 project: ``derived`` where it is inferred, whatever from."""
    return "derived" if project["lead_inferred_from"] else "sourced"
