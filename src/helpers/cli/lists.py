"""The commands that list what there is: ``wecare districts`` and ``wecare reports``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from helpers.cli.console import out

if TYPE_CHECKING:
    import pandas as pd

AsCsv = Annotated[bool, typer.Option("--csv", help="As CSV, for other programs.")]


def add(app: typer.Typer) -> None:
    """Give the commands to the application."""
    app.command("districts")(list_districts)
    app.command("reports")(list_reports)


def list_districts(as_csv: AsCsv = False) -> None:
    """List the thirty districts: code, slug, name, comuni, residents, status of the boundary."""
    from helpers.data import processed
    from helpers.pages.common.district_list import district_list

    processed.ensure()
    listed = district_list()
    if as_csv:
        _print_csv(listed)
        return
    _print(listed.assign(residents=listed["residents"].map("{:,}".format)), ("code", "slug", "name"))
    out.print("Next: `wecare build --only CODE` runs one report.", markup=False)


def list_reports(as_csv: AsCsv = False) -> None:
    """List the reports: name, address on the site, notebook and what it is given."""
    import pandas as pd

    from helpers import config
    from helpers.build.jobs import all_jobs

    rows = [
        {
            "report": job.report,
            "address": job.path,
            "notebook": f"{job.template.stem}.ipynb",
            "parameters": " ".join(f"{key}={value}" for key, value in job.parameters.items() if key != "lang"),
        }
        for job in all_jobs()
        if job.name == job.report
    ]
    listed = pd.DataFrame(rows)
    if as_csv:
        _print_csv(listed)
        return
    _print(listed, tuple(listed))
    out.print(f"{len(listed)} reports, each in {' and '.join(config.LANGUAGES)}.", markup=False)
    out.print("Next: `wecare build --only REPORT` runs one; `wecare new report NAME` begins another.", markup=False)


def _print_csv(listed: pd.DataFrame) -> None:
    sys.stdout.write(listed.to_csv(index=False, lineterminator="\n"))


def _print(listed: pd.DataFrame, left: tuple[str, ...]) -> None:
    """Print a table, columns of text to the left. Where the terminal is narrow, lines wrap and nothing is left out."""
    shown = listed.astype(str)
    widths = {name: max(len(name), shown[name].str.len().max()) for name in shown}
    for row in [shown.columns, *shown.to_numpy()]:
        cells = zip(widths.items(), row, strict=True)
        line = "  ".join(f"{cell:{'<' if name in left else '>'}{width}}" for (name, width), cell in cells)
        out.print(line.rstrip(), markup=False, soft_wrap=True)
