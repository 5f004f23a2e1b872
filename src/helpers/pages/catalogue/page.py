"""The catalogue of the data: every table with its columns, origin, licence, warnings and file."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from helpers.analysis.indicators import KNOWN, YEAR
from helpers.analysis.need import POINTS
from helpers.data import processed
from helpers.declarations import BY_ID, COUNTS
from helpers.declarations.entries import OLDEST, age_bounds
from helpers.figures.exhibit import Table
from helpers.figures.tables import Column, html_table, of_markup
from helpers.pages.catalogue.inputs import catalogue_inputs
from helpers.pages.common.page import Page, piece
from helpers.prose import numbers
from helpers.prose.texts import word

#: Groups of tables by how their names begin; one whose entry names the edition of its codes is of the series, others of
#: no group go to the last.
GROUPS: dict[str, tuple[str, ...]] = {
    "territory": ("comuni", "provinces", "population", "regions", "quadrants", "province_"),
    "series": ("series_",),
    "districts": ("comune_distretto", "districts", "enti_gestori", "district_projects"),
    "will": ("will_", "population_will"),
    "pact": ("patto_", "good_practices"),
    "house": ("sources", "editions"),
    "strategy": ("",),
}
ORDER = ("territory", "series", "districts", "strategy", "pact", "will", "house")


class Catalogue(Page):
    """The tables of the data package and those derived from them."""

    notebook = "catalogue"
    address = "dati"
    titles = "catalogue_page"
    inputs_from = staticmethod(catalogue_inputs)

    def __init__(self, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition)
        processed.ensure()
        self.inputs = catalogue_inputs()
        self.facts = self.inputs.facts

    @piece
    def brief(self) -> None:
        """What there is, how to read it and how to reuse it."""
        self.prose("catalogue_brief", self.facts)
        books = Markup("").join(
            Markup('<li><a href="{}data/xlsx/{}.xlsx" download>{}</a></li>').format(
                self.to_root, name, self.label(f"workbook.download_{key}")
            )
            for name, key in (("piemonte", "region"), ("misura-1", "projects"))
        )
        files = ("data/tables/datapackage.json", "data/districts.json", "data/districts.geojson")
        items = Markup("").join(
            (
                Markup('<li><a href="{}{}" download>{}</a></li>').format(self.to_site, path, self.label(key))
                for path, key in zip(files, ("catalogue.package", "download.json", "download.geojson"), strict=True)
            )
        )
        self.html(Markup('<ul class="downloads">{}{}</ul>').format(books, items))

    @piece
    def machines(self) -> None:
        """What other programs read: API, catalogue for portals, feed, and how to embed a district's card."""
        self.section("machines")
        self.html(Markup("<p>{}</p>").format(self.label("machines.addresses")))
        files = {
            "index": f"{self.to_site}api/index.json",
            "catalogue": f"{self.to_site}data/catalog.jsonld",
            "package": f"{self.to_site}data/tables/datapackage.json",
            "feed": f"{self.to_root}feed.xml",
        }
        items = Markup("").join(
            (
                Markup('<li><a href="{}">{}</a></li>').format(address, self.label(f"machines.file.{key}"))
                for key, address in files.items()
            )
        )
        self.html(Markup('<ul class="downloads">{}</ul>').format(items))
        card = self.inputs.card
        address = f"embed/{card['slug']}.html"
        self.html(self.embedding(self.to_root + address, address, card["name"]))

    @piece
    def overview(self) -> None:
        """All raw tables in one table, each with a link to its entry."""
        self.section("catalogue_table")
        frame = pd.DataFrame(
            [
                {
                    "name": t["name"],
                    "title": self._say(t["title"]),
                    "rows": t["rowCount"],
                    "columns": len(t["schema"]["fields"]),
                    "warnings": ";".join(t.get("usageWarnings", [])),
                    "path": t["path"],
                }
                for group in ORDER
                for t in self._group(group)
            ]
        )
        frame["entry"] = of_markup(self._titled_entry(t) for group in ORDER for t in self._group(group))
        columns = [
            Column("entry", self.label("catalogue.table"), row_header=True, file=("name", "title")),
            Column("rows", self.label("table.rows"), show=self._number, numeric=True, unit="rows"),
            Column("columns", self.label("catalogue.columns"), show=self._number, numeric=True, unit="columns"),
            Column("warnings", self.label("catalogue.warnings"), show=self._warning_names),
            Column("path", self.label("table.file"), show=self._short_file),
        ]
        caption = self.text("caption_catalogue", self.facts)
        self.exhibit(Table("catalogue", caption, frame, columns, self.words, self.note("derived", "package")))

    @piece
    def warnings(self) -> None:
        """What each usage warning means and which tables carry it."""
        self.section("catalogue_warnings")
        rows = [
            {"name": code, "text": self._say(text), "tables": [t["name"] for t in self._warned(code)]}
            for code, text in self.inputs.warnings.items()
        ]
        columns = [
            Column("name", self.label("catalogue.warnings"), show=self._warning_names, row_header=True),
            Column("text", self.label("table.definition")),
            Column("tables", self.label("catalogue.tables"), show=self._entries),
        ]
        frame, note = pd.DataFrame(rows), self.note("derived", "package")
        self.exhibit(Table("warnings", self.label("caption.warnings"), frame, columns, self.words, note))

    @piece
    def tables(self) -> None:
        """Each raw table with all that is known of it, by groups."""
        for group in ORDER:
            self.section(f"catalogue_{group}")
            for table in self._group(group):
                self.markdown(f"### {self._say(table['title'])}")
                self.html(self._entry(table))

    @piece
    def derived(self) -> None:
        """The tables computed from the raw ones."""
        self.section("catalogue_derived")
        self.prose("catalogue_derived", self.facts)
        for table in self.inputs.derived:
            self.markdown(f"### {self.label('derived.' + table['name'] + '.title')}")
            self.html(self._derived_entry(table))

    def units(self) -> None:
        """What the files below figures and tables hold, and what they call the units."""
        self.section("catalogue_units")
        self.prose("catalogue_units", {})
        frame = pd.DataFrame(self.words_of("file_unit").items(), columns=["unit", "text"])
        columns = [
            Column("unit", self.label("table.unit"), show=_code, row_header=True),
            Column("text", self.label("table.definition")),
        ]
        note = self.note("derived", "package")
        self.exhibit(Table("units", self.label("caption.units"), frame, columns, self.words, note))

    def _group(self, group: str) -> list[dict]:
        def group_of(table: dict) -> str:
            if "codes_on" in table:
                return "series"
            starts = [(start, g) for g, group in GROUPS.items() for start in group if table["name"].startswith(start)]
            return max(starts, key=lambda start: len(start[0]))[1]

        return [t for t in self.inputs.tables if group_of(t) == group]

    def _warned(self, code: str) -> list[dict]:
        return [t for t in self.inputs.tables if code in t.get("usageWarnings", [])]

    def _say(self, text: str) -> str:
        return word(self.lang, "catalogue", text)

    def _number(self, value: Any) -> str:
        return numbers.integer(value, self.lang)

    def _to_entry(self, name: object) -> Markup:
        return Markup('<a href="#{}"><code>{}</code></a>').format(_anchor(str(name)), str(name))

    def _titled_entry(self, table: dict) -> Markup:
        """Title of a table as a link to its entry, its name below, as HTML."""
        name = escape(table["name"])
        title = escape(self._say(table["title"]))
        return Markup('<a href="#{}">{}</a><br><small><code>{}</code></small>').format(
            _anchor(table["name"]), title, name
        )

    def _entries(self, names: list[str]) -> Markup:
        return Markup(", ").join(map(self._to_entry, names))

    def _file(self, path: object) -> Markup:
        return Markup('<a href="{}data/tables/{}" download>{}</a>').format(self.to_site, str(path), str(path))

    def _short_file(self, path: object) -> Markup:
        """A link to a file, named by its kind; what it holds stands in the row."""
        kind = "CSV" if str(path).endswith(".csv") else "GeoParquet"
        return Markup('<a href="{}data/tables/{}" download>{}</a>').format(self.to_site, str(path), kind)

    def _warning_names(self, codes: object) -> str:
        names = [self.label(f"warning.{code}") for code in str(codes).split(";") if code]
        return ", ".join(names) or self.label("catalogue.no_warning")

    def _entry(self, table: dict) -> Markup:
        """A raw table: description, facts, columns, provenance."""
        size = numbers.decimal(table["bytes"] / 1000, 0 if table["bytes"] >= 10_000 else 1, self.lang)
        rows = {
            "catalogue.name": Markup("<code>{}</code>").format(table["name"]),
            "table.rows": self._number(table["rowCount"]),
            "catalogue.origin": Markup("; ").join(
                _link(s.get("path"), self._say(s["title"])) for s in table["sources"]
            ),
            "table.licence": Markup("; ").join(_link(s.get("path"), self._say(s["title"])) for s in table["licenses"]),
            "page.edition_date": escape(numbers.date(self.facts["edition_date"], lang=self.lang)),
            "catalogue.warnings": self._warnings(table),
            "catalogue.people": self._people(table),
            "table.file": Markup("{} ({} kB)").format(self._file(table["path"]), size),
            "catalogue.hash": Markup("<code>{}</code>").format(table["hash"].removeprefix("sha256:")),
        }
        own = table["schema"]["fields"]
        fields = pd.DataFrame([self._field(field) for field in own])
        fields["rules"] = of_markup(Markup("; ").join(self._rules(field, table)) for field in own)
        return self._article(table["name"], self._say(table["description"]), rows, fields, "package")

    def _derived_entry(self, table: dict) -> Markup:
        """A processed table: description, facts, columns, provenance."""
        name = escape(table["name"])
        rows = {
            "catalogue.name": Markup("<code>{}</code>").format(table["name"]),
            "table.rows": self._number(table["rows"]),
            "table.file": Markup('<a href="{}data/derived/{}.csv" download>{}.csv</a>').format(
                self.to_site, name, name
            ),
        }
        fields = pd.DataFrame(
            [
                {"name": name, "type": kind, "rules": "", "description": self._derived_column(name)}
                for name, kind in table["columns"].items()
            ]
        )
        text = self.label(f"derived.{table['name']}.text")
        return self._article(f"derived-{table['name']}", text, rows, fields, "population")

    def _derived_column(self, name: str) -> str:
        if name in BY_ID or name in COUNTS:
            return self.label(f"indicator.{name}.definition")
        if bounds := age_bounds(name):
            kind = "ages_from" if bounds[1] == OLDEST else "ages_between"
            return self.label(f"derived_column.{kind}").format(*bounds)
        for end in (KNOWN, YEAR):
            if (indicator := name.removesuffix(end)) != name and indicator in BY_ID:
                return self.label(f"derived_column.of{end}").format(self.label(f"indicator.{indicator}.sentence"))
        if (dimension := name.removeprefix(POINTS)) != name:
            return self.label("derived_column.points").format(self.label(f"dimension.{dimension}.name"))
        # The parts of a Theil index say between or within what, whatever the index weighs.
        part = name.removeprefix("theil_districts_").removeprefix("theil_residents_")
        return self.label(f"derived_column.{part}")

    def _article(self, name: str, text: str, rows: dict, fields: pd.DataFrame, note: str) -> Markup:
        facts = Markup("").join(
            (Markup("<dt>{}</dt><dd>{}</dd>").format(self.label(key), value) for key, value in rows.items() if value)
        )
        columns = [
            Column("name", self.label("catalogue.column"), show=_code, row_header=True),
            Column("type", self.label("catalogue.type"), show=lambda kind: self.label(f"type.{kind}")),
            Column("description", self.label("table.definition")),
            Column("rules", self.label("catalogue.constraints")),
        ]
        summary = f"{self.label('catalogue.columns')} ({self._number(len(fields))})"
        return Markup(
            '<article class="dataset" id="{}"><p>{}</p><dl>{}</dl>'
            "<details><summary>{}</summary>{}</details>"
            "{}</article>"
        ).format(_anchor(name), text, facts, summary, html_table(fields, columns), self.note("derived", note))

    def _people(self, table: dict) -> Markup:
        """How the table treats counts of few people; nothing if it counts none."""
        policy = table.get("people", {"policy": "none"})
        if policy["policy"] == "none":
            return Markup("")
        return escape(self.label(f"people.{policy['policy']}").format(least=policy.get("least", "")))

    def _warnings(self, table: dict) -> Markup:
        texts = [self._say(self.inputs.warnings.get(code, code)) for code in table.get("usageWarnings", [])]
        return escape(" ".join(texts))

    def _field(self, field: dict) -> dict:
        """A column as a row: name, type, description."""
        return {
            "name": field["name"],
            "type": field["type"],
            "description": self._say(field["description"]),
        }

    def _rules(self, field: dict, table: dict) -> list[Markup]:
        """What holds for a column, as HTML: keys first, then constraints."""
        name, schema, holds, said = field["name"], table["schema"], field.get("constraints", {}), []
        if name in schema.get("primaryKey", []):
            said.append(escape(self.label("catalogue.primary_key")))
        references = [key["reference"] for key in schema.get("foreignKeys", []) if name in key["fields"]]
        references += [field["itemReference"]] if "itemReference" in field else []
        # A reference without a table is to the table itself.
        targets = [reference.get("resource", table["name"]) for reference in references]
        said += [
            Markup("{} {}").format(self.label("catalogue.foreign_key"), self._to_entry(target)) for target in targets
        ]
        if holds.get("required"):
            said.append(escape(self.label("catalogue.required")))
        if holds.get("unique"):
            said.append(escape(self.label("catalogue.unique")))
        bounds = {key: numbers.integer(holds[key], self.lang) for key in ("minimum", "maximum") if key in holds}
        if bounds:
            key = "from_to" if len(bounds) == 2 else next(iter(bounds))
            said.append(escape(self.label(f"catalogue.{key}").format(**bounds)))
        if "pattern" in holds:
            said.append(Markup("{} {}").format(self.label("catalogue.pattern"), _code(holds["pattern"])))
        if "enum" in holds:
            said.append(
                Markup("{} {}").format(self.label("catalogue.enum"), Markup(", ").join(map(_code, holds["enum"])))
            )
        return said


def _anchor(name: str) -> Markup:
    return Markup("tabella-{}").format(name)


def _code(value: object) -> Markup:
    return Markup("<code>{}</code>").format(str(value))


def _link(path: object, text: str) -> Markup:
    """A link to a web address, or the text alone where there is none."""
    address = str(path or "")
    if not address.startswith(("http://", "https://")):
        return escape(text)
    return Markup('<a href="{}">{}</a>').format(address, text)
