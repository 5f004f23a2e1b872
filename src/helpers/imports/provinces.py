"""Which regions a file of Italy's comuni covers whole, by the dated table ``province_regions``.

The first three digits of a comune's code are its province; ISTAT gives new ones when provinces change.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pandas as pd

TABLE = "province_regions"


@dataclass
class Coverage:
    """What a file covers.

    Attributes
    ----------
    region_of
        Region of each province of the file that is known.
    whole
        Regions of which the file has every province, in order.
    behind
        Why a region is not covered, by its code: it is not summed.
    unknown
        Provinces of the file that are in no region known here.
    few
        Comuni in the file and comuni known, by region covered, where the file has noticeably fewer.
    """

    region_of: dict[str, str]
    whole: list[str] = field(default_factory=list)
    behind: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    few: dict[str, tuple[int, int]] = field(default_factory=dict)


#: Comuni merge: of a region that is whole, more than this share of those known are in a file.
NOTICED = 0.95


def codes_of(table: pd.DataFrame, region: str) -> set[str]:
    """Every code that provinces of a region have or had."""
    return set(table.loc[table["region_code"] == region, "province_code"])


def sets_of(table: pd.DataFrame, region: str, day: dt.date) -> list[frozenset[str]]:
    """The provinces a file of a day may have for a region: those of the day, of the day before, and later ones.

    A file of 1 January may still have the codes of 31 December, and one made again later has later codes.

    Parameters
    ----------
    table
        ``province_regions`` as text: ``province_code``, ``region_code``, ``valid_from``, ``valid_to`` (blank: not known
        to have begun, or to have ended).
    region
        Its code.
    day
        Day of the file.
    """
    own = table[table["region_code"] == region]
    began, ended = own["valid_from"], own["valid_to"].replace("", "9999-12-31")
    today = day.isoformat()
    days = [today, (day - dt.timedelta(days=1)).isoformat(), *sorted(later for later in set(began) if later > today)]
    held = [frozenset(own.loc[(began <= d) & (d <= ended), "province_code"]) for d in days]
    return list(dict.fromkeys(filter(None, held)))


def cover(comuni: set[str], table: pd.DataFrame, day: dt.date) -> Coverage:
    """Find the regions a file covers whole.

    Parameters
    ----------
    comuni
        Codes of the comuni of the file.
    table
        ``province_regions`` as text, with ``comuni``, the number of comuni of each province.
    day
        Day of the file.

    Notes
    -----
    A province nobody knows belongs to the regions that lack some. Where none does, it may have been cut out of any:
    then only a region that lacks fewer comuni than such a province has is taken for whole.
    """
    size = pd.Series(sorted(comuni), dtype="str").str[:3].value_counts()
    regions = dict(zip(table["province_code"], table["region_code"], strict=True))
    found = Coverage({code: regions[code] for code in size.index if code in regions})
    found.unknown = sorted(set(size.index) - set(regions))
    lacks: dict[str, int] = {}
    for region in sorted(set(table["region_code"])):
        held = codes_of(table, region) & set(size.index)
        due = sets_of(table, region, day)
        if held not in due:
            found.behind[region] = _why_not(held, due[0])
            continue
        found.whole.append(region)
        known = table[table["province_code"].isin(held)]["comuni"]
        sizes = (int(size[list(held)].sum()), int(pd.to_numeric(known).sum()))
        lacks[region] = sizes[1] - sizes[0]
        if sizes[0] < NOTICED * sizes[1]:
            found.few[region] = sizes
    if found.unknown and not found.behind:
        smallest = int(size[found.unknown].min())
        for region in [region for region in found.whole if lacks[region] >= smallest]:
            found.whole.remove(region)
            found.few.pop(region, None)
            found.behind[region] = f"{lacks[region]:,} of its comuni may be in the provinces that are not known"
    return found


def _why_not(held: set[str], due: frozenset[str]) -> str:
    if not held:
        return "the file has none of its provinces"
    lacking, others = sorted(due - held), sorted(held - due)
    told = (
        [f"the file lacks {'its province' if len(lacking) == 1 else 'its provinces'} {', '.join(lacking)}"]
        if lacking
        else []
    )
    told += [f"it has {', '.join(others)}, of another time"] if others else []
    return " and ".join(told)
