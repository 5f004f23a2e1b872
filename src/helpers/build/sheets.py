"""Sheets of the districts as PDF: which must be made again, and making them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from helpers import config
from helpers.build.jobs import Job
from helpers.errors import WecareError
from helpers.publish.description import read_description
from helpers.system import dependencies, files, processes
from helpers.system.fingerprints import fingerprint_of_value
from helpers.system.record import Record, Step, files_as_inputs

#: Where making a sheet begins in the library.
CODE = ("helpers.pages.district.sheet", "helpers.sheet.typeset")

#: So many are made by one process: most of their time goes into getting ready.
FEW = 4


@dataclass(frozen=True)
class Sheet:
    """One sheet to make.

    Attributes
    ----------
    job
        The report whose facts it shows.
    step
        What it is made from.
    """

    job: Job
    step: Step

    @property
    def address(self) -> str:
        """Where it stands on the site: ``distretti/cuneo.pdf``."""
        return f"{self.job.address}.pdf"

    @cached_property
    def file(self) -> Path:
        """Where it is made."""
        return config.SHEETS / self.address


def sheets(inputs: Mapping[str, Mapping[str, str]], jobs: Iterable[Job], lang: str | None = None) -> list[Sheet]:
    """The sheets of the districts among some reports.

    Parameters
    ----------
    inputs
        Fingerprints of what each report shows, by its name (:func:`helpers.build.plan.plan`): a sheet shows the same.
    jobs
        The reports.
    lang
        Only this language.

    Raises
    ------
    WecareError
        If there is no edition in this language.
    """
    if lang is not None and lang not in config.LANGUAGES:
        raise WecareError(f"There is no edition in {lang!r}. To do: use one of {', '.join(config.LANGUAGES)}.")
    from helpers.pages.common.input_fingerprints import digests
    from helpers.pages.district.sheet_inputs import sheet_inputs

    chosen = [job for job in jobs if job.template.stem == "district"]
    chosen = [job for job in chosen if lang in (None, job.parameters["lang"])]
    if not chosen:
        return []
    common = {f"sheet.{name}": value for name, value in digests(sheet_inputs()).items()}
    common |= {"site": site_address()} | dependencies.fingerprints(*CODE) | files_as_inputs([config.LOCK])
    return [Sheet(job, _step(job, {**inputs[job.name], **common})) for job in chosen]


def _step(job: Job, inputs: Mapping[str, str]) -> Step:
    own = {"parameters": fingerprint_of_value(job.parameters)}
    return Step(f"sheet {job.name}", {**inputs, **own}, (config.SHEETS / f"{job.address}.pdf",))


def make(record: Record, sheets: Sequence[Sheet], again: bool = False) -> list[Sheet]:
    """Make the sheets whose content changed, shared out among as many children as cores.

    Returns
    -------
    list of Sheet
        Those that were made.

    Raises
    ------
    WecareError
        When one cannot be made; those made before it are kept.
    """
    wanted = sheets if again else find_outdated(record, sheets)
    return keep(record, wanted, _shared_out(wanted) if len(wanted) > FEW and can_fork() else typeset_sheet(wanted))


def find_outdated(record: Record, sheets: Sequence[Sheet]) -> list[Sheet]:
    """Those whose content changed."""
    return [sheet for sheet in sheets if record.reasons(sheet.step)]


def keep(record: Record, sheets: Sequence[Sheet], pdfs: Iterable[tuple[str, bytes]]) -> list[Sheet]:
    """Put sheets where they belong, as they arrive by the name of their job; gives those that arrived."""
    by_name = {sheet.job.name: sheet for sheet in sheets}
    done = []
    try:
        for name, pdf in pdfs:
            files.write(by_name[name].file, pdf)
            done.append(by_name[name])
    finally:
        if done:
            record.all_done([sheet.step for sheet in done])
    return done


def typeset_sheet(sheets: Sequence[Sheet]) -> Iterable[tuple[str, bytes]]:
    """Sheets as PDF by the name of their job, one after the other in this process."""
    # Typst has threads of its own, so it is loaded only where it works.
    if not sheets:
        return
    from helpers.pages.district.sheet import DistrictSheet
    from helpers.sheet.typeset import Typesetter

    typesetter, address = Typesetter(), site_address()
    for sheet in sheets:
        parameters = sheet.job.parameters
        content = DistrictSheet(parameters["district"], parameters["lang"], site=address).content()
        yield sheet.job.name, typesetter.pdf(content)


def can_fork() -> bool:
    """Whether a child can make sheets: one forked after Typst has started its threads would wait for them for ever."""
    return processes.AVAILABLE and "typst" not in sys.modules


def site_address() -> str:
    """Address of the published site by ``website: site-url`` of ``_quarto.yml``; empty if it says none."""
    return read_description()["website"].get("site-url", "")


def _shared_out(sheets: Sequence[Sheet]) -> Iterable[tuple[str, bytes]]:
    from helpers.data import raw
    from helpers.pages.district.inputs import district_inputs
    from helpers.pages.district.sheet_inputs import sheet_inputs

    # Loaded once here, read by all children.
    raw.edition(), sheet_inputs(), district_inputs(sheets[0].job.parameters["district"])
    cores = os.cpu_count() or 1

    def share(part: Sequence[Sheet]) -> processes.Task:
        def task(send: Callable[[object], None]) -> None:
            try:
                for made in typeset_sheet(part):
                    send(made)
            except Exception as error:
                send(
                    WecareError(f"A sheet could not be made: {error}. To do: correct what is named, then run it again.")
                )

        return task

    tasks = ((n, share(sheets[n::cores])) for n in range(cores))
    for _, message in processes.run_all(tasks, cores):
        if isinstance(message, Exception):
            raise message
        yield message
