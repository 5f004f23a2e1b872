"""What all pages share: what a page declares of itself, and how its pieces are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from inspect import signature
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, ParamSpec, TypeVar

import pandas as pd
from IPython.display import display
from markupsafe import Markup, escape

from helpers import config
from helpers.figures.exhibit import SVG_MIME, Exhibit, Figure, Pair, Table
from helpers.pages.common.by_name import by_name
from helpers.pages.common.page_words import PageWords
from helpers.pages.common.search_field import COMUNI, search_field
from helpers.prose import apostrophes, glossary
from helpers.prose.escape import md
from helpers.prose.links import rest
from helpers.prose.render import render, render_text
from helpers.system import startup

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from _typeshed import DataclassInstance

#: Says to the publishing step what a notebook becomes: its address, title and language.
PAGE_MIME = "application/vnd.wecare.page+json"

#: Characters of a web address that are shown; the link holds it whole.
SHOWN_OF_ADDRESS = 60


@dataclass(frozen=True, repr=False)
class Shown:
    """What a piece of a page shows: the last line of a cell shows it, and a name keeps it.

    Attributes
    ----------
    outputs
        MIME bundles with their metadata, in order.
    exhibits
        The figures and tables among them.
    """

    outputs: list[tuple[dict, dict | None]] = field(default_factory=list)
    exhibits: list[Exhibit] = field(default_factory=list)

    @property
    def frame(self) -> pd.DataFrame | None:
        """The data of the first figure or table, numbers not rounded; None if there is none."""
        return next((each.frame for each in self._apart() if each.frame is not None), None)

    @property
    def chart(self) -> go.Figure | None:
        """The first figure as plotly's ``Figure``, to be changed as you like; None if there is none."""
        startup.load_jsonschema()
        import plotly.graph_objects as go

        charts = (each.chart for each in self._apart() if isinstance(each, Figure))
        return next((go.Figure(chart | {"layout": chart["layout"] | {"template": "none"}}) for chart in charts), None)

    @property
    def picture(self) -> str | None:
        """The drawing of the first figure, as SVG; None if there is none."""
        return next((bundle[SVG_MIME] for bundle, _ in self.outputs if SVG_MIME in bundle), None)

    def _apart(self) -> list[Any]:
        pairs = ((each.map, each.ranking) if isinstance(each, Pair) else (each,) for each in self.exhibits)
        return [part for pair in pairs for part in pair]

    def show(self) -> None:
        """Show it here, as a cell does whose last line gives it."""
        for bundle, metadata in self.outputs:
            display(bundle, raw=True, metadata=metadata)

    _ipython_display_ = show

    def __repr__(self) -> str:
        return f"Shown: {len(self.outputs)} outputs; .frame, .chart, .picture"


_Page = TypeVar("_Page", bound="Page")
_Given = ParamSpec("_Given")


def piece(method: Callable[Concatenate[_Page, _Given], None]) -> Callable[Concatenate[_Page, _Given], Shown]:
    """Make a method of a page give what it shows, so that a cell shows it; one piece within another is a part of it."""

    @wraps(method)
    def give(page: _Page, *args: _Given.args, **kwargs: _Given.kwargs) -> Shown:
        around, page.shown = page.shown, Shown()
        try:
            method(page, *args, **kwargs)
            own = page.shown
        finally:
            page.shown = around
        if around is not None:
            around.outputs.extend(own.outputs)
            around.exhibits.extend(own.exhibits)
        return own

    give.__signature__ = signature(method).replace(return_annotation=Shown)  # type: ignore[attr-defined]
    return give


class Page(PageWords):
    """One page in one language.

    Parameters
    ----------
    lang
        ``it`` or ``en``.
    edition
        Must be the edition of the data package; empty takes it as it is.
    **parameters
        What else the notebook is given: text too.

    Raises
    ------
    WecareError
        If a parameter is no text, the language is unknown, or the edition is not the one of the data at hand: a page
        never claims an edition its numbers do not have.
    """

    #: Name of its notebook; a class without one is no page. What is named here and below is read from the source, see
    #: :mod:`helpers.pages.common.declared`: each is a text in quotes.
    notebook: ClassVar[str]
    #: The table of data/raw that has a page for each row, where there is one, and the parameter that takes a row's key.
    each: ClassVar[str] = ""
    parameter: ClassVar[str] = ""
    #: What its files say of the row it is of, by column.
    key_columns: Mapping[str, str] = MappingProxyType({})
    #: Group of the labels with its title, subtitle and description.
    titles: ClassVar[str]
    #: From its parameters, without the language, to all it shows: by that the build knows whether it must run again.
    inputs_from: ClassVar[Callable[..., Any]]
    #: What the piece that is being made has shown so far; outside a piece what is shown is shown at once.
    shown: Shown | None = None

    @piece
    def title(self) -> None:
        """Show the title, and tell the publishing step what this page is."""
        self.head_of(self.address, self.titles)

    def head(self, path: str, title: str, subtitle: str, description: str) -> None:
        """Show the title, and tell the publishing step what this page is."""
        page = {
            "path": config.edition_path(self.lang, path),
            "title": title,
            "subtitle": subtitle,
            "description": description,
            "lang": self.lang,
            "translation": config.edition_path(next(lang for lang in config.LANGUAGES if lang != self.lang), path),
            "edition": self.edition.version,
            "edition_date": str(self.edition.date),
            **({"key_columns": dict(self.key_columns)} if self.key_columns else {}),
        }
        self.display({PAGE_MIME: page, "text/markdown": f"# {md(title)}\n\n{md(subtitle)}"})

    @piece
    def find(self) -> None:
        """Show the field that leads from a comune to its district."""
        self.html(search_field(self.lang, self.to_root, COMUNI, "find"))

    def section(self, key: str) -> None:
        """Show a section heading."""
        self.markdown(f"## {self.label('section.' + key)}")

    def prose(self, template: str, facts: Mapping[str, Any] | DataclassInstance, **more: object) -> None:
        """Show a text made from a template and facts; abbreviations are spelled out where the page first has them."""
        told = {**by_name(facts), **more}
        text = render(template, self.lang, **told, edition_root=self.to_root, sources_here=self.lists_sources)
        self.markdown(glossary.spell_out(text, self.lang, self.to_root, self.spelled_out))

    def text(self, template: str, facts: Mapping[str, Any] | DataclassInstance, **more: object) -> str:
        """A caption or text alternative as plain text on one line."""
        return render_text(template, self.lang, **{**by_name(facts), **more})

    def head_of(self, path: str, group: str) -> None:
        """Show the title of a page that always has the same; ``group`` is that of its labels."""
        self.head(path, *(self.label(f"{group}.{part}") for part in ("title", "subtitle", "description")))

    def display(self, bundle: dict, metadata: dict | None = None) -> None:
        """Show one output: a MIME bundle, in which links into the site are none as long as it stands in a notebook."""
        made = rest(apostrophes.show(bundle))
        if self.shown is None:
            display(made, raw=True, metadata=metadata)
        else:
            self.shown.outputs.append((made, metadata))

    def markdown(self, text: str) -> None:
        """Show Markdown."""
        self.display({"text/markdown": text, "text/plain": text})

    def html(self, html: str) -> None:
        """Show markup; what is plain text is shown as text."""
        self.display({"text/html": str(escape(html)), "text/plain": ""})

    @piece
    def downloads(self, *own: tuple[str, str]) -> None:
        """Offer this page's notebook, and the districts as JSON and GeoJSON.

        Parameters
        ----------
        *own
            Further files of the page: address and words.
        """
        self.section("downloads")
        links = (
            *own,
            ("notebook:", self.label("download.notebook")),
            (self.to_site + "data/districts.json", self.label("download.json")),
            (self.to_site + "data/districts.geojson", self.label("download.geojson")),
        )
        items = Markup("").join(
            (Markup('<li><a href="{}" download>{}</a></li>').format(address, text) for address, text in links)
        )
        self.html(Markup('<ul class="downloads">{}</ul>').format(items))

    def embedding(self, card: str, address: str, name: str) -> Markup:
        """How to embed a district's card in another site, as HTML: the card, and the code to copy.

        Parameters
        ----------
        card
            Address of the card from the page.
        address
            The same from the root of the language's edition.
        name
            Of the district.
        """
        title = self.label("machines.card_title").format(name=name)
        src = config.edition_path(self.lang, address)
        frame = Markup('<iframe src="{}" title="{}" width="420" height="400" loading="lazy"></iframe>')
        code = str(frame.format(src, title))  # shown as text
        return Markup(
            '<p class="embed"><a href="{}">{}</a>. {}</p><pre class="embed-code" tabindex="0"><code>{}</code></pre>'
        ).format(card, self.label("machines.card_link"), self.label("machines.card_how"), code)

    def exhibit(self, exhibit: Exhibit) -> None:
        """Show a figure, a map with its ranking, or a table."""
        for bundle, metadata in exhibit.outputs():
            self.display(bundle, metadata)
        if self.shown is not None:
            self.shown.exhibits.append(exhibit)

    def source_table(self, sources: pd.DataFrame, caption: str, note: str = "") -> None:
        """The sources a page rests on, each with its name and address; of a page that ``lists_sources``."""
        link, table = self.sources_page, self.titled_sources(sources)
        code = Markup('<a id="{}" href="{}#{}">{}</a>')
        columns = self.source_columns(lambda i: code.format(i, link, i, i), table)
        note += Markup('<p class="provenance">{}</p>').format(self.label("note.from_address"))
        self.exhibit(Table("sources", caption, table, columns, self.words, note))


def address_link(address: object) -> Markup:
    """A web address as a link, of which only the beginning is shown; anything else as text."""
    scheme, _, rest = str(address).partition("://")
    if scheme not in ("http", "https"):
        return escape(str(address))
    shown = rest.rstrip("/") if len(rest) <= SHOWN_OF_ADDRESS else f"{rest[: SHOWN_OF_ADDRESS - 1]}…"
    return Markup('<a href="{}">{}</a>').format(str(address), shown)
