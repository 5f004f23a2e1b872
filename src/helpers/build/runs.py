"""``build/runs.html``: what the last build made of every report, for who runs it; never published."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from pathlib import Path

from markupsafe import Markup

from helpers import config
from helpers.build.execute import Outcome
from helpers.build.plan import Plan
from helpers.system.files import write as write_file

PAGE = config.BUILD / "runs.html"

#: Reasons told of a report before the rest is only counted.
REASONS = 6

_STYLE = Markup("""
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem; color: #222; background: #fff }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem; border-bottom: 1px solid #ccc }
td:nth-child(3) { text-align: right; font-variant-numeric: tabular-nums }
.failed { background: #fff0f0; color: #5c0011 }
.unchanged { color: #595959 }
""")


def write(plan: Plan, outcomes: Iterable[Outcome], seconds: float, path: Path = PAGE) -> Path:
    """Write the page of a build.

    Parameters
    ----------
    plan
        What the build was to do.
    outcomes
        How each report that was run, or could not be, ended.
    seconds
        Time the build took.
    path
        The page.
    """
    ended = {outcome.job.name: outcome for outcome in outcomes}
    rank = {"failed": 0, "made": 1, "unchanged": 2}
    rows = [(_outcome(ended.get(job.name)), job) for job in plan.jobs]
    body = Markup("").join(
        _row(what, job.name, ended.get(job.name), plan.reasons[job.name], _files(job.address, path.parent))
        for what, job in sorted(rows, key=lambda row: rank[row[0]])
    )
    told = {what: sum(each == what for each, _ in rows) for what in rank}
    summary = ", ".join(f"{count} {what}" for what, count in told.items())
    html = Markup(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Runs</title><style>{}</style></head>'
        "<body><h1>The last build</h1><p>{}: {}, {:.1f} s.</p><table><thead><tr><th>report</th><th>outcome</th>"
        "<th>seconds</th><th>what changed</th><th>open</th></tr></thead><tbody>{}</tbody></table></body></html>"
    ).format(_STYLE, f"{dt.datetime.now():%Y-%m-%d %H:%M:%S}", summary, seconds, body)
    write_file(path, html.encode())
    return path


def _outcome(outcome: Outcome | None) -> str:
    return "unchanged" if outcome is None else "failed" if outcome.error else "made"


def _files(address: str, folder: Path) -> dict[str, str]:
    """What there is to open of a report, by what it is, as seen from a folder."""
    places = {"notebook": (config.REPORTS, f"{address}.ipynb"), "page": (config.SITE, f"{address}.html")}
    return {
        kind: f"{Path(os.path.relpath(where, folder)).as_posix()}/{name}"
        for kind, (where, name) in places.items()
        if (where / name).is_file()
    }


def _row(what: str, name: str, outcome: Outcome | None, reasons: list[str], files: dict[str, str]) -> Markup:
    more = [f"and {len(reasons) - REASONS} more"] if len(reasons) > REASONS else []
    where = "" if outcome is None or outcome.cell is None else f" in cell {outcome.cell}"
    told = f"{what}{where}: {outcome.error}" if outcome and outcome.error else what
    seconds = f"{outcome.seconds:.2f}" if outcome and outcome.seconds else ""
    links = Markup(", ").join(Markup('<a href="{}">{}</a>').format(path, kind) for kind, path in files.items())
    return Markup('<tr class="{}"><th scope="row">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>').format(
        what, name, told, seconds, "; ".join([*reasons[:REASONS], *more]), links
    )
