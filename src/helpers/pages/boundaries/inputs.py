"""What the page on the boundaries of the districts shows."""

from __future__ import annotations

import pandas as pd

from helpers.data import processed, raw
from helpers.pages.common.facts import GRANT_SOURCES, OFFICIAL_TABLE_SOURCES, STATUSES, boundary_status
from helpers.subjects import boundaries

#: The announcement of the approved projects counts this many bodies (source S027).
PUBLISHED_BODIES = 50

#: The health district of Mondovì-Ceva counts this many comuni (source S230); the district here should be the same.
HEALTH_DISTRICT = ("D14", 64, ("S230",))


def boundaries_inputs() -> dict[str, object]:
    """Everything the page on the boundaries shows.

    Returns
    -------
    dict
        ``facts``; ``districts`` (identity, statuses and counts of each), ``rules``, ``bodies`` (against published
        numbers), ``notes`` (what sources say of the bodies), ``provinces`` (with quadrant and counts).
    """
    comuni, assignment = processed.load("comuni"), raw.load("comune_distretto")
    districts = raw.load("districts").set_index("distretto_id")
    districts = districts.join(boundaries.status_by_district(comuni, STATUSES)).reset_index()
    bodies = boundaries.against_published(raw.load("enti_gestori"), assignment)
    compared = bodies.dropna(subset="published_comuni")
    same = compared["difference"] == 0
    rules = boundaries.rule_counts(assignment)
    return {
        "facts": {
            "n_districts": len(districts),
            "n_comuni": len(assignment),
            "status": boundary_status(comuni),
            "n_sourced": int((districts["sourced"] == districts["n_comuni"]).sum()),
            "official_sources": list(OFFICIAL_TABLE_SOURCES),
            "bodies": len(bodies),
            "compared": len(compared),
            "matching": int(same.sum()),
            "differing": int((~same).sum()),
            "notes": len(raw.load("enti_gestori_notes")),
            "rules": len(rules),
            "published_bodies": PUBLISHED_BODIES,
            "published_bodies_sources": list(GRANT_SOURCES),
            "health_district": _health_district(districts),
        },
        "districts": districts,
        "rules": rules,
        "bodies": bodies,
        "notes": raw.load("enti_gestori_notes"),
        "provinces": _provinces(comuni),
    }


def _health_district(districts: pd.DataFrame) -> dict:
    """A district that should be as large as its health district: name, comuni counted and published, sources."""
    code, published, sources = HEALTH_DISTRICT
    row = districts.set_index("distretto_id").loc[code]
    return {
        "name": row["name"],
        "slug": row["slug"],
        "counted": int(row["n_comuni"]),
        "published": published,
        "sources": list(sources),
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
