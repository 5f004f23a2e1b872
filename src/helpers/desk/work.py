"""Work on the project itself from a notebook: questions in SQL, checks of a file, reports old and new."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from IPython.display import display

from helpers import config
from helpers.data import processed, raw
from helpers.desk import records, tables
from helpers.desk.names import KEYS, find_measure, find_place, index_of
from helpers.errors import InputError, WecareError, nearest, refuse
from helpers.pages.common.declared import Declared, declared_pages
from helpers.pages.common.page import Shown
from helpers.system.notebooks import read_cells

#: What DuckDB says of a table that nobody has given it.
_LACKING = re.compile(r"Catalog Error: Table with name (\w+) does not exist")

#: Columns of the problems that a check finds.
PROBLEM = ("row", "column", "value", "rule", "remedy", "file")


def query(sql: str) -> pd.DataFrame:
    """Ask all tables in SQL, with DuckDB.

    Parameters
    ----------
    sql
        One ``select``. The tables are the levels (``districts``, ``provinces``, ``quadrants``, ``region``; the comuni
        with their indicators are ``comuni``), ``ages``, ``series``, and every table of ``data/raw`` by its name. Keys
        are called as on the desk: ``comune``, ``district``, ``province``.

    Returns
    -------
    DataFrame
        The answer; units are those of the columns it was made from.

    Raises
    ------
    InputError
        If there is no such table or column, or it is no SQL; says the nearest.

    Notes
    -----
    Source: that of each table; ``we.table(name).attrs["sources"]`` says it.

    Examples
    --------
    >>> import helpers as we
    >>> we.query("select count(*) as n, sum(residents) as residents from comuni where residents < 1000").values.tolist()
    [[605.0, 285000.0]]
    """
    import duckdb

    call = "we.query"
    processed.ensure()
    options: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": False,
        "python_enable_replacements": False,
    }
    with duckdb.connect(":memory:", config=options) as database:
        while True:
            try:
                return database.sql(sql).df()
            except duckdb.Error as error:
                lacking = _LACKING.match(str(error))
                if lacking is None:
                    raise refuse(call, str(error).splitlines()[0], "correct the SQL", sql) from None
                # Only the tables that are asked for are read.
                database.register(lacking[1], _relation(lacking[1], call))


def _relation(name: str, call: str) -> pd.DataFrame:
    """A table by the name it has in SQL, without outlines; lists are texts parted by semicolons."""
    raw_tables = [each for each in raw.tables() if raw.form(each)[0].endswith(".csv")]
    if name in KEYS:
        frame = pd.DataFrame(tables.read_level(name).drop(columns="geometry"))
    elif name in processed.NAMES:
        frame = processed.load(name)
    elif name in raw_tables:
        frame = records.table(name)
    else:
        raise refuse(call, "there is no such table", nearest(name, [*KEYS, *processed.TABLES, *raw_tables]), name)
    objects = [column for column in frame if frame[column].dtype == object]
    lists = [column for column in objects if frame[column].map(type).eq(tuple).any()]
    return frame.assign(**{column: frame[column].map(";".join) for column in lists})


def check(file: str | Path, like: str, *, sheet: str | None = None, keep: bool = False) -> pd.DataFrame:
    """Check a file of your own as ``wecare check`` would check it in the place of a table; nothing is written.

    Parameters
    ----------
    file
        CSV in any form, XLSX or Parquet with the columns of the table.
    like
        The table of ``data/raw`` whose form it shall have: ``comuni``, ``income``, ``events``.
    sheet
        Name of the sheet, if a workbook has several tables.
    keep
        Whether the rows of the table that the file does not have are kept.

    Returns
    -------
    DataFrame
        One row per problem: ``row`` of the file, ``column``, ``value``, ``rule``, ``remedy``, ``file``; without rows if
        it is right.

    Raises
    ------
    InputError
        If there is no such table.

    Notes
    -----
    Source: the schema of the table in ``datapackage.json`` and the rules of the project.

    Examples
    --------
    >>> import helpers as we
    >>> from helpers import config
    >>> we.check(config.RAW / "quadrants.csv", like="quadrants").empty
    True
    """
    from helpers.imports import own_table

    known = [name for name in raw.tables() if raw.form(name)[0].endswith(".csv")]
    if like not in known:
        raise refuse("we.check", "there is no such table", nearest(like, known), like)
    try:
        plan = own_table.plan(Path(file), like, sheet=sheet, keep=keep)
        plan.draft.require_valid(plan.reword)
    except InputError as error:
        return pd.DataFrame([{c: getattr(p, c) for c in PROBLEM} for p in error.problems], columns=list(PROBLEM))
    return pd.DataFrame(columns=list(PROBLEM))


def run_cell(source: str, space: dict[str, Any]) -> None:
    """Run a cell of a template as a notebook does, which shows what its last line gives."""
    tree = ast.parse(source)
    last = tree.body[-1] if tree.body else None
    value = None
    if isinstance(last, ast.Expr):
        tree.body.pop()
    exec(compile(tree, "cell", "exec"), space)
    if isinstance(last, ast.Expr):
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), space)
    if isinstance(value, Shown):
        value.show()
    elif value is not None:
        display(value)


class Report:
    """A report of the site in a notebook: :meth:`show` it here, or write it with :meth:`html`.

    Attributes
    ----------
    notebook
        Its template in ``notebooks``.
    parameters
        What it is given.
    """

    def __init__(self, page: Declared, parameters: dict[str, str]):
        self._declared = page
        self.notebook = config.NOTEBOOKS / f"{page.notebook}.ipynb"
        self.parameters = parameters

    @cached_property
    def page(self) -> Any:
        """The page itself, whose pieces are methods: ``.page.map("density")`` gives a map."""
        return self._declared.load()(**self.parameters)

    def show(self) -> None:
        """Show every piece of the report, as its template has them."""
        space: dict[str, Any] = {}
        for cell in read_cells(self.notebook):
            if cell.kind == "code":
                run_cell(cell.source, space)  # the project's own template
                if "parameters" in cell.tags:
                    space |= self.parameters

    def html(self, path: str | Path) -> Path:
        """Write the report as one HTML file that needs no network.

        Parameters
        ----------
        path
            The file, whose name ends with ``.html``.

        Raises
        ------
        InputError
            If the name ends otherwise.
        WecareError
            If the report fails, with what it says.
        """
        import nbformat
        from nbconvert import HTMLExporter

        path = Path(path)
        if path.suffix != ".html":
            raise refuse("html", "the name must end with .html", f"write {path.stem}.html", path)
        # In a process of its own: what runs a notebook in this one would change it.
        given = [text for name, value in self.parameters.items() for text in ("-r", name, value)]
        options = ("--engine", "wecare-inline", "--no-progress-bar", "--log-level", "ERROR")
        command = [sys.executable, "-m", "papermill", *options, str(self.notebook), "-", *given]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise WecareError(done.stderr.strip().rpartition("\n")[2])
        exporter = HTMLExporter(template_name="wecare", preprocessors=["helpers.publish.by_hand.Alone"])
        path.write_text(exporter.from_notebook_node(nbformat.reads(done.stdout, 4))[0], encoding="utf-8")
        return path

    def __repr__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self.parameters.items())
        return f"Report {self.notebook.stem} ({told}): .show() it here, or .html(path) writes it"


def report(name: str, *, lang: str = "it") -> Report:
    """A report of the site: of a district, of a measure, or any other by the name of its notebook.

    Parameters
    ----------
    name
        A district (name, code, slug, lead town), a measure (``Misura 1``), or a notebook (``equity``).
    lang
        ``it`` or ``en``.

    Returns
    -------
    Report
        ``.show()`` shows it here, ``.html("cuneo.html")`` writes it as one file, ``.page`` has its pieces one by one:
        ``.page.map("density")`` gives a map with ``.frame``, ``.chart`` (plotly) and ``.picture`` (SVG).

    Raises
    ------
    InputError
        If there is nothing of this name; says the nearest.

    Notes
    -----
    Source: those that the report lists.

    Examples
    --------
    >>> import helpers as we
    >>> we.report("Cuneo")
    Report district (district='D12', lang='it'): .show() it here, or .html(path) writes it
    >>> len(we.report("Cuneo").page.map("density").frame)
    53
    """
    call = "we.report"
    if lang not in config.LANGUAGES:
        raise refuse(call, "there is no such language", nearest(lang, config.LANGUAGES), lang)
    pages = {page.notebook: page for page in declared_pages()}
    if name in pages and not pages[name].each:
        return Report(pages[name], {"lang": lang})
    with suppress(InputError):
        return Report(pages["district"], {"district": find_place(name, "districts", call), "lang": lang})
    with suppress(InputError):
        slug = raw.load("measures").set_index("measure_id").at[find_measure(name, call), "slug"]
        if isinstance(slug, str):
            return Report(pages["measure"], {"measure": slug, "lang": lang})
    known = [*index_of("districts").names.values(), *(each for each in pages if not pages[each].each), "Misura 1"]
    raise refuse(call, "there is no report of this name", f"{nearest(name, known)}; `wecare reports` lists them", name)


def new_report(
    name: str,
    title: str = "",
    title_en: str = "",
    *,
    address: str = "",
    menu: str = "",
    indicator: str = "old_age_index",
) -> list[Path]:
    """Begin a page of the site: the same as ``wecare new report``.

    Parameters
    ----------
    name
        Of its notebook: small letters, digits and ``_``.
    title, title_en
        Its title in both languages; by default its name.
    address
        Where it stands on the site; by default the title.
    menu
        The menu that leads to it; by default the last one.
    indicator
        What its map shows, by its id.

    Returns
    -------
    list of Path
        The files written: notebook, module, texts, a test, ``_quarto.yml``. ``wecare build --only NAME`` makes it.

    Raises
    ------
    WecareError
        If the name or the address is taken or cannot be used; nothing is written then.

    Examples
    --------
    >>> import helpers as we
    >>> try:
    ...     we.new_report("district")
    ... except Exception as error:
    ...     print(str(error).split(". ")[0])
    'district' at 'distretti/{slug}' is a report already
    """
    from helpers.build.new_report import make

    plain = name.replace("_", " ").capitalize()
    written = make(name, {"it": title or plain, "en": title_en or plain}, address, menu, indicator)
    print("\n".join(f"Written: {path.relative_to(config.ROOT)}" for path in written))
    return written
