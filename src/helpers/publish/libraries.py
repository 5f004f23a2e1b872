"""Leaves out of the publishers' style sheets and icons what no page can show, and packs the index of the search.

Publishers bring the whole of Bootstrap and two thousand icons; the site uses a fifth of the one and a few of the
others. What browsers draw stays the same, and they have less to read before they draw it.
"""

from __future__ import annotations

import base64
import io
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from .memory import Memory, digest
from .packed import QUICK, deflate

#: Where publishers keep what they bring along.
FOLDER = "site_libs"

TOKEN = re.compile(r"/\*.*?\*/|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|url\([^)\"']*\)|[{};]|[^{};\"'/u]+|.", re.DOTALL)
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
PARENTHESES = re.compile(r"\([^()]*\)")
#: Rules that hold rules; of the others that begin with @ nothing is left out.
GROUPS = ("@media", "@supports", "@layer", "@container")

WORD = re.compile(r"[A-Za-z_][\w-]*")
IN_PAGES = re.compile(r"\bclass=(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))")
#: Scripts whose words name no class of these style sheets: what is drawn, and outlines.
NO_NAMES = re.compile(r"assets/plotly-|data/")
#: Scripts put class names together; what begins like this part of a name (``quarto-``) may be one of them.
PART = re.compile(r"[A-Za-z][\w-]{2,}-")

FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
SOURCE = re.compile(r"src:[^;}]+")
ADDRESS = re.compile(r"url\(\s*[\"']?([^\"')?#]+)")
SIGN = re.compile(r"content:\s*[\"']\\([0-9a-fA-F]{4,6})")

INDEX, PACKED = "search.json", "search.deflate"
#: How the scripts of both publishers ask for the index.
ASKS = re.compile(r'fetch\((offset \+ "|offsetURL\(")search\.json("\)?)\)')
UNPACKS = (
    r'fetch(\1search.deflate\2).then((r) => new Response(r.body.pipeThrough(new DecompressionStream("deflate-raw"))))'
)


def trim(site: Path, memory: Memory) -> None:
    """Leave out of the style sheets in ``site_libs`` the rules for classes that no page and no script names.

    Parameters
    ----------
    site
        The rendered site.
    memory
        Where it is kept what the same style sheets and pages gave.
    """
    names = _names(site, memory)
    key = digest("\n".join(sorted(names)).encode())
    for path in sorted((site / FOLDER).rglob("*.css")):
        css = path.read_text(encoding="utf-8")
        kept_as = f"css {key} {digest(css.encode())}"
        less = memory.get(kept_as)
        if less is None:
            less = without(css, names)
            memory.put(kept_as, less)
        if len(SIGN.findall(css)) > len(SIGN.findall(less)):
            less = _with_few_signs(path, less, memory)
        path.write_text(less, encoding="utf-8")


def _names(site: Path, memory: Memory) -> frozenset[str]:
    """Every word that may be the name of a class."""
    scripts = [path for path in site.rglob("*.js") if not NO_NAMES.match(path.relative_to(site).as_posix())]
    found: set[str] = set()
    for path in [*site.rglob("*.html"), *scripts]:
        content = path.read_bytes()
        key = f"names {path.suffix} {digest(content)}"
        known = memory.get(key)
        if known is None:
            known = sorted(_named_in(content.decode(), path.suffix == ".js"))
            memory.put(key, known)
        found.update(known)
    return frozenset(found)


def _named_in(text: str, is_script: bool) -> set[str]:
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
    return "".join(_rules(TOKEN.findall(css), lambda name: name in names or name.startswith(starts)))


def _rules(tokens: list[str], known: Callable[[str], bool]) -> Iterator[str]:
    at, before = 0, []
    while at < len(tokens):
        token = tokens[at]
        at += 1
        if token.startswith("/*"):
            if token.startswith("/*!"):
                yield token
        elif token == ";":
            yield "".join([*before, token])
            before = []
        elif token != "{":
            before.append(token)
        else:
            end = _end(tokens, at)
            prelude, inside = "".join(before).strip(), tokens[at : end - 1]
            before, at = [], end
            if prelude.startswith(GROUPS):
                kept = "".join(_rules(inside, known))
                if kept:
                    yield f"{prelude}{{{kept}}}"
            elif prelude.startswith("@"):
                yield f"{prelude}{{{''.join(inside)}}}"
            elif selectors := [s for s in _listed(prelude) if all(map(known, _classes(s)))]:
                yield f"{','.join(selectors)}{{{''.join(inside).strip()}}}"
    yield "".join(before).strip()


def _end(tokens: list[str], at: int) -> int:
    """Position after the brace that closes the block that begins here."""
    depth = 1
    while depth and at < len(tokens):
        depth += (tokens[at] == "{") - (tokens[at] == "}")
        at += 1
    return at


def _listed(prelude: str) -> list[str]:
    """Selectors of a list; commas within parentheses and brackets belong to one selector."""
    found, depth = [""], 0
    for character in prelude:
        depth += (character in "([") - (character in ")]")
        if character == "," and depth == 0:
            found.append("")
        else:
            found[-1] += character
    return [selector.strip() for selector in found]


def _classes(selector: str) -> list[str]:
    """Classes an element must have; what stands in parentheses may be one of several, and escaped names are kept."""
    while (bare := PARENTHESES.sub("", selector)) != selector:
        selector = bare
    return [] if "\\" in selector else CLASS.findall(selector)


def _with_few_signs(path: Path, css: str, memory: Memory) -> str:
    """The style sheet of an icon font, of which only the signs it still names are kept, in one file."""
    face = FONT_FACE.search(css)
    files = [path.parent / address for address in ADDRESS.findall(face[0])] if face else []
    best = next((file for file in files if file.suffix == ".woff"), None)
    if best is None:
        return css
    signs = sorted({int(sign, 16) for sign in SIGN.findall(css)})
    key = f"font {digest(best.read_bytes())} {signs}"
    known = memory.get(key)
    if known is None:
        known = base64.b64encode(_few_signs(best, signs)).decode()
        memory.put(key, known)
    for file in files:
        file.unlink(missing_ok=True)
    best.write_bytes(base64.b64decode(known))
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


def pack_search(site: Path) -> None:
    """Pack the indexes of the search and have the search unpack them; where its script is unknown nothing changes.

    An index is read by one script only, and is the largest file after plotly.js: packed it takes a quarter.
    """
    scripts = {path: path.read_text(encoding="utf-8") for path in sorted((site / FOLDER).rglob("*.js"))}
    asking = {path: text for path, text in scripts.items() if ASKS.search(text)}
    if not asking:
        return
    for path, text in asking.items():
        path.write_text(ASKS.sub(UNPACKS, text), encoding="utf-8")
    for path in sorted(site.rglob(INDEX)):
        path.with_name(PACKED).write_bytes(deflate(path.read_bytes(), QUICK))
        path.unlink()
