"""Makes the files of a new report, and its line in the menu of ``_quarto.yml``.

What is made runs at once: a text, a map of the districts beside their ranking, and downloads, in every language. The
words in ``report_files`` are a beginning, to be written anew.
"""

from __future__ import annotations

import difflib
import json
import keyword
import re
from collections.abc import Mapping
from pathlib import Path
from string import Template

from helpers import config
from helpers.declarations import BY_ID, INDICATORS
from helpers.errors import WecareError
from helpers.pages.common.declared import declared_pages
from helpers.publish.description import read_description
from helpers.system.files import read_text, write
from helpers.system.notebooks import FRONT, Cell, as_bytes, document
from helpers.system.plain_text import fold
from helpers.system.yaml_options import options

FILES = Path(__file__).parent / "report_files"

#: What the map of a new report shows, if nothing else is asked for.
INDICATOR = "old_age_index"

#: First and second line of an entry of the menu.
_ENTRY = re.compile(r'(?P<indent> +)- text: "?(?P<text>[^"\n]*?)"?\s*')


def files(name: str, titles: Mapping[str, str], address: str = "", indicator: str = INDICATOR) -> dict[Path, bytes]:
    """Every file of a new report.

    Parameters
    ----------
    name
        Of its notebook and module: ``mobility``.
    titles
        Its title by language.
    address
        Where it stands on the site; by default the title in the first language.
    indicator
        What its map shows, by its id.

    Returns
    -------
    dict
        Content by path.

    Raises
    ------
    WecareError
        If the name or the address cannot be used or is taken, or there is no such indicator.
    """
    _require_indicator(indicator)
    first = config.LANGUAGES[0]
    address = address or _slug(titles[first])
    _require_free(name, address)
    for title in titles.values():
        if not title.isprintable() or set(title) & set('"\\'):
            raise WecareError(f'{title!r} cannot be a title: it holds \\ or ". To do: write « » for quotation marks.')
    common = {
        "name": name,
        "class_name": "".join(part.capitalize() for part in name.split("_")),
        "address": address,
        "indicator": indicator,
        "source": BY_ID[indicator].source,
        "title": titles[first],
    }
    package, tests = config.HELPERS / "pages" / name, config.ROOT / "tests"
    made = {
        package / "__init__.py": f'"""The page «{titles[first]}»."""\n',
        package / "inputs.py": _fill("inputs.py", common),
        package / "page.py": _fill("page.py", common),
        tests / f"test_{name}.py": _fill("test.py", common),
    }
    for lang in config.LANGUAGES:
        texts = config.HELPERS / "prose" / lang
        made[texts / "labels" / f"{name}.toml"] = _fill(f"labels.{lang}.toml", common | {"title": titles[lang]})
        made[texts / f"{name}_brief.md.j2"] = _fill(f"brief.{lang}.md.j2", common)
    content = {path: text.encode() for path, text in made.items()}
    return {config.NOTEBOOKS / f"{name}.ipynb": _notebook(common), **content}


def with_menu_line(quarto_yml: str, title: str, address: str, menu: str = "") -> str:
    """``_quarto.yml`` with a line for a page at the end of a menu; all else in it stays as it is.

    Parameters
    ----------
    quarto_yml
        Content of the file.
    title, address
        Of the page.
    menu
        Text of the menu; by default the last one.

    Raises
    ------
    WecareError
        If there is no such menu; suggests the nearest.

    Examples
    --------
    >>> lines = ["website:", "  navbar:", "    left:", "    - text: Data", "      menu:", "      - text: A", ""]
    >>> print(with_menu_line("\\n".join(lines), "B", "b").splitlines()[-2:])
    ['      - text: "B"', '        href: b.ipynb']
    """
    left = (options(quarto_yml).get("website", {}).get("navbar") or {}).get("left") or []
    menus = [entry["text"] for entry in left if entry.get("menu") and "text" in entry]
    if not menus:
        raise WecareError("The navbar of _quarto.yml has no menu. To do: add one under website: navbar: left.")
    menu = menu or menus[-1]
    if menu not in menus:
        near = difflib.get_close_matches(menu, menus, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else f" There are {', '.join(menus)}."
        raise WecareError(f"There is no menu {menu!r} in _quarto.yml.{hint} To do: name one of its menus.")
    lines = quarto_yml.splitlines(keepends=True)
    entries = ((n, _ENTRY.fullmatch(line)) for n, line in enumerate(lines))
    places = ((n, len(entry["indent"])) for n, entry in entries if entry and entry["text"] == menu)
    start, indent = next(places, (-1, 0))
    if start < 0:
        raise WecareError(f"The menu {menu!r} of _quarto.yml has no line of its own. To do: write it as `- text: …`.")
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > indent):
        end += 1
    while not lines[end - 1].strip():
        end -= 1
    inner = " " * next(_indent(line) for line in lines[start + 1 : end] if line.lstrip().startswith("- "))
    lines[end:end] = [f"{inner}- text: {json.dumps(title, ensure_ascii=False)}\n", f"{inner}  href: {address}.ipynb\n"]
    return "".join(lines)


def make(
    name: str, titles: Mapping[str, str], address: str = "", menu: str = "", indicator: str = INDICATOR
) -> list[Path]:
    """Write the files of a new report and its line in the menu.

    Returns
    -------
    list of pathlib.Path
        The files written, ``_quarto.yml`` last.

    Raises
    ------
    WecareError
        See :func:`files` and :func:`with_menu_line`; nothing is written then.
    """
    read_description()
    made = files(name, titles, address, indicator)
    first = config.LANGUAGES[0]
    described = read_text(config.QUARTO_YML)
    made[config.QUARTO_YML] = with_menu_line(described, titles[first], address or _slug(titles[first]), menu).encode()
    for path, content in made.items():
        write(path, content)
    return list(made)


def _require_indicator(indicator: str) -> None:
    """Refuse what is no indicator of the districts; suggests the nearest."""
    known = [each.id for each in INDICATORS if "districts" in each.levels]
    if indicator not in known:
        near = difflib.get_close_matches(indicator, known, n=1, cutoff=0.5)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        raise WecareError(
            f"There is no indicator {indicator!r} of the districts. {hint}To do: `we.indicators` lists them, "
            "`wecare new indicator` adds one."
        )


def _require_free(name: str, address: str) -> None:
    """Refuse a name or an address that cannot be used, or that something has already."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise WecareError(
            f"{name!r} cannot be the name of a report. To do: use lower-case letters, digits and underscores, a letter "
            "first."
        )
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)*", address):
        raise WecareError(
            f"{address!r} cannot be an address. To do: use lower-case letters, digits and hyphens, / between folders."
        )
    for page in declared_pages():
        if page.notebook == name or page.address == address:
            raise WecareError(
                f"{page.notebook!r} at {page.address!r} is a report already. To do: use another name and address; "
                "`wecare reports` lists those there are."
            )
    for path in (config.HELPERS / "pages" / name, config.NOTEBOOKS / f"{name}.ipynb"):
        if path.exists():
            raise WecareError(f"{path.relative_to(config.ROOT)} exists already. To do: use another name.")


def _fill(file: str, values: Mapping[str, str]) -> str:
    text = Template((FILES / f"{file}.txt").read_text(encoding="utf-8")).substitute(values)
    # Where the import of the report itself stands among the others depends on its name.
    return re.sub(r"(^from helpers\..*\n)+", lambda m: "".join(sorted(m[0].splitlines(True))), text, flags=re.M)


def _notebook(values: Mapping[str, str]) -> bytes:
    name, class_name = values["name"], values["class_name"]
    cells = [
        FRONT,
        Cell("markdown", f"# {values['title']}\n\nThe districts on a map beside their ranking.", ("remove-cell",)),
        Cell(
            "code",
            'lang = "it"  # "it" or "en"\nedition = ""  # empty: the edition of the data at hand',
            ("parameters",),
        ),
        Cell(
            "code",
            f"from helpers.pages.{name}.page import {class_name}\n\npage = {class_name}(lang, edition)\npage.title()",
        ),
        Cell("code", "page.brief()"),
        Cell("code", f'page.map("{values["indicator"]}")  # any indicator of districts: "density", "income"'),
        Cell("code", "page.downloads()"),
    ]
    return as_bytes(document(cells))


def _slug(title: str) -> str:
    """``Mobilità e casa`` → ``mobilita-e-casa``."""
    return "-".join(re.findall("[a-z0-9]+", fold(title)))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
