"""From a file of any size to a frame of the rows that matter: sieved as bytes, then parsed by DuckDB.

Memory is bounded: the sieve holds a few blocks, DuckDB its limit, and only selected rows become a frame. Parquet is
asked by DuckDB at once, which reads only the columns that matter.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd

from helpers.errors import InputError, Problem
from helpers.imports.opencoesione import matching_rules
from helpers.imports.opencoesione.cells import counted
from helpers.imports.opencoesione.feed_containers import AGAIN, Parquet, Sheet, Text
from helpers.imports.opencoesione.feed_files import KEY, PARTIES, FeedFile, wanted
from helpers.imports.opencoesione.row_filter import Kept
from helpers.imports.reading import delimited
from helpers.imports.reading.workbook import texts

MEMORY = "256MB"
#: Names of columns added to those of the file.
LINE, RULES, PERSON = "line", "rules", "person"
#: Read only to tell whether a party is a natural person; it is never in a frame.
_FISCAL_CODE = "OC_CODICE_FISCALE_SOGG"
#: A person's code, or what OpenCoesione writes in its place.
_PERSONS = r"(?i)[a-z0-9]{16}|\*.*\*"
_ERRORS = {
    "MISSING COLUMNS": "the row has fewer cells than the header",
    "TOO MANY COLUMNS": "the row has more cells than the header",
    "UNQUOTED VALUE": "a double quote is not closed, or not doubled inside a text",
    "LINE SIZE OVER MAXIMUM": "the row never ends: a double quote is not closed",
}


class Scan:
    """What was found in a file.

    Attributes
    ----------
    frame
        The selected rows as text (blank = ""): the columns that are read, ``line`` of the file (int), and for
        ``progetti`` also ``rules``, the ids of all rules that hold, for ``soggetti`` also ``person`` (boolean).
    read
        Rows that the file has.
    unread
        Rows of them that cannot be read.
    problems, warnings
        What is wrong with rows, and what was done about it.
    """

    def __init__(self, frame: pd.DataFrame, read: int, problems: list[Problem], unread: int = 0):
        self.frame, self.read, self.problems, self.unread = frame, read, problems, unread
        self.warnings: list[Problem] = []


def projects(file: FeedFile, rules: list[matching_rules.Rule]) -> Scan:
    """Select the rows that any rule fits.

    Raises
    ------
    InputError
        If the file turns out to be damaged.
    """
    named = _names(file)
    # A list of the rules that hold, in their order.
    held = ", ".join(f"CASE WHEN {matching_rules.condition(r, named)} THEN '{_escape(r.rule_id)}' END" for r in rules)
    more, where = f"list_filter([{held}], lambda x: x IS NOT NULL) AS {RULES}", f"len({RULES}) > 0"
    if isinstance(file.part, Parquet):
        return _ask(file, more, where, matching_rules.shortcut(rules, named))
    return _sieve(file, lambda rows: rows.holding(matching_rules.needles(rules)), lambda _: True, more, where)


def of_projects(file: FeedFile, refs: Iterable[str]) -> Scan:
    """Select the rows of some projects.

    Raises
    ------
    InputError
        If the file turns out to be damaged.
    """
    keys, named, more = set(refs), _names(file), None
    if file.kind == PARTIES:
        held = f"regexp_full_match(trim({named[_FISCAL_CODE]}), '{_PERSONS}')" if _FISCAL_CODE in named else "NULL"
        more = f"coalesce({held}, false) AS {PERSON}"
    column = file.columns.index(KEY)
    if isinstance(file.part, Parquet):
        return _ask(file, more, "true", (named[KEY], None), sorted(keys))
    coded = {key.encode() for key in keys}
    return _sieve(file, lambda rows: rows.with_keys(coded, column), lambda cells: cells[column] in keys, more, "true")


def _names(file: FeedFile) -> dict[str, str]:
    """The SQL name of each column of the file."""
    typed = isinstance(file.part, Parquet)
    names = [f"CAST({_identifier(h)} AS VARCHAR)" if typed else f"c{n}" for n, h in enumerate(file.headings)]
    return {name: names[n] for n, name in reversed(list(enumerate(file.columns))) if name}


def _sieve(file: FeedFile, keep, keep_cells, more: str | None, where: str) -> Scan:
    """Select rows of a text with ``keep``, or of a sheet by their cells."""
    if isinstance(file.part, Text):
        with file.part.rows(file.heading) as rows:
            scan = _parse(file, keep(rows), file.part.separator, more, where)
            scan.read = rows.count
        return scan
    assert isinstance(file.part, Sheet)
    found = list(_sheet_rows(file))
    kept = [(number, cells) for number, cells in found if keep_cells(cells)]
    scan = _parse(file, (Kept(number, _csv_row(cells)) for number, cells in kept), ";", more, where)
    scan.read = len(found)
    lines = {int(line) for line in scan.frame[LINE]}
    read = {column: file.columns.index(column) for column in wanted(file.kind) if column in file.columns}
    for fault in file.part.top.faults:
        column = next((name for name, place in read.items() if place in fault.places), None)
        if column and lines.intersection(fault.rows):
            scan.problems.append(Problem(file.label, fault.rule, fault.remedy, fault.rows.start, column, fault.value))
    return scan


def _sheet_rows(file: FeedFile) -> Iterator[tuple[int, list[str]]]:
    width = len(file.headings)
    for number, cells in file.part.top.rows():
        if number > file.heading and any(cells):
            yield number, [*cells[:width], *[""] * (width - len(cells))]


def _csv_row(cells: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="").writerow(cells)
    return out.getvalue().encode()


def _parse(file: FeedFile, kept: Iterable[Kept], separator: str, more: str | None, where: str) -> Scan:
    named, foreign = _names(file), []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        with path.open("wb") as out:
            for line, row in kept:
                try:
                    row.decode("utf-8")
                except UnicodeDecodeError:
                    foreign.append(line)
                    row = delimited.decode(file.label, row)[0].encode()
                # One line end for all: DuckDB takes the first it sees, be it inside a text.
                out.write(b'"%d"%s%s\n' % (line, separator.encode(), row.rstrip(b"\r\n")))
        cells = [f"coalesce({named[c]}, '') AS \"{c}\"" if c in named else f"'' AS \"{c}\"" for c in wanted(file.kind)]
        cells += [f"CAST(number AS BIGINT) AS {LINE}", *([more] if more else [])]
        columns = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(len(file.headings)))
        source = (
            f"read_csv('{_escape(str(path))}', auto_detect=false, header=false, new_line='\\n', "
            f"delim='{separator}', quote='\"', escape='\"', "
            f"columns={{'number': 'VARCHAR', {columns}}}, store_rejects=true, rejects_limit=0)"
        )
        with duckdb.connect() as connection:
            connection.execute(f"SET memory_limit='{MEMORY}'; SET temp_directory='{_escape(folder)}'")
            frame = connection.execute(
                f"SELECT * FROM (SELECT {', '.join(cells)} FROM {source}) WHERE {where} ORDER BY {LINE}"
            ).df()
            rejected = connection.execute(
                "SELECT csv_line, any_value(error_type) FROM reject_errors GROUP BY csv_line, line ORDER BY line"
            ).fetchall()
    text = [column for column in frame if column not in (LINE, RULES, PERSON)]
    problems = [_reject(file, separator, *found) for found in rejected]
    scan = Scan(frame.astype(dict.fromkeys(text, "str")), 0, problems, len(rejected))
    if own := sorted(set(foreign).intersection(frame[LINE])):
        rule = f"{counted(len(own), 'row is', 'rows are')} not UTF-8 and read as Windows-1252"
        scan.warnings.append(Problem(file.label, rule, "look at the accents in the first of them", row=own[0]))
    return scan


def _ask(file: FeedFile, more: str | None, where: str, only: tuple | None, values: list[str] | None = None) -> Scan:
    """Select rows of a Parquet file.

    ``only`` is a column that says of most rows that they do not matter: its name, and a condition if ``values`` does
    not tell which values it must have. By its values whole blocks of the file are skipped.
    """
    assert isinstance(file.part, Parquet)
    source = f"read_parquet('{_escape(str(file.part.path))}', file_row_number=true, binary_as_string=true)"
    places = {name: n for n, name in reversed(list(enumerate(file.columns)))}
    columns = {name: _identifier(file.headings[places[name]]) for name in wanted(file.kind) if name in places}
    cells = [f'{heading} AS "{name}"' for name, heading in columns.items()]
    cells += [f"file_row_number + 2 AS {LINE}", *([more] if more else [])]
    try:
        with duckdb.connect() as connection:
            connection.execute(f"SET memory_limit='{MEMORY}'")
            if only and values is None:
                asked = f"SELECT DISTINCT {only[0]} FROM {source} WHERE {only[1]}"
                values = [value for (value,) in connection.execute(asked).fetchall()]
            # Each thread holds a block of every column.
            connection.execute("SET threads=1")
            having = f"WHERE {_among(only[0], values or [])}" if only else ""
            cursor = connection.execute(
                f"SELECT * FROM (SELECT {', '.join(cells)} FROM {source} {having}) WHERE {where} ORDER BY {LINE}"
            )
            names = [column[0] for column in cursor.description or ()]
            rows = cursor.fetchall()
    except duckdb.Error as error:
        rule = f"the Parquet file cannot be read ({str(error).splitlines()[0]})"
        raise InputError([Problem(file.label, rule, AGAIN)]) from error
    found = dict(zip(names, zip(*rows, strict=True) if rows else [[] for _ in names], strict=True))
    frame = pd.DataFrame(
        {name: _as_text(found[name]) if name in found else "" for name in wanted(file.kind)}, dtype="str"
    )
    frame[LINE] = pd.Series(list(found[LINE]), dtype="int64")
    for name in (RULES, PERSON):
        if name in found:
            frame[name] = pd.Series(list(found[name]), dtype="bool" if name == PERSON else "object")
    return Scan(frame, file.part.count, [])


def _among(column: str, values: list[str]) -> str:
    return f"{column} IN ({', '.join(_quote(value) for value in values)})" if values else "false"


def _as_text(values: Iterable[object]) -> list[str]:
    """Typed cells as the texts that a CSV would hold."""
    return texts(float(value) if isinstance(value, Decimal) else value for value in values)


def _reject(file: FeedFile, separator: str, row: str, kind: str) -> Problem:
    number = re.match(r'"(\d+)"', row or "")
    seen = re.sub(rf'^"\d+"{re.escape(separator)}', "", row or "")[:120]
    rule = _ERRORS.get(kind, f"the row cannot be read ({kind})")
    return Problem(file.label, rule, "download the file again", row=int(number[1]) if number else None, value=seen)


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _quote(text: str) -> str:
    return f"'{_escape(text)}'"


def _escape(text: str) -> str:
    return text.replace("'", "''")
