"""What the commands ``wecare import …`` share: which one is meant, what is shown, the question, and the last words."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text
from typer.core import TyperGroup

from helpers.cli.console import out

#: Rows of a list and warnings printed before the rest is only counted.
SHOWN = 20

#: Headings of columns that hold numbers.
NUMBERS = ("projects", "public funding €", "amount not published", "residents", "rows")

Yes = Annotated[bool, typer.Option("--yes", help="Write without asking.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the difference a reader would see, and write nothing.")]
Source = Annotated[str | None, typer.Option(help="Where it is from: address, or title of the act.", metavar="TEXT")]
Version = Annotated[str | None, typer.Option("--date", help="Edition or date of the file, as it says itself.")]
Sheet = Annotated[str | None, typer.Option(help="Name of the sheet, if several hold such a table.", metavar="NAME")]


class Imports(TyperGroup):
    """The group of the imports: a file in place of a command is recognised, and an interruption writes nothing."""

    def invoke(self, ctx) -> object:
        """Run an import."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, typer.Abort):
            out.print("\nNothing was written. Next: run it again, with --yes to write without being asked.")
            raise typer.Exit(1) from None

    def resolve_command(self, ctx, args: list[str]) -> Any:
        """Find the command: the one that is named, or the one that takes the files that are given."""
        if args and args[0] not in self.commands:
            # Of options and their values none is a file that is there; a first word with a suffix was meant as one.
            files = [Path(arg) for arg in args if Path(arg).is_file()]
            if files or Path(args[0]).suffix:
                return super().resolve_command(ctx, [*_recognise(files or [Path(args[0])]), *args])
        return super().resolve_command(ctx, args)


def _recognise(files: Sequence[Path]) -> list[str]:
    """The command that takes some files; all must be of one import."""
    from helpers.errors import WecareError
    from helpers.imports.reading.recognise import recognise_file

    found = {file: recognise_file(file) for file in files}
    for file, layout in found.items():
        out.print(f"{file.name}: {layout.title} (wecare import {layout.importer}).", markup=False, soft_wrap=True)
    if len({layout.importer for layout in found.values()}) > 1:
        each = "; ".join(f"`wecare import {layout.importer} {file}`" for file, layout in found.items())
        raise WecareError(f"The files are for different imports. To do: {each}.")
    return [found[files[0]].importer]


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


def tell_reading(plan) -> None:
    """Say what was understood of the files: which table, what was passed over, what was taken for what."""
    for remark in plan.remarks[:SHOWN]:
        out.print(safe(remark, 400), soft_wrap=True)
    more(len(plan.remarks))


def finish(plan, yes: bool, dry_run: bool = False) -> None:
    """Ask, write, and say last what happened and what to do next."""
    warn(plan.warnings)
    draft = plan.draft
    if not draft.changed:
        out.print("Nothing would change: data/raw says the same already.")
        return
    if dry_run:
        _show_difference(plan)
        out.print("Nothing was written. Next: run it without --dry-run to write it.", markup=False)
        return
    if not (yes or typer.confirm("Write this to data/raw?")):
        out.print("Nothing was written. Next: --dry-run shows what readers would see, --yes writes it.", markup=False)
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


def _show_difference(plan) -> None:
    from helpers.cli.editions import print_comparison
    from helpers.errors import InputError
    from helpers.system.lock import exclusive

    try:
        # Trying out a change needs the place beside data/raw where changes are laid down.
        with exclusive("import --dry-run"):
            print_comparison(plan.draft.compare(), rows=False)
    except InputError as error:
        raise InputError([plan.reword(p) if plan.reword else p for p in error.problems]) from error


def list_rows(title: str, headings: tuple[str, ...], rows: Sequence) -> None:
    """Print rows of text; many are counted."""
    shown = table(title, *headings)
    for row in rows[:SHOWN]:
        shown.add_row(*(safe(str(cell)) for cell in row))
    out.print(shown)
    more(len(rows))


def warn(warnings: Sequence) -> None:
    """Print warnings; many are counted."""
    for warning in warnings[:SHOWN]:
        out.print(safe(f"Warning: {warning}", 1_000), soft_wrap=True)
    more(len(warnings))


def table(title: str, *headings: str) -> Table:
    """Print a title, and make a table to be filled and printed."""
    out.print(Text("\n").append_text(safe(title, 200)), style="bold", soft_wrap=True)
    made = Table(box=None, header_style="bold", pad_edge=False)
    for heading in headings:
        made.add_column(heading, justify="right" if heading in NUMBERS else "left")
    return made


def more(count: int) -> None:
    """Say how many are not shown."""
    if count > SHOWN:
        out.print(f"… and {count - SHOWN:,} more.")


def safe(text: str, width: int = 80) -> Text:
    """Text from data: never markup, never an escape sequence of the terminal."""
    from helpers.prose.escape import clean

    shown = clean(text)
    return Text(shown if len(shown) <= width else shown[: width - 1] + "…")


def tell_template(path: Path, held: str, command: str, options: str = "") -> None:
    """Say that a list to fill in was written, what it holds, and what to type when it is filled in."""
    out.print(f"Wrote {path} with {held}.", markup=False)
    out.print(f"Next: fill it in, then `wecare import {command} {path.name}{options}`.", markup=False)
