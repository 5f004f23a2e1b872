"""What the page on resources shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from helpers.analysis import funding, need
from helpers.data import processed, raw, required
from helpers.pages.common.facts import measure_1
from helpers.pages.common.spending_inputs import RegionSpending, region_spending
from helpers.subjects import strategy

#: Rows that say which programmes 2014-2020 the two funds belong to.
PROGRAMMES = ("PRF-06", "PRF-19")

#: Shares of the call of Misura 2 (rows of ``misura2_facts``) and how the diagram calls them.
CALL_PARTS = {"M2F-01": "areas", "M2F-02": "regional"}

#: Rows that give a partner's share of a project, which is no grant of the project.
PARTNER_SHARES = ("M1F-08", "M1F-11")

#: What the page shows of each project.
PROJECT_COLUMNS = ("project_id", "capofila_town", "quadrant_id", "amount_granted_eur", "source_ids")

#: A ranking that differs from its call; a change of fund.
RANKING, CHANGED_FUND = "WFA-01", "WFA-16"

#: The one grant of a single project of WE.CA.RE. in the sources; it is no project of Misura 1.
ONE_GRANT = "WFA-08"


@dataclass(frozen=True)
class ResourcesInputs:
    """Everything the page on resources shows.

    Attributes
    ----------
    facts
        What its texts speak of.
    flows
        From fund to measure to call.
    quadrants
        Projects, residents, bounds of the grants.
    projects
        Those of Misura 1, with the districts that share each.
    districts
        Benchmarks and grants.
    spending
        What was funded, committed and paid; None if nothing has been imported.
    """

    facts: Mapping[str, Any]
    flows: pd.DataFrame
    quadrants: pd.DataFrame
    projects: pd.DataFrame
    districts: gpd.GeoDataFrame
    spending: RegionSpending | None


def resources_inputs(
    equal_share: float = funding.MIX["equal"],
    residents_share: float = funding.MIX["residents"],
    need_share: float = funding.MIX["need"],
) -> ResourcesInputs:
    """Cut what the page on resources shows.

    Parameters
    ----------
    equal_share, residents_share, need_share
        The mixed benchmark's shares of the budget; they sum to 1.
    """
    mix = {"equal": equal_share, "residents": residents_share, "need": need_share}
    measures, projects = raw.load("measures"), raw.load("misura1_projects", columns=PROJECT_COLUMNS)
    granted = funding.grants(projects, _add_imported())
    flows = funding.flows(measures, _call_parts())
    districts = _districts(mix)
    quadrants = _quadrants(projects, granted)
    return ResourcesInputs(
        facts=_facts(measures, flows, granted, quadrants, districts, mix),
        flows=flows.assign(source_ids=flows["source_ids"].map(";".join)),
        quadrants=quadrants,
        projects=_projects(projects, granted),
        districts=districts,
        spending=region_spending(),
    )


def _add_imported() -> pd.DataFrame | None:
    return raw.load(funding.GRANTS_TABLE) if funding.GRANTS_TABLE in raw.tables() else None


def _call_parts() -> pd.DataFrame:
    rows = pd.DataFrame(required.rows(*CALL_PARTS))[["amount_eur", "source_ids"]]
    return rows.assign(measure_id="M2", part=list(CALL_PARTS.values()))[["measure_id", "part", *rows]]


def _districts(mix: dict[str, float]) -> gpd.GeoDataFrame:
    """Benchmarks of each district in euro and per resident, and its grant where it is known."""
    table = processed.load("districts")[["code", "name", "residents", "geometry"]]
    money = processed.load("resources").set_index("code")
    index = processed.load("need").set_index("code")["index"]
    residents = table.set_index("code")["residents"]
    budget = float(money["residents_eur"].sum())
    amounts = funding.benchmarks(residents, index, budget, mix)
    slugs = raw.load("districts").set_index("distretto_id")["slug"]
    table = table.assign(slug=table["code"].map(slugs), index=table["code"].map(index))
    for name in funding.BENCHMARKS:
        table[f"{name}_eur"] = table["code"].map(amounts[name])
        table[f"{name}_per_resident"] = table["code"].map(amounts[name] / residents)
    for column in ("granted_eur", "project_eur", "granted_status", "granted_by", "shared_by"):
        table[column] = table["code"].map(money[column])
    return table


def _quadrants(projects: pd.DataFrame, granted: pd.Series) -> pd.DataFrame:
    """Per quadrant: projects, residents, what is granted as far as known, and between which sums it must lie."""
    measure = measure_1()
    group = projects.set_index("project_id")["quadrant_id"]
    count = group.value_counts()
    known = granted.groupby(group).sum(min_count=1)
    n_known = granted.notna().groupby(group).sum()
    table = raw.load("quadrants").set_index("quadrant_id")
    people = processed.load("quadrants").set_index("code")["residents"]
    table = table.assign(projects=count, known=n_known, granted_eur=known, residents=people)
    table["projects"] = table["projects"].fillna(0).astype(int)
    paid = float(granted.sum())
    try:
        low_high = funding.grant_bounds(
            table["projects"] - table["known"],
            measure["grant_min_eur"],
            measure["grant_max_eur"],
            max(0.0, measure["total_over_eur"] - paid),
            _ceiling() - paid,
        )
        table = table.join(low_high.add(table["granted_eur"].fillna(0), axis=0))
    except ValueError:
        # What is known of single projects does not agree with what is known of all: no bound can be given.
        table[["low_eur", "high_eur"]] = float("nan")
    for end in ("low", "high"):
        table[f"{end}_per_resident"] = table[f"{end}_eur"] / table["residents"]
    return table.reset_index().sort_values("projects", ascending=False, kind="stable", ignore_index=True)


def _ceiling() -> float:
    """The highest total of Misura 1 that a source gives."""
    return max(measure_1()["budget_eur"], float(required.row(strategy.M1_COMMITMENT)["amount_eur"]))


def _projects(projects: pd.DataFrame, granted: pd.Series) -> pd.DataFrame:
    names = raw.load("districts").set_index("distretto_id")["name"]
    links = raw.load("district_projects")
    members = links["distretto_id"].map(names).groupby(links["project_id"]).agg("; ".join)
    quadrants = raw.load("quadrants").set_index("quadrant_id")["name"]
    return pd.DataFrame(
        {
            "project_id": projects["project_id"],
            "capofila_town": projects["capofila_town"],
            "quadrant": projects["quadrant_id"].map(quadrants),
            "districts": projects["project_id"].map(members),
            "n_districts": projects["project_id"].map(links.groupby("project_id").size()).fillna(0).astype(int),
            "granted_eur": projects["project_id"].map(granted),
            "source_ids": projects["source_ids"].map(";".join),
        }
    ).sort_values(["quadrant", "capofila_town"], ignore_index=True)


def _facts(
    measures: pd.DataFrame,
    flows: pd.DataFrame,
    granted: pd.Series,
    quadrants: pd.DataFrame,
    districts: pd.DataFrame,
    mix: dict[str, float],
) -> dict[str, Any]:
    commitment, one_grant = required.rows(strategy.M1_COMMITMENT, ONE_GRANT)
    by_fund = flows[flows["level"] == 1].groupby("source")["amount_eur"].sum()
    shares = quadrants.astype(object).where(quadrants.notna(), None).to_dict("records")
    per_resident = float(districts["residents_per_resident"].iloc[0])
    bounded = [q for q in shares if q["low_per_resident"] is not None]
    return {
        "budget_eur": float(by_fund.sum()),
        "esf_eur": float(by_fund["FSE"]),
        "erdf_eur": float(by_fund["FESR"]),
        "n_measures": int((flows["level"] == 1).sum()),
        "budget_sources": required.sources(strategy.APPROVAL),
        "programme_sources": sorted(required.sources(*PROGRAMMES)),
        "measure": measure_1(),
        "average_eur": {"low": measure_1()["total_over_eur"] / len(granted), "high": _ceiling() / len(granted)},
        "n_known": int(granted.notna().sum()),
        "known_eur": float(granted.sum()),
        "rest_eur": float(flows.loc[flows["target"] == "WA-rest", "amount_eur"].sum()),
        "wa": _corporate_welfare(),
        "commitment": {"eur": float(commitment["amount_eur"]), "source_ids": list(commitment["source_ids"])},
        "wa_sources": required.sources("WA"),
        "changed_fund_sources": required.sources(CHANGED_FUND),
        "partner_shares": _partner_shares(),
        "one_grant": {"eur": float(one_grant["amount_eur"]), "source_ids": list(one_grant["source_ids"])},
        "ceiling_eur": _ceiling(),
        "quadrants": shares,
        "per_resident_eur": per_resident,
        "consistent": bool(bounded),
        "below": [q for q in bounded if q["high_per_resident"] < per_resident],
        "above": [q for q in bounded if q["low_per_resident"] > per_resident],
        "n_districts": len(districts),
        "mix": mix,
        "strength": need.SPREAD / need.MEAN,
        "extremes": {name: _extremes(districts, name) for name in ("need", "mix")},
        "n_unknown_project": int(districts["shared_by"].isna().sum()),
        "year": raw.year("population"),
        "districts_path": "distretti/",
    }


def _corporate_welfare() -> dict[str, Any]:
    """The budget of corporate welfare beside those of its last call and of the ranking."""
    measure, call, ranking = required.rows("WA", "WA-PRO", RANKING)
    return {
        "budget_eur": float(measure["budget_eur"]),
        "call_eur": float(call["budget_eur"]),
        "ranking_eur": float(ranking["amount_eur"]),
        "source_ids": [*ranking["source_ids"], *call["source_ids"]],
    }


def _partner_shares() -> list[dict[str, Any]]:
    """What is known of single partners' parts of a grant, with the town of the project."""
    projects = raw.load("misura1_projects", columns=["project_id", "capofila_town"])
    towns = projects.set_index("project_id")["capofila_town"]
    return [
        {
            "town": towns[fact["project_id"]],
            "eur": float(fact["amount_eur"]),
            "source_ids": list(fact["source_ids"]),
        }
        for fact in required.rows(*PARTNER_SHARES)
    ]


def _extremes(districts: pd.DataFrame, benchmark: str) -> dict[str, Any]:
    """Districts with the least and the most per resident under a benchmark."""
    ranked = districts.sort_values(f"{benchmark}_per_resident")
    return {
        end: {"name": row["name"], "slug": row["slug"], "eur": float(row[f"{benchmark}_per_resident"])}
        for end, row in (("lowest", ranked.iloc[0]), ("highest", ranked.iloc[-1]))
    }
