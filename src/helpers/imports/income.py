"""Incomes declared for IRPEF by comune (Ministry of Economy and Finance) → the optional table ``income``.

Headers drift from year to year, so columns are found by what they say. A blank cell is a number that is not published
because it speaks of too few people: it stays blank, and a sum that lacks a part is not known.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from helpers.data import raw
from helpers.errors import InputError, Problem
from helpers.imports import changes, source_file
from helpers.imports.draft import Draft
from helpers.imports.source_file import AGAIN, LISTED, Findings
from helpers.system.plain_text import words

TABLE = "income"

#: What each column of ours is called, without accents and punctuation; "in euro" and a count "(compresi nulli)" vary.
_KEYS = {
    "istat": ("codice istat comune", "codice istat del comune", "codice istat"),
    "name": ("denominazione comune", "denominazione del comune", "comune"),
    "year": ("anno di imposta", "anno d imposta", "anno imposta"),
}
_COUNT, _SUM = ("frequenza", "numero"), ("ammontare", "importo")
_PAIRS = {
    "taxable": ("reddito imponibile",),
    "total": ("reddito complessivo",),
    "employment": ("reddito da lavoro dipendente e assimilati", "reddito da lavoro dipendente"),
    "pension": ("reddito da pensione",),
}
NUMBERS = {
    "taxpayers": ("numero contribuenti", "numero di contribuenti"),
    **{f"{name}_n": tuple(f"{t} {w}" for t in titles for w in _COUNT) for name, titles in _PAIRS.items()},
    **{f"{name}_eur": tuple(f"{t} {w}" for t in titles for w in _SUM) for name, titles in _PAIRS.items()},
}
_NEEDED = ("istat", "taxpayers", "taxable_n", "taxable_eur")
_NUMBER = r"-?(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,0+)?"


@dataclass
class Plan(source_file.Plan):
    """What an import would do.

    Attributes
    ----------
    year
        Tax year of the file.
    years
        Tax years the table holds afterwards.
    comuni, known
        Comuni of Piedmont in the file, and those whose taxable income is published.
    columns
        Heading of the file that each column of ours was taken from.
    """

    year: int = 0
    years: list[int] = field(default_factory=list)
    comuni: int = 0
    known: int = 0
    columns: dict[str, str] = field(default_factory=dict)


def plan(path: Path, source: str | None = None, year: int | None = None, root: Path | None = None) -> Plan:
    """Read a file and work out what it changes; nothing is written.

    Parameters
    ----------
    path
        ``Redditi_e_principali_variabili_IRPEF_su_base_comunale_CSV_<year>.csv``: semicolons, UTF-8 or latin-1.
    source
        Address the file is from; the Ministry's page by default.
    year
        Tax year, if the file has no column that says it.

    Raises
    ------
    InputError
        If a needed column is missing, a number is none, a comune comes twice, or one of Piedmont is not ours.
    """
    columns, cells = _cells(path)
    province = raw.load("provinces", root)["province_code"]
    findings = Findings(path.name, cells.copy())
    cells["istat"] = _codes(cells, findings)
    own = cells[cells["istat"].str[:3].isin(province)].copy()
    _check(own, findings)
    findings.stop_if_any()
    draft = Draft(root)
    found = Plan(draft, year=_year(own, path.name, year), columns=columns)
    comuni = draft.cells("comuni").set_index("istat")["name"].to_dict()
    names = dict(zip(own["istat"], own["name"], strict=True)) if "name" in own else {}
    # Returns of a tax year are filed in the year after, and a comune is the one of the end of that year.
    day = dt.date(found.year + 1, 12, 31)
    matched = changes.match_codes(draft, path.name, set(own["istat"]), names, missing=False, day=day)
    missing = {code: comuni[code] for code in sorted([*matched.missing, *matched.merged])}
    # One number of comuni that merged since their people were counted cannot be split between them.
    newer = sorted(set(matched.merged.values()))
    found.warnings += [
        f"{code} {names.get(code, '')} was left out: here it is still {', '.join(old)}. Import its people first."
        for code in newer
        if (old := [o for o, new in matched.merged.items() if new == code])
    ]
    found.warnings += changes.tell(matched, comuni, names)
    left_out = [*newer, *matched.unplaced]
    table = _sum_up(own[~own["istat"].isin(left_out)], matched.renamed).assign(year=str(found.year))
    _write(found, table, source)
    found.comuni, found.known = len(table), int((table["taxable_eur"] != "").sum())
    _judge(found, missing)
    return found


def _cells(path: Path) -> tuple[dict[str, str], pd.DataFrame]:
    """Cells of the columns we know as text, the index being the line of the file, and where they were found."""
    reader = csv.reader(io.StringIO(source_file.text(path), newline=""), delimiter=";")
    header = next(reader, [])
    places = _places(header, path.name)
    rows, lines, ragged = [], [], []
    for row in reader:
        if not any(cell.strip() for cell in row):
            continue
        # A semicolon ends each row of some editions: a last column without name or content.
        if len(row) > len(header) and not any(cell.strip() for cell in row[len(header) :]):
            row = row[: len(header)]
        if len(row) != len(header) and not (len(row) == len(header) - 1 and not header[-1].strip()):
            ragged.append((reader.line_num, len(row)))
        rows.append([row[at].strip() if at < len(row) else "" for at in places.values()])
        lines.append(reader.line_num)
    if ragged:
        rule = "the row has {} cells, the header has " + str(len(header))
        raise InputError([Problem(path.name, rule.format(size), AGAIN, line) for line, size in ragged[:LISTED]])
    if not rows:
        raise InputError([Problem(path.name, "the file has no rows", AGAIN)])
    frame = pd.DataFrame(rows, columns=list(places), index=lines, dtype="str")
    return {column: header[at].strip() for column, at in places.items()}, frame


def _places(header: list[str], file: str) -> dict[str, int]:
    names = [_plain(name) for name in header]
    places, problems = {}, []
    for column, headings in (_KEYS | NUMBERS).items():
        at = [n for n, name in enumerate(names) if name in headings]
        if len(at) > 1:
            problems.append(
                Problem(file, "two columns have the same name", "keep one of them", 1, column, header[at[1]].strip())
            )
        if at:
            places[column] = at[0]
        elif column in _NEEDED:
            near = [h.strip() for h, name in zip(header, names, strict=True) if name.startswith(headings[0].split()[0])]
            rule = f"no column is called {' or '.join(repr(h) for h in headings)}"
            remedy = "give the file of the Ministry; if the column has a new name, tell those who keep this importer"
            problems.append(Problem(file, rule, remedy, 1, column, "; ".join(near[:LISTED]) or ";".join(header)[:120]))
    if problems:
        raise InputError(problems)
    return places


def _codes(cells: pd.DataFrame, findings: Findings) -> pd.Series:
    """Codes with the zeros that most editions print and some do not; a row without code is of no comune."""
    codes = cells["istat"].where(~cells["istat"].str.fullmatch("[0-9]{4,5}"), cells["istat"].str.zfill(6))
    findings.tell(~codes.str.fullmatch("[0-9]{6}|0*"), "istat", "the code must have six digits")
    return codes


def _check(own: pd.DataFrame, findings: Findings) -> None:
    """Numbers of Piedmont's comuni: whole, or blank; counts not negative; each comune once."""
    for column in [name for name in NUMBERS if name in own]:
        bad = ~own[column].str.fullmatch(_NUMBER) & (own[column] != "")
        if not column.endswith("_eur"):
            bad |= own[column].str.startswith("-")
        findings.tell(bad, column, "the value must be a whole number, or blank if it is not published")
    twice = own["istat"].duplicated()
    findings.tell(twice, "istat", "the comune comes twice", "keep one row of each comune and tax year")
    if own.empty:
        rule = "the file has no comune of Piedmont"
        findings.problems.append(Problem(findings.file, rule, "give the file of all Italy"))


def _year(own: pd.DataFrame, file: str, given: int | None) -> int:
    years = {int(cell) for cell in own["year"] if re.fullmatch("[0-9]{4}", cell)} if "year" in own else set()
    if not years:
        years = set(source_file.years_named(file)[-1:])
    years |= {given} if given else set()
    if len(years) == 1:
        return years.pop()
    rule = f"the tax years differ: {', '.join(map(str, sorted(years)))}" if years else "nothing says the tax year"
    remedy = "import one year at a time" if years else "give it with --year"
    raise InputError([Problem(file, rule, remedy, None, "year")])


def _sum_up(own: pd.DataFrame, renamed: dict[str, str]) -> pd.DataFrame:
    """Our columns as text; parts of a comune of ours add up, and a sum that lacks a part is blank."""
    numbers = {}
    for column in NUMBERS:
        cells = own[column] if column in own else pd.Series("", index=own.index)
        bare = cells.str.replace(r",0+$", "", regex=True).str.replace(".", "", regex=False)
        numbers[column] = pd.to_numeric(bare.where(bare != "", None)).astype("Int64")
    table = pd.DataFrame(numbers)
    groups = table.groupby(own["istat"].replace(renamed))
    whole = groups.sum().where(groups.count().eq(groups.size(), axis=0))
    return whole.astype("object").where(whole.notna(), "").astype("str").rename_axis("istat").reset_index()


def _write(found: Plan, table: pd.DataFrame, source: str | None) -> None:
    draft = found.draft
    draft.describe(TABLE)
    before = draft.cells(TABLE)
    both = pd.concat([before[before["year"] != str(found.year)], table], ignore_index=True)
    both = both.sort_values(["year", "istat"], ignore_index=True)
    draft.write(TABLE, both)
    found.years = sorted(int(year) for year in both["year"].unique())
    entry = draft.resource(TABLE)
    if source:
        entry["sources"][0]["path"] = source
    entry["year"] = found.years[-1]
    entry["sources"][0]["version"] = f"tax years {', '.join(map(str, found.years))}"


def _judge(found: Plan, missing: dict[str, str]) -> None:
    if missing:
        shown = ", ".join(f"{code} {name}" for code, name in list(missing.items())[:LISTED])
        more = f" and {len(missing) - LISTED:,} more" if len(missing) > LISTED else ""
        found.warnings.append(f"{len(missing):,} comuni have no row, so their incomes are not known: {shown}{more}.")
    blank = found.comuni - found.known
    if blank:
        found.warnings.append(f"The taxable income of {blank:,} comuni is not published (too few people).")


def _plain(name: str) -> str:
    """A heading without accents, punctuation, case, "in euro" and remarks in brackets."""
    found = " ".join(words(re.sub(r"\(.*?\)", " ", name)))
    return found.removesuffix(" in euro").removesuffix(" euro")
