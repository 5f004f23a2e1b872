"""What is true of the region and of its districts together, as plain values for the prose to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.analysis import insight, peers, territory
from helpers.analysis.indicators import as_printed, find_present, ids_compared, logarithmic
from helpers.data import processed, raw, required
from helpers.data.read_log import kept
from helpers.errors import WecareError
from helpers.subjects import strategy
from helpers.subjects.known_names import district_names
from helpers.system.id_lists import split_ids
from helpers.system.place_names import NameIndex

#: The index of Annex B of the act, which names five measures, and the interview that counts them.
MEASURE_COUNT = ("WFA-23", "STF-49")

#: Event of the change of fund of the ERDF measure.
FUND_CHANGE_EVENT = "EV-50"

#: The day on which the projects presented themselves.
PRESENTATION = "EV-56"

#: The district whose ambito a notice prints in full, as it stands in the official table (D.G.R. 21-8447), which was not
#: consulted: the sources of its row are those of the official table.
PRINTED_AMBITO = "D06"

#: A share is printed as a percentage with one decimal.
SHARE_PRECISION = 3

#: Statuses of a boundary, from known to likely.
STATUSES = ("sourced", "derived", "indicative")


def find_district(name: str) -> pd.Series:
    """Find a district by code (``D12``), slug (``cuneo``) or name, however it is written.

    Returns
    -------
    Series
        Its row of the raw table ``districts``.

    Raises
    ------
    WecareError
        If there is none; suggests the nearest.
    """
    districts = raw.load("districts")
    names = _district_names(raw.contents("districts"))
    match = names.find(name)
    if match is None or match.code is None:
        codes = match.codes if match else [code for code, _ in names.near(name)]
        near = districts.set_index("distretto_id")["slug"].reindex(list(dict.fromkeys(codes)))
        hint = f" Did you mean {', '.join(near)}?" if codes else ""
        raise WecareError(f"There is no district {name!r}.{hint} To do: `wecare districts` lists them.")
    return districts[districts["distretto_id"] == match.code].iloc[0]


@kept(maxsize=1)
def _district_names(contents: tuple[str, str]) -> NameIndex:
    return district_names(raw.load("districts"))


@dataclass(frozen=True)
class Region:
    """What the facts of every district are cut from; computed once for all of them.

    Attributes
    ----------
    districts, provinces
        The processed tables without geometry, indexed by code.
    printed
        The districts' values as they are printed.
    ranks
        Rank of each district on residents and indicators, 1 being the highest.
    compared
        What describes a district among the others, see :func:`helpers.analysis.indicators.ids_compared`.
    scores, distances
        See :mod:`helpers.analysis.insight` and :mod:`helpers.analysis.peers`.
    main
        The province where most residents of each district live, see :func:`helpers.analysis.territory.main_territory`.
    """

    districts: pd.DataFrame
    provinces: pd.DataFrame
    printed: pd.DataFrame
    ranks: pd.DataFrame
    compared: list[str]
    scores: pd.DataFrame
    distances: pd.DataFrame
    main: pd.DataFrame


def region_view() -> Region:
    """The region as it stands in ``data/processed``, cached until that changes."""
    return _region_view(processed.state())


@kept(maxsize=1)
def _region_view(state: tuple[str, ...]) -> Region:
    comuni = pd.DataFrame(processed.load("comuni").drop(columns="geometry"))
    districts, provinces = (
        pd.DataFrame(processed.load(level).drop(columns="geometry")).set_index("code")
        for level in ("districts", "provinces")
    )
    return Region(
        districts=districts,
        provinces=provinces,
        printed=as_printed(districts),
        ranks=districts[["residents", *(i.id for i in find_present(districts))]].rank(ascending=False, method="min"),
        compared=ids_compared(districts),
        scores=insight.find_scores(districts),
        distances=peers.distances(districts),
        main=territory.main_territory(comuni, "distretto_id", "province_code"),
    )


def overview_facts() -> dict[str, Any]:
    """Everything the prose of the region's pages may speak of."""
    comuni, districts = processed.load("comuni"), processed.load("districts")
    region = processed.load("region").iloc[0]
    measures = raw.load("measures")
    top = measures[measures["sub_call_of"].isna()]
    by_fund = top.groupby("fund")["budget_eur"].sum()
    edition = raw.edition()
    return {
        "budget_eur": float(top["budget_eur"].sum()),
        "esf_eur": float(by_fund["FSE"]),
        "erdf_eur": float(by_fund["FESR"]),
        "m1_budget_eur": strategy.measure_budget(measures),
        "measures": [
            {
                "measure_id": m.measure_id,
                "budget_eur": float(m.budget_eur),
                "source_ids": split_ids(m.source_ids),
            }
            for m in top.itertuples()
        ],
        "n_comuni": int(region["n_comuni"]),
        "residents": int(region["residents"]),
        "projects_funded": len(raw.load("misura1_projects", columns=["project_id"])),
        "m2_projects": int(required.row("M2")["projects_funded"]),
        "status": boundary_status(comuni),
        "old_age_index": float(region["old_age_index"]),
        **map_facts(districts, region, "old_age_index"),
        **_lowest_and_highest(districts, "residents", ("smallest", "largest"), "residents"),
        "n_half": _holding_half(districts["residents"]),
        "single_comune": districts.loc[districts["n_comuni"] == 1, "name"].tolist(),
        "year": raw.year("population"),
        "tolerance_m": territory.TOLERANCE_M,
        "peers_n": peers.PEERS,
        "peers_near": peers.NEAR,
        "insight": {"ends": insight.ENDS, "far": insight.FAR, "most": insight.MOST, "n": region_view().scores.shape[1]},
        "compared": region_view().compared,
        "logarithmic": logarithmic(region_view().compared),
        "sources": _overview_sources(),
        "official_sources": official_sources(),
        "edition": edition.version,
        "edition_date": edition.date.isoformat(),
        "data_licence": "CC BY 4.0",
        "code_licence": "EUPL-1.2",
        "url": None,
    }


def official_sources() -> list[str]:
    """Sources of what is known of the official table of the districts."""
    return required.sources(PRINTED_AMBITO)


def map_facts(districts: pd.DataFrame, region: pd.Series, indicator: str) -> dict[str, Any]:
    """What the texts of a map of the districts say of an indicator.

    Parameters
    ----------
    districts, region
        The processed districts, and the row of the region.
    indicator
        Id of an indicator.

    Returns
    -------
    dict
        ``n_districts``; ``indicator``; ``value`` of the region; ``lowest`` and ``highest`` district.
    """
    return {
        "n_districts": len(districts),
        "indicator": indicator,
        "value": float(region[indicator]),
        **_lowest_and_highest(districts, indicator, ("lowest", "highest"), "value"),
    }


def _holding_half(residents: pd.Series) -> int:
    """How few districts, the most populous first, hold half of the residents."""
    held = residents.sort_values(ascending=False).cumsum()
    return int((held < residents.sum() / 2).sum()) + 1


def _overview_sources() -> dict[str, Any]:
    """Sources of the key numbers: budget and measures, districts, projects."""
    m1, m2 = required.rows(strategy.MISURA_1, "M2")
    return {
        "budget": required.sources(strategy.APPROVAL),
        "districts": required.sources(strategy.DISTRICT_COUNT),
        "measure_count": required.sources(*MEASURE_COUNT),
        "m1_projects": list(m1["projects_source_ids"]),
        "m2_projects": list(m2["projects_source_ids"]),
        "fund_change": required.sources(FUND_CHANGE_EVENT),
        "approval": required.sources(strategy.APPROVAL),
        "last_day": required.sources(PRESENTATION),
    }


def _lowest_and_highest(districts: pd.DataFrame, by: str, ends: tuple[str, str], value: str) -> dict[str, Any]:
    """The districts with the lowest and the highest value, each with name, slug and the value."""
    slugs = raw.load("districts").set_index("distretto_id")["slug"]
    ranked = districts.dropna(subset=by).sort_values(by)
    rows = zip(ends, (ranked.iloc[0], ranked.iloc[-1]), strict=True)
    return {end: {"name": r["name"], "slug": slugs[r["code"]], value: float(r[by])} for end, r in rows}


def measure_1() -> dict[str, Any]:
    """What is known of Misura 1 as a whole: projects, budget, smallest and largest grant, lower bound of the sum."""
    row, over = required.rows(strategy.MISURA_1, strategy.M1_GRANTED_OVER)
    return {
        "projects": int(row["projects_funded"]),
        "grant_min_eur": float(row["grant_min_eur"]),
        "grant_max_eur": float(row["grant_max_eur"]),
        "total_over_eur": float(over["value"]),
        "budget_eur": float(row["budget_eur"]),
        "grant_source_ids": list(over["source_ids"]),
        "source_ids": split_ids(row["source_ids"]),
    }


def indicator_values(row: pd.Series, printed: bool = False) -> dict[str, float | None]:
    """Indicators of one territory, rounded to what is printed if asked; None where the ratio does not exist."""
    values = {}
    for i in find_present(row):
        value = None if pd.isna(row[i.id]) else float(row[i.id])
        values[i.id] = round(value, i.precision) if printed and value is not None else value
    return values


def boundary_status(comuni: pd.DataFrame) -> dict[str, Any]:
    """Comuni and share of residents by status of their assignment to a district."""
    status, residents = comuni["status"].to_numpy(), comuni["residents"].to_numpy()
    total = residents.sum()
    own = {name: status == name for name in STATUSES}
    return {name: {"n": int(mask.sum()), "share": float(residents[mask].sum() / total)} for name, mask in own.items()}


def project_facts(code: str) -> dict[str, Any] | None:
    """The Misura 1 project of a district, see :func:`helpers.subjects.strategy.project_of`."""
    links = raw.rows("district_projects", having=("distretto_id", code))
    if not links:
        return None
    own = "project_id", links[0]["project_id"]
    return strategy.project_of(
        code,
        *(raw.rows(table, having=own) for table in ("district_projects", "misura1_projects", "misura1_partners")),
        *(raw.rows(table) for table in ("districts", "quadrants")),
    )
