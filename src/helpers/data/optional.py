"""Tables the package has only once somebody imports them: their entries in ``datapackage.json`` (``optional.json``).

Those of the official feed come first, in the order in which they refer to each other.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files


def resource(name: str) -> dict:
    """Entry of an optional table, without hash and counts.

    Raises
    ------
    KeyError
        If there is no optional table of that name.
    """
    # Parsed anew each time: what is given may be changed.
    return json.loads(_entries()[name])


def names() -> list[str]:
    """Names of the optional tables."""
    return list(_entries())


@lru_cache
def _entries() -> dict[str, str]:
    text = files(__package__).joinpath("optional.json").read_text(encoding="utf-8")
    return {found["name"]: json.dumps(found) for found in json.loads(text)["resources"]}
