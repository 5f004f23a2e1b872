"""Pages shown without a kernel: what they display, and what a reader sees of it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import plotly.graph_objects as go
import pytest

from helpers import config
from helpers.data import processed, raw
from helpers.figures.exhibit import PLOTLY_MIME
from helpers.pages.common import page as base
from helpers.prose.links import lead

#: What a page shows when a missing value was printed as it is, or a placeholder was left empty.
LEAKED = re.compile(r"\b(nan|NaN|NaT|undefined)\b|<NA>|\bNone\b(?! of\b)|\{[a-z_]*\}")

#: How a text alternative says where the places of a map lie.
PLACED = re.compile(
    r"in prevalenza a |in parti diverse |verso il centro|è a |mostly in |in different parts |towards the |is in the "
)

#: Numbers or names in the text alternative of a chart, at least.
MANY = 3


@contextmanager
def displayed() -> Iterator[list[dict]]:
    """The MIME bundles that pages make in the block, in order; nothing is shown."""
    processed.ensure()
    outputs: list[dict] = []

    def note(page: base.Page, bundle: dict, metadata: dict | None = None) -> None:
        made(page, bundle, metadata)
        outputs.append(lead(base.rest(base.apostrophes.show(bundle))))

    with pytest.MonkeyPatch.context() as patch:
        made = base.Page.display
        patch.setattr(base.Page, "display", note)
        patch.setattr(base, "display", lambda bundle, raw=True, metadata=None: None)
        yield outputs


def show(page: base.Page, *pieces: str) -> list[dict]:
    """What the pieces of a page display."""
    with displayed() as outputs:
        for piece in pieces:
            getattr(page, piece)()
    return outputs


def pieces_of(template: str) -> list[str]:
    """The pieces that a notebook shows, in its order."""
    cells = code_cells(config.NOTEBOOKS / f"{template}.ipynb")
    calls = [n for n in ast.walk(ast.parse("\n".join(cells))) if isinstance(n, ast.Call)]
    return [call.func.attr for call in calls if isinstance(call.func, ast.Attribute)]


def code_cells(notebook: Path) -> list[str]:
    """The code of a notebook, cell by cell."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def refuse_tables(patch: pytest.MonkeyPatch) -> None:
    """From here on every reading of a table fails."""

    def refuse(*arguments: object) -> None:
        raise AssertionError("a page read a table beside its inputs")

    for module, name in ((raw, "load"), (raw, "load_geometry"), (raw, "resource"), (processed, "load")):
        patch.setattr(module, name, refuse)


def markup(outputs: list[dict]) -> str:
    """HTML and Markdown of outputs."""
    return "\n".join(b.get("text/html", "") + " " + b.get("text/markdown", "") for b in outputs)


def words(outputs: list[dict]) -> str:
    """All a reader sees, on one line, without the marks of citations."""
    text = re.sub(r"<script.*?</script>", " ", markup(outputs), flags=re.DOTALL)
    text = re.sub(r'\s?\[[^\]]*\]\([^)]*"\)', "", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"<[^>]+>", " ", re.sub(r"<wbr>|</?(?:a|em)\b[^>]*>", "", text))
    return " ".join(unescape(text).split())


def charts(outputs: list[dict]) -> list[dict]:
    """The charts among the outputs, each one that plotly's own objects accept: these refuse unknown properties."""
    found = [bundle[PLOTLY_MIME] for bundle in outputs if PLOTLY_MIME in bundle]
    for chart in found:
        go.Figure({key: chart[key] for key in ("data", "layout")})
    return found


def mute(outputs: list[dict]) -> list[str]:
    """Text alternatives that keep from a reader what the chart shows.

    A map says on which side its groups lie, or names their places; another chart tells some of its values or names.
    """
    found = []
    for bundle in (bundle for bundle in outputs if PLOTLY_MIME in bundle):
        told, chart = bundle["text/plain"], bundle[PLOTLY_MIME]
        named = sum(name in told for name in set(_names(chart["data"])))
        enough = PLACED.search(told) if "places" in chart else len(re.findall(r"\d+", told)) >= MANY
        if not enough and named < MANY:
            found.append(told)
    return found


def _names(value: object) -> Iterator[str]:
    """What the texts of a chart's traces begin with, the first line or what stands before a colon."""
    if isinstance(value, str) and (first := re.match(r"(?:<b>)?([^<:]{3,})", value)):
        yield unescape(first[1])
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _names(part)
