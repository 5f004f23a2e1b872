"""The commands for an analyst's own files: ``wecare fix``."""

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
    from helpers.imports.any_table import read_any, told
    from helpers.imports.draft import csv_of
    from helpers.system.files import write

    found = read_any(file, key, sheet)
    _say([*found.remarks, *(f"Not found: {text}" for text in told(found.lost))])
    if not found.level:
        out.print("No column names comuni or districts; --key says which one does.", markup=False)
    path = to or file.with_name(f"{file.name.split('.')[0]}-fixed.csv")
    if path.exists() and not (yes or typer.confirm(f"{path} exists. Write over it?")):
        out.print("Nothing was written. Next: name another file with --out.", markup=False)
        raise typer.Exit(1)
    write(path, csv_of(found.frame))
    out.print(f"Wrote {path}: {len(found.frame):,} rows, {len(found.frame.columns)} columns.", markup=False)
    out.print(f"Next: `wecare add {path}` puts it beside the project's tables.", markup=False, soft_wrap=True)


def _say(lines: list[str]) -> None:
    for line in lines[:SHOWN]:
        out.print(safe(line, 400), soft_wrap=True)
    if len(lines) > SHOWN:
        out.print(f"… and {len(lines) - SHOWN:,} more remarks.", markup=False)
