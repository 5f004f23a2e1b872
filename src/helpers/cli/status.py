"""The commands that look and change nothing: ``wecare status`` and ``wecare doctor``."""

from __future__ import annotations

import typer

from helpers.cli.console import out

#: Names listed before the rest is only counted.
SHOWN = 6


def add(app: typer.Typer) -> None:
    """Give the commands to the application."""
    app.command("status")(status)
    app.command("doctor")(doctor)


def status() -> None:
    """Say what is edited, recorded, built and published, and what to type next. Nothing is changed."""
    from helpers.build.status import find_status

    found = find_status()
    _line("Edition", f"{found.version} of {found.date}")
    _line("Edited", _listed(found.edited) if found.edited else "nothing in data/raw: all is as recorded")
    if found.outdated is None:
        _line("Built", f"not from these data: {_listed(found.unchecked) or 'data/processed is older than data/raw'}")
    elif found.outdated:
        reasons = [f"{name} ({why})" for name, why in found.outdated.items()]
        _line("Built", f"{found.reports - len(reasons)} of {found.reports} reports; to run: {_listed(reasons)}")
    else:
        _line("Built", f"all {found.reports} reports")
    if not found.published:
        _line("Published", "nothing in _site/")
    elif found.unpublished:
        _line("Published", f"edition {found.published}, made from other sources: {_listed(found.unpublished)}")
    else:
        _line("Published", f"edition {found.published}, made from what stands here")
    follow = [f"`{command}`" for command in found.next]
    out.print(f"Next: {', '.join(follow) if follow else 'nothing to do; `wecare preview` shows edits.'}", markup=False)


def doctor() -> None:
    """Say what this machine lacks to build, publish and test, and what to do about it.

    Ends with 1 if something is lacking that building needs; what only some tests or Quarto need is told.
    """
    from helpers.build.doctor import examine

    found = examine()
    for finding in found:
        colour, mark = ("green", "ok") if finding.good else ("red", "lacks") if finding.needed else ("yellow", "could")
        out.print(f"[{colour}]{mark:>6}[/]  ", end="")
        out.print(f"{finding.name}: {finding.found}", markup=False, soft_wrap=True)
        if not finding.good:
            out.print(f"        To do: {finding.remedy}.", markup=False, soft_wrap=True)
    if lacking := [finding for finding in found if finding.needed and not finding.good]:
        out.print(f"{len(lacking)} of {len(found)} needed things are lacking.", markup=False)
        raise typer.Exit(1)
    out.print("Nothing is lacking to build and publish. Next: `wecare status`.", markup=False)


def _line(name: str, text: str) -> None:
    out.print(f"{name + ':':<11}{text}", markup=False, soft_wrap=True)


def _listed(names) -> str:
    names = list(names)
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
