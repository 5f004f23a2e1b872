"""What the page on the boundaries of the districts shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.data import processed, raw, required
from helpers.pages.common.facts import STATUSES, boundary_status, official_sources
from helpers.subjects import boundaries, measures

#: A district that should be the same as its health district, whose comuni a source counts.
HEALTH_DISTRICT = "D14"


@dataclass(frozen=True)
class BoundariesInputs:
    """Everything the page on the boundaries shows.

    Attributes
    ----------
    facts
        What its texts speak of.
    districts
        Identity, statuses and counts of each.
    rules
        By which assignments were derived, with the comuni and districts of each.
    bodies
        Their comuni counted here against published numbers.
    notes
        What sources say of the bodies.
    provinces
        With quadrant, comuni, residents and districts.
    """

    facts: dict[str, Any]
    districts: pd.DataFrame
    rules: pd.DataFrame
    bodies: pd.DataFrame
    notes: pd.DataFrame
    provinces: pd.DataFrame


def boundaries_inputs() -> BoundariesInputs:
    """Cut what the page shows from the data."""
    comuni, assignment = processed.load("comuni"), raw.load("comune_distretto")
    districts = raw.load("districts").set_index("distretto_id")
    districts = districts.join(boundaries.status_by_district(comuni, STATUSES)).reset_index()
    bodies = boundaries.against_published(raw.load("enti_gestori"), assignment)
    compared = bodies.dropna(subset="published_comuni")
    same = compared["difference"] == 0
    rules = boundaries.rule_counts(assignment)
    published = required.row(measures.M1_ENTI)
    return BoundariesInputs(
        facts={
            "n_districts": len(districts),
            "n_comuni": len(assignment),
            "status": boundary_status(comuni),
            "n_sourced": int((districts["sourced"] == districts["n_comuni"]).sum()),
            "official_sources": official_sources(),
            "bodies": len(bodies),
            "compared": len(compared),
            "matching": int(same.sum()),
            "differing": int((~same).sum()),
            "notes": len(raw.load("enti_gestori_notes")),
            "rules": len(rules),
            "published_bodies": int(published["value"]),
            "published_bodies_sources": list(published["source_ids"]),
            "health_district": _health_district(districts),
        },
        districts=districts,
        rules=rules,
        bodies=bodies,
        notes=raw.load("enti_gestori_notes"),
        provinces=_provinces(comuni),
    )


def _health_district(districts: pd.DataFrame) -> dict:
    """A district that should be as large as its health district: name, comuni counted and published, sources."""
    told = required.row(HEALTH_DISTRICT)
    row = districts.set_index("distretto_id").loc[HEALTH_DISTRICT]
    return {
        "name": row["name"],
        "slug": row["slug"],
        "counted": int(row["n_comuni"]),
        "published": int(told["health_district_comuni"]),
        "sources": list(told["health_district_source_ids"]),
    }


def _provinces(comuni: pd.DataFrame) -> pd.DataFrame:
    """Provinces with quadrant, comuni, residents and the districts that have comuni there."""
    groups = comuni.groupby("province_code")
    counts = pd.DataFrame(
        {
            "n_comuni": groups.size(),
            "residents": groups["residents"].sum(),
            "n_districts": groups["distretto_id"].nunique(),
        }
    )
    quadrants = raw.load("province_quadrant").merge(raw.load("quadrants"), on="quadrant_id")
    quadrants = quadrants.set_index("province_code")["name"].rename("quadrant")
    return raw.load("provinces").set_index("province_code").join(quadrants).join(counts).reset_index()
