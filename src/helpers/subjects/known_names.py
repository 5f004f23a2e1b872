"""Names that our tables hold, found however they are written: comuni, districts, bodies, projects of Misura 1."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from helpers.system.place_names import NameIndex
from helpers.system.plain_text import words

#: A body's acronym, with its number: ``C.I.S.A. 12`` Nichelino.
_ACRONYM = re.compile(r"((?:\w+\.-?){2,}(?:\s+[0-9]+)?)\s")
#: Words before the name of a body that say when it was the lead.
_WHEN = re.compile(r"\b(?:now|then)\s+", re.IGNORECASE)


def comuni_names(comuni: pd.DataFrame, provinces: pd.DataFrame) -> NameIndex:
    """The comuni by code, with what their provinces are called: ``TO``, ``Torino``; ``VCO``.

    Parameters
    ----------
    comuni, provinces
        The raw tables of these names; blank cells of other columns do not matter.
    """
    called = {
        row.province_code: (row.abbreviation, row.name, *_initials(row.name))
        for row in provinces.itertuples(index=False)
    }
    return NameIndex(
        _columns(comuni, "istat", "name"), comuni.set_index("istat")["province_code"].map(called).to_dict()
    )


def district_names(districts: pd.DataFrame, towns: Mapping[str, str] | None = None) -> NameIndex:
    """The districts by code: name, slug and the code itself; with ``towns``, by code, also the lead town there."""
    rows = districts[["distretto_id", "name", "slug"]].itertuples(index=False)
    return NameIndex({code: (name, slug, code, (towns or {}).get(code, name)) for code, name, slug in rows})


def body_names(bodies: pd.DataFrame, notes: pd.DataFrame) -> NameIndex:
    """The enti gestori by their names in our tables, with those that sources give them.

    Parameters
    ----------
    bodies, notes
        The raw tables ``enti_gestori`` and ``enti_gestori_notes``.
    """
    return NameIndex(_called(bodies["ente_gestore"], notes), bodies=True)


def project_names(
    projects: pd.DataFrame,
    links: pd.DataFrame,
    membership: pd.DataFrame,
    districts: pd.DataFrame,
    notes: pd.DataFrame,
) -> NameIndex:
    """The projects of Misura 1 by key: key, lead town, lead body, and districts that take part in no other project.

    A body is known by the names of the lead body in the sources and by those of the ente gestore of the lead town; an
    ente gestore that has no lead town stands for the projects of its districts.

    Parameters
    ----------
    projects, links, membership, districts, notes
        The raw tables ``misura1_projects``, ``district_projects``, ``comune_distretto``, ``districts`` and
        ``enti_gestori_notes``.
    """
    own: dict[str, list[str]] = {
        row.project_id: [row.project_id, row.capofila_town, *_lead_names(row.lead_ente_gestore)]
        for row in projects.itertuples(index=False)
    }
    of_district = links.groupby("distretto_id")["project_id"].agg(set).to_dict()
    of_town = _columns(projects, "capofila_istat", "project_id")
    bodies = _called(membership["ente_gestore"].unique(), notes)
    for body, group in membership.groupby("ente_gestore"):
        led = {of_town[code] for code in group["istat"] if code in of_town}
        shared = set().union(*(of_district.get(district, ()) for district in group["distretto_id"].unique()))
        for project in sorted(led or shared):
            own[project] += bodies[body]
    for code, name, slug in districts[["distretto_id", "name", "slug"]].itertuples(index=False):
        if len(of_district.get(code, ())) == 1:
            own[min(of_district[code])] += [name, slug, code]
    return NameIndex({project: list(dict.fromkeys(names)) for project, names in own.items()}, bodies=True)


def _called(bodies: Iterable[str], notes: pd.DataFrame) -> dict[str, list[str]]:
    """What each ente gestore is called, its name in our tables first."""
    names = {body: [body, *(found[1] for found in [_ACRONYM.match(body)] if found)] for body in bodies}
    for body, other in notes[["ente_gestore", "name_in_source"]].itertuples(index=False):
        if body in names and isinstance(other, str) and other:
            names[body].append(other)
    return {body: list(dict.fromkeys(each)) for body, each in names.items()}


def _lead_names(lead: object) -> list[str]:
    """The lead body of a project as the sources print it; none if it is blank."""
    return [lead, _WHEN.sub("", lead)] if isinstance(lead, str) and lead else []


def _columns(frame: pd.DataFrame, key: str, value: str) -> dict[str, str]:
    return dict(zip(frame[key], frame[value], strict=True))


def _initials(name: str) -> Mapping[str, None]:
    """The initials of a name of several words: ``Verbano-Cusio-Ossola`` → ``VCO``."""
    parts = words(name)
    return {"".join(part[0] for part in parts): None} if len(parts) > 1 else {}
