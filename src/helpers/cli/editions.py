"""The commands for editions: ``wecare diff``, ``wecare keep``, ``wecare edition`` and ``wecare release``."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from helpers.cli.console import out

#: Rows of a table printed before the rest is only counted.
SHOWN = 20

#: Longest cell printed.
WIDTH = 60

COLOURS = {"breaking": "red", "major": "yellow", "minor": "cyan", "cosmetic": "dim"}

#: What each kind of difference is, in words.
KINDS = {
    "table_gone": "rows of a table that is gone",
    "column_gone": "columns gone",
    "type_changed": "columns of another type",
    "key_changed": "another primary key",
    "rows_removed": "rows removed",
    "total_moved": "totals moved",
    "district_moved": "districts whose figures moved",
    "figures_added": "rows with figures added",
    "figures_changed": "figures changed",
    "links_changed": "links to other tables changed",
    "borders_changed": "borders changed",
    "table_new": "rows of a new table",
    "type_widened": "columns of whole numbers that may have decimals",
    "column_new": "columns new",
    "rows_added": "rows of text added",
    "texts_changed": "texts changed",
    "described": "descriptions of the table changed",
    "reordered": "rows or columns in another order",
    "rewritten": "cells or file written otherwise",
}


def add(app: typer.Typer) -> None:
    """Give the commands to the application."""
    app.command("diff")(diff)
    app.command("keep")(keep)
    app.command("edition")(edition)
    app.command("release")(release)


def diff(
    old: Annotated[str, typer.Argument(help="A folder, a working tree, a published site, or a revision of git.")],
    new: Annotated[str, typer.Argument(help="The same; by default the data at hand.")] = "",
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 1 if anything differs.")] = False,
    rows: Annotated[bool, typer.Option("--rows", help="Print rows and cells too.")] = False,
) -> None:
    """Compare two editions of the data: rows, totals and districts, by how much each difference matters.

    **breaking**: a table, a column or a row is gone, or a key or type is another. **major**: a total, a figure of a
    district, a number, a border or a link to another table differs. **minor**: texts, notes, sources, new rows of text.
    **cosmetic**: order, or another way of writing the same.

    Examples: `wecare diff HEAD~1`, `wecare diff v2026.1 v2026.2 --exit-code`, `wecare diff _site data/raw --rows`
    """
    from helpers.data import comparison, snapshots

    with snapshots.open_snapshot(old) as before, snapshots.open_snapshot(new or ".") if new else _at_hand() as after:
        found = comparison.compare(snapshots.read(before), snapshots.read(after))
    print_comparison(found, rows)
    if exit_code and found.changes:
        raise typer.Exit(1)


def keep(
    where: Annotated[str, typer.Argument(help="A folder, site or revision of git; by default the data at hand.")] = "",
) -> None:
    """Keep an edition below data/raw/superseded: the page “What changed” compares the data at hand with it.

    Run it before you edit, or name the revision that was published: `wecare keep v2026.1`.
    """
    from helpers import config
    from helpers.data import snapshots
    from helpers.imports.keep_edition import keep as keep_edition
    from helpers.system.lock import exclusive

    with exclusive("keep"), snapshots.open_snapshot(where) if where else _at_hand() as root:
        folder = keep_edition(root)
    out.print(f"Kept in {folder.relative_to(config.ROOT)}.", markup=False)
    out.print("Next: edit the data, `wecare record`, `wecare build`; `wecare diff` shows what differs.", markup=False)


def edition(
    version: Annotated[str, typer.Argument(help="Its name, such as 2026.3.")],
    changes_it: Annotated[str, typer.Option(help="What it brings, in Italian.", metavar="TEXT")] = "",
    changes_en: Annotated[str, typer.Option(help="The same in English.", metavar="TEXT")] = "",
    date: Annotated[str, typer.Option(help="Its day, such as 2026-12-15; by default today.")] = "",
) -> None:
    """Begin an edition: set version and date, tell what it brings, keep the edition before for comparison.

    The data at hand, all recorded, are what it holds. What was published is kept as the edition before.

    Example: `wecare edition 2026.3 --changes-it "Redditi del 2025." --changes-en "Incomes of 2025."`
    """
    import datetime as dt

    from helpers import config
    from helpers.imports.edition import begin
    from helpers.system.lock import exclusive

    try:
        day = dt.date.fromisoformat(date) if date else dt.date.today()
    except ValueError:
        raise typer.BadParameter(f"{date!r} is no day; write it like 2026-12-15.") from None
    with exclusive("edition"):
        made = begin(version, day, {"it": changes_it, "en": changes_en})
    kept = f"kept in {made.kept.relative_to(config.ROOT)}" if made.kept else "was kept already"
    out.print(f"Edition {version} of {day.isoformat()}; {made.before} {kept}.", markup=False, soft_wrap=True)
    for path in made.written:
        out.print(f"Wrote {path}", markup=False)
    out.print("Next: `wecare build`, `wecare publish`; when all is committed, `wecare release`.", markup=False)


def release(
    publisher: Annotated[str | None, typer.Option(help="`quarto` or `embedded`; default: quarto if there.")] = None,
) -> None:
    """Make the edition from nothing and freeze it in build/release: data, site, and a hash of every file.

    It is made from what is committed, in a folder of its own, with every check. A working tree with changes that are
    not committed is refused.
    """
    from helpers import config
    from helpers.build.release import make
    from helpers.system.lock import exclusive

    with exclusive("release"):
        made = make(publisher, say=lambda text: out.print(text, markup=False))
    out.print(f"Released edition {made.version} of commit {made.commit[:12]}: {made.files:,} files in", end=" ")
    out.print(f"{made.folder.relative_to(config.ROOT)}, each with its hash in manifest.json.", markup=False)
    out.print("Next: `sha256sum --check SHA256SUMS` there; `git tag` the commit, and archive the folder.", markup=False)


def _at_hand():
    from contextlib import nullcontext

    from helpers import config

    return nullcontext(config.RAW)


def print_comparison(found, rows: bool) -> None:
    """Print what differs between two editions."""
    out.print(f"{found.old.version} ({found.old.date}) → {found.new.version} ({found.new.date})", markup=False)
    if not found.changes:
        out.print("[green]No difference[/].")
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("severity", "what", "number", "table"):
        table.add_column(heading, justify="right" if heading == "number" else "left")
    for row in found.findings.itertuples(index=False):
        severity = f"[{COLOURS[row.severity]}]{row.severity}[/]"
        table.add_row(severity, KINDS[row.kind], f"{row.n:,}", row.table)
    out.print(table)
    _frame("Totals", found.totals)
    _frame("Figures of districts", found.moved)
    if len(found.districts):
        names = ", ".join(f"{d.distretto_id} {d.name}" for d in found.districts.itertuples(index=False))
        every = len(found.districts) == len(found.new.tables.get("districts", ()))
        out.print(f"\nDistricts concerned: {f'all {len(found.districts)}' if every else names}", markup=False)
    if rows:
        for change in found.changes:
            cells = change.cells.assign(key=[" · ".join(key[:-1]) for key in change.cells["key"]])
            _frame(f"{change.table}: rows added", change.added)
            _frame(f"{change.table}: rows removed", change.removed)
            _frame(f"{change.table}: cells", cells)
    out.print(f"\nGravest: {found.severity}.")


def _frame(title: str, frame) -> None:
    if frame.empty:
        return
    table = Table(title=title, title_justify="left", box=None, header_style="bold", pad_edge=False)
    for column in frame.columns:
        table.add_column(str(column), overflow="fold")
    for row in frame.head(SHOWN).itertuples(index=False):
        table.add_row(*(_cell(value) for value in row))
    out.print(table)
    if len(frame) > SHOWN:
        out.print(f"… and {len(frame) - SHOWN:,} more.")


def _cell(value: object) -> str:
    from rich.markup import escape

    if value != value or value is None:
        return "not known"
    text = f"{value:,.2f}".removesuffix(".00") if isinstance(value, float) else str(value)
    return escape(text if len(text) <= WIDTH else text[: WIDTH - 1] + "…")
