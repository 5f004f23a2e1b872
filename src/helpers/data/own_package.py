"""Tables of whoever works here: a data package of its own in ``data/raw/mine``, read with the project's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers import config

#: Its folder in the package of the project, and its descriptor there.
MINE = config.MINE.name
DESCRIPTOR = f"{MINE}/datapackage.json"

#: The descriptor of the project.
PROJECT = "datapackage.json"

#: The usage warning that each of its tables carries, and what it means.
OWN_DATA = "own-data"
OWN_MEANS = "Own data of whoever works here: no part of the project's data, and checked in their form only."


def join(package: dict, own: dict) -> dict:
    """The descriptor of the project with the own tables, as if these were its own."""
    tables = [found | {"path": f"{MINE}/{found['path']}"} for found in own["resources"]]
    warnings = package.get("usageWarningCodes", {}) | {OWN_DATA: OWN_MEANS}
    return package | {"resources": [*package["resources"], *tables], "usageWarningCodes": warnings}


def is_own(entry: Mapping[str, Any]) -> bool:
    """Whether a table, by its entry, belongs to whoever works here and not to the project."""
    return entry["path"].startswith(f"{MINE}/")


def shapes_of(name: str) -> str:
    """The table of the shapes of an own table that was a layer."""
    return f"{name}_shapes"


def parts(package: Mapping[str, Any]) -> dict[str, dict]:
    """A descriptor as :func:`join` gives it, by the files that hold it: the own tables', then the project's."""
    project = [found for found in package["resources"] if not is_own(found)]
    own = [found | {"path": found["path"].partition("/")[2]} for found in package["resources"] if is_own(found)]
    if not own:
        return {PROJECT: dict(package)}
    warnings = {code: text for code, text in package.get("usageWarningCodes", {}).items() if code != OWN_DATA}
    said = {"usageWarningCodes": warnings} if "usageWarningCodes" in package else {}
    head = {"$schema": package.get("$schema"), "name": MINE, "title": "Own tables"}
    head |= {key: package[key] for key in ("version", "created") if key in package}
    return {DESCRIPTOR: head | {"resources": own}, PROJECT: {**package, **said, "resources": project}}
