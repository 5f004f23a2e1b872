"""What a person calls a place, a measure or an indicator → its key; names, codes, slugs and lead towns alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

import pandas as pd

from helpers import config
from helpers.data import processed, raw
from helpers.declarations import names as declared
from helpers.desk.added import ADDED
from helpers.errors import nearest, refuse
from helpers.prose.labels import label_or
from helpers.subjects.known_names import comuni_names, district_names
from helpers.system.place_names import Match, NameIndex, restore_code

#: The column that holds the key of each level: the same in every table of the desk, whatever it is called in the files.
KEYS = {"comuni": "comune", "districts": "district", "provinces": "province", "quadrants": "quadrant"}
KEYS |= {"region": "region"}

#: Levels in the order in which a name is looked for where none is said.
ORDER = ("districts", "provinces", "comuni", "quadrants", "region")

#: One of each level, as a person calls it.
ONE = {"comuni": "comune", "districts": "district", "provinces": "province", "quadrants": "quadrant"}
ONE |= {"region": "region"}


def find_place(name: object, level: str, call: str) -> str:
    """The code of a place.

    Parameters
    ----------
    name
        Name however it is written, code (also without its zeros), slug, the abbreviation of a province, or the lead
        town of a district.
    level
        One of :data:`KEYS`.
    call
        What an error names.

    Raises
    ------
    InputError
        If there is none, or several fit; says the nearest.
    """
    find_level(level, call)
    index, match = index_of(level), _match(name, level)
    if match is None:
        near = [f"{code} ({found})" if level == "comuni" else found for code, found in index.near(str(name))]
        remedy = f"write {' or '.join(near)}" if near else f"we.{level} lists them"
        raise refuse(call, f"there is no {ONE[level]} of this name{_elsewhere(name, level)}", remedy, name)
    if match.code is None:
        told = " or ".join(f"{code} ({found})" for code, found in match.candidates)
        raise refuse(call, "several places are called so", f"write the code: {told}", name)
    return match.code


def find_anywhere(name: object, call: str, level: str | None = None) -> tuple[str, str]:
    """Level and code of a place: of the first of :data:`ORDER` that has it where no level is said."""
    if level is None:
        level = next((each for each in ORDER if _match(name, each)), "districts")
    return level, find_place(name, level, call)


def find_level(level: str, call: str) -> str:
    """A level; refuses what is none."""
    if level not in KEYS:
        raise refuse(call, "there is no such level", nearest(level, KEYS), level)
    return level


def find_measure(name: object, call: str) -> str:
    """The id of a measure, given by its id, slug, number (``Misura 1``) or name."""
    measures = raw.load("measures")
    names: dict[str, list[str]] = {}
    for row in measures.itertuples(index=False):
        slug = row.slug if isinstance(row.slug, str) else ""
        worded = [label_or(lang, f"measure.{row.measure_id}", "") for lang in config.LANGUAGES]
        names[row.measure_id] = [text for text in (row.measure_id, slug, row.official_name, *worded) if text]
    match = NameIndex(names).find(str(name))
    if match is None or match.code is None:
        known = [slug.replace("-", " ").capitalize() for slug in measures["slug"].dropna()]
        raise refuse(call, "there is no measure of this name", nearest(name, known), name)
    return match.code


def find_indicator(name: object, among: Collection[str], call: str) -> str:
    """The id of an indicator or count, added ones too; see :func:`helpers.declarations.names.find_indicator`."""
    return declared.find_indicator(name, among, call, ADDED)


def _match(name: object, level: str) -> Match | None:
    index, text = index_of(level), str(name).strip()
    if found := index.find(text):
        return found
    digits = {"comuni": 6, "provinces": 3, "region": 2}.get(level)
    code = restore_code(text, digits) if digits else None
    return Match(((code, index.names[code]),)) if code in index.names else None


def _elsewhere(name: object, level: str) -> str:
    """Where a name that is none of a level belongs: a comune to its district, say."""
    match = _match(name, "comuni") if level == "districts" else None
    if match is None or match.code is None:
        return ""
    rows = raw.load("comune_distretto").set_index("istat")["distretto_id"]
    district = rows[match.code]
    return f" ({match.name} is a comune of the district {index_of('districts').names[district]})"


def index_of(level: str) -> NameIndex:
    """The names of a level, made anew when the tables they stand in change."""
    tables = ("comuni", "provinces", "districts", "quadrants", "regions", "misura1_projects", "comune_distretto")
    return _known(level, tuple(raw.fingerprint_of(table) for table in tables))


@lru_cache(maxsize=32)
def _known(level: str, state: tuple[str, ...]) -> NameIndex:
    if level == "comuni":
        return comuni_names(raw.load("comuni"), raw.load("provinces"))
    if level == "districts":
        lies_in = raw.load("comune_distretto").set_index("istat")["distretto_id"]
        towns = raw.load("misura1_projects")[["capofila_istat", "capofila_town"]].itertuples(index=False)
        return district_names(raw.load("districts"), {lies_in[code]: town for code, town in towns})
    if level == "provinces":
        rows = raw.load("provinces")[["province_code", "name", "abbreviation"]].itertuples(index=False)
        return NameIndex({code: (name, abbreviation, code) for code, name, abbreviation in rows})
    table: pd.DataFrame = processed.load(level)
    return NameIndex({code: (name, code) for code, name in zip(table["code"], table["name"], strict=True)})


def find_places(names: object, level: str, call: str) -> list[str]:
    """Codes of one place or of several, each once."""
    given: Iterable[object] = [names] if isinstance(names, (str, int)) else list(names)  # type: ignore[call-overload]
    return list(dict.fromkeys(find_place(name, level, call) for name in given))
