"""The form that content of a file must have before anything is read by it, and all that is otherwise.

A form is a plain value's (`Plain`), a list's (`Listed`), or a dict of forms by key; a key that ends in ``!`` must be
there, and keys that are not named may hold anything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from helpers.errors import Problem

#: What must hold of a plain value; in words; what to write instead.
Plain = tuple[Callable[[Any], bool], str, str]


class Fault(NamedTuple):
    """Something wrong: its place, such as ``resources.comuni.path``, rule, remedy and value."""

    place: str
    rule: str
    remedy: str
    value: object


class Listed(NamedTuple):
    """A list whose items have a form; ``least`` items at least."""

    item: Any
    least: int = 0


def is_text(value: Any) -> bool:
    """Whether a value is a text."""
    return isinstance(value, str)


def form(pattern: str, what: str) -> Plain:
    """A text that is as a pattern says."""
    return lambda v: isinstance(v, str) and re.fullmatch(pattern, v) is not None, f"it must be {what}", f"write {what}"


def one_of(choice: tuple[str, ...], what: str) -> Plain:
    """One of some texts."""
    return lambda v: isinstance(v, str) and v in choice, f"the {what} is not known", f"use one of {', '.join(choice)}"


def is_whole(value: Any) -> bool:
    """Whether a value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: Any) -> bool:
    """Whether a value is a number."""
    return is_whole(value) or isinstance(value, float)


WORDS: Plain = (is_text, "it must be a text", "write it between double quotes")
YES_NO: Plain = (lambda v: isinstance(v, bool), "it must be true or false", "write true or false")
WHOLE: Plain = (is_whole, "it must be a whole number", "write digits only")
NUMBER: Plain = (is_number, "it must be a number", "write a number")


def walk(value: Any, form: Any, place: str = "") -> Iterator[Fault]:
    """Everything in a value that has not its form, with its place."""
    shown = place.lstrip(".") or "the file"
    if isinstance(form, Listed):
        if not isinstance(value, list):
            yield Fault(shown, "it must be a list", "write it between [ and ]", _short(value))
        elif len(value) < form.least:
            yield Fault(shown, "it is empty", "list at least one", None)
        else:
            for number, item in enumerate(value):
                told = item.get("name") if isinstance(item, dict) else None
                yield from walk(item, form.item, f"{place}.{told if is_text(told) and told else number}")
    elif isinstance(form, dict):
        if not isinstance(value, dict):
            yield Fault(shown, "it must be an object", "write it between { and }", _short(value))
            return
        for key, inner in form.items():
            name = key.removesuffix("!")
            if name in value:
                yield from walk(value[name], inner, f"{place}.{name}")
            elif key != name:
                yield Fault(f"{place}.{name}".lstrip("."), "it is missing", "write it", None)
    else:
        holds, rule, remedy = form
        if not holds(value):
            yield Fault(shown, rule, remedy, _short(value))


def problems(file: str, faults: Iterable[Fault]) -> list[Problem]:
    """Faults of a file, for a person."""
    return [Problem(file, rule, remedy, None, place, value) for place, rule, remedy, value in faults]


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True, skipkeys=True, default=str)
    return text if len(text) <= 80 else f"{text[:77]}..."
