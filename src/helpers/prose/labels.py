"""The words of the site: one TOML per language, the same keys in each."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

from ..errors import WecareError

LANGUAGES = ("it", "en")


class ProseError(WecareError):
    """A language, label or template that does not exist, or a fact that a template needs and lacks."""


def check_language(lang: str) -> str:
    """Return the language, or raise :class:`ProseError` if the site has no such edition."""
    if lang not in LANGUAGES:
        raise ProseError(f"No edition in language {lang!r}; there are: {', '.join(LANGUAGES)}.")
    return lang


@lru_cache(maxsize=len(LANGUAGES))
def _load(lang: str) -> dict[str, str]:
    text = files(__package__).joinpath(check_language(lang), "labels.toml").read_text(encoding="utf-8")
    return dict(_flatten(tomllib.loads(text)))


def _flatten(tree: dict, prefix: str = ""):
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def labels(lang: str) -> dict[str, str]:
    """Every label of a language, by dotted key (``indicator.density.name``).

    Parameters
    ----------
    lang
        ``it`` or ``en``.

    Returns
    -------
    dict
        A copy: changing it changes nothing here.
    """
    return dict(_load(lang))


def label(lang: str, key: str) -> str:
    """One label, as plain text.

    Parameters
    ----------
    lang
        ``it`` or ``en``.
    key
        Dotted key, as ``status.derived.name``.

    Raises
    ------
    ProseError
        When the language or the key does not exist.
    """
    known = _load(lang)
    if key not in known:
        raise ProseError(f"No label {key!r} in {lang}/labels.toml.")
    return known[key]
