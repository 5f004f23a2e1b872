"""A page's pieces → the Markdown and raw HTML that Quarto and the embedded publisher read alike."""

from __future__ import annotations

import json
import posixpath
import re
import string
from collections.abc import Mapping
from functools import partial

import yaml
from markupsafe import Markup

from helpers import config
from helpers.errors import WecareError
from helpers.prose import numbers
from helpers.prose.labels import label
from helpers.publish.drawn import drawings, without_outlines
from helpers.publish.notebook import PLOT, Page, figure_json

#: Links between pages and to files name a scheme: a notebook need not know how deep its page stands.
SCHEME = re.compile(r'\b(href|src)="(csv|page|notebook):([^"]*)"')
MARKDOWN_LINK = re.compile(r"\]\((csv|page):([^)\s]+)\)")
JSON_LINK = re.compile(r'"(page|site):([^"\\]+)"')

#: What only a script serves: hidden in a notebook; on a page the style sheet keeps its place (``[data-live]``).
LIVE = re.compile(r"(?<= data-live) hidden\b")

#: Where a figure offers to be saved.
SAVING = re.compile(r'<span class="saving" data-figure="([^"]*)"></span>')

#: Punctuation that means nothing in Markdown inside a line, left as it is to keep ordinary titles ordinary.
HARMLESS = set(",;'\"?%/()")


def plain(text: str) -> str:
    """Escape text for a place that is read as Markdown, such as a title in front matter."""
    marked = "".join("\\" + c if c in string.punctuation and c not in HARMLESS | {"."} else c for c in text)
    marked = re.sub(r"^(\d+)\.", r"\1\\.", marked)  # "2026. An update" would become a list
    # Quarto looks for shortcodes in titles after undoing the escapes; a word joiner keeps the braces apart.
    return marked.replace("\\{\\{", "\\{\u2060\\{")


def relative(page: Page, target: str) -> str:
    """Address of a file of the site, as a link from the page."""
    return posixpath.relpath(target, posixpath.dirname(page.path) or ".")


def page_address(page: Page, target: str) -> str:
    """Address of another page (``distretti/torino#chi-vive``), as a link from the page."""
    path, hash_, fragment = target.partition("#")
    return relative(page, path.strip("/") + ".html") + hash_ + fragment


def raw_html(html: str) -> str:
    """Wrap HTML in a raw block that no text inside can close."""
    longest = max((len(run) for run in re.findall(r"`+", html)), default=0)
    fence = "`" * max(3, longest + 1)
    # A shortcode would be run even inside a raw block.
    return f"{fence}{{=html}}\n{html.strip().replace('{{<', '&#123;&#123;<')}\n{fence}"


def front_matter(page: Page, **more: object) -> str:
    """The YAML head of the page."""
    front: dict[str, object] = {"title": plain(page.title), "lang": page.lang}
    if page.description:
        front["description"] = plain(page.description)
    if page.lang in config.LANGUAGES:
        front["toc-title"] = label(page.lang, "site.contents")
    front |= more
    return f"---\n{yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=10_000)}---"


def opening(page: Page, titles: Mapping[str, str], stale: bool = False) -> Markup:
    """What stands under every title, as HTML: the path to the page, subtitle, edition, date."""
    lang = config.language_or_first(page.lang)
    parts = []
    trail = [t for t in ancestors(page) if t in titles and t != page.path]
    if trail:
        items = Markup("").join(
            Markup('<li><a href="{}">{}</a></li>').format(page_address(page, t), titles[t]) for t in trail
        )
        parts.append(
            Markup('<nav class="percorso" aria-label="{}"><ol>{}</ol></nav>').format(label(lang, "site.path"), items)
        )
    if page.subtitle:
        parts.append(Markup('<p class="subtitle lead">{}</p>').format(page.subtitle))
    edition = label(lang, "site.edition").format(edition=page.edition, date=numbers.date(page.edition_date, lang=lang))
    parts.append(Markup('<p class="edition">{}</p>').format(edition))
    if stale:
        parts.append(Markup('<p class="note stale" role="note">{}</p>').format(label(lang, "site.stale")))
    return Markup("\n").join(parts)


def staged_notebook(page: Page, titles: dict[str, str], stale: bool = False) -> bytes:
    """The page as a notebook of Markdown cells: no code to hide, nothing a publisher would run."""
    texts = [raw_html(opening(page, titles, stale))]
    for kind, text in page.blocks:
        text = SCHEME.sub(lambda m: f'{m[1]}="{_address(page, m[2], m[3])}"', text)
        if kind == "html":
            text = LIVE.sub("", text)
            texts.append(raw_html(SAVING.sub(partial(_buttons, page), PLOT.sub(partial(_figure, page), text))))
        else:
            text = MARKDOWN_LINK.sub(lambda m: f"]({_address(page, m[1], m[2])})", text)
            texts.append(text.replace("{{<", "{{\\<"))
    return cells_as_notebook(front_matter(page), texts)


def cells_as_notebook(front: str, texts: list[str]) -> bytes:
    """A notebook of Markdown cells under their YAML head."""
    # Sources as lists of lines: Quarto runs cells together that are one text.
    cells = [("raw", front), *(("markdown", text) for text in texts)]
    notebook = {
        "cells": [
            {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": text.splitlines(keepends=True)}
            for number, (kind, text) in enumerate(cells, 1)
        ],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode()


def table_file(page: Page, name: str) -> str:
    """Address on the site of the CSV that the page calls ``name``."""
    return f"{page.path}-{name}.csv"


def notebook_file(page: Page) -> str:
    """Address on the site of the downloadable notebook, one for both editions of a report."""
    return f"notebooks/{page.path if owns_notebook(page) else page.translation}.ipynb"


def owns_notebook(page: Page) -> bool:
    """Whether the notebook to download is this edition's; its ``lang`` is a parameter that readers may change."""
    return page.lang == config.LANGUAGES[0] or not page.translation


def ancestors(page: Page) -> list[str]:
    """Home of the page's language, then the index page of every folder above the page."""
    folders = page.path.split("/")[:-1]
    first = 1 if folders[:1] == [page.lang] else 0
    return ["/".join([*folders[:n], "index"]) for n in range(first, len(folders) + 1)]


def page_target(page: Page, to: str) -> str:
    """Where a link leads, as an address from the page: ``page:`` and ``notebook:`` name what is no file there."""
    scheme, _, target = to.partition(":")
    return _address(page, scheme, target) if scheme in ("page", "notebook") else to


def _address(page: Page, scheme: str, target: str) -> str:
    if scheme == "csv":
        return relative(page, table_file(page, target))
    return page_address(page, target) if scheme == "page" else relative(page, notebook_file(page))


def _figure(page: Page, place: re.Match[str]) -> str:
    """A figure in its place: its drawings, and after it what the interactive chart is made of."""
    start, classes, name = place.groups()
    figure = page.figures[name]
    described = figure_json(page, name, without_outlines(figure))
    try:
        drawn = drawings(name, figure, classes)
    except (KeyError, ValueError) as error:
        raise WecareError(
            f"{page.source.name}: the figure {name!r} cannot be drawn ({error}). To do: make it with "
            "helpers.figures, which says ranges, ticks and margins of a chart."
        ) from error
    address = {"page": page_address, "site": relative}
    linked = JSON_LINK.sub(lambda m: f'"{address[m[1]](page, m[2])}"', described)
    text = Markup(linked)  # noqa: S704 - what it was, save addresses
    script = Markup('<script type="application/json" class="figure-json" data-for="{}">{}</script>').format(name, text)
    return f"{start}{drawn}</div>{script}"


def _buttons(page: Page, place: re.Match[str]) -> str:
    """What saves a figure as a picture, and a map also with its places; ``reports/assets/figures.js`` answers."""
    lang = config.language_or_first(page.lang)
    forms = ["svg", "png", *(["geojson"] if "places" in page.figures[place[1]] else [])]
    return Markup("").join(
        Markup('<button type="button" data-save="{}" data-figure="{}">{}</button>').format(
            form, place[1], label(lang, f"download.figure_{form}")
        )
        for form in forms
    )
