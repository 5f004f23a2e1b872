"""What the page that sets WE.CA.RE. and WILL side by side shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.data import raw, required
from helpers.errors import InputError, Problem
from helpers.pages.common.facts import measure_1, overview_facts, project_facts
from helpers.pages.will.inputs import SEED, find_cities, find_finished, journey_facts

#: Dated events drawn for each of the two experiences.
EVENTS = {
    "wecare": ("EV-05", "EV-10", "EV-22", "EV-29", "EV-39", "EV-56", "EV-58"),
    "will": ("EV-35", "EV-45", "EV-61", "EV-70"),
}

#: What each cell of the comparison rests on, as ``dimension.side``: keys of rows, or of a source.
COMPARED = {
    "unit.wecare": ("EV-01", "EVF-02"),
    "unit.will": ("WCF-42",),
    "governance.wecare": ("EV-01", "ACT-03"),
    "governance.will": (SEED, "WCF-35", "WCF-36", "WCF-38"),
    "funding.wecare": ("ACT-02", "EV-50"),
    "funding.will": (),
    "object.wecare": ("M1", "M2", "WA", "FESR"),
    "object.will": (SEED, "WCF-30", "WCF-01", "WCF-10"),
    "duration.wecare": ("EV-05", "EV-10", "EV-56", "EV-58"),
    "duration.will": ("WCF-31",),
    "outcome.wecare": ("M1", "M2", "WFA-02", "M1F-12"),
    "outcome.will": ("WCF-40", "WCF-41"),
    "evaluation.wecare": ("EV-30", "EVF-01"),
    "evaluation.will": ("WCF-33", "WP-01"),
    "scale.wecare": ("EV-01", "M1"),
    "scale.will": ("WCF-42",),
    "population.wecare": (),
    "population.will": (),
}

#: Beneficiaries and enterprises of the ranking of the corporate-welfare call.
RANKING = ("WFA-02", "WFA-03")


@dataclass(frozen=True)
class WecareWillInputs:
    """Everything the page shows.

    Attributes
    ----------
    facts
        What its texts speak of.
    events
        Dated events of both, with ``side``.
    sources
        Ids by cell, as ``dimension.side``.
    """

    facts: dict[str, Any]
    events: pd.DataFrame
    sources: dict[str, list[str]]


def wecare_will_inputs() -> WecareWillInputs:
    """Cut what the page shows from the data."""
    cities = find_cities()
    facts = raw.load("will_city_facts").set_index("fact_id")
    overview = overview_facts()
    shared = ("budget_eur", "esf_eur", "erdf_eur", "n_districts", "n_comuni", "projects_funded", "m2_projects")
    beneficiaries, enterprises = required.rows(*RANKING)
    return WecareWillInputs(
        facts=journey_facts(cities, facts)
        | {key: overview[key] for key in shared}
        | {
            "region_residents": overview["residents"],
            "region_year": overview["year"],
            "n_granted": int(raw.load("misura1_projects", columns=["amount_granted_eur"]).notna().to_numpy().sum()),
            "grants": {k: v for k, v in measure_1().items() if k.startswith("grant")},
            "by_region": {str(k): int(v) for k, v in find_finished(cities)["region"].value_counts().items()},
            "wa_beneficiaries": int(beneficiaries["number"]),
            "wa_enterprises": int(enterprises["number"]),
            "n_events": sum(len(ids) for ids in EVENTS.values()),
            "town": _common_town(),
        },
        events=_events(),
        sources=_comparison_sources(),
    )


def _events() -> pd.DataFrame:
    """The dated events of both sides, with the first and last day each date can mean."""
    found = [event | {"side": side} for side, ids in EVENTS.items() for event in required.rows(*ids)]
    return pd.DataFrame(found)[["event_id", "side", "date", "precision", "confidence", "source_ids"]]


def _common_town() -> dict:
    """The town that is a district of WE.CA.RE. and a city of WILL: its project, partners and sources."""
    membership = raw.load("comune_distretto").set_index("istat")["distretto_id"]
    town = raw.load("will_comuni").set_index("istat")["name"].filter(membership.index)
    if town.empty:
        raise _no_common_town("will_comuni", "istat", None, "no comune of Piedmont is a city of WILL")
    code = membership[town.index[0]]
    project = project_facts(code)
    if project is None:
        rule = f"the district of {town.iloc[0]}, a city of WILL, has no project of Misura 1"
        raise _no_common_town("district_projects", "distretto_id", code, rule)
    return {
        "name": town.iloc[0],
        "slug": raw.load("districts").set_index("distretto_id").at[code, "slug"],
        "n_comuni": int((membership == code).sum()),
        "title": project["title"],
        "partners": [partner["name"] for partner in project["partners"]],
        "source_ids": list(project["source_ids"]),
        "link_status": project["link_status"],
    }


def _no_common_town(table: str, column: str, value: object, rule: str) -> InputError:
    """What is wrong where no town has a project of both: the comparison tells of one that has."""
    file, _ = raw.form(table)
    remedy = "add its row, or take the town out of the comparison"
    return InputError([Problem(raw.label(file), rule, remedy, column=column, value=value, reports=("wecare_will",))])


def _comparison_sources() -> dict[str, list[str]]:
    """Sources of each cell of the comparison, as ``dimension.side``; an empty list says that nothing was found."""
    return {cell: _sources_of(*keys) for cell, keys in COMPARED.items()}


def _sources_of(*keys: str) -> list[str]:
    """Sources of rows by key; the key of a source stands for itself."""
    return list(dict.fromkeys(i for key in keys for i in ([key] if key == SEED else required.sources(key))))
