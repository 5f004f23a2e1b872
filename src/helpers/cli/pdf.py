"""The command ``wecare pdf``: the printable sheets of the districts."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from helpers.cli.console import out
from helpers.errors import WecareError


def pdf(
    only: Annotated[
        list[str] | None, typer.Option(help="Only these districts: D12, cuneo… Repeat for more.", metavar="DISTRICT")
    ] = None,
    lang: Annotated[str | None, typer.Option(help="Only this language: `it` or `en`.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Make sheets whether or not anything changed.")] = False,
) -> None:
    """Make the two-page sheets of the districts as PDF in build/pdf/; only those whose content changed.

    `wecare publish` does this by itself for every district it publishes. The sheets are tagged (PDF/UA-1).

    Examples: `wecare pdf`, `wecare pdf --only D12 --lang it`
    """
    from helpers.build import plan as steps
    from helpers.build import sheets

    start = time.perf_counter()
    with steps.at_work("pdf") as record:
        steps.prepare(record, say=lambda text: out.print(text, markup=False))
        plan = steps.plan(record, only, site=False)
        wanted = sheets.sheets(plan.inputs, plan.jobs, lang)
        failed = sorted({plan.failed[sheet.job.name] for sheet in wanted if sheet.job.name in plan.failed})
        wanted = [sheet for sheet in wanted if sheet.job.name not in plan.failed]
        if not wanted and not failed:
            raise typer.BadParameter("none of these is a district; `wecare districts` lists them.", param_hint="--only")
        made = sheets.make(record, wanted, again)
    out.print(
        f"{len(made)} of {len(wanted)} sheets made in build/pdf/, {len(wanted) - len(made)} unchanged, "
        f"{time.perf_counter() - start:.1f} s."
    )
    if failed:
        raise WecareError("\n".join(failed))
    out.print("Next: `wecare publish` puts them on the site, beside the pages of their districts.", markup=False)
