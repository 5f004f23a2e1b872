"""Leaves out of the publishers' style sheets and icons what no page can show.

Publishers bring the whole of Bootstrap and two thousand icons; the site uses a fifth of the one and a few of the
others. What browsers draw stays the same, and they have less to read before they draw it.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

import tinycss2
from tinycss2.ast import Node

from helpers.publish.folders import files_below
from helpers.system.cache import Cache

#: Where publishers keep what they bring along.
FOLDER = "site_libs"

#: Rules that hold rules; of the others that begin with @ nothing is left out.
GROUPS = ("media", "supports", "layer", "container")

WORD = re.compile(r"[A-Za-z_][\w-]*")
IN_PAGES = re.compile(r"\bclass=(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))")
#: Scripts whose words name no class of these style sheets: what is drawn, and outlines.
NO_NAMES = re.compile(r"assets/plotly-|data/")
#: Scripts put class names together; what begins like this part of a name (``quarto-``) may be one of them.
PART = re.compile(r"[A-Za-z][\w-]{2,}-")

FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
SOURCE = re.compile(r"src:[^;}]+")
ADDRESS = re.compile(r"url\(\s*[\"']?([^\"')?#]+)")
#: A sign of an icon font, by number or as it is.
SIGN = re.compile(r"content:\s*[\"'](?:\\([0-9a-fA-F]{4,6})|([\ue000-\uf8ff]))")


def trim(site: Path, cache: Cache) -> None:
    """Leave out of the style sheets in ``site_libs`` the rules for classes that no page and no script names.

    Parameters
    ----------
    site
        The rendered site.
    cache
        Where it is kept what the same style sheets and pages gave.
    """
    names = _names(site, cache)
    for path in sorted((site / FOLDER).rglob("*.css")):
        css = path.read_text(encoding="utf-8")
        less = cache.value(f"css {path.relative_to(site)}", [sorted(names), css], partial(without, css, names))
        if len(SIGN.findall(css)) > len(SIGN.findall(less)):
            less = _with_few_signs(path, less, cache)
        path.write_text(less, encoding="utf-8")


def _names(site: Path, cache: Cache) -> frozenset[str]:
    """Every word that may be the name of a class."""
    found: set[str] = set()
    for name in files_below(site):
        if not name.endswith((".html", ".js")) or (name.endswith(".js") and NO_NAMES.match(name)):
            continue
        content = (site / name).read_bytes()
        kind = name.rpartition(".")[2]
        found |= cache.value(f"names {name}", [content], partial(_named_in, content, kind == "js"))
    return frozenset(found)


def _named_in(content: bytes, is_script: bool) -> set[str]:
    text = content.decode()
    if is_script:
        return set(WORD.findall(text))
    return {name for classes in IN_PAGES.findall(text) for name in "".join(classes).split()}


def without(css: str, names: frozenset[str]) -> str:
    """A style sheet without the rules of which every selector needs a class that is not among these.

    Examples
    --------
    >>> without(".a,.b{x:1}.c{y:2}@media print{.c{z:3}}p{w:4}", frozenset({"a"}))
    '.a{x:1}p{w:4}'
    """
    starts = tuple(name for name in names if PART.fullmatch(name))
    rules = tinycss2.parse_stylesheet(css, skip_whitespace=True)
    return "".join(_rules(rules, lambda name: name in names or name.startswith(starts)))


def _rules(rules: Iterable[Node], known: Callable[[str], bool]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            if selectors := [s for s in _split_selectors(rule.prelude) if all(map(known, _classes(s)))]:
                prelude = ",".join(tinycss2.serialize(selector).strip() for selector in selectors)
                yield f"{prelude}{{{tinycss2.serialize(rule.content).strip()}}}"
        elif rule.type == "at-rule" and rule.at_keyword in GROUPS and rule.content is not None:
            inside = tinycss2.parse_rule_list(rule.content, skip_whitespace=True)
            if kept := "".join(_rules(inside, known)):
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude).rstrip()}{{{kept}}}"
        elif rule.type != "comment" or rule.value.startswith("!"):
            yield rule.serialize()


def _split_selectors(prelude: Iterable[Node]) -> list[list[Node]]:
    """Selectors of a list."""
    found: list[list[Node]] = [[]]
    for node in prelude:
        if node == ",":
            found.append([])
        elif node.type != "comment":
            found[-1].append(node)
    return found


def _classes(selector: list[Node]) -> list[str]:
    """Classes an element must have; what stands in parentheses, a node of its own, may be one of several."""
    return [name.value for dot, name in pairwise(selector) if dot == "." and name.type == "ident"]


def _with_few_signs(path: Path, css: str, cache: Cache) -> str:
    """The style sheet of an icon font, of which only the signs it still names are kept, in one file."""
    face = FONT_FACE.search(css)
    if face is None:
        return css
    files = [path.parent / address for address in ADDRESS.findall(face[0])]
    best = next((file for file in files if file.suffix == ".woff"), None)
    if best is None:
        return css
    signs = sorted({int(number, 16) if number else ord(sign) for number, sign in SIGN.findall(css)})
    font = cache.value(f"font {best.name}", [best.read_bytes(), signs], partial(_few_signs, best, signs))
    for file in files:
        file.unlink(missing_ok=True)
    best.write_bytes(font)
    address = best.relative_to(path.parent).as_posix()
    return css.replace(face[0], SOURCE.sub(f'src:url("{address}") format("woff")', face[0], count=1))


def _few_signs(path: Path, signs: list[int]) -> bytes:
    from fontTools import subset

    logging.getLogger("fontTools").setLevel(logging.ERROR)  # it remarks on every font it finds untidy
    options = subset.Options(flavor="woff", layout_features=[], notdef_outline=True)
    font = subset.load_font(str(path), options)
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=signs)
    chosen.subset(font)
    out = io.BytesIO()
    subset.save_font(font, out, options)
    return out.getvalue()
