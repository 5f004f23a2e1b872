"""How a page in one language prints values, names sources and heads the columns of its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

import pandas as pd
from markupsafe import Markup, escape

from helpers import config
from helpers.analysis.indicators import datasets, from_tables
from helpers.data import raw
from helpers.declarations import BY_ID, COUNTS, caveats_of
from helpers.errors import WecareError
from helpers.figures import maps
from helpers.figures.exhibit import Words
from helpers.figures.tables import Column
from helpers.pages.common.datasets import known_years
from helpers.prose import indicators, numbers
from helpers.prose.labels import label_or, row_text
from helpers.prose.provenance import DATASETS, SOURCES_PAGE, anchor
from helpers.prose.render import label, labels
from helpers.subjects.measures import precision
from helpers.subjects.sources import in_order, is_web, name_of
from helpers.system.id_lists import split_ids

#: Datasets that the note under an exhibit describes; of more it gives the names.
NOTED = 2


class PageWords:
    """A page's language and edition, and the words and numbers of its pieces; parameters as of :class:`.page.Page`."""

    #: Where it stands on the site, without extension; with ``{slug}`` where there is one page for each row of a table.
    address: ClassVar[str]
    #: Whether the page has a table of all its sources (``source_table``); its citations lead there.
    lists_sources = False
    #: What the year of the people it shows is called in the words, and whether what it shows lies in Piedmont.
    people_year: ClassVar[str] = "population_year"
    of_piedmont: ClassVar[bool] = True

    def __init__(self, lang: str = "it", edition: str = "", **parameters: str):
        require_text(lang=lang, edition=edition, **parameters)
        if lang not in config.LANGUAGES:
            raise WecareError(f"lang is {lang!r}; it must be one of {', '.join(config.LANGUAGES)}.")
        at_hand = raw.edition()
        if edition and edition != at_hand.version:
            raise WecareError(
                f"edition is {edition!r} but the data package is {at_hand.version}. "
                "To do: leave it empty, or check out the data of that edition."
            )
        self.lang = lang
        self.spelled_out: set[str] = set()
        self.edition = at_hand
        self._years = {f"{{{name}}}": year for name, year in known_years().items()}
        self.words = Words(self.label("download.show_data"), self.label("download.csv"))

    def label(self, key: str) -> str:
        """A word of the interface in the page's language, with the year of the people it speaks of."""
        text = label(self.lang, key)
        for placeholder, year in self._years.items():
            text = text.replace(placeholder, year)
        return text

    def words_of(self, group: str) -> dict[str, str]:
        """The labels of a group by the last part of their key."""
        prefix = group + "."
        known = labels(self.lang).items()
        return {key.removeprefix(prefix): text for key, text in known if key.startswith(prefix)}

    def worded(self, key: str, text: str) -> str:
        """A word of the interface where there is one; else the text it stands for, as a table has it."""
        return label_or(self.lang, key, text)

    def row(self, table: str, key: str, column: str, otherwise: object = None) -> str | None:
        """What a row of a raw table says, worded in the page's language; see :func:`helpers.prose.labels.row_text`."""
        return row_text(self.lang, table, key, column, otherwise)

    @property
    def to_root(self) -> str:
        """From the page to the root of its language's edition."""
        return "../" * self.address.count("/")

    @property
    def to_site(self) -> str:
        """From the page to the root of the site, above its language's edition."""
        return self.to_root if self.lang == config.LANGUAGES[0] else f"../{self.to_root}"

    def classes_of(self, indicator: str, bounds: Sequence[float]) -> maps.Classes:
        """The classes of a map of an indicator; ``bounds`` from :func:`helpers.analysis.classes.indicator_bounds`."""
        return self.classes(bounds, BY_ID[indicator].precision, self.show(indicator))

    def classes(self, bounds: Sequence[float], decimals: int, show: Callable[[float], str]) -> maps.Classes:
        """The classes of a map, its legend in the page's language; see :func:`helpers.figures.maps.classes`."""
        return maps.classes(bounds, decimals, show, self.class_words)

    @property
    def class_words(self) -> dict[str, str]:
        """What :func:`helpers.analysis.classes.class_texts` says of classes."""
        return {part: self.label(f"classes.{part}") for part in ("up_to", "between", "from", "only")}

    def show(self, indicator: str) -> Callable[[Any], str]:
        """The printer of an indicator or count: its unit and decimals in the page's language."""
        return lambda value: self.value(indicator, value)

    def value(self, indicator: str, value: Any) -> str:
        """Print one value; one that is not there says in words whether it does not exist or is not known."""
        if value is None or value is pd.NA or value != value:
            return self.label(f"state.{self.why_missing(indicator)}")
        return indicators.show(indicator, value, self.lang)

    def tick(self, value: float) -> str:
        """The number at a tick of an axis."""
        return numbers.tick(value, self.lang)

    def why_missing(self, indicator: str) -> str:
        """Why a value is not there: a ratio that does not exist, or a number nobody gives."""
        tabled = indicator in BY_ID and from_tables(BY_ID[indicator])
        return "not_known" if tabled else "not_computable"

    def badge(self, status: object) -> Markup:
        """A status as an HTML badge: told by its word, coloured besides."""
        return Markup('<span class="status status-{}">{}</span>').format(status, self.label(f"status.{status}.name"))

    @property
    def sources_page(self) -> str:
        """From the page to the page of the sources."""
        return self.to_root + SOURCES_PAGE

    def source_address(self, what: str) -> str:
        """Where a source or dataset is described: in the page's own table of sources or on the page of all sources."""
        page = "" if self.lists_sources and what not in DATASETS else self.sources_page
        return f"{page}#{anchor(what)}"

    def source_links(self, source_ids: object) -> Markup:
        """Links from source ids or names of datasets to where they are described, as HTML."""
        return Markup(", ").join(
            Markup('<a href="{}">{}</a>').format(self.source_address(i), self.source_name(i))
            for i in dict.fromkeys(split_ids(source_ids))
        )

    def source_name(self, what: str) -> str:
        """What a citation of a source or dataset shows."""
        return self.label(f"provenance.{what}.short") if what in DATASETS else what

    def titled_sources(self, sources: pd.DataFrame) -> pd.DataFrame:
        """Sources in order, each with its ``name`` and ``published_by``: its publisher, or else its site."""
        rows = in_order(sources).to_dict("records")
        for row in rows:
            for column in ("address", "site"):
                row[column] = self.row("sources", row["source_id"], column, row[column])
            row["name"] = name_of(row)
            row["published_by"] = row["site"] if pd.isna(row["publisher"]) else row["publisher"]
        return pd.DataFrame(rows, columns=[*sources.columns, "name", "published_by"])

    def source_columns(self, code: Callable[[str], str], sources: pd.DataFrame) -> list[Column]:
        """The columns of a table of :meth:`titled_sources`; ``code`` makes the cell of its id."""
        links = {row["source_id"]: row for row in sources.to_dict("records")}

        def named(source_id: str) -> str:
            row = links[source_id]
            title, address = row["title"], str(row["address"])
            text: str = row["name"]
            if not isinstance(title, str) and is_web(address):
                text = Markup('<span class="from-address">{}</span>').format(text)
            return Markup('<a href="{}">{}</a>').format(address, text) if is_web(address) else text

        return [
            Column("source_id", self.label("table.source"), show=code, row_header=True),
            Column("source_id", self.label("table.title"), show=named, file=("title", "author", "address")),
            Column("published_by", self.label("table.publisher"), file=("publisher", "site")),
            Column("date", self.label("table.date"), lambda d: numbers.date(d, precision(d), self.lang) if d else ""),
            Column("kind", self.label("table.source_kind"), lambda k: self.label(f"source_kind.{k}") if k else ""),
        ]

    def note(self, status: str, key: str) -> Markup:
        """The line under an exhibit: status of its numbers and where they come from.

        A note named like a dataset of :data:`helpers.prose.provenance.DATASETS` leads to its entry.
        """
        text = self._dataset_note(key) if key in DATASETS else escape(self.label("note." + key))
        return Markup('<p class="provenance">{} {}</p>').format(self.badge(status), text)

    def indicators_note(self, ids: Iterable[str], places: Iterable[str] | None = None) -> Markup:
        """The lines under an exhibit of indicators: where all numbers come from, and what must be said of some.

        Parameters
        ----------
        ids
            Of the indicators shown.
        places
            Codes of the territories shown; None for all.
        """
        ids = list(ids)
        names = datasets(ids)
        # Many are named shortly.
        texts = (
            Markup(" ").join(map(self._dataset_note, names))
            if len(names) <= NOTED
            else Markup("{}: {}.").format(self.label("table.sources"), self.source_links(names))
        )
        note = Markup('<p class="provenance">{} {}</p>').format(self.badge("derived"), texts)
        return self.add_caveats(note, ids, places)

    def add_caveats(self, note: Markup, ids: Iterable[str], places: Iterable[str] | None = None) -> Markup:
        """The line under an exhibit with what must be said of some of the indicators in some of the territories.

        Parameters
        ----------
        note
            The line.
        ids, places
            As in :meth:`indicators_note`.
        """
        texts = (self.label(f"caveat.{caveat.id}.text") for caveat in caveats_of(ids, places))
        said = Markup("").join(Markup(" {}").format(text) for text in texts)
        return Markup("{}{}</p>").format(note.removesuffix("</p>"), said)

    def _dataset_note(self, name: str) -> Markup:
        text = escape(self.label(f"note.{name}"))
        return Markup('<a href="{}">{}</a>.').format(self.source_address(name), text.removesuffix("."))

    def sources_note(self, status: str, source_ids: object) -> Markup:
        """The line under a text: status of what it says and links to its sources."""
        links = self.source_links(source_ids)
        return Markup('<p class="provenance">{} {}: {}</p>').format(
            self.badge(status), self.label("table.sources"), links
        )

    def name_column(self, source: str, heading: str, link: Callable[[str], str] | None = None) -> Column:
        """The column that names each row, as a link where one is given."""
        show = (lambda v: link(str(v))) if link else str
        return Column(source, self.label(heading), show=show, row_header=True)

    def number_column(self, source: str, heading: str | None = None) -> Column:
        """A column of an indicator or count."""
        text = self.label(heading or f"indicator.{source}.short")
        return Column(source, text, self.show(source), numeric=True, unit=unit_of(source), year=self.year_of(source))

    def year_of(self, indicator: str) -> str:
        """The year of an indicator or of the residents, or the years it compares; empty where rows differ in it.

        That of what it rests on: a table that has a column with its own says it better.
        """
        known = BY_ID.get(indicator)
        source = known.source if known else "population" if indicator == "residents" else ""
        name = self.people_year if source == "population" else f"{source}_year" if self.of_piedmont else ""
        year = self._years.get(f"{{{name}}}", "")
        since = f"{known.since}-" if known and known.since else ""
        return since + year if year.isdecimal() else ""

    def year_column(self, years: pd.Series) -> list[Column]:
        """The column of the year of each row's people; none where all are of the same."""
        if years.nunique() < 2:
            return []
        return [Column("year", self.label("table.year"), show=lambda year: "" if year is None else str(year))]

    def indicator_column(self) -> Column:
        """The column that names the indicator of each row of :meth:`printed`, in the file with its unit."""
        return Column("label", self.label("table.indicator"), row_header=True, file=("indicator", "label", "unit"))

    def printed_column(self, source: str, heading: str) -> Column:
        """A column of values whose rows differ in unit; the file holds what they were printed from."""
        return Column(f"{source}_printed", self.label(heading), numeric=True, file=(source,))

    def printed(self, frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
        """Rows that are one indicator each: its name, its unit, and the values of ``columns`` printed with it."""
        ids = frame["indicator"]
        told = {f"{c}_printed": [self.value(i, v) for i, v in zip(ids, frame[c], strict=True)] for c in columns}
        label, unit = [self.label(f"indicator.{i}.long") for i in ids], [unit_of(i) for i in ids]
        return frame.assign(label=label, unit=unit, **told)

    def pyramid_columns(self) -> list[Column]:
        """The columns of the table under an age pyramid: persons of each sex, and their shares of all residents."""
        year, show = self.year_of("residents"), self.show("residents")
        return [
            *(
                Column(sex, self.label(f"axis.{sex}s").capitalize(), show, numeric=True, unit="persons", year=year)
                for sex in ("male", "female")
            ),
            *(self.share_column(f"{sex}_share", f"pyramid.{sex}_share", year) for sex in ("male", "female")),
        ]

    def share_column(self, source: str, heading: str, year: str = "") -> Column:
        """A column of shares of all residents."""
        return Column(source, self.label(heading), self.show("share_0_14"), numeric=True, unit="share", year=year)

    def pyramid_words(self) -> dict[str, str]:
        """How an age pyramid calls the sexes."""
        return {sex: self.label(f"axis.{sex}s").capitalize() for sex in ("male", "female")}


def require_text(**parameters: object) -> None:
    """Refuse parameters that are no text: papermill reads ``-p edition 2026.10`` as the number 2026.1.

    Raises
    ------
    WecareError
        Names the first one and says how to give it.
    """
    for name, value in parameters.items():
        if not isinstance(value, str):
            raise WecareError(
                f"{name} is {value!r}, which is no text. To do: write it in quotes in the notebook; on papermill's "
                f"command line use -r {name} VALUE, because -p turns what looks like a number or like None into one."
            )


def unit_of(indicator: str) -> str:
    """The unit of an indicator or count as files name it; that of an amount is in its name."""
    return (BY_ID.get(indicator) or COUNTS[indicator]).unit
