"""What YAML says: the site's description ``_quarto.yml`` and the heads of written pages. It is read, never changed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

from helpers.errors import WecareError
from helpers.system.files import read

#: The parser in C where PyYAML was built with it: ten times as fast.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@lru_cache(maxsize=64)
def options(text: str | bytes) -> dict:
    """Options by name; empty for an empty text.

    Raises
    ------
    yaml.YAMLError
        If the text is no YAML, or holds something else than options by name.
    """
    try:
        found = yaml.load(text, _LOADER)
    except (ValueError, RecursionError) as error:  # a day or a number that cannot be; lists in lists without end
        raise yaml.YAMLError(str(error)) from None
    if found is not None and not isinstance(found, dict):
        raise yaml.YAMLError("it holds no options by name")
    return found or {}


def options_of(path: Path) -> dict:
    """Options that a file gives.

    Raises
    ------
    WecareError
        If it is no YAML; says where.
    """
    try:
        return options(read(path))
    except yaml.YAMLError as error:
        told = " ".join(str(error).split())
        raise WecareError(f"{path.name} cannot be read as YAML ({told}). To do: correct it there.") from None
