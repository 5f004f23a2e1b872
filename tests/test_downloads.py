"""Every cell of every download: a raw number, plain text, an ISO date or nothing; units are said."""

import re
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from readers import RAW_NUMBER, UNIT, downloads, rows_of, table_of

from helpers.data import raw
from helpers.data.csv_form import add_columns
from helpers.declarations import BY_ID
from helpers.figures.tables import Column, csv_heading, csv_text
from helpers.pages.district.inputs import district_inputs
from helpers.pages.explorer.page import Explorer

DATE = re.compile(r"\d{4}(-\d\d){0,2}")

#: A comune is called None; it is a name, not a literal.
NAMES = {"None"}

MONTHS = (
    "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre"
    "|January|February|March|April|May|June|July|August|September|October|November|December"
)
NUMBER = r"[+−–-]?\s?€?\s?\d([\d.,\u00a0\u202f]*\d)?\s?(%|‰|€|EUR|euro|km²|km2)?"

#: Whole cells that are none of what a cell may be, and what they are.
FAULTS = {
    "markup": re.compile(r".*(</?[a-zA-Z][^>]*>|&(amp|lt|gt|quot|nbsp|#\d+);|\*\*|\]\().*", re.DOTALL),
    "a Python literal": re.compile(r"[\[({]\s*('.*'|\".*\")?\s*,?\s*[\])}]|True|False|None|nan|NaN|NaT|<NA>|-?inf"),
    "a formatted number": re.compile(rf"[≤≥<>~]?\s*{NUMBER}(\s?(milion[ei]|million)( di euro| euro)?)?"),
    "a formatted range": re.compile(rf"{NUMBER}\s*(–|-|a|to)\s*{NUMBER}"),
    "a date in words": re.compile(rf"(\d{{1,2}}º? )?({MONTHS}) \d{{4}}", re.IGNORECASE),
}

#: What looks like a formatted range and is text: years, numbers an act can have, and the classes of age.
TEXT = re.compile(r"\d{4}-\d{4}|\d{1,2}-\d{1,2}|\d{1,2}–\d{1,2}")

#: Columns of whole numbers that count nothing and so have no unit: years, and numbers that are names.
UNITLESS = {"year", "edition", "data_edition", "ambito_no", "code"}


def fault(cell: str) -> str | None:
    """What is wrong with a cell; None if nothing is."""
    if not cell or cell in NAMES or RAW_NUMBER.fullmatch(cell) or DATE.fullmatch(cell) or TEXT.fullmatch(cell):
        return None
    return next((name for name, pattern in FAULTS.items() if pattern.fullmatch(cell)), None)


# ---- the rule, on cells that broke it


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("13,1%", "a formatted number"),
        ("26.2%", "a formatted number"),
        ("1.318,5", "a formatted number"),
        ("318,0", "a formatted number"),
        ("4.256.350", "a formatted number"),
        ("872.300.000 euro", "a formatted number"),
        ("€8,000,000", "a formatted number"),
        ("6.5 million euro", "a formatted number"),
        ("25000 EUR", "a formatted number"),
        ("+3,2", "a formatted number"),
        ("9,43% – 9,55%", "a formatted range"),
        ("('S030', 'S001')", "a Python literal"),
        ("('S097',)", "a Python literal"),
        ("['D04']", "a Python literal"),
        ("()", "a Python literal"),
        ("True", "a Python literal"),
        ("nan", "a Python literal"),
        ("Asti<br><small>Comune</small>", "markup"),
        ('<a href="#x">Comuni</a>', "markup"),
        ("27 luglio 2017", "a date in words"),
        ("1º agosto 2018", "a date in words"),
        ("novembre 2018", "a date in words"),
        ("8 November 2018", "a date in words"),
        *((cell, None) for cell in ("", "0", "-0.5", "0.310913", "6400000.0", "2018", "2018-10", "2018-10-27")),
        *((cell, None) for cell in ("None", "true", "S030;S001", "0–4", "95+", "2014-2020", "2016-autumn")),
        ("circa 450 milioni di euro", None),
        ("D.D. 998/A15000", None),
        ("Unione (montana)", None),
        ("2011.", None),
    ],
)
def test_what_a_cell_may_be(cell, found):
    assert fault(cell) == found


def test_a_table_for_machines_holds_what_its_cells_were_made_from():
    frame = pd.DataFrame(
        {
            "name": ["A", "B"],
            "cell": ["<b>1,5%</b>", "<b>−</b>"],
            "share": [0.015, None],
            "ids": [("S001", "S002"), ()],
            "flag": [True, False],
            "day": [date(2018, 10, 27), None],
            "low": [-0.0000000001, 3],
        }
    )
    columns = [
        Column("name", "Nome"),
        Column("cell", "Quota", unit="share", file=("share",)),
        Column("ids", "Fonti"),
        Column("flag", "Sì"),
        Column("day", "Giorno", file={"day": "", "low": "persons"}),
    ]
    assert csv_text(frame, columns).splitlines() == [
        "name,share [share],ids,flag,day,low [persons]",
        "A,0.015,S001;S002,true,2018-10-27,0.0",
        "B,,,false,,3.0",
    ]
    with pytest.raises(TypeError, match="cannot stand in a CSV"):
        csv_text(pd.DataFrame({"a": [{"b": 1}]}), [Column("a", "A")])


def test_a_heading_says_unit_and_year_and_named_rows_have_their_code():
    frame = pd.DataFrame(
        {
            "name": ["A"],
            "code": ["001272"],
            "old": [1],
            "moved": [2],
            "moved_year": [2024],
            "part": [3],
            "part_year": [2023],
        }
    )
    columns = [
        Column("name", "Nome", row_header=True),
        Column("old", "Anziani", unit="persons", year="2022"),
        Column("moved", "Differenza", unit="share", year="2011-2022"),
        Column("part", "Parte", year="2024"),
    ]
    header = "code,name,old [persons; 2022],moved [share; 2011-2024],part [2023]"
    assert csv_text(frame, columns).splitlines() == [header, "001272,A,1,2,3"]
    assert csv_heading(frame, columns[2]) == "moved [share; 2011-2024]"


def test_the_year_of_an_indicator_is_that_of_its_numbers():
    page, years = Explorer(), district_inputs("D01").facts["years"]
    for name in page.indicators:
        told = csv_heading(page.districts, page.number_column(name))
        first = f"{BY_ID[name].since}-" if BY_ID[name].since else ""
        assert told == f"{name} [{BY_ID[name].unit}; {first}{years[name]}]"


@given(st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False, width=32), st.booleans(), st.dates()))
def test_no_value_is_written_in_a_form_that_a_cell_may_not_have(value):
    _, (cell,) = table_of(csv_text(pd.DataFrame({"a": [value]}, dtype=object), [Column("a", "A")]).encode())
    assert fault(cell) is None


def test_what_a_file_is_of_stands_in_each_row():
    text = 'name,note\nA,"one, two"\nB,"""x"""\n'
    assert add_columns(text, {"page": "=Asti, and more", "edition": "2026.1"}).splitlines() == [
        "name,note,page,edition",
        'A,"one, two","\'=Asti, and more",2026.1',
        'B,"""x""","\'=Asti, and more",2026.1',
    ]


# ---- the site


@pytest.mark.site
def test_every_table_of_a_page_says_its_page_and_edition(built):
    tables = {name: table for name, table in downloads(built.site) if not name.startswith(("data/", "en/data/"))}
    assert len(tables) > 50
    edition = raw.edition()
    for name, (header, *rows) in tables.items():
        assert header[-3:] == ["page", "data_edition", "data_date"], name
        assert all(row[-2:] == [edition.version, edition.date.isoformat()] and row[-3] for row in rows), name


@pytest.mark.site
def test_files_say_which_territories_they_are_of_and_series_are_long(built):
    slugs = raw.load("districts").set_index("slug")["distretto_id"]
    names, series = set(raw.load("districts")["name"]), 0
    for file, (header, *rows) in downloads(built.site):
        if file.removeprefix("en/").startswith("data/"):
            continue
        assert len(set(header)) == len(header), file
        folder, _, page = file.removeprefix("en/").rpartition("/")
        of = slugs[[page.startswith(f"{slug}-") for slug in slugs.index]] if folder == "distretti" else ()
        if len(of):
            assert {row[header.index("distretto_id")] for row in rows} <= set(of), file
        if "name" in header and {row[header.index("name")] for row in rows} <= names:
            assert "code" in header or "distretto_id" in header, file
        if re.search(r"-(change|trends)-\w+\.csv$", file):
            assert header[:6] == ["code", "name", "indicator", "year", "value", "unit"], file
            series += 1
    assert series > 2 * len(slugs)


@pytest.mark.site
def test_every_unit_of_a_download_is_explained(built):
    explained, used = set(Explorer().words_of("file_unit")), set()
    for name, (header, *rows) in downloads(built.site):
        if not name.removeprefix("en/").startswith("data/"):
            used |= {told[1].split("; ")[0] for column in header if (told := UNIT.search(column))}
            used |= {row[header.index("unit")] for row in rows} if "unit" in header else set()
    assert used <= explained and len(used) > 10


@pytest.mark.site
def test_no_cell_of_a_download_holds_markup_a_literal_or_a_formatted_number(built):
    read, found = 0, {}
    for name, (header, *rows) in downloads(built.site):
        for row in rows:
            assert len(row) == len(header), name
            for column, cell in zip(header, row, strict=True):
                read += 1
                if wrong := fault(cell):
                    found.setdefault((wrong, name, column), cell)
    assert read > 200_000 and not found, list(found.items())[:20]


@pytest.mark.site
def test_every_number_of_a_download_says_its_unit(built):
    """In its heading, in a column of units, or in the name; the columns of the data package are described there."""
    silent = set()
    for name, (header, *rows) in downloads(built.site):
        if name.startswith("data/") or "unit" in header:
            continue
        for place, column in enumerate(header):
            cells = [row[place] for row in rows if row[place]]
            numeric = cells and all(RAW_NUMBER.fullmatch(cell) for cell in cells)
            told = UNIT.search(column) or column.endswith(("_eur", "_km2")) or column in UNITLESS
            if numeric and not told:
                silent.add((name, column))
    assert not silent


@pytest.mark.site
def test_both_languages_offer_the_same_numbers(built):
    compared = 0
    for path in sorted((built.site / "en").rglob("*.csv")):
        other = built.site / path.relative_to(built.site / "en")
        mine, theirs = rows_of(path), rows_of(other)
        assert len(mine) == len(theirs) and mine[0].keys() == theirs[0].keys(), path
        for column in mine[0]:
            cells = [[row[column] for row in rows] for rows in (mine, theirs)]
            numbers = [sorted(cell for cell in held if RAW_NUMBER.fullmatch(cell)) for held in cells]
            assert numbers[0] == numbers[1], (path, column)
            compared += len(numbers[0])
    assert compared > 1000
