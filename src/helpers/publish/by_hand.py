"""An executed notebook that somebody renders alone, by Quarto or nbconvert: the page it makes, standing on its own.

Quarto takes it through the filter ``wecare page``, which every notebook names in its first cell; nbconvert through its
settings in ``src/jupyter``, installed with the project. Neither is given the site around the page: what leads there
goes to its address on the web where ``_quarto.yml`` declares one, and is plain text otherwise.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from html import escape, unescape
from pathlib import Path
from urllib.parse import urljoin

import nbformat
from nbconvert.preprocessors import Preprocessor
from traitlets import Bool

from helpers import config
from helpers.errors import WecareError
from helpers.figures.drawing import draw
from helpers.figures.exhibit import WIDTH
from helpers.prose.labels import label
from helpers.publish.machines.base import site_url
from helpers.publish.markup import SAVING, cells_as_notebook, front_matter, opening, page_target
from helpers.publish.notebook import PAGE_MIME, PLOT, PLOTLY_MIME, Page, page_of
from helpers.publish.plain import as_markdown

#: What an error calls a notebook whose file is not known.
UNNAMED = Path("The notebook")
_LINK = re.compile(r'<a\b(?P<before>[^>]*?)\s*\bhref="(?P<to>[^"]*)"(?P<after>[^>]*)>(?P<text>.*?)</a>', re.DOTALL)
_MARKDOWN_LINK = re.compile(r'\[(?P<text>(?:[^\[\]\\]|\\.)*)\]\((?P<to>[^)\s]+)(?P<title> "[^"]*")?\)')
_ID = re.compile(r'\bid="([^"]*)"')
#: What is there only to lead to files of the site: lists of downloads, and how to embed a card of it.
_OF_THE_SITE = re.compile(
    r'<ul class="downloads">.*?</ul>|<p class="embed">.*?</p>|<pre class="embed-code".*?</pre>', re.DOTALL
)
_HEADING = re.compile(r"#+ [^\n]*\Z")


def quarto_page(notebook: bytes) -> bytes:
    """An executed notebook, as JSON → the page as a notebook that Quarto turns into any of its formats.

    Raises
    ------
    WecareError
        If it holds no results, or cannot be a page.
    """
    try:
        read = nbformat.reads(notebook.decode(), as_version=4)
    except Exception as error:  # nbformat raises whatever broken content makes json and jsonschema raise
        told = " ".join(str(error).split())[:200]
        raise WecareError(f"What was given is no notebook ({told}). To do: give an executed notebook.") from None
    page = _page(read)
    lead = _leading(page)
    blocks = [("html", str(opening(page, {}))), *page.blocks]
    texts = [
        as_markdown(_drawn(page, text), lead) if kind == "html" else _markdown(text, lead) for kind, text in blocks
    ]
    words = {f"{kind}-title": label(page.lang, f"site.{kind}").partition(" ")[0] for kind in ("fig", "tbl")}
    return cells_as_notebook(front_matter(page, crossref=words), list(filter(None, _without_empty_sections(texts))))


def shown_alone(notebook: nbformat.NotebookNode, code: bool = False) -> nbformat.NotebookNode:
    """The same notebook for nbconvert: as outputs what the page shows, its code only if asked; called by its title.

    A notebook that makes no page is returned as it is.
    """
    if not _results(notebook):
        return notebook
    page = _page(notebook)
    lead = _leading(page, files=True)
    kinds = [kind for kind, _ in page.blocks]
    texts = [_html(page, text, lead) if kind == "html" else _markdown(text, lead) for kind, text in page.blocks]
    blocks = zip(kinds, _without_empty_sections(texts), strict=True)
    shown = nbformat.from_dict(notebook)
    shown.metadata |= {"title": page.title, "lang": page.lang}
    shown.cells = [
        cell for cell in shown.cells if cell.cell_type != "raw" and "remove-cell" not in cell.metadata.get("tags", [])
    ]
    for cell in shown.cells:
        if cell.cell_type == "code":
            # Nbconvert's own way of leaving out the source of a cell.
            cell.metadata["transient"] = {"remove_source": not code}
            cell.outputs = [made for output in cell.outputs for made in _outputs(output, blocks)]
    return shown


def _outputs(output: nbformat.NotebookNode, blocks: Iterator[tuple[str, str]]) -> list[nbformat.NotebookNode]:
    data = output.get("data", {})
    if PAGE_MIME in data:
        return [nbformat.v4.new_output("display_data", {"text/markdown": data["text/markdown"]})]
    if PLOTLY_MIME in data or not {"text/html", "text/markdown"} & set(data):
        return []
    kind, text = next(blocks)
    return [nbformat.v4.new_output("display_data", {f"text/{kind}": text})] if text else []


def _results(notebook: nbformat.NotebookNode) -> bool:
    return any(
        PAGE_MIME in output.get("data", {}) or output.output_type == "error"
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )


def _page(notebook: nbformat.NotebookNode) -> Page:
    if not _results(notebook):
        raise WecareError(
            "This notebook was not run, and Quarto would write results into it. To do: `papermill notebooks/NAME.ipynb "
            "out.ipynb` (for a district with `-r district D07`), then `quarto render out.ipynb`."
        )
    return page_of(notebook, UNNAMED)


def _without_empty_sections(texts: list[str]) -> list[str]:
    """The texts, those empty that are headings which nothing follows."""
    kept: list[str] = []
    follows = "#"
    for text in reversed(texts):
        kept.append("" if _HEADING.match(text) and follows.startswith("#") else text)
        follows = kept[-1] or follows
    return kept[::-1]


def _drawn(page: Page, html: str) -> str:
    """HTML of a page with the drawings in their places."""

    def drawing(place: re.Match[str]) -> str:
        return f"{place[1]}{draw(page.figures[place[3]], WIDTH, place[3]).svg()}</div>"

    return PLOT.sub(drawing, SAVING.sub("", html))


def _leading(page: Page, files: bool = False) -> Callable[[str], str]:
    """From a link of the page to where it leads from a page that stands alone; empty if nowhere.

    ``files``: whether a link may hold the table that it leads to.
    """
    ids = {name for kind, text in page.blocks if kind == "html" for name in _ID.findall(text)}
    url = site_url(config.QUARTO_YML)

    def lead(to: str) -> str:
        scheme, colon, name = to.partition(":")
        if scheme == "csv":
            table = b64encode(page.tables[name].encode()).decode()
            return f"data:text/csv;charset=utf-8;base64,{table}" if files else ""
        if to.startswith("#"):
            return to if to[1:] in ids else ""
        if colon and scheme in ("http", "https", "mailto"):
            return to
        return urljoin(f"{url}{page.path}.html", page_target(page, to)) if url else ""

    return lead


def _html(page: Page, text: str, lead: Callable[[str], str]) -> str:
    def link(found: re.Match[str]) -> str:
        to, attributes = lead(unescape(found["to"])), found["before"] + found["after"]
        if to:
            named = f' download="{found["to"].partition(":")[2]}.csv"'
            return f'<a{attributes.replace(" download", named)} href="{escape(to)}">{found["text"]}</a>'
        name = _ID.search(attributes)
        return f'<span id="{name[1]}">{found["text"]}</span>' if name else found["text"]

    return _LINK.sub(link, _OF_THE_SITE.sub("", _drawn(page, text)))


def _markdown(text: str, lead: Callable[[str], str]) -> str:
    def link(found: re.Match[str]) -> str:
        to = lead(found["to"])
        shown = f"[{found['text']}]({to}{found['title'] or ''})" if to else found["text"]
        # A link with a title is a mark: from a number to its source.
        return rf"\[{shown}\]" if found["title"] else shown

    return _MARKDOWN_LINK.sub(link, text)


class Alone(Preprocessor):
    """What nbconvert is told by ``src/jupyter/etc``, which is installed with the project."""

    code = Bool(False, help="Whether the code of a report is shown.").tag(config=True)

    def preprocess(self, nb: nbformat.NotebookNode, resources: dict) -> tuple[nbformat.NotebookNode, dict]:
        """See :func:`shown_alone`."""
        shown = shown_alone(nb, self.code)
        return shown, resources | {"language_code": shown.metadata.get("lang", "en")}
