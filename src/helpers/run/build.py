"""The whole build, step by step: check, derive, cut the inputs, run the reports whose inputs changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .. import config
from ..record import Record, Step
from ..states import hash_of, raw_files
from . import jobs as all_reports
from .inputs import input_hashes
from .jobs import Job

#: Modules that make no part of a report; a change in them re-runs none.
NOT_IN_REPORTS = ("cli.py", "cli_pdf.py", "forks.py", "checks", "imports", "publish", "run", "sheet")

#: Except these, which decide how cells run and how a report is written.
IN_REPORTS = ("run/warm/inline.py", "run/batch.py")


@dataclass(frozen=True)
class Plan:
    """What a build will do.

    Attributes
    ----------
    every
        All reports there are.
    jobs
        The reports asked for.
    reasons
        Why each of these must run, by its name; empty for those that need not.
    steps
        What each report is made from, by its name, to be remembered when it is done.
    """

    every: list[Job]
    jobs: list[Job]
    reasons: dict[str, list[str]]
    steps: dict[str, Step]

    @property
    def outdated(self) -> list[Job]:
        """The jobs that must run."""
        return [job for job in self.jobs if self.reasons[job.name]]


def open_record() -> Record:
    """The record of this working tree."""
    return Record(config.BUILD / "record.db")


def prepare(record: Record, say: Callable[[str], None] = lambda text: None) -> None:
    """Check the raw data and derive the processed ones, each only if something it rests on changed.

    Raises
    ------
    InputError
        If the raw data are not valid.
    """
    check = _check_step()
    if record.reasons(check):
        from ..checks.run import require_valid

        report = require_valid()
        say(f"Checked {report.tables} tables, {report.rows:,} rows.")
        record.done(check)
    derive = _derive_step()
    if record.reasons(derive):
        from .. import processed

        say(f"Derived {len(processed.build())} tables in data/processed.")
        record.done(derive)
    analyse = _analysis_step()
    if record.reasons(analyse):
        from .. import processed

        say(f"Computed {len(processed.build_analyses())} tables of need and equity in data/processed.")
        record.done(analyse)


def accept_raw(record: Record) -> list[str]:
    """Write hash, size and row count of edited raw files into the data package, if the content is valid.

    Returns
    -------
    list of str
        The files whose record changed. What has been validated here is not checked again by the next build.
    """
    from ..checks.run import record as record_files

    changed = record_files()
    record.done(_check_step())
    return changed


def plan(record: Record, only: list[str] | None = None, again: bool = False) -> Plan:
    """Decide which reports must run, and why.

    Parameters
    ----------
    record
        What the last build knew; the data must be prepared.
    only
        Names of reports; all by default.
    again
        Run them whether or not anything changed.

    Raises
    ------
    WecareError
        If a name is unknown.
    """
    every = all_reports.all_jobs()
    jobs = all_reports.select(every, only or [])
    code = _rooms(_report_code())
    hashes = input_hashes(every, hash_of(code), config.BUILD / "inputs.json")
    steps = {job.name: _report_step(job, hashes[job.name], code) for job in every}
    reasons = {job.name: record.reasons(steps[job.name]) or (["asked for"] if again else []) for job in jobs}
    return Plan(every, jobs, reasons, steps)


def _check_step() -> Step:
    return Step("check", files=(*raw_files(), *_code("checks", "raw.py", "csvtext.py")))


def _derive_step() -> Step:
    from .. import processed, raw

    resources = [raw.resource(name) for name in processed.sources()]
    # Hash and row count say what the files already say, and schema and path decide how they are read.
    read_as = [(r["path"], r.get("schema")) for r in resources]
    return Step(
        "derive",
        files=(
            *(config.RAW / r["path"] for r in resources),
            *_code("raw.py", "csvtext.py", "territory.py", "people.py", "income.py", "processed.py"),
        ),
        values={"schema": hash_of(read_as)},
        targets=tuple(processed.level_files()),
    )


def _analysis_step() -> Step:
    """Need and equity: by the columns they rest on, so an edit that leaves these alone is not felt."""
    from .. import processed, raw
    from ..pages.inputs.digests import digests

    resources = [raw.resource(name) for name in processed.imported_sources()]
    districts = next(path for path in processed.level_files() if path.stem == "districts")
    return Step(
        "analyse",
        files=(
            *(config.RAW / r["path"] for r in resources),
            districts,
            *_code("raw.py", "csvtext.py", "analysis.py", "need.py", "equity.py", "funnel.py", "space.py"),
            *_code(
                "classes.py",
                "funding.py",
                "strategy.py",
                "feed.py",
                "people.py",
                "processed.py",
                "spending.py",
                "ties.py",
            ),
        ),
        values=digests(processed.analysis_columns())
        | {"schema": hash_of([(r["path"], r.get("schema")) for r in resources])},
        targets=tuple(processed.analysis_files()),
    )


def _report_step(job: Job, inputs: dict[str, str], code: dict[str, str]) -> Step:
    lock = (config.LOCK,) if config.LOCK.exists() else ()
    return Step(
        f"report {job.name}",
        files=(job.template, *lock),
        values=inputs | code | {"parameters": hash_of(job.parameters)},
        targets=(config.REPORTS / f"{job.address}.ipynb",),
    )


def _code(*names: str) -> tuple[Path, ...]:
    paths = [config.HELPERS / name for name in names]
    return tuple(f for p in paths for f in (sorted(p.rglob("*.py")) if p.is_dir() else [p]))


def _report_code() -> tuple[Path, ...]:
    """Everything of the library that takes part in making a report: modules, templates, labels."""
    inside = [p for p in config.HELPERS.rglob("*") if p.suffix in (".py", ".j2", ".toml")]
    kept = [p for p in inside if p.relative_to(config.HELPERS).parts[0] not in NOT_IN_REPORTS]
    return tuple(sorted([*kept, *(config.HELPERS / name for name in IN_REPORTS)]))


def _rooms(code: tuple[Path, ...]) -> dict[str, str]:
    """Hash of each module and package of the library: a few values to compare, where files would be hundreds."""
    rooms: dict[str, list] = {}
    for path in code:
        name = path.relative_to(config.HELPERS)
        rooms.setdefault(f"helpers/{name.parts[0]}", []).append((name.as_posix(), _digest(path.read_bytes())))
    return {room: hash_of(files) for room, files in rooms.items()}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
