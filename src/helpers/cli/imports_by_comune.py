"""``wecare import`` of the producers' own files by comune and year: incomes, balances, foreign residents, classes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from helpers.cli.console import out
from helpers.cli.importing import DryRun, Source, Version, Yes, finish, list_rows, tell_reading


def import_income(
    files: Annotated[
        list[Path],
        typer.Argument(help="The Ministry's files of IRPEF by comune, of one year or more.", metavar="FILE..."),
    ],
    year: Annotated[int | None, typer.Option(help="Tax year, if the file does not say it.")] = None,
    source: Source = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Add the incomes declared for IRPEF in the comuni of Piedmont (Ministry of Economy and Finance).

    Tax years add up in data/raw/income.csv; the latest counts. A blank cell is a number that is not published because
    it speaks of too few people: it stays unknown.

    Example: `wecare import income Redditi_e_principali_variabili_IRPEF_su_base_comunale_CSV_2022.csv`
    """
    from helpers.imports import income

    plans = income.plan_years(files, source, year)
    plan = plans[-1]
    plan.join(plans[:-1])
    tell_reading(plan)
    for file, each in zip(files, plans, strict=True):
        list_rows(f"{file.name}: columns read", ("column", "heading"), list(each.columns.items()))
        out.print(f"Tax year {each.year}: {each.comuni:,} comuni, taxable income of {each.known:,}.", markup=False)
    years = ", ".join(map(str, plan.years))
    out.print(f"The table then holds the tax years {years}.", markup=False)
    finish(plan, yes, dry_run)


def import_balance(
    file: Annotated[Path, typer.Argument(help="ISTAT's P2_2025_it_Comuni.csv or P3_2025_it_Comuni.csv, of any year.")],
    year: Annotated[int | None, typer.Option(help="Year of the balance, if the file does not say it.")] = None,
    source: Source = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Add the births, deaths and moves of a year (ISTAT, P2), or the foreign residents and who became Italian (P3).

    With them come the residents of the first day of the year, which are final, and of the next: these stay where a
    later file has given final ones.

    Example: `wecare import balance P2_2026_it_Comuni.csv`
    """
    from helpers.imports import balances

    _tell_sums(plan := balances.plan(file, source, year))
    finish(plan, yes, dry_run)


def import_foreigners(
    file: Annotated[Path, typer.Argument(help="ISTAT's data flow 29_316, as SDMX-CSV.")],
    source: Source = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Add the foreign residents on 1 January of every year of ISTAT's data flow 29_316.

    Example: `wecare import foreigners 29_316.csv`
    """
    from helpers.imports import balances

    _tell_sums(plan := balances.plan_flow(file, source))
    finish(plan, yes, dry_run)


def import_asl(
    file: Annotated[Path, typer.Argument(help="The Ministry of Health's list of health authorities by comune.")],
    year: Annotated[int | None, typer.Option(help="Year of the list, if the file does not say it.")] = None,
    source: Source = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Add the health authority of each comune in a year.

    Example: `wecare import asl asl_comuni.csv`
    """
    from helpers.imports import classifications

    plan = classifications.plan_asl(file, source, year)
    tell_reading(plan)
    out.print(f"{plan.comuni:,} comuni of Piedmont, {plan.changed:,} otherwise than before.", markup=False)
    finish(plan, yes, dry_run)


def import_classes(
    file: Annotated[
        Path, typer.Argument(help="ISTAT's statistical classifications, or a list of the inner areas (XLSX).")
    ],
    source: Source = None,
    version: Version = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Replace what a classification says of comuni: area, altitude and urbanisation, or inner areas and travel times.

    Comuni and columns that the file has not stay as they are.

    Example: `wecare import classes classificazioni_statistiche.xlsx`
    """
    from helpers.imports import classifications

    plan = classifications.plan_classes(file, source, version)
    tell_reading(plan)
    out.print(f"{plan.comuni:,} comuni of Piedmont, {plan.changed:,} otherwise than before.", markup=False)
    finish(plan, yes, dry_run)


def _tell_sums(plan) -> None:
    """Say what was understood, what each table has then, and what stays."""
    tell_reading(plan)
    for (table, year), persons in plan.sums.items():
        out.print(f"{table}: {persons:,} persons in Piedmont, {year}.", markup=False)
    for table, year in plan.kept:
        out.print(f"{table}: {year} stays, as its figures are final and these are not.", markup=False)


#: The commands by name, in the order in which the help lists them.
COMMANDS: dict[str, Callable[..., None]] = {
    "income": import_income,
    "balance": import_balance,
    "foreigners": import_foreigners,
    "asl": import_asl,
    "classes": import_classes,
}
