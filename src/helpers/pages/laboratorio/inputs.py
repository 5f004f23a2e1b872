"""What the pages of the interregional laboratory show: the pact, the good practices, the regions compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from helpers import config
from helpers.analysis.classes import indicator_bounds
from helpers.analysis.people import tell_years
from helpers.data import raw, required
from helpers.figures import charts
from helpers.pages.common.datasets import region_years
from helpers.subjects import italy, regions

#: Facts on the pact, by the table they stand in: the day of the forum, what came after, what other regions did.
FORUM_FACTS = ("PAF-03", "PAF-04", "PAF-05", "PAF-06", "PAF-07")
LATER_FACTS = ("PAF-01", "PAF-02", "PAF-16", "PAF-17", "PAF-18")

#: Events the timeline names, in order.
EVENTS = {"strategy": "EV-05", "forum": "EV-29", "seed": "EV-68", "seed2scale": "EV-69"}

#: What the map of the regions shows.
MAP_INDICATOR = "old_age_index"

#: What the text on moves and incomes speaks of.
CHANGE_FACTS = ("natural_balance_rate", "migration_balance_rate", "foreign_share", "income_per_taxpayer")


@dataclass(frozen=True)
class LaboratorioInputs:
    """Everything the page of the pact shows.

    Attributes
    ----------
    facts
        What its texts speak of.
    regions
        The twenty by code, with role and geometry.
    pact
        Rows of ``patto_regions``.
    forum, later, others
        Rows of ``patto_facts``: on the day of the forum, on what came after, on other regions.
    """

    facts: dict[str, Any]
    regions: gpd.GeoDataFrame
    pact: pd.DataFrame
    forum: pd.DataFrame
    later: pd.DataFrame
    others: pd.DataFrame


@dataclass(frozen=True)
class GoodPracticesInputs:
    """Everything the catalogue of practices shows.

    Attributes
    ----------
    facts
        What its texts speak of.
    practices
        Every row of ``good_practices``.
    """

    facts: dict[str, Any]
    practices: pd.DataFrame


@dataclass(frozen=True)
class RegionsInputs:
    """Everything the comparison of the regions shows.

    Attributes
    ----------
    facts
        What its texts speak of.
    regions
        By code: role, geometry, residents, indicators, and the year of the people.
    italy
        One row: residents and indicators.
    bounds
        Of the classes of the map.
    changing
        By code, Italy last: name, role, and the indicators of :func:`helpers.subjects.italy.indicators`.
    classes
        Five-year classes of the regions with a signatory, by ``code``.
    italy_classes
        The same of Italy.
    """

    facts: dict[str, Any]
    regions: gpd.GeoDataFrame
    italy: pd.DataFrame
    bounds: Sequence[float]
    changing: pd.DataFrame
    classes: pd.DataFrame
    italy_classes: pd.DataFrame


def laboratorio_inputs() -> LaboratorioInputs:
    """Cut what the page of the pact shows from the data."""
    required.rows(*FORUM_FACTS, *LATER_FACTS)
    pact, found = raw.load("patto_regions"), raw.load("patto_facts")
    rest = [f for f in found["fact_id"] if f not in FORUM_FACTS + LATER_FACTS]
    by_id = found.set_index("fact_id", drop=False)
    areas = _areas(pact)
    return LaboratorioInputs(
        facts=_pact_facts(pact, found, areas),
        regions=areas,
        pact=_plain(pact),
        forum=_plain(by_id.loc[list(FORUM_FACTS)]),
        later=_plain(by_id.loc[list(LATER_FACTS)]),
        others=_plain(by_id.loc[rest]),
    )


def good_practices_inputs() -> GoodPracticesInputs:
    """Cut what the catalogue of practices shows from the data."""
    practices = _plain(raw.load("good_practices"))
    named = practices["named_at_forum"].map(str)
    facts = {
        "n_practices": len(practices),
        "n_named": int((named == "True").sum()),
        "not_named": practices.loc[named == "False", "practice"].tolist(),
    }
    return GoodPracticesInputs(facts, practices)


def regions_inputs(indicator: str = MAP_INDICATOR) -> RegionsInputs:
    """Cut what the comparison of the regions shows from the data; ``indicator`` is that of its map."""
    areas = _areas(raw.load("patto_regions"))
    population = raw.load("population_regions")
    profile = regions.profiles(population)
    shown = ["residents", *regions.INDICATORS]
    years = region_years()
    table = areas.join(profile[shown]).assign(year=areas["name"].map(years))
    classes = pd.concat(
        [
            charts.age_classes(population[population["region_code"] == code]).assign(code=code)
            for code in areas.index[areas["role"].isin([*regions.SIGNED, "signed_part"])]
        ],
        ignore_index=True,
    )
    summed = population.groupby("age")[["female", "male"]].sum().reset_index()
    changing = _changing(areas, profile)
    return RegionsInputs(
        facts=_region_facts(table, profile, years, indicator) | _change_facts(changing),
        regions=table,
        italy=profile.loc[["IT"], shown],
        bounds=indicator_bounds(table, indicator),
        changing=changing,
        classes=classes,
        italy_classes=charts.age_classes(summed),
    )


def _changing(areas: pd.DataFrame, profile: pd.DataFrame) -> pd.DataFrame:
    """Moves, foreign residents and incomes of the regions and, last, of Italy."""
    counts = italy.with_italy(raw.load("italy_counts"), areas.index)
    table = italy.indicators(counts, profile[["residents"]])
    return areas[["name", "role"]].join(table, how="right").rename_axis("code")


def _change_facts(table: pd.DataFrame) -> dict:
    """What the text on moves and incomes says: how many regions, and the ends."""
    own, whole = table.drop(index=italy.ITALY), table.loc[italy.ITALY]

    def ends(indicator: str) -> dict:
        ranked = own.dropna(subset=[indicator]).sort_values(indicator)
        pairs = zip(("low", "high"), (ranked.iloc[0], ranked.iloc[-1]), strict=True)
        found = {end: {"name": row["name"], "value": float(row[indicator])} for end, row in pairs}
        return found | {"italy": float(whole[indicator]), "year": int(own[f"{indicator}_year"].iloc[0])}

    return {
        "n_fewer_born": int((own["natural_balance_rate"] < 0).sum()),
        "n_gaining": int((own["migration_balance_rate"] > 0).sum()),
        "change": {i: ends(i) for i in CHANGE_FACTS},
    }


def _areas(pact: pd.DataFrame) -> gpd.GeoDataFrame:
    """The twenty regions by code, with name, role in the pact and borders in metres."""
    names = raw.load("regions").set_index("region_code")["name"]
    table = regions.roles(pact, names)
    borders = raw.load_geometry("regions_geometry").to_crs(config.CRS_MAP).set_index("region_code")
    return gpd.GeoDataFrame(table, geometry=borders.geometry.reindex(table.index), crs=borders.crs)


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows as objects, what is missing as None, sources as one text."""
    table = frame.reset_index(drop=True).astype(object)
    table = table.where(table.notna(), None)
    return table.assign(source_ids=[";".join(ids) for ids in frame["source_ids"]])


def _ids(cells: pd.Series) -> list[str]:
    """Every source named in a column, once, in order."""
    return sorted({i for cell in cells for i in (cell.split(";") if isinstance(cell, str) else cell) if i})


def _pact_facts(pact: pd.DataFrame, found: pd.DataFrame, areas: pd.DataFrame) -> dict:
    text, events = raw.load("patto_text"), dict(zip(EVENTS, required.rows(*EVENTS.values()), strict=True))
    signed = pact[pact["signatory"]]
    yes = pact["presented_practice"] == "yes"
    items = {
        kind: [
            {
                "id": r.item_id,
                "title": {"it": r.title_it, "en": r.title_en},
                "text": None if pd.isna(r.text_it) else {"it": r.text_it, "en": r.text_en},
                "sources": list(r.source_ids),
            }
            for r in rows.sort_values("position").itertuples()
        ]
        for kind, rows in text.groupby("kind", sort=False)
    }
    measures = raw.load("measures")
    return {
        "n_signatories": len(signed),
        "signatories": signed["region"].tolist(),
        "presented": pact.loc[yes, "region"].tolist(),
        "n_presented": int(yes.sum()),
        "presented_conflict": pact.loc[pact["presented_practice"] == "conflict", "region"].tolist(),
        "signed_only": signed.loc[signed["presented_practice"].isna(), "region"].tolist(),
        "presented_only": pact.loc[~pact["signatory"], "region"].tolist(),
        "n_regions": len(areas),
        "n_none": int((areas["role"] == "none").sum()),
        "items": items,
        "shared_items": {
            kind: sum("S120" in item["sources"] for item in items[kind]) for kind in ("objective", "topic")
        },
        "events": {
            name: {
                "date": event["date"],
                "precision": event["precision"],
                "sources": list(event["source_ids"]),
            }
            for name, event in events.items()
        },
        "sources": {r.fact_id: list(r.source_ids) for r in found.itertuples() if r.source_ids},
        "pact_sources": _ids(pact["source_ids"]),
        "budget_eur": float(measures.loc[measures["sub_call_of"].isna(), "budget_eur"].sum()),
    }


def _region_facts(table: pd.DataFrame, profile: pd.DataFrame, years: dict[str, int], indicator: str) -> dict:
    signed = table.index[table["role"].isin(regions.SIGNED)].tolist()
    part = table.index[table["role"] == "signed_part"].tolist()
    ranked = table.sort_values(indicator)
    ranks = table[indicator].rank(ascending=False, method="min").astype(int)

    def of(code: str) -> dict:
        row = table.loc[code]
        return {"name": row["name"], "value": float(row[indicator]), "rank": int(ranks[code])}

    return {
        "indicator": indicator,
        "year": tell_years(years),
        "one_year": len(set(years.values())) == 1,
        "incomplete": "incomplete" in raw.resource("population_regions").get("usageWarnings", ()),
        "n_regions": len(table),
        "signed": [of(c) for c in sorted(signed, key=lambda c: ranks[c])],
        "part": [of(c) | {"body": table.at[c, "body"]} for c in part],
        "n_signed": len(signed),
        "signed_residents": int(profile.loc[signed, "residents"].sum()),
        "signed_share": regions.share_living_in(profile, signed),
        "italy": {"residents": int(profile.at["IT", "residents"]), "value": float(profile.at["IT", indicator])},
        "highest": of(ranked.index[-1]),
        "lowest": of(ranked.index[0]),
        "above": int((table.loc[signed, indicator] > profile.at["IT", indicator]).sum()),
        "italy_share_65": float(profile.at["IT", "share_65_plus"]),
    }
