"""From a file of any size to a frame of the rows that matter: sieved as bytes, then parsed by DuckDB.

Memory is bounded: the sieve holds a few blocks, DuckDB its limit, and only selected rows become a frame.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pandas as pd

from helpers.errors import Problem
from helpers.imports.opencoesione import matching_rules, row_filter
from helpers.imports.opencoesione.feed_files import KEY, NEEDED, PARTIES, FeedFile

MEMORY = "512MB"
#: Names of columns added to those of the file.
LINE, RULES, PERSON = "line", "rules", "person"
#: Read only to tell whether a party is a natural person; it is never in a frame.
_FISCAL_CODE = "OC_CODICE_FISCALE_SOGG"
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
    file
        The file.
    frame
        The selected rows as text (blank = ""): the needed columns, ``line`` of the file (int), and for
        ``progetti`` also ``rules``, the ids of all rules that hold, for ``soggetti`` also ``person`` (boolean).
    problems
        Rows that cannot be read.
    """

    def __init__(self, file: FeedFile, frame: pd.DataFrame, problems: list[Problem]):
        self.file, self.frame, self.problems = file, frame, problems


def projects(file: FeedFile, rules: list[matching_rules.Rule]) -> Scan:
    """Select the rows that any rule fits.

    Raises
    ------
    InputError
        If the file turns out to be damaged.
    """
    named = {name: _sql(i) for i, name in reversed(list(enumerate(file.columns)))}
    # A list of the rules that hold, in their order.
    held = ", ".join(f"CASE WHEN {matching_rules.condition(r, named)} THEN '{_escape(r.rule_id)}' END" for r in rules)
    where = f"len({RULES}) > 0"
    with file.rows() as stream:
        kept = row_filter.holding(stream, matching_rules.needles(rules), file.label, file.line)
        return _parse(file, kept, f"list_filter([{held}], lambda x: x IS NOT NULL) AS {RULES}", where)


def of_projects(file: FeedFile, refs: Iterable[str]) -> Scan:
    """Select the rows of some projects."""
    keys = {ref.encode() for ref in refs}
    with file.rows() as stream:
        kept = row_filter.key_rows(stream, keys, file.columns.index(KEY), file.label, file.line)
        more = None
        if file.kind == PARTIES:
            coded = "NULL"
            if _FISCAL_CODE in file.columns:
                coded = f"regexp_full_match(trim({_sql(file.columns.index(_FISCAL_CODE))}), '(?i)[a-z0-9]{{16}}')"
            more = f"coalesce({coded}, false) AS {PERSON}"
        return _parse(file, kept, more, "true")


def _parse(file: FeedFile, kept: Iterable[row_filter.Kept], more: str | None, where: str) -> Scan:
    foreign = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        with path.open("wb") as out:
            for line, row in kept:
                if problem := _other_encoding(file, line, row):
                    foreign.append(problem)
                    continue
                # One line end for all: DuckDB takes the first it sees, be it inside a text.
                out.write(b'"%d";%s\n' % (line, row.rstrip(b"\r\n")))
        wanted = ", ".join(f"coalesce({_sql(file.columns.index(c))}, '') AS \"{c}\"" for c in NEEDED[file.kind])
        wanted += f", CAST(number AS BIGINT) AS {LINE}" + (f", {more}" if more else "")
        columns = ", ".join(f"'{_sql(i)}': 'VARCHAR'" for i in range(len(file.columns)))
        source = (
            f"read_csv('{_escape(str(path))}', auto_detect=false, header=false, new_line='\\n', "
            f"delim=';', quote='\"', escape='\"', "
            f"columns={{'number': 'VARCHAR', {columns}}}, store_rejects=true, rejects_limit=0)"
        )
        with duckdb.connect() as connection:
            connection.execute(f"SET memory_limit='{MEMORY}'; SET temp_directory='{_escape(folder)}'")
            frame = connection.execute(
                f"SELECT * FROM (SELECT {wanted} FROM {source}) WHERE {where} ORDER BY {LINE}"
            ).df()
            rejected = connection.execute(
                "SELECT csv_line, any_value(error_type) FROM reject_errors GROUP BY csv_line, line ORDER BY line"
            ).fetchall()
    text = [column for column in frame if column not in (LINE, RULES, PERSON)]
    problems = [*foreign, *(_reject(file, *found) for found in rejected)]
    return Scan(file, frame.astype(dict.fromkeys(text, "str")), problems)


def _other_encoding(file: FeedFile, line: int, row: bytes) -> Problem | None:
    """The first cell of a row that is not UTF-8."""
    try:
        row.decode("utf-8")
        return None
    except UnicodeDecodeError:
        cells = next(csv.reader(io.StringIO(row.decode("utf-8", "surrogateescape"), newline=""), delimiter=";"))
    at = next(n for n, cell in enumerate(cells) if any("\udc80" <= c <= "\udcff" for c in cell))
    seen = cells[at].encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    column = file.columns[at] if at < len(file.columns) else None
    rule = "the file must be UTF-8; this cell is in another encoding, probably Windows-1252"
    return Problem(file.label, rule, "download the file again, or save it as UTF-8", line, column, seen[:200])


def _reject(file: FeedFile, row: str, kind: str) -> Problem:
    number = re.match(r'"(\d+)"', row or "")
    seen = re.sub(r'^"\d+";', "", row or "")[:120]
    rule = _ERRORS.get(kind, f"the row cannot be read ({kind})")
    return Problem(file.label, rule, "download the file again", row=int(number[1]) if number else None, value=seen)


def _sql(position: int) -> str:
    return f"c{position}"


def _escape(text: str) -> str:
    return text.replace("'", "''")
