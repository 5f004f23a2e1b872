"""An analyst's own table beside the project's: its file, its description, and the indicators it makes.

It stands in ``data/raw/mine``, a data package of its own that :mod:`helpers.data.raw` reads with the project's, and
what its counts make is declared in a file beside it. So it is read, checked, catalogued, offered and mapped like any
other, and told from the project's wherever it is shown.
"""

from __future__ import annotations

import io
import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from helpers import config
from helpers.checks.run import descriptor_files, descriptor_of_accepted
from helpers.checks.small_counts import FEW
from helpers.data import own_package, raw, transaction
from helpers.declarations import DECLARED, reader
from helpers.errors import InputError, Problem, WecareError
from helpers.imports.any_table import KEYS, AnyTable
from helpers.imports.describe import references, schema
from helpers.imports.draft import csv_of
from helpers.prose.labels import label, labels
from helpers.prose.render import upper_first
from helpers.system.fingerprints import recorded_form
from helpers.system.place_names import fold_name

#: Indicators of own counts are per so many residents.
PER = 1000

#: Ways to treat counts of few people: none are counted; all are published; small ones are hidden already.
PEOPLE = ("none", "open", "producer")

#: Days by whose codes of comuni a table may go; the first is the one of our people.
CODES_ON = "2022-01-01"

#: The licence of what is not published.
UNSTATED = {"name": "unstated", "title": "Not stated", "path": ""}


@dataclass(frozen=True)
class About:
    """What a person says of their table.

    Attributes
    ----------
    title, description
        What it is called and holds; the title stands in both editions as it is.
    source, address
        Where it comes from.
    licence
        Name of its licence; blank if it is not stated.
    year
        Year its numbers are of; None where the table has years by itself, or is no table of numbers.
    people
        How it treats counts of few people, one of :data:`PEOPLE`; blank if that is not said.
    """

    title: str
    description: str
    source: str
    address: str = ""
    licence: str = ""
    year: int | None = None
    people: str = ""

    def __post_init__(self):
        for key in ("title", "description", "source", "address"):
            # Words are one line, and braces are places to be filled.
            plain = " ".join(getattr(self, key).split()).replace("{", "(").replace("}", ")")
            object.__setattr__(self, key, plain)


def name_of(text: str) -> str:
    """Name of an own table, by the name of its file.

    Examples
    --------
    >>> name_of("Posti nido (2024)-fixed")
    'mine_posti_nido_2024'
    """
    return "mine_" + (re.sub(r"_?fixed$", "", re.sub(r"\W+", "_", fold_name(text))).strip("_") or "table")


def columns_of(table: AnyTable) -> list[str]:
    """Columns of numbers that may be counts of a comune or a district: all but years."""
    return [name for name in table.numbers if name not in ("year", "anno")] if table.level else []


def add(table: AnyTable, name: str, about: About, counts: Sequence[str]) -> list[str]:
    """Put a table beside the project's, with its description and the indicators of some of its columns.

    Parameters
    ----------
    table
        The table; rows whose place is not known are left out.
    name
        Of the table, as :func:`name_of` gives it; one of this name is replaced.
    about
        What a person says of it.
    counts
        Columns that count something in a comune, so that they may be added up, or in a district: each makes an
        indicator, per :data:`PER` residents, of all levels or of districts.

    Returns
    -------
    list of str
        The files that were written.

    Raises
    ------
    InputError
        If rows repeat their key, a count is no column of numbers, its year is not known, or the checks refuse it.
    WecareError
        If a file of the package changed meanwhile.
    """
    read = transaction.digests([raw.DESCRIPTOR, own_package.DESCRIPTOR])
    package = raw.descriptor()
    cells = table.frame[table.frame[KEYS[table.level]].isin(_known(table.level))] if table.level else table.frame
    cells = cells.rename(columns={"anno": "year"})
    _refuse(table, cells, about, counts)
    names = (name, own_package.shapes_of(name))
    others = [found for found in package["resources"] if found["name"] not in names]
    data = csv_of(cells)
    entry = _entry(table, name, about, others, cells) | {
        "hash": recorded_form(data),
        "bytes": len(data),
        "rowCount": len(cells),
    }
    shapes = _shapes(table, name, entry, cells)
    declared = _declaration(name, about, counts, table.level).encode() if counts else None
    _require_declarable(name, declared)
    files: dict[str, bytes | None] = {entry["path"]: data, f"{own_package.MINE}/{name}.toml": declared}
    files |= {f"{own_package.MINE}/{own_package.shapes_of(name)}.parquet": shapes[1] if shapes else None}
    written = descriptor_files(package | {"resources": [*others, entry, *([shapes[0]] if shapes else [])]})
    files |= {own_package.DESCRIPTOR: written[own_package.DESCRIPTOR]}
    with transaction.try_out(files) as folder:
        descriptor_of_accepted(folder)
    transaction.write(files, read, by="`wecare add`")
    return [raw.label(path) for path, content in files.items() if content is not None]


def remove(name: str) -> list[str]:
    """Take an own table away, with what it makes; gives the files.

    Raises
    ------
    WecareError
        If there is no own table of this name.
    """
    read = transaction.digests([raw.DESCRIPTOR, own_package.DESCRIPTOR])
    package = raw.descriptor()
    own = {found["name"]: found["path"] for found in package["resources"] if own_package.is_own(found)}
    if name not in own:
        raise WecareError(
            f"There is no own table {name!r}. To do: name one of those there are: {', '.join(own) or 'none'}."
        )
    names = (name, own_package.shapes_of(name))
    left = package | {"resources": [found for found in package["resources"] if found["name"] not in names]}
    files: dict[str, bytes | None] = {own[each]: None for each in names if each in own}
    files |= {f"{own_package.MINE}/{name}.toml": None}
    files[own_package.DESCRIPTOR] = descriptor_files(left).get(own_package.DESCRIPTOR)
    transaction.write(files, read, by="`wecare add --remove`")
    return [raw.label(path) for path in files]


def _known(level: str) -> set[str]:
    return set(raw.load(level)[KEYS[level]])


def _refuse(table: AnyTable, cells, about: About, counts: Sequence[str]) -> None:
    problems = []
    if cells.empty:
        problems.append(Problem(table.file, "no row speaks of a comune or district of ours", "name the column: --key"))
    key = [column for column in (KEYS.get(table.level, ""), "year") if column in cells]
    if key and (again := cells.index[cells.duplicated(key)]).size:
        rule = f"{len(again):,} rows repeat their {' and '.join(key)}, the first of them this"
        value = cells.loc[again[0], key[0]]
        remedy = "keep one row for each, or add them up first"
        problems.append(Problem(table.file, rule, remedy, int(table.rows[again[0]]), key[0], value))
    numbers = columns_of(table)
    if "year" in cells and (wrong := cells.index[~cells["year"].str.fullmatch(r"(\d{4})?")]).size:
        rule, remedy = "the value is no year", "write four digits, such as 2024, or give the column another name"
        value, row = cells.loc[wrong[0], "year"], int(table.rows[wrong[0]])
        problems.append(Problem(table.file, rule, remedy, row, "year", value))
    for count in counts:
        if count not in numbers:
            rule, remedy = "the column holds no numbers of places", f"name one of: {', '.join(numbers) or 'none has'}"
            problems.append(Problem(table.file, rule, remedy, column=count))
    if counts and about.year is None and "year" not in cells:
        problems.append(Problem(table.file, "the year of the numbers is not known", "say it: --year 2024"))
    few = [name for name in numbers if name in cells and cells[name].isin(FEW).any()]
    if about.people not in PEOPLE if about.people else few:
        rule = "it is not said how the table treats counts of few people"
        remedy = "say it: --people none (no people are counted), open (its producer publishes every number) or "
        remedy += "producer (its producer has hidden small ones)"
        problems.append(Problem(table.file, rule, remedy, column=few[0] if few else None, value=about.people or None))
    if problems:
        raise InputError(problems)


def _entry(table: AnyTable, name: str, about: About, others: Sequence[dict], cells) -> dict:
    """The entry of the table in the data package."""
    known = {"istat": "Code of the comune, ISTAT", "distretto_id": "Code of the district", "year": "Year"}
    words = {column: known.get(column, column) for column in cells}
    described = schema(cells, references(cells, others, None), words)
    licences = {found["name"]: found for entry in others for found in entry["licenses"]} | {"": UNSTATED}
    if about.licence not in licences:
        raise WecareError(
            f"There is no licence {about.licence!r} in the package. To do: use one of {', '.join(licences)}."
        )
    entry: dict[str, object] = {
        "name": name,
        "path": f"{own_package.MINE}/{name}.csv",
        "title": f"{about.title} ({' · '.join(label(lang, 'own.mark') for lang in config.LANGUAGES)})",
        "description": about.description,
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": described,
        "sources": [{"title": about.source} | ({"path": about.address} if about.address else {})],
        "licenses": [licences[about.licence]],
        "usageWarnings": [own_package.OWN_DATA],
    }
    years = [about.year] if about.year is not None else sorted(int(year) for year in cells.get("year", []) if year)
    if years:
        entry["year"] = years[-1]
    if table.level == "comuni":
        entry["codes_on"] = CODES_ON
    if about.people:
        entry["people"] = {"policy": about.people}
    return entry


def _shapes(table: AnyTable, name: str, entry: dict, cells: pd.DataFrame) -> tuple[dict, bytes] | None:
    """Entry and file of the shapes of a layer, one for each place; None of another table.

    Raises
    ------
    InputError
        If the layer does not say its coordinates.
    """
    if table.shapes is None or table.shapes.isna().all() or not table.level:
        return None
    if table.shapes.crs is None:
        remedy = "save the layer with its .prj, or as GeoJSON"
        raise InputError([Problem(table.file, "the layer does not say its coordinates", remedy)])
    key = KEYS[table.level]
    shapes = table.shapes.to_crs(4326).reindex(cells.index)
    frame = gpd.GeoDataFrame({key: cells[key]}, geometry=shapes.make_valid())
    frame = frame[frame.geometry.notna() & ~frame.geometry.is_empty].drop_duplicates(key)
    written = io.BytesIO()
    frame.to_parquet(written, index=False)
    data = written.getvalue()
    reference = {"resource": name, "fields": [key]}
    fields = [
        next(found for found in entry["schema"]["fields"] if found["name"] == key),
        {"name": "geometry", "type": "any", "description": "Shape, WKB, EPSG:4326"},
    ]
    described = {
        "fields": fields,
        "primaryKey": [key],
        "foreignKeys": [{"fields": [key], "reference": reference}],
    }
    copied = ("title", "description", "sources", "licenses", "usageWarnings")
    return {
        "name": own_package.shapes_of(name),
        "path": f"{own_package.MINE}/{own_package.shapes_of(name)}.parquet",
        **{key: entry[key] for key in copied},
        "type": "table",
        "format": "geoparquet",
        "mediatype": "application/vnd.apache.parquet",
        "schema": described,
        "crs": "EPSG:4326",
        "bbox": [round(float(each), 1) for each in _around(frame)],
        "hash": recorded_form(data),
        "bytes": len(data),
        "rowCount": len(frame),
    }, data


def _around(frame: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    west, south, east, north = frame.total_bounds
    return west - 0.1, south - 0.1, east + 0.1, north + 0.1


def _declaration(name: str, about: About, counts: Sequence[str], level: str = "comuni") -> str:
    """The declarations that make indicators of columns, in the form of ``src/helpers/declarations``."""
    order = 1 + max(theme.order for theme in DECLARED.themes)
    # Ids of datasets have letters only.
    source = re.sub(r"[^a-z]", "", re.sub(r"\d", lambda digit: "abcdefghij"[int(digit[0])], name))
    cited = _words("source", title=about.title, source=about.source)
    theme = {lang: words["long"] for lang, words in cited.items()}
    parts = ["# Made by `wecare add`: words and values may be edited.", _table("theme", {"order": order, **theme})]
    parts.append(_table("[source]", {"id": source, "table": name}))
    parts += [_table(f"source.{lang}", words) for lang, words in cited.items()]
    for column in counts:
        count, said = f"{name}_{column}", column.replace("_", " ").strip()
        plain = {"id": count, "unit": "number", "table": name, "column": column}
        parts.append(_table("[count]", plain))
        parts += [
            _table(f"count.{lang}", words) for lang, words in _words("count", title=about.title, said=said).items()
        ]
        made = {"id": f"{count}_rate", "kind": "ratio", "numerator": [count], "denominator": ["residents"], "per": PER}
        # What is known of districts cannot be shared out among their comuni, nor added up where one is missing.
        made |= {} if level == "comuni" else {"levels": [level]}
        made |= {"unit": "per_1000", "decimals": 1, "prominence": 2, "source": source, "reference": about.source}
        parts.append(_table("[indicator]", made))
        parts += [
            _table(f"indicator.{lang}", words) for lang, words in _words("rate", title=about.title, said=said).items()
        ]
    return "\n".join(parts) + "\n"


def _require_declarable(name: str, declared: bytes | None) -> None:
    """Raise what would be wrong with all declarations if this one were among them."""
    with tempfile.TemporaryDirectory() as folder:
        for path in config.MINE.glob("*.toml"):
            (Path(folder) / path.name).write_bytes(path.read_bytes())
        (Path(folder) / f"{name}.toml").write_bytes(declared or b"")
        reader.read(own=Path(folder))


def _table(heading: str, values: Mapping[str, object]) -> str:
    # A text in JSON is a text in TOML, and so are numbers and lists.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join([f"[{heading}]", *lines])


def _words(kind: str, **places: str) -> dict[str, dict[str, str]]:
    """The words of an entry by language, with the places of the labels ``own.<kind>`` filled."""
    places |= {"value": "{value}", "Said": upper_first(places.get("said", ""))}
    prefix = f"own.{kind}."
    return {
        lang: {
            key.removeprefix(prefix): text.format(**places)
            for key, text in labels(lang).items()
            if key.startswith(prefix)
        }
        for lang in config.LANGUAGES
    }
