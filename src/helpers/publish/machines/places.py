"""Names of places and the district of each: what the search and ``Cerca il tuo comune`` complete."""

from __future__ import annotations

from helpers.data import processed, raw
from helpers.publish.machines.base import encode

PLACES = "data/places.json"


def places_file() -> dict[str, bytes]:
    """``data/places.json``: ``districts`` (slug, name) and ``comuni`` (name, place of its district among these).

    Names of comuni that merged are ``former`` (name, place of the comune of today), those that ours took since the
    year of our boundaries are ``later``.
    Comuni with more residents come first: of several that begin alike, a reader more often means the largest.
    """
    districts = raw.load("districts")
    at = {code: n for n, code in enumerate(districts["distretto_id"])}
    comuni = processed.load("comuni").sort_values(["residents", "code"], ascending=[False, True])
    listed = {
        "districts": districts[["slug", "name"]].to_numpy().tolist(),
        "comuni": [[name, at[code]] for name, code in zip(comuni["name"], comuni["distretto_id"], strict=True)],
    }
    return {PLACES: encode(listed | _other_names(comuni["code"].tolist()))}


def _other_names(codes: list[str]) -> dict[str, list]:
    """Names of before and after, each with the place of its comune among those listed."""
    at = {code: n for n, code in enumerate(codes)}
    changes = raw.load("comuni_changes")
    became = dict(zip(changes["old_istat"], changes["new_istat"], strict=True))

    def today(code: str) -> str:
        passed: set[str] = set()
        while code not in at and code in became and code not in passed:
            passed.add(code)
            code = became[code]
        return code

    named = changes.dropna(subset=["old_name", "new_name"])
    gone = [c for c in named.itertuples() if c.old_istat not in at]
    former = [[c.old_name, at[now]] for c in gone if (now := today(c.new_istat)) in at]
    later: dict[str, int] = {}
    for c in named.itertuples():
        if c.old_istat in at and c.new_istat not in at:
            later[c.new_name] = min(at[c.old_istat], later.get(c.new_name, len(at)))
    return {"former": former, "later": [list(pair) for pair in later.items()]}
