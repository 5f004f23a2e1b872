"""The command ``wecare``: words to the person, no logic. Each step is imported when its command runs."""

from __future__ import annotations

import contextlib
import gc
import os
import sqlite3
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from helpers import config
from helpers.cli import editions, lab, lists, own, status
from helpers.cli.console import Commands, err, out
from helpers.cli.importing import settle
from helpers.cli.imports import imports
from helpers.cli.new import new
from helpers.cli.pdf import pdf
from helpers.cli.preview import preview
from helpers.errors import InputError, WecareError
from helpers.system import startup

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Turn district and funding data into the site that evaluates WE.CA.RE.\n\n"
    "The usual order: **check** the data, **build** the reports, **publish** the site. `make site` does all three.",
)
app.add_typer(imports, name="import")
app.add_typer(new, name="new")
app.command()(pdf)
app.command()(preview)

#: Reasons printed per report before the rest is only counted.
REASONS_SHOWN = 8

#: Reports that may run side by side: more than this many for each core only wait for one another.
MOST_JOBS = 8 * (os.cpu_count() or 1)

#: Problems printed before the rest is only counted.
PROBLEMS_SHOWN = 60


@app.callback()
def before_every_command() -> None:
    """Whatever comes next finds data/raw whole."""
    settle()


@app.command()
def check() -> None:
    """Validate every table of data/raw: schema, keys, and the rules that join tables.

    Takes seconds and changes nothing. Each problem names file, row, column, value, the rule and what to do.
    """
    from helpers.checks.run import check as check_all

    report = check_all()
    for warning in report.warnings:
        err.print(f"Unlikely, look at it: {warning}", markup=False, soft_wrap=True)
    if report.problems:
        raise InputError(report.problems)
    out.print(f"[green]Data valid[/]: {report.tables} tables, {report.rows:,} rows, {report.seconds:.1f} s.")
    out.print("Next: `wecare build` runs the notebooks.", markup=False)


@app.command()
def record() -> None:
    """Accept edited files of data/raw: write their new hash, size and row count into datapackage.json.

    Run it after an edit you mean; until then `wecare build` stops, so nobody publishes an edit by accident. The
    content must be valid.
    """
    from helpers.build import plan as steps

    with steps.at_work("record") as record:
        changed = steps.accept_raw(record)
    for name in changed:
        out.print(f"Recorded: {name}", markup=False)
    out.print(
        "Nothing had changed." if not changed else "Next: `wecare build`, then `wecare publish`.",
        markup=False,
    )


@app.command()
def build(
    only: Annotated[
        list[str] | None,
        typer.Option(help="Only these reports: D12, cuneo, overview… Repeat for more.", metavar="REPORT"),
    ] = None,
    data_only: Annotated[bool, typer.Option("--data-only", help="Derive data/processed and stop.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Run reports whether or not anything changed.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say why each report would run, and stop.")] = False,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_JOBS, help="Reports run side by side; default: one per core."),
    ] = None,
    engine: Annotated[str, typer.Option(help="Papermill engine: wecare-warm, or nbclient.")] = "wecare-warm",
    timeout: Annotated[float, typer.Option(help="Seconds a report may take.", min=1, max=86_400)] = 300,
    memory: Annotated[
        int | None, typer.Option(help="Megabytes a report may need beyond what it shares.", min=1)
    ] = None,
    publish_too: Annotated[bool, typer.Option("--publish", help="Publish the site afterwards.")] = False,
    publisher: Annotated[str | None, typer.Option(help="With --publish: `quarto` or `embedded`.")] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            help="Run the reports on the dask cluster of this scheduler, not here.", metavar="tcp://HOST:8786"
        ),
    ] = None,
) -> None:
    """Check the data, derive data/processed, run the notebooks whose inputs changed into reports/.

    What must run follows from content: the data a report shows, its template, the library, the lock file. A report
    that fails does not stop the others and leaves its last good version where it was; the run then ends non-zero.

    Examples: `wecare build`, `wecare build --only D12`, `wecare build --explain`, `wecare build --publish`
    """
    from helpers.build import plan as steps

    if scheduler and (jobs or engine != "wecare-warm"):
        raise typer.BadParameter("--jobs and --engine are for reports run here; a cluster has workers of its own.")
    limits = {"timeout": timeout, "memory_mb": memory}
    start = time.perf_counter()
    with steps.at_work("build") as record, contextlib.ExitStack() as children:
        steps.prepare(record, say=lambda text: out.print(text, markup=False))
        if data_only:
            return
        publishing = _publishing(record, children) if publish_too and not explain else None
        plan = steps.plan(record, only, again, site=publishing is not None)
        if explain:
            _explain(plan)
            return
        failed = _run_reports(record, plan, start, scheduler, engine=engine, workers=jobs, limits=limits)
        if publishing:
            _tell(publishing.publish(plan, publisher))
        made = [plan.steps[job.name] for job in plan.outdated]
        _tell_edited(steps.edited_meanwhile(record, made, alone=engine == "wecare-warm"))
    if failed:
        raise typer.Exit(1)
    if not publish_too:
        out.print("Next: `wecare publish` makes the site.", markup=False)


def _run_reports(
    record, plan, start: float, scheduler: str | None, engine: str, workers: int | None, limits: dict
) -> bool:
    """Run what must run, with progress and clear final words; True if a report failed."""
    from helpers.build import runs
    from helpers.build.execute import Outcome

    failed = [Outcome(job, plan.failed[job.name]) for job in plan.jobs if job.name in plan.failed]
    if not plan.outdated and not failed:
        runs.write(plan, [], time.perf_counter() - start)
        out.print(f"Nothing changed: {len(plan.jobs)} reports are up to date, {time.perf_counter() - start:.1f} s.")
        return False

    from helpers.build import batch, cluster

    with _progress() as progress:
        task = progress.add_task("Running notebooks", total=len(plan.outdated))

        def done(outcome) -> None:
            progress.advance(task)
            if outcome.error is None:
                record.done(plan.steps[outcome.job.name])

        if not plan.outdated:
            outcomes = []
        elif scheduler:
            outcomes = cluster.run(plan.outdated, scheduler, on_done=done, **limits)
        else:
            outcomes = batch.run(plan.outdated, workers=workers, engine=engine, on_done=done, **limits)
    made = sum(o.error is None for o in outcomes)
    wanted = len(plan.outdated) + len(failed)
    failed += [o for o in outcomes if o.error]
    out.print(
        f"{made} of {wanted} reports made in reports/, {len(plan.jobs) - wanted} unchanged, "
        f"{time.perf_counter() - start:.1f} s."
    )
    page = runs.write(plan, [*outcomes, *(o for o in failed if o not in outcomes)], time.perf_counter() - start)
    if failed:
        _explain_failures(failed)
        err.print(f"All of it: {os.path.relpath(page)}", markup=False)
    return bool(failed)


@app.command()
def publish(
    publisher: Annotated[
        str | None, typer.Option(help="`quarto` or `embedded`; default: quarto if it is on PATH.")
    ] = None,
    folder: Annotated[Path, typer.Option(help="Where the site is put.", metavar="FOLDER")] = config.SITE,
) -> None:
    """Publish reports/ as the site in _site/.

    The new site is checked before it takes the old one's place; if anything fails the old one stays as it was.
    """
    from helpers.build import plan as steps
    from helpers.publish.swap import place_of, require_replaceable

    site = folder if folder == config.SITE else Path(os.path.abspath(folder))
    # What cannot be replaced is refused before the work, not after it.
    place = place_of(site)
    if folder != config.SITE:
        require_replaceable(place)
    with steps.at_work("publish") as record, contextlib.ExitStack() as children:
        steps.prepare(record)
        publishing = _publishing(record, children)
        _tell(publishing.publish(steps.plan(record), publisher, site), folder)
        _tell_edited(steps.edited_meanwhile(record))


@app.command()
def page() -> None:
    """Turn an executed notebook, read from standard input, into the page that it makes: what Quarto is given of it.

    Every notebook names this command in its first cell, so that `quarto render` shows its page in any format.

    Example: `papermill notebooks/district.ipynb out.ipynb -r district D07`, then `quarto render out.ipynb`
    """
    from helpers.publish.by_hand import quarto_page

    sys.stdout.buffer.write(quarto_page(sys.stdin.buffer.read()))


def _publishing(record, children: contextlib.ExitStack):
    from helpers.build.publishing import Publishing

    return Publishing(record, children)


def _tell(published, folder: Path = config.SITE) -> None:
    """Say what was published."""
    if published.sheets:
        out.print(f"Made {published.sheets} sheets of districts as PDF.", markup=False)
    done, shown = published.site, os.path.relpath(folder)
    out.print(
        f"[green]Published[/] {done.pages} pages ({done.files} files, {done.bytes / 1e6:.1f} MB) in {shown}/ "
        f"with {done.publisher}, {done.seconds:.0f} s."
    )
    if published.stale:
        out.print(
            f"{len(published.stale)} pages are not up to date and say so; `wecare build` brings them up to date.",
            markup=False,
        )
    out.print(f"Next: open {shown}/index.html, or serve it: python -m http.server --directory {shown}", markup=False)


def _tell_edited(names: list[str]) -> None:
    if names:
        shown = ", ".join(names[:REASONS_SHOWN]) + (" …" if len(names) > REASONS_SHOWN else "")
        out.print(f"Edited while this ran, and not part of what was made: {shown}.", markup=False, soft_wrap=True)
        out.print("Next: `wecare build` takes these edits in.", markup=False)


editions.add(app)
lab.add(app)
lists.add(app)
status.add(app)
own.add(app)


def main() -> None:
    """Run the command; errors meant for a person are printed without a traceback."""
    startup.block_unused_modules()
    gc.set_threshold(*config.SELDOM)
    try:
        _require_text(sys.argv[1:])
        app()
    except InputError as error:
        for problem in error.problems[:PROBLEMS_SHOWN]:
            err.print(str(problem), markup=False, soft_wrap=True)
        more = len(error.problems) - PROBLEMS_SHOWN
        if more > 0:
            err.print(f"… and {more} more.")
        err.print(f"[red]Stopped[/]: {len(error.problems)} problem(s). Nothing was changed.")
        sys.exit(1)
    except WecareError as error:
        err.print("[red]Stopped[/]:", end=" ")
        err.print(str(error), markup=False, soft_wrap=True)
        sys.exit(1)
    except (OSError, sqlite3.Error) as error:
        err.print("[red]Stopped[/]:", end=" ")
        err.print(_say_of_disk(error), markup=False, soft_wrap=True)
        sys.exit(1)
    finally:
        # What is kept so long is kept to the end: the last collection need not go through it. Only DuckDB lists on
        # stderr what it did not get back.
        if "duckdb" not in sys.modules:
            gc.freeze()


def _require_text(words: list[str]) -> None:
    """Refuse what was typed in no encoding and names no file: it could be written nowhere."""
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError:
            if not os.path.exists(word):
                raise WecareError(f"{ascii(word)} is not text in UTF-8. To do: type it again.") from None


def _say_of_disk(error: Exception) -> str:
    """What the system says of a file, and what to do."""
    reason, name = getattr(error, "strerror", None) or str(error), getattr(error, "filename", None)
    where = f" ({os.path.relpath(os.fsdecode(name))})" if isinstance(name, str | bytes) else ""
    return (
        f"{reason}{where}. What was published stays as it was, and what was made is kept. To do: see that there is "
        "room and that the file may be written, then run the command again."
    )


def _progress():
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # A log would get the codes that move the cursor.
    return Progress(*columns, console=out, disable=not sys.stdout.isatty())


def _explain(plan) -> None:
    """Print why each report would run; many reasons of one kind are counted."""
    for job in plan.jobs:
        reasons = plan.reasons[job.name]
        shown = "; ".join(reasons[:REASONS_SHOWN])
        more = len(reasons) - REASONS_SHOWN
        text = f"{shown}; and {more} more" if more > 0 else shown or "up to date"
        out.print(f"{job.name}: {text}", markup=False, soft_wrap=True)


def _explain_failures(failed: list) -> None:
    """Print what went wrong and in which reports; what is wrong with several is said once, on lines that stay whole."""
    told: dict[tuple, list[str]] = {}
    for outcome in failed:
        where = f"notebooks/{outcome.job.template.name}" + ("" if outcome.cell is None else f", cell {outcome.cell}")
        told.setdefault((where, outcome.error), []).append(outcome.job.name)
    err.print("[bold red]Reports that failed[/]; those made before stay as they are:")
    for (where, error), names in told.items():
        err.print(f"{', '.join(names)} ({where}): {error}", markup=False, soft_wrap=True)
