"""One executed notebook → one page: what the notebook shows, in the form both publishers keep."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import Markup

from helpers.errors import WecareError
from helpers.prose.escape import script_json
from helpers.prose.links import lead
from helpers.publish.numbering import numbered
from helpers.system.files import read
from helpers.system.notebook_bytes import notebook_bytes

PAGE_MIME = "application/vnd.wecare.page+json"
PLOTLY_MIME = "application/vnd.plotly.v1+json"

#: Addresses are typed by hand and by people on phones: lower case, digits and hyphens.
ADDRESS = re.compile(r"[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)*\Z")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")
#: First parts of an address that the site keeps for itself.
RESERVED = {"api", "assets", "data", "embed", "notebooks"}
REQUIRED = ("path", "title", "lang", "edition", "edition_date")

#: What other pages need to know of a page.
HEAD = (*REQUIRED, "subtitle", "description", "translation")

#: Forms of an output that are shown rather than plain text.
SHOWN = {"text/html", "text/markdown", PLOTLY_MIME}

#: The place of a figure: its opening tag, its classes and the figure's name.
PLOT = re.compile(r'(<div\b[^>]*\bclass="(plot\b[^"]*)"[^>]*\bdata-figure="([^"]*)"[^>]*>)\s*</div>')
CSV_LINK = re.compile(r'href="csv:([^"]*)"')


@dataclass
class Page:
    """A page as its notebook tells it.

    Attributes
    ----------
    path
        Address on the site without extension.
    source
        The executed notebook.
    blocks
        What is shown, in order: ("markdown" or "html", text).
    tables
        CSV text by name, as the links ``csv:NAME`` call it.
    figures
        Plotly's description by figure name.
    translation
        Address of the same page in the other language, or "".
    key_columns
        What its files say of the row of data it is of, by column.
    """

    path: str
    title: str
    lang: str
    edition: str
    edition_date: str
    source: Path
    subtitle: str = ""
    description: str = ""
    translation: str = ""
    key_columns: dict[str, str] = field(default_factory=dict)
    blocks: list[tuple[str, str]] = field(default_factory=list)
    tables: dict[str, str] = field(default_factory=dict)
    figures: dict[str, dict] = field(default_factory=dict)
    notebook: nbformat.NotebookNode | None = field(default=None, repr=False)


def read_page(path: Path) -> Page:
    """Read an executed notebook.

    Raises
    ------
    WecareError
        When a cell failed, the page is not described, or its pieces do not fit; names notebook and cell.
    """
    try:
        # It was checked against the schema when it was written.
        notebook = nbformat.convert(nbformat.reader.reads(read(path).decode()), 4)
    except Exception as error:  # nbformat raises whatever the broken file makes json raise
        raise WecareError(f"{path.name}: not a readable notebook ({error}). To do: run it again.") from error
    return page_of(notebook, path)


def page_of(notebook: nbformat.NotebookNode, path: Path) -> Page:
    """The page of an executed notebook that is known as ``path``; raises as :func:`read_page`."""
    outputs = [
        (f"{path.name}, cell {number}", output)
        for number, cell in enumerate(notebook.cells, 1)
        if cell.cell_type == "code"
        for output in cell.outputs
    ]
    page = _read_description(path, outputs)
    page.notebook = notebook
    for where, output in outputs:
        _take(page, where, output)
    _check_whole(page)
    page.blocks = numbered(page.blocks, page.lang, path.name)
    return page


def _read_description(path: Path, outputs: list[tuple[str, nbformat.NotebookNode]]) -> Page:
    for where, output in outputs:
        if output.output_type == "error":
            raise WecareError(
                f"{where}: the cell failed ({output.ename}: {output.evalue}), this page cannot be published. "
                "To do: correct the cause and run the notebook again."
            )
    found = [(where, o.data[PAGE_MIME]) for where, o in outputs if PAGE_MIME in o.get("data", {})]
    if len(found) != 1:
        raise WecareError(
            f"{path.name}: {len(found)} outputs of type {PAGE_MIME}, exactly one is needed. "
            "To do: show the page's title once, at the top of the notebook."
        )
    where, described = found[0]
    missing = [key for key in REQUIRED if not described.get(key)]
    if missing:
        raise WecareError(
            f"{where}: the page does not say its {', '.join(missing)}. To do: give them in the page's title."
        )
    head: dict[str, Any] = {key: str(described.get(key) or "") for key in HEAD}
    page = Page(source=path, key_columns=dict(described.get("key_columns") or {}), **head)
    if not ADDRESS.match(page.path) or page.path.split("/")[0] in RESERVED:
        raise WecareError(
            f"{where}: {page.path!r} cannot be an address. To do: use lower-case letters, digits and hyphens, "
            f"parts separated by /, not starting with {' or '.join(sorted(RESERVED))}."
        )
    return page


def _take(page: Page, where: str, output: nbformat.NotebookNode) -> None:
    data = lead(output.get("data", {}))
    if PAGE_MIME in data:
        return
    if PLOTLY_MIME in data:
        name = output.metadata.get("wecare", {}).get("figure", "")
        if not NAME.match(name):
            raise WecareError(f"{where}: a figure without a name. To do: show it through helpers.figures.")
        if name in page.figures:
            raise WecareError(f"{where}: two figures named {name!r} on one page. To do: give one another name.")
        page.figures[name] = data[PLOTLY_MIME]
    elif "text/html" in data:
        page.blocks.append(("html", data["text/html"]))
        _take_table(page, where, data)
    elif "text/markdown" in data:
        page.blocks.append(("markdown", data["text/markdown"]))
    # Streams and bare text/plain are the analyst's own notes: readers do not see them.


def _take_table(page: Page, where: str, data: dict) -> None:
    names = CSV_LINK.findall(data["text/html"])
    if "text/csv" not in data or not names:
        return
    name = names[0]  # further csv: links of the same output point at tables shown elsewhere on the page
    if not NAME.match(name):
        raise WecareError(f"{where}: {name!r} cannot name a file. To do: use letters, digits, hyphens, underscores.")
    if page.tables.setdefault(name, data["text/csv"]) != data["text/csv"]:
        raise WecareError(f"{where}: two tables named {name!r} on one page. To do: give one another name.")


def _check_whole(page: Page) -> None:
    html = "\n".join(text for kind, text in page.blocks if kind == "html")
    plots = [name for _, _, name in PLOT.findall(html)]
    links = set(CSV_LINK.findall(html))
    problems = [f"figure {n!r} has no place (<div class=plot data-figure>)" for n in page.figures if n not in plots]
    problems += [f"the place of figure {n!r} has no figure" for n in plots if n not in page.figures]
    problems += [f"figure {n!r} has two places" for n in sorted({n for n in plots if plots.count(n) > 1})]
    problems += [f"csv:{n} is linked but no output holds its text/csv" for n in sorted(links - set(page.tables))]
    if problems:
        raise WecareError(
            f"{page.source.name}: " + "; ".join(problems) + ". To do: show figures through helpers.figures."
        )


def figure_json(page: Page, name: str, figure: dict) -> Markup:
    """Write a figure's description as JSON that may stand inside a ``<script>`` element."""
    try:
        return script_json(figure)
    except ValueError as error:
        raise WecareError(
            f"{page.source.name}: figure {name!r} holds a number that JSON cannot write (NaN or infinite). "
            "To do: turn missing values into None."
        ) from error


def download(page: Page) -> bytes:
    """The executed notebook as readers download it: what it shows, no traces of the machine that ran it.

    An output that is shown as HTML, Markdown or figure needs no second copy as plain text, and tables have files.
    """
    notebook = nbformat.from_dict(page.notebook)
    parameters = notebook.metadata.get("papermill", {}).get("parameters")
    # Paths and clock times would change the bytes from run to run, and say where it ran.
    notebook.metadata.pop("papermill", None)
    if parameters:
        notebook.metadata["papermill"] = {"parameters": parameters}
    for number, cell in enumerate(notebook.cells, 1):
        cell["id"] = f"cell-{number}"
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.output_type != "stream"]
            for output in cell.outputs:
                if SHOWN & set(output.get("data", {})):
                    output.data.pop("text/plain", None)
                    output.data.pop("text/csv", None)
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)
    return notebook_bytes(notebook)
