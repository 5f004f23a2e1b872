"""Writes the entry of a new indicator, with its words left to fill in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from helpers.config import LANGUAGES
from helpers.declarations import reader
from helpers.errors import WecareError
from helpers.system.files import read, write

#: What an entry is given unless something else is asked for, in the order in which an entry holds it.
DEFAULTS: Mapping[str, object] = {
    "kind": "ratio",
    "numerator": (),
    "denominator": (),
    "per": 1,
    "unit": "share",
    "decimals": 1,
    "prominence": 2,
    "source": "population",
    "reference": "",
}


def add_indicator(name: str, theme: str, given: Mapping[str, object], folder: Path = reader.FOLDER) -> Path:
    """Write an entry at the end of the file of its theme; the file is made if there is none.

    Parameters
    ----------
    name
        Id of the indicator.
    theme
        Id of its theme.
    given
        Values of the entry other than :data:`DEFAULTS`.
    folder
        Folder of the declarations, which must be valid.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    WecareError
        If the id is taken, or is no id.
    InputError
        If the declarations are not valid.
    """
    known = reader.read(folder)
    for what in (name, theme):
        if not re.fullmatch(r"[a-z][a-z0-9_]*", what):
            raise WecareError(
                f"{what!r} cannot be an id. To do: use lower-case letters, digits and underscores, a letter first."
            )
    if name in known.places:
        file, row = known.places[name]
        raise WecareError(f"{name!r} stands in {file}, row {row}, already. To do: change it there, or use another id.")
    path = folder / f"{theme}.toml"
    before = read(path).decode() if path.exists() else ""
    if "[theme]" not in before:
        order = 1 + max((found.order for found in known.themes), default=0)
        before = "\n".join(["[theme]", f"order = {order}", *(f'{lang} = ""' for lang in LANGUAGES), "", before])
    write(path, f"{before.rstrip()}\n\n{entry(name, given)}".lstrip().encode())
    return path


def entry(name: str, given: Mapping[str, object]) -> str:
    """An entry in TOML.

    Examples
    --------
    >>> text = entry("share_75_plus", {"numerator": ["age_75_plus"], "denominator": ["residents"]})
    >>> print("\\n".join(text.splitlines()[:5]))
    [[indicator]]
    id = "share_75_plus"
    kind = "ratio"
    numerator = ["age_75_plus"]
    denominator = ["residents"]
    """
    values = {"id": name, **DEFAULTS, **given}
    lines = ["[[indicator]]", *(f"{key} = {_toml(value)}" for key, value in values.items())]
    for lang in LANGUAGES:
        lines.append(f"[indicator.{lang}]")
        lines += [*(f'{part} = ""' for part in reader.WORDS_NEEDED), "synonyms = []"]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_toml, value))}]"
    return str(value)
