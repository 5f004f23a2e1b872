"""What the region's own pages show: home, list of districts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from helpers.data import processed, raw, required
from helpers.pages.common.facts import STATUSES, map_facts, measure_1, overview_facts


@dataclass(frozen=True)
class RegionInputs:
    """Everything the home page and the list of districts show.

    Attributes
    ----------
    facts
        What their texts speak of, see :func:`.common.facts.overview_facts`.
    districts
        The processed districts with slug, comuni and residents by status, town of the project.
    ground
        Status and geometry of each comune.
    """

    facts: Mapping[str, Any]
    districts: gpd.GeoDataFrame
    ground: gpd.GeoDataFrame


def region_inputs() -> RegionInputs:
    """Cut what the home page and the list of districts show."""
    comuni = processed.load("comuni")
    table = processed.load("districts").copy()
    # Once the official table is at hand no boundary is derived or indicative: a status may be absent.
    status = pd.crosstab(comuni["distretto_id"], comuni["status"]).reindex(columns=STATUSES, fill_value=0)
    links = raw.load("district_projects").set_index("distretto_id")["project_id"]
    towns = raw.load("misura1_projects", columns=["project_id", "capofila_town"])
    table["slug"] = table["code"].map(raw.load("districts").set_index("distretto_id")["slug"])
    for name in STATUSES:
        table[name] = table["code"].map(status[name])
        own = comuni[comuni["status"] == name].groupby("distretto_id")["residents"].sum()
        table[f"residents_{name}"] = table["code"].map(own).fillna(0).astype("int64")
    table["project_town"] = table["code"].map(links).map(towns.set_index("project_id")["capofila_town"])
    return RegionInputs(overview_facts(), table, comuni[["status", "geometry"]])


#: The state of a district's project where no source or deduction names one.
UNKNOWN = "unknown"

#: The change that the home page shows.
CHANGE = "residents_change"

#: Events from the approval of the strategy to the day on which its projects were presented.
STEPS = ("EV-05", "EV-10", "EV-25", "EV-23", "EV-29", "EV-39", "EV-56")


@dataclass(frozen=True)
class HomeInputs:
    """What the home page shows besides :class:`RegionInputs`.

    Attributes
    ----------
    region
        That, so that the page runs again when it changes.
    facts
        What the texts speak of.
    project_status
        Per district, how it is known which project it took part in; :data:`UNKNOWN` where it is not.
    measures
        The measures with a budget of their own: ``measure_id``, ``slug``, ``fund``, ``budget_eur``.
    events
        Rows of :data:`STEPS`, by date.
    change
        What is said of :data:`CHANGE`, see :func:`.common.facts.map_facts`; None without the table.
    """

    region: RegionInputs
    facts: Mapping[str, Any]
    project_status: Mapping[str, str]
    measures: pd.DataFrame
    events: list[dict[str, Any]]
    change: Mapping[str, Any] | None


def home_inputs() -> HomeInputs:
    """Cut what the home page shows."""
    links = raw.load("district_projects")
    status = {code: UNKNOWN for code in raw.load("districts")["distretto_id"]}
    status |= dict(zip(links["distretto_id"], links["status"], strict=True))
    projects = raw.load("misura1_projects", columns=["project_id", "amount_granted_eur"])
    measures = raw.load("measures")
    measures = measures[measures["sub_call_of"].isna()].sort_values("budget_eur", ascending=False, kind="stable")
    events = required.rows(*STEPS)
    counts = pd.Series(status).value_counts()
    districts, region = processed.load("districts"), processed.load("region").iloc[0]
    change = None
    if CHANGE in districts:
        change = map_facts(districts, region, CHANGE) | {"n_fallen": int((districts[CHANGE] < 0).sum())}
    return HomeInputs(
        region=region_inputs(),
        facts={
            "n_projects": len(projects),
            "amounts_known": int(projects["amount_granted_eur"].notna().sum()),
            "n_results": len(raw.load("esf_indicators", columns=["code"])),
            "n_linked": {name: int(counts.get(name, 0)) for name in (*STATUSES, UNKNOWN)},
            "link_sources": sorted({i for ids in links["source_ids"] for i in ids}),
            "measure": measure_1(),
        },
        project_status=status,
        measures=measures[["measure_id", "slug", "fund", "budget_eur"]].reset_index(drop=True),
        events=sorted(
            ({**row, "event_id": key} for key, row in zip(STEPS, events, strict=True)), key=lambda e: e["date"]
        ),
        change=change,
    )
