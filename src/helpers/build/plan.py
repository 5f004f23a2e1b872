"""The whole build, step by step: check, derive, cut the inputs, run the reports whose inputs changed."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from helpers import config
from helpers.build import jobs as all_reports
from helpers.build.inputs import Failed, input_hashes
from helpers.build.jobs import Job
from helpers.data import processed
from helpers.data.read_log import KINDS, Read, note_reads
from helpers.data.read_state import States, raw_files
from helpers.errors import Problem
from helpers.system import dependencies, files, notebooks
from helpers.system.cache import Cache
from helpers.system.fingerprints import fingerprint_of_value
from helpers.system.lock import exclusive
from helpers.system.record import Record, Step, files_as_inputs

#: Where the work of each step begins in the library; what it rests on there follows from the import graph.
CHECK, LEVELS, ANALYSES = "helpers.checks.run", "helpers.data.levels", "helpers.data.analyses"

#: Where it is kept what was made, and from what.
RECORD = config.BUILD / "record.db"

#: Where it is kept what was wrong with data that were not accepted.
PROBLEMS = config.BUILD / "problems.db"

#: What decides, besides a template, how its cells run and how a report is written.
EXECUTION = ("helpers.build.execute", "helpers.build.warm.engine")


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
    inputs
        Fingerprints of what each report shows, by its name.
    steps
        What each report is made from, by its name, to be remembered when it is done.
    failed
        Why the inputs of a report cannot be made, by its name; such a report does not run.
    """

    every: list[Job]
    jobs: list[Job]
    reasons: dict[str, list[str]]
    inputs: dict[str, dict[str, str]]
    steps: dict[str, Step]
    failed: dict[str, str] = field(default_factory=dict)

    @property
    def outdated(self) -> list[Job]:
        """The jobs that must run."""
        return [job for job in self.jobs if self.reasons[job.name] and job.name not in self.failed]


@contextmanager
def at_work(command: str, patience: float = 0) -> Iterator[Record]:
    """Work on this project alone: no other command writes meanwhile, and every file is read once.

    Parameters
    ----------
    command
        What the person called, as ``build``.
    patience
        Seconds to wait for another command to end.

    Yields
    ------
    Record
        What was made before.

    Raises
    ------
    WecareError
        If another command is at work.
    """
    with exclusive(command, patience), files.holding():
        yield Record(RECORD)


def edited_meanwhile(record: Record, made: Iterable[Step] = (), alone: bool = True) -> list[str]:
    """Files that were edited since this command first read them, by name; what was made is not made from these edits.

    Parameters
    ----------
    record
        Where steps are noted as done.
    made
        Steps that have been done since. They count as not done if they may have seen an edit: code is read when it is
        first needed, and kernels of their own read data by themselves.
    alone
        Whether they ran without kernels of their own.
    """
    edited = files.find_changed()
    if edited and not (alone and all(path.suffix != ".py" for path in edited)):
        record.forget(step.name for step in made)
    return sorted(files_as_inputs(edited))


def prepare(record: Record, say: Callable[[str], None] = lambda text: None) -> None:
    """Check the raw data and derive the processed ones, each only if something it rests on changed.

    Raises
    ------
    InputError
        If the raw data are not valid.
    """
    check = check_step()
    if record.reasons(check):
        from helpers.checks.run import require_valid

        report = require_valid()
        say(f"Checked {report.tables} tables, {report.rows:,} rows.")
        for warning in report.warnings:
            say(f"Unlikely, look at it: {warning}")
        record.done(check)
    derive(record, say)


def find_problems(record: Record) -> list[Problem]:
    """What is wrong with the raw data, for those who show it and go on; nothing where they are as they were checked.

    It is kept: data with an edit that is not recorded are never done, and would be checked at every edit of a text.
    """
    check = check_step()
    if not record.reasons(check):
        return []
    from helpers.checks.run import check as check_all
    from helpers.checks.run import usable

    kept = Cache(PROBLEMS)
    problems = kept.value("problems", [check.inputs], lambda: check_all().problems)
    kept.save()
    if usable(problems):
        record.done(check)
    return problems


def derive(record: Record, say: Callable[[str], None] = lambda text: None) -> None:
    """Derive the processed data, if something they rest on changed."""
    if _derive(record, "derive", LEVELS, processed.level_files()):
        say(f"Derived {len(processed.level_files())} tables in data/processed.")
    if _derive(record, "analyse", ANALYSES, processed.analysis_files()):
        say(f"Computed {len(processed.analysis_files())} tables of need and equity in data/processed.")


def is_derived(record: Record) -> bool:
    """Whether the processed data rest on the raw ones as they are."""
    state = States()
    return _is_derived(record, "derive", LEVELS, processed.level_files(), state) and _is_derived(
        record, "analyse", ANALYSES, processed.analysis_files(), state
    )


def accept_raw(record: Record) -> list[str]:
    """Write hash, size and row count of edited raw files into the data package, if the content is valid.

    Returns
    -------
    list of str
        The files whose record changed. What has been validated here is not checked again by the next build.
    """
    from helpers.checks.run import record as record_files

    changed = record_files()
    record.done(check_step())
    return changed


def plan(
    record: Record,
    only: list[str] | None = None,
    again: bool = False,
    alone: Collection[str] | None = None,
    site: bool = True,
) -> Plan:
    """Decide which reports must run, and why.

    Parameters
    ----------
    record
        What the last build knew; the data must be prepared.
    only
        Names of reports; all by default.
    again
        Run them whether or not anything changed.
    alone
        Addresses of the reports to look at; of the others nothing is said, so no whole site can follow such a plan.
    site
        Whether a site is to follow the plan; if not, only what is asked for is looked at.

    Raises
    ------
    WecareError
        If a name is unknown.
    """
    every = all_reports.all_jobs()
    jobs = all_reports.select(every, only or [])
    if alone is not None:
        jobs = [job for job in jobs if job.address in alone]
    looked_at = every if site and alone is None else jobs
    code = {template: report_code(template) for template in {job.template for job in looked_at}}
    prints = {template: fingerprint_of_value(found) for template, found in code.items()}
    found = input_hashes(looked_at, prints, config.BUILD / "inputs.db", whole=looked_at is every)
    failed = {name: shown.error for name, shown in found.items() if isinstance(shown, Failed)}
    # A report that cannot be made now is older than its data, whatever it was made from.
    inputs = {name: {"inputs": shown.error} if isinstance(shown, Failed) else shown for name, shown in found.items()}
    steps = {job.name: _report_step(job, inputs[job.name], code[job.template]) for job in looked_at}
    reasons = {job.name: record.reasons(steps[job.name]) or (["asked for"] if again else []) for job in jobs}
    reasons |= {job.name: [f"cannot be made: {failed[job.name]}"] for job in jobs if job.name in failed}
    return Plan(every, jobs, reasons, inputs, steps, failed)


def report_code(template: Path) -> dict[str, str]:
    """Fingerprints of all of the library that takes part in the reports of a template."""
    return dependencies.fingerprints(*notebooks.imports_of(template), *EXECUTION)


def check_step() -> Step:
    """What a check of the raw data rests on."""
    return Step("check", files_as_inputs(raw_files()) | dependencies.fingerprints(CHECK))


def _derive(record: Record, name: str, module: str, targets: list[Path]) -> bool:
    """Have a module make tables of ``data/processed`` if what it read the last time is otherwise now; tells if so.

    What it reads decides, so an edit of other tables, or of other columns than it asks for, is not felt.
    """
    state = States()
    if _is_derived(record, name, module, targets, state):
        return False
    with note_reads() as reads:
        importlib.import_module(module).build()
    record.done(Step(name, dependencies.fingerprints(module) | state.of_all(reads), tuple(targets)))
    return True


def _is_derived(record: Record, name: str, module: str, targets: list[Path], state: States) -> bool:
    read_before = [read for read in map(Read.from_name, record.inputs(name)) if read.kind in KINDS]
    made_from = dependencies.fingerprints(module) | state.of_all(read_before)
    return not record.reasons(Step(name, made_from, tuple(targets)))


def _report_step(job: Job, inputs: Mapping[str, str], code: Mapping[str, str]) -> Step:
    own = {
        job.template.relative_to(config.ROOT).as_posix(): notebooks.fingerprint_of(job.template),
        "parameters": fingerprint_of_value(job.parameters),
    }
    target = config.REPORTS / f"{job.address}.ipynb"
    return Step(f"report {job.name}", {**inputs, **code, **own, **files_as_inputs([config.LOCK])}, (target,))
