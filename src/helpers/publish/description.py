"""The site's description ``_quarto.yml``, in the form that the project reads; the rest is Quarto's own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from helpers import config
from helpers.errors import InputError, Problem
from helpers.system.forms import WORDS, Listed, Plain, form, problems, walk
from helpers.system.yaml_options import options_of


def _by_language(value: Any) -> bool:
    texts = value.values() if isinstance(value, dict) else [value]
    return all(isinstance(text, str) for text in texts) and (
        isinstance(value, str) or set(value) >= set(config.LANGUAGES)
    )


def _leads_safely(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"(?:https?://[^\s<>\"']+|(?!//)[^\s<>\"':]*)", value) is not None


def _filled_by_language(value: Any) -> bool:
    texts = value.values() if isinstance(value, dict) else [value]
    return _by_language(value) and all(text.strip() for text in texts)


FILLED = form(r".*\S.*", "a file under reports/assets/")
SEEN: Plain = (
    _filled_by_language,
    "it must be the words for who does not see it, the same for every language or one for each",
    "write them between double quotes",
)
BY_LANGUAGE: Plain = (_by_language, "it must be a text, or one for each language", "write it between double quotes")
WEB: Plain = (_leads_safely, "it must be an address of the web or of the site", "write it like https://www.regione.it")
BOX: Plain = (lambda v: isinstance(v, str | list), "it must be a text or a list of links", "write one of them")
REPLY = form(r"|[^\s<>\"'@:]+@[^\s<>\"'@:]+|https?://[^\s<>\"']+", "an e-mail or web address")
LINK = {"text": WORDS, "href": WEB}
#: What is read of it; a blank entry is one that is not there.
SITE = {
    "project": {
        "type": form("website", "website"),
        "output-dir": WORDS,
        "render": Listed(WORDS),
        "resources": Listed(WORDS),
    },
    "lang": WORDS,
    "website!": {
        "title!": WORDS,
        "description": WORDS,
        "site-url": form(r"|https?://[^\s<>\"']+", "an address such as https://www.regione.it/wecare"),
        "navbar": {"title": WORDS, "left": Listed(LINK | {"menu": Listed(LINK)})},
        "page-footer": {"left": BOX, "center": BOX, "right": BOX},
    },
    "osservatorio": {
        "owner": BY_LANGUAGE,
        "href": WEB,
        "marks": Listed({"image!": FILLED, "alt!": SEEN, "href": WEB}),
        "feedback": REPLY,
    },
    "format": {"html": {}},
}


def read_description(quarto_yml: Path = config.QUARTO_YML) -> dict:
    """What the site's description says; blank entries are left out.

    Raises
    ------
    InputError
        If it is not there, is no YAML or has another form; every place is told.
    """
    try:
        found = _filled(options_of(quarto_yml))
    except FileNotFoundError:
        rule, remedy = "the file does not exist", "restore it, for instance with `git checkout _quarto.yml`"
        raise InputError([Problem(quarto_yml.name, rule, remedy)]) from None
    if faults := list(walk(found, SITE)):
        raise InputError(problems(quarto_yml.name, faults))
    return found


def _filled(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {key: _filled(inner) for key, inner in value.items() if inner is not None}
