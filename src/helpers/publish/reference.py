"""The reference of ``import helpers as we``: every public name with its docstring, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers import config

if TYPE_CHECKING:
    import griffe

#: The room of the desk, the module of it that says what is offered, and its frames that stand as attributes.
FOLDER, DOOR, TABLES = config.HELPERS / "desk", "door", "_TABLES"

INTRODUCTION = """\
All that `import helpers as we` offers, in alphabetical order. Tables are copies made anew each time they are asked for.
A place is named by its name, code or slug. `help(we.map)` says the same in a notebook.
"""


def modules() -> list[Path]:
    """The files that the reference is made from."""
    return sorted(FOLDER.glob("*.py"))


def write() -> str:
    """The reference as Markdown, from the source alone: nothing of it is imported."""
    known = {path.stem: _read(path) for path in modules()}
    door: Any = known[DOOR]
    tables = door[TABLES].value
    # Names of the door as they stand there: an import, or a table by its function.
    targets = {name: member.target_path for name, member in door.members.items() if member.is_alias}
    given = {str(key).strip("'"): str(value) for key, value in zip(tables.keys, tables.values, strict=True)}
    names = {name: targets[name] for name in door.exports if name in targets} | given
    entries = []
    for name in sorted(names, key=str.casefold):
        module, function = names[name].split(".")[-2:]
        entries.append(_entry(name, known[module][function], name in given))
    return INTRODUCTION + "\n" + "\n".join(entries)


def _read(path: Path) -> griffe.Module:
    """A module, parsed alone."""
    import griffe  # only where the reference is written anew

    return griffe.visit(path.stem, filepath=path, code=path.read_text(encoding="utf-8"))


def _entry(name: str, function: Any, attribute: bool) -> str:
    """A name: how it is called, and the sections of its docstring."""
    signature = "" if attribute else _signature(function)
    lines = [f"## we.{name}", "", "```python", f"we.{name}{signature}", "```", ""]
    docstring = function.docstring
    for section in docstring.parse("numpy") if docstring else ():
        kind = section.kind.value
        if kind == "text":
            lines += [_plain(section.value), ""]
        elif kind in ("parameters", "returns", "raises"):
            lines += [f"**{kind.capitalize()}**", "", *_items(kind, section.value), ""]
        elif kind == "examples":
            lines += ["**Example**", "", *_examples(section.value)]
        elif kind == "admonition":
            lines += [f"**{section.title}**", "", _plain(section.value.description), ""]
    return "\n".join(lines)


def _signature(function: Any) -> str:
    """How a function is called: names and defaults, as types stand below; one a line where they are many."""
    parts, keyword = [], False
    for parameter in function.parameters:
        if parameter.kind.value == "keyword-only" and not keyword:
            keyword = True
            parts.append("*")
        mark = {"variadic positional": "*", "variadic keyword": "**"}.get(parameter.kind.value, "")
        default = f"={parameter.default}" if parameter.default is not None and not mark else ""
        parts.append(f"{mark}{parameter.name}{default}")
    line = f"({', '.join(parts)})"
    return line if len(line) < 60 else "(\n" + "".join(f"    {part},\n" for part in parts) + ")"


def _items(kind: str, values: Iterable[Any]) -> list[str]:
    items = []
    for value in values:
        annotation = f" ({value.annotation})" if kind == "parameters" and value.annotation else ""
        name = getattr(value, "name", "") or str(value.annotation or "")
        items.append(f"* `{name}`{annotation}: {_plain(value.description)}")
    return items


def _examples(parts: Iterable[tuple[Any, str]]) -> list[str]:
    lines: list[str] = []
    for kind, text in parts:
        lines += ["```python", text, "```", ""] if kind.value == "examples" else [_plain(text), ""]
    return lines


def _plain(text: str) -> str:
    """Text of a docstring as Markdown: names in its double quotes as code, references by their last name."""
    text = re.sub(r":\w+:`~?(?:[\w.]*\.)?(\w+)`", r"`\1`", text.strip())
    return re.sub(r"``([^`]+)``", r"`\1`", " ".join(text.split()) if "\n\n" not in text else text)
