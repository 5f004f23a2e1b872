"""The data of a district, and of the region, as workbooks: headings in words, units, years, sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from helpers import config
from helpers.analysis.indicators import YEAR, find_present
from helpers.data import processed, raw
from helpers.declarations import Indicator
from helpers.pages.common.datasets import known_years
from helpers.prose import numbers
from helpers.prose.labels import label
from helpers.publish.machines.spreadsheet import Sheet, Shown, workbook
from helpers.system.id_lists import split_ids

FOLDER = "data/xlsx"
#: Names of the files that are of no district.
REGION, PROJECTS = "piemonte", "misura-1"

WHOLE, SQUARE_KM = "#,##0", "#,##0.0"


def address(slug: str, lang: str = config.LANGUAGES[0]) -> str:
    """Where the workbook of a district, :data:`REGION` or :data:`PROJECTS` stands on the site."""
    return config.edition_path(lang, f"{FOLDER}/{slug}.xlsx")


def district_workbooks(code: str) -> dict[str, bytes]:
    """The workbook of a district in every language, by address."""
    (row,) = raw.rows("districts", having=("distretto_id", code))
    return {address(row["slug"], lang): _District(lang, code, row["name"]).made() for lang in config.LANGUAGES}


def region_workbooks() -> dict[str, bytes]:
    """The workbook of the region in every language, by address."""
    return {address(REGION, lang): _Region(lang).made() for lang in config.LANGUAGES}


def project_workbooks() -> dict[str, bytes]:
    """The projects of Misura 1, apart from the region: an edit of one makes few sheets anew."""
    return {address(PROJECTS, lang): _Projects(lang).made() for lang in config.LANGUAGES}


class _Book:
    """What both kinds share, in one language."""

    def __init__(self, lang: str):
        self.lang = lang
        self.years = {f"{{{name}}}": year for name, year in known_years().items()}
        self.edition = raw.edition()
        self.region = processed.load("region").iloc[0]
        self.indicators = find_present(self.region)

    def label(self, key: str) -> str:
        text = label(self.lang, key)
        for placeholder, year in self.years.items():
            text = text.replace(placeholder, year)
        return text

    def heading(self, indicator: Indicator) -> str:
        """Name and unit of an indicator."""
        return f"{self.label(f'indicator.{indicator.id}.short')} [{self.label(f'indicator.{indicator.id}.unit')}]"

    def book(self, name: str, *sheets: Sheet) -> bytes:
        date = self.edition.date
        told = [
            ("workbook.about", name),
            ("page.edition", self.edition.version),
            ("page.edition_date", numbers.date(date, "day", self.lang)),
            ("table.licence", "CC BY 4.0"),
            *((f"workbook.{part}", self.label(f"workbook.{part}_text")) for part in ("blank", "boundary", "states")),
        ]
        rows = [(self.label(key), text) for key, text in told]
        first = Sheet(self.label("workbook.readme"), (self.label("site.title"), ""), rows)
        return workbook([first, *sheets], name, date)

    def definitions(self, places: dict[str, pd.Series], ranks: pd.DataFrame | None = None, code: str = "") -> Sheet:
        """Every indicator with its values, year, source and definition; ``places`` by their heading."""
        rows = []
        for i in self.indicators:
            rank = None if ranks is None or pd.isna(ranks.at[code, i.id]) else int(ranks.at[code, i.id])
            rows.append(
                (
                    self.label(f"indicator.{i.id}.long"),
                    self.label(f"indicator.{i.id}.unit"),
                    *(Shown(_number(place.get(i.id)), _format(i)) for place in places.values()),
                    *(() if ranks is None else (rank,)),
                    self._year(i),
                    self.label(f"provenance.{i.source}.long"),
                    self.label(f"indicator.{i.id}.definition"),
                )
            )
        headings = [
            *(self.label(f"table.{key}") for key in ("indicator", "unit")),
            *places,
            *(() if ranks is None else (self.label("workbook.rank"),)),
            *(self.label(key) for key in ("change.calendar_year", "table.source", "table.definition")),
        ]
        return Sheet(self.label("section.indicators"), headings, rows)

    def _year(self, i: Indicator) -> int | str | None:
        year = self.region.get(f"{i.id}{YEAR}")
        if year is not None and not pd.isna(year):
            return int(year)
        found = self.years.get(f"{{{i.source}_year}}")
        return int(found) if found and found.isdigit() else found

    def comuni(self, own: pd.DataFrame, *, named: bool) -> Sheet:
        """Comuni with the status of the boundary and their indicators; ``named``: with the name of their district."""
        names = raw.load("districts").set_index("distretto_id")["name"]
        present = [i for i in self.indicators if i.id in own]
        rows = [
            (
                c["code"],
                c["name"],
                *((names[c["distretto_id"]],) if named else ()),
                c["ente_gestore"],
                self.label(f"status.{c['status']}.name"),
                _ids(c["source_ids"]),
                _number(c["residents"]),
                _number(c["area_km2"]),
                *(_number(c[i.id]) for i in present),
            )
            for c in own.to_dict("records")
        ]
        keys = ["comune", *(["district"] if named else []), "lead_ente", "boundary_status", "sources", "residents"]
        headings = [
            self.label("workbook.istat"),
            *(self.label(f"table.{key}") for key in keys),
            self.label("workbook.area"),
            *map(self.heading, present),
        ]
        formats = [None] * len(keys) + [WHOLE, SQUARE_KM, *map(_format, present)]
        return Sheet(self.label("workbook.comuni"), headings, rows, formats)

    def sources(self, ids: Iterable[str] | None = None) -> Sheet:
        table = raw.load("sources")
        kept = table if ids is None else table[table["source_id"].isin(set(ids))]
        rows = [(s.source_id, _text(s.site), _text(s.address)) for s in kept.itertuples(index=False)]
        headings = [self.label(f"table.{key}") for key in ("source", "publisher", "address")]
        return Sheet(self.label("table.sources"), headings, rows)

    def projects(self, projects: Sequence[Mapping[str, Any]]) -> Sheet:
        """Projects of Misura 1; an amount that no source publishes stays blank, which the first sheet explains."""
        quadrants = raw.load("quadrants").set_index("quadrant_id")["name"]
        rows = [
            (
                p["project_id"],
                _text(p["capofila_town"]),
                quadrants.get(p["quadrant_id"]),
                _text(p["project_title"]),
                _text(p["lead_ente_gestore"]),
                _number(p["amount_granted_eur"]),
                _ids(p["source_ids"]),
            )
            for p in projects
        ]
        keys = ("project", "lead_town", "quadrant", "title", "lead_body", "amount", "sources")
        headings = [self.label(f"table.{key}") for key in keys]
        headings[5] = f"{headings[5]} [€]"
        return Sheet(self.label("workbook.projects"), headings, rows, [None] * 5 + [WHOLE, None])


class _District(_Book):
    def __init__(self, lang: str, code: str, name: str):
        super().__init__(lang)
        self.code, self.name = code, name

    def made(self) -> bytes:
        districts, provinces = (processed.load(level).set_index("code") for level in ("districts", "provinces"))
        row = districts.loc[self.code]
        province = provinces.loc[row["province_code"]]
        comuni = processed.load("comuni")
        own = comuni[comuni["distretto_id"] == self.code].sort_values("residents", ascending=False)
        ranks = districts[[i.id for i in self.indicators]].rank(ascending=False, method="min")
        links = raw.rows("district_projects", having=("distretto_id", self.code))
        named = [link["project_id"] for link in links if link["project_id"]]
        mine = [row for name in named for row in raw.rows("misura1_projects", having=("project_id", name))]
        places = {
            self.name: row,
            f"{self.label('table.province')}: {province['name']}": province,
            self.label("table.region"): self.region,
        }
        cited = {s for ids in [*own["source_ids"], *(p["source_ids"] for p in mine)] for s in split_ids(_ids(ids))}
        title = self.label("workbook.district").format(name=self.name)
        return self.book(
            title,
            self.definitions(places, ranks, self.code),
            self.comuni(own, named=False),
            *([self.projects(mine)] if mine else []),
            self.sources(cited),
        )


class _Projects(_Book):
    def made(self) -> bytes:
        projects = raw.rows("misura1_projects")
        cited = {source for p in projects for source in split_ids(_ids(p["source_ids"]))}
        return self.book(self.label("workbook.projects"), self.projects(projects), self.sources(cited))


class _Region(_Book):
    def made(self) -> bytes:
        districts = processed.load("districts")
        present = self.indicators
        rows = [
            (
                d["code"],
                d["name"],
                _number(d["n_comuni"]),
                _number(d["residents"]),
                _number(d["area_km2"]),
                *(_number(d[i.id]) for i in present),
            )
            for d in districts.to_dict("records")
        ]
        headings = [
            self.label("workbook.code"),
            self.label("table.district"),
            self.label("workbook.comuni"),
            self.label("table.residents"),
            self.label("workbook.area"),
            *map(self.heading, present),
        ]
        formats = [None, None, WHOLE, WHOLE, SQUARE_KM, *map(_format, present)]
        return self.book(
            self.label("workbook.region"),
            Sheet(self.label("workbook.districts"), headings, rows, formats),
            self.comuni(processed.load("comuni").sort_values("code"), named=True),
            self.definitions({self.label("table.region"): self.region}),
            self.sources(),
        )


def _format(indicator: Indicator) -> str:
    """How a spreadsheet shows an indicator: as many decimals as the pages."""
    if indicator.unit == "share":
        decimals = max(indicator.precision - 2, 0)
        return "0" + "." * bool(decimals) + "0" * decimals + "%"
    decimals = max(indicator.precision, 0)
    return WHOLE + "." * bool(decimals) + "0" * decimals


def _number(value: Any) -> int | float | None:
    if value is None or pd.isna(value):
        return None
    number = round(float(value), 6) + 0.0
    return int(number) if number.is_integer() else number


def _ids(value: Any) -> str | None:
    """A list of ids as one text, as the tables write it."""
    return ";".join(value) if isinstance(value, (list, tuple)) else _text(value)


def _text(value: Any) -> str | None:
    return None if value is None or pd.isna(value) else str(value)
