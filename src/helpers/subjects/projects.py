"""The projects of Misura 1: which one is meant, and what is known of each."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from helpers.errors import WecareError
from helpers.subjects.measures import status_of
from helpers.subjects.strategy import lead_status
from helpers.system.place_names import fold_name

#: What is asked of every project, in the order in which it is shown.
ASPECTS = ("title", "lead", "partners", "amount", "start", "people", "results")

#: Of these, those that facts and events tell; the others are cells of the project's own row, or its partners.
TOLD = ("start", "people", "results")

#: What a fact tells of a project's work. The others tell what its own row says, or what it cost.
WORK = ("results", "people", "work", "start", "places", "context", "before", "after")

#: From best to least known.
_STATUSES = ("sourced", "derived", "indicative")


def find_project(projects: Iterable[Mapping[str, Any]], name: str) -> Mapping[str, Any]:
    """Find a project by key (``M1-09``), slug (``verbania``) or lead town.

    Parameters
    ----------
    projects
        Rows of the raw table ``misura1_projects``: ``project_id``, ``slug`` and ``capofila_town``.
    name
        However it is written.

    Raises
    ------
    WecareError
        If there is none; suggests the nearest.
    """
    keys = {fold_name(str(row[c])): row for row in projects for c in ("project_id", "slug", "capofila_town")}
    if fold_name(name) not in keys:
        near = difflib.get_close_matches(fold_name(name), keys, n=2)
        hint = f" Did you mean {' or '.join(dict.fromkeys(keys[key]['slug'] for key in near))}?" if near else ""
        raise WecareError(f"There is no project {name!r} of Misura 1.{hint}")
    return keys[fold_name(name)]


def coverage(project: Mapping[str, Any]) -> dict[str, str | None]:
    """How each of :data:`ASPECTS` is known of a project.

    Parameters
    ----------
    project
        As :func:`helpers.subjects.measures.projects_with_all` gives it.

    Returns
    -------
    dict
        The status of the best of what tells it, by aspect; None where nothing does.
    """
    told = [*project["facts"], *project["events"]]
    return {
        "title": project["title_status"],
        "lead": lead_status(project) if project["lead_ente_gestore"] else None,
        "partners": _best(project["partners"]),
        "amount": None if project["amount_granted_eur"] is None else "sourced",
    } | {aspect: _best(row for row in told if row["aspect"] == aspect) for aspect in TOLD}


def _best(rows: Iterable[Mapping[str, Any]]) -> str | None:
    """The best status of some rows."""
    return min((status_of(row["confidence"]) for row in rows), key=_STATUSES.index, default=None)
