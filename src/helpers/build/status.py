"""Where the work stands: what is edited, recorded, built and published."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from helpers import config
from helpers.build import plan as steps
from helpers.build.publishing import site_step
from helpers.data import raw
from helpers.system import files
from helpers.system.fingerprints import recorded_form
from helpers.system.record import Record


@dataclass(frozen=True)
class Status:
    """Where the work stands.

    Attributes
    ----------
    version, date
        Edition of the data at hand.
    edited
        Files of ``data/raw`` that are not as recorded.
    unchecked
        Files of ``data/raw`` and of its checks that changed since they were last checked, recorded or not.
    derived
        Whether ``data/processed`` rests on these data.
    reports
        How many reports there are.
    outdated
        Names of the reports that must run, with the first reason; None where the data must be built to know.
    published
        Edition of the site in ``_site``; empty if there is none.
    unpublished
        What of the site's sources is otherwise than when it was published.
    """

    version: str
    date: str
    edited: tuple[str, ...]
    unchecked: tuple[str, ...]
    derived: bool
    reports: int
    outdated: dict[str, str] | None
    published: str
    unpublished: tuple[str, ...]

    @property
    def next(self) -> tuple[str, ...]:
        """What to type next, in order; nothing if everything is published."""
        todo = []
        if self.edited:
            todo += ["wecare check", "wecare record"]
        if self.edited or self.unchecked or not self.derived or self.outdated is None or self.outdated:
            todo += ["wecare build"]
        if todo or not self.published or self.unpublished:
            todo += ["wecare publish"]
        return tuple(todo)


def find_status() -> Status:
    """Look at everything, and change nothing.

    Raises
    ------
    InputError
        If ``datapackage.json`` cannot be read.
    """
    with files.holding():
        edition, record = raw.edition(), Record(steps.RECORD)
        edited = tuple(_edited())
        unchecked = tuple(record.reasons(steps.check_step()))
        derived = not unchecked and steps.is_derived(record)
        plan = steps.plan(record) if derived else None
        every = plan.every if plan else steps.all_reports.all_jobs()
        return Status(
            version=edition.version,
            date=edition.date.isoformat(),
            edited=edited,
            unchecked=unchecked,
            derived=derived,
            reports=len(every),
            outdated=None if plan is None else {name: why[0] for name, why in plan.reasons.items() if why},
            published=published_edition(config.SITE),
            unpublished=tuple(record.reasons(site_step())),
        )


def _edited() -> Iterable[str]:
    """Files that differ from their record, and files that the package does not describe."""
    described = {found["path"]: found for found in (raw.resource(name) for name in raw.tables())}
    for path, found in described.items():
        file = config.RAW / path
        if not file.is_file() or recorded_form(files.read(file)) != found.get("hash"):
            yield raw.label(path)
    here = {path.name for path in config.RAW.iterdir() if path.suffix in (".csv", ".parquet")}
    yield from map(raw.label, sorted(here - described.keys()))


def published_edition(site: Path) -> str:
    """Edition of a published site; empty if there is none."""
    try:
        described = site / "data" / "tables" / raw.DESCRIPTOR
        return str(json.loads(described.read_bytes())["version"]) if described.is_file() else ""
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""
