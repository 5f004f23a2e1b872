"""The commands for an analyst's own files: ``wecare fix`` and ``wecare add``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from helpers.cli.console import out
from helpers.cli.importing import Sheet, Yes, safe

#: Remarks printed before the rest is only counted.
SHOWN = 40

Key = Annotated[str | None, typer.Option(help="The column that names comuni or districts.", metavar="COLUMN")]


def add(app: typer.Typer) -> None:
    """Give the commands to the application."""
    app.command("fix")(fix)
    app.command("add")(add_table)


def fix(
    file: Annotated[Path, typer.Argument(help="CSV in any form, XLSX or Parquet; or a zip of one.")],
    to: Annotated[
        Path | None, typer.Option("--out", help="Where to write; by default beside it, as NAME-fixed.csv.")
    ] = None,
    key: Key = None,
    sheet: Sheet = None,
    yes: Yes = False,
) -> None:
    """Turn a spreadsheet's file into what data/raw wants: UTF-8, commas, plain numbers, whole codes, names folded.

    Shows what it did: separator and encoding, zeros given back, decimal commas, names and their codes, rows that are
    no rows. The file itself stays as it is.

    Example: `wecare fix posti_nido.csv`
    """
    from helpers.errors import WecareError
    from helpers.imports.any_table import read_any, told
    from helpers.imports.draft import csv_of
    from helpers.system.files import write

    path = to or file.with_name(f"{file.name.split('.')[0]}-fixed.csv")
    if path.exists() and not path.is_file():
        raise WecareError(f"{path} is no file that can be written over. To do: name another one with --out.")
    found = read_any(file, key, sheet)
    _say([*found.remarks, *(f"Not found: {text}" for text in told(found.lost))])
    if not found.level:
        out.print("No column names comuni or districts; --key says which one does.", markup=False)
    if path.exists() and not (yes or typer.confirm(f"{path} exists. Write over it?")):
        out.print("Nothing was written. Next: name another file with --out.", markup=False)
        raise typer.Exit(1)
    write(path, csv_of(found.frame))
    out.print(f"Wrote {path}: {len(found.frame):,} rows, {len(found.frame.columns)} columns.", markup=False)
    out.print(f"Next: `wecare add {path}` puts it beside the project's tables.", markup=False, soft_wrap=True)


def add_table(
    file: Annotated[
        Path, typer.Argument(help="CSV in any form, XLSX, Parquet, GeoJSON or shapefile; or a zip of one.")
    ],
    title: Annotated[str, typer.Option(help="What the table is called.")] = "",
    source: Annotated[str, typer.Option(help="Where it comes from.")] = "",
    year: Annotated[int | None, typer.Option(help="Year its numbers are of.")] = None,
    description: Annotated[str, typer.Option(help="What it holds; by default its title.")] = "",
    address: Annotated[str, typer.Option(help="Web address of where it comes from.")] = "",
    licence: Annotated[str, typer.Option(help="Its licence, such as CC-BY-4.0, if it has one.")] = "",
    count: Annotated[
        list[str] | None, typer.Option(help="A column that counts something and may be added up; repeat for more.")
    ] = None,
    people: Annotated[str, typer.Option(help="Counts of few people: none, open or producer.", metavar="POLICY")] = "",
    name: Annotated[str, typer.Option(help="Name of the table; by default that of the file.")] = "",
    key: Key = None,
    sheet: Sheet = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the table of this name away again.")] = False,
    yes: Yes = False,
) -> None:
    """Put your own table of comuni or districts beside the project's, in data/raw/mine, which git does not see.

    It is repaired as by `wecare fix`, described, checked, catalogued and offered like any table. Each column that
    counts something becomes an indicator per 1,000 residents, with its map, wherever indicators are shown; the shapes
    of a layer are drawn over maps by the name of the table. All of it is marked as your own.

    Example: `wecare add posti_nido.csv --title "Posti nido" --source "Regione Piemonte" --year 2024 --count posti`
    """
    from helpers.build import own_tables
    from helpers.errors import WecareError
    from helpers.imports.any_table import read_any
    from helpers.system.lock import exclusive

    table_name = own_tables.name_of(name or file.stem)
    if remove:
        with exclusive("add"):
            for path in own_tables.remove(table_name):
                out.print(f"Removed or rewrote {path}", markup=False)
        return
    found = read_any(file, key, sheet)
    _say(found.remarks)
    if not found.level:
        raise WecareError(f"No column of {file.name} names comuni or districts. To do: say which with --key.")
    if found.lost:
        out.print(f"{len(found.lost):,} rows are of no place of ours and are left out, as:", markup=False)
        _say([str(problem) for problem in found.lost[:3]])
    numbers = own_tables.columns_of(found)
    counts = list(count or [])
    if not counts and numbers:
        question = f"Do these columns count something, so that places may be added up: {', '.join(numbers)}?"
        counts = numbers if yes or typer.confirm(question) else []
    about = own_tables.About(
        title=title or file.stem.replace("_", " "),
        description=description or title or file.stem.replace("_", " "),
        source=source or file.name,
        address=address,
        licence=licence,
        year=year,
        people=people,
    )
    if not (yes or typer.confirm(f"Write this to data/raw/mine as {table_name}?")):
        out.print("Nothing was written.", markup=False)
        raise typer.Exit(1)
    with exclusive("add"):
        for path in own_tables.add(found, table_name, about, counts):
            out.print(f"Wrote {path}", markup=False)
    made = f" and {len(counts)} indicators" if counts else ""
    out.print(f"Added: the table {table_name}{made}, marked as your own.", markup=False)
    out.print("Next: `wecare check`, then `wecare build`; --remove takes it away again.", markup=False)


def _say(lines: list[str]) -> None:
    for line in lines[:SHOWN]:
        out.print(safe(line, 400), soft_wrap=True)
    if len(lines) > SHOWN:
        out.print(f"… and {len(lines) - SHOWN:,} more remarks.", markup=False)
