"""Names of places and the district of each: what the search and ``Cerca il tuo comune`` complete."""

from __future__ import annotations

from helpers.data import processed, raw
from helpers.publish.machines.base import encode

PLACES = "data/places.json"


def places_file() -> dict[str, bytes]:
    """``data/places.json``: ``districts`` (slug, name) and ``comuni`` (name, place of its district among these).

    Comuni with more residents come first: of several that begin alike, a reader more often means the largest.
    """
    districts = raw.load("districts")
    at = {code: n for n, code in enumerate(districts["distretto_id"])}
    comuni = processed.load("comuni").sort_values(["residents", "code"], ascending=[False, True])
    listed = {
        "districts": districts[["slug", "name"]].to_numpy().tolist(),
        "comuni": [[name, at[code]] for name, code in zip(comuni["name"], comuni["distretto_id"], strict=True)],
    }
    return {PLACES: encode(listed)}
