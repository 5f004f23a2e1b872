"""The words of the site: per language a folder of TOML files, the same keys in each language.

``labels/`` holds the words of the interface, ``rows/`` what rows of the raw tables say, worded for readers: most of
these tables quote their sources in one language only.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

# The standard tomllib takes three times as long, and every process reads all words.
import tomli

from helpers import config
from helpers.config import LANGUAGES
from helpers.declarations import DECLARED
from helpers.errors import WecareError
from helpers.system.files import read

#: Where the words and templates of each language stand.
FOLDER = Path(__file__).parent


class ProseError(WecareError):
    """A language, label or template that does not exist, or a fact that a template needs and lacks."""


def check_language(lang: str) -> str:
    """Return the language, or raise :class:`ProseError` if the site has no such edition."""
    if lang not in LANGUAGES:
        raise ProseError(f"No edition in language {lang!r}; there are: {', '.join(LANGUAGES)}.")
    return lang


def words_of(lang: str, folder: str, name: str) -> dict:
    """A file of words in a language; empty if there is none."""
    try:
        return _words(FOLDER / check_language(lang) / folder / f"{name}.toml")
    except FileNotFoundError:
        return {}


def _words(file: Path) -> dict:
    try:
        return tomli.loads(read(file).decode())
    except (ValueError, RecursionError) as error:  # of tomli, or of what is not UTF-8
        place = file.relative_to(FOLDER).as_posix()
        raise ProseError(f"prose/{place} cannot be read as TOML ({error}). To do: correct it there.") from None


@lru_cache(maxsize=len(LANGUAGES))
def _load(lang: str) -> dict[str, str]:
    known: dict[str, str] = {}
    for file in sorted((FOLDER / check_language(lang) / "labels").iterdir()):
        found = dict(_flatten(_words(file)))
        if other := [key for key, text in found.items() if not isinstance(text, str)]:
            raise ProseError(f"{lang}/labels/{file.name}: {other[0]} is no text. To do: write it between quotes.")
        if twice := known.keys() & found.keys():
            raise ProseError(f"{lang}/labels/{file.name} repeats {', '.join(sorted(twice))}.")
        known |= found
    from helpers.prose.numbers import integer

    known |= dict(DECLARED.labels(lang))
    small = integer(config.SMALL_COMUNE, lang)
    return {key: text.replace("{small_comune}", small) for key, text in known.items()}


@lru_cache
def row_texts(lang: str, table: str) -> dict[str, dict[str, str]]:
    """What the rows of a raw table say in a language.

    Parameters
    ----------
    lang
        ``it`` or ``en``.
    table
        Name of the raw table, as ``events``.

    Returns
    -------
    dict
        Texts by key of the row and by column; empty if the table has no wording.
    """
    return words_of(lang, "rows", table)


def row_text(lang: str, table: str, key: str, column: str, otherwise: object = None) -> str | None:
    """What one row says in one column, worded in the language; as the table has it where there is no wording.

    Parameters
    ----------
    key
        Key of the row, as ``EV-01``.
    otherwise
        The value in the table; None stays None.
    """
    worded = row_texts(lang, table).get(key, {}).get(column)
    return worded if worded is not None or otherwise is None else str(otherwise)


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


def label_or(lang: str, key: str, otherwise: str) -> str:
    """One label, or the text it words where there is none: a table may say what nobody has worded yet."""
    return _load(lang).get(key, otherwise)


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
        raise ProseError(f"No label {key!r} in {lang}/labels/.")
    return known[key]
