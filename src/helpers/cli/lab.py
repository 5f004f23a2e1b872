"""The commands for working in JupyterLab: ``wecare lab`` and ``wecare adopt``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from helpers.cli.console import out


def add(app: typer.Typer) -> None:
    """Give the commands to the application."""
    app.command("lab", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(open_lab)
    app.command("adopt")(adopt)


def open_lab(context: typer.Context) -> None:
    """Open JupyterLab on working copies of the notebooks, in notebooks/lab; git never sees them.

    Run them, change them, keep them. `wecare adopt` takes the cells of a copy as its template's. What follows is passed
    to JupyterLab.

    Example: `wecare lab --no-browser --port 8899`
    """
    import subprocess

    from helpers.build import lab
    from helpers.build import plan as steps

    with steps.at_work("lab") as record:
        steps.prepare(record, say=lambda text: out.print(text, markup=False))
        copies = lab.make_copies()
    for names, said in ((copies.made, "Copied"), (copies.renewed, "Renewed, for their templates have changed")):
        if names:
            out.print(f"{said}: {', '.join(names)}", markup=False)
    if copies.behind:
        out.print(
            f"Edited by you, while their templates have changed: {', '.join(copies.behind)}. They stay as they are.",
            markup=False,
        )
    raise typer.Exit(subprocess.run(lab.command(*context.args), check=False).returncode)


def adopt(
    copy: Annotated[Path, typer.Argument(help="A working copy: its path, or its name in notebooks/lab.")],
    force: Annotated[
        bool, typer.Option("--force", help="Also if the template has changed since it was copied.")
    ] = False,
) -> None:
    """Take the cells of a working copy as its template's: sources, tags and order; no output, no count.

    Example: `wecare adopt district.ipynb`
    """
    from helpers.build import lab
    from helpers.system.lock import exclusive

    with exclusive("adopt"):
        difference = lab.adopt(copy, force)
    for line in difference:
        out.print(line, markup=False, soft_wrap=True)
    if difference:
        out.print(f"Next: `wecare build` runs the reports of {copy.name}; `git diff notebooks` shows the same.")
    else:
        out.print("The template says the same already.")
