"""Hashes of what each report shows, computed again only for reports that read something that changed.

An error in the inputs of one report is that report's: the others have theirs.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpers import config
from helpers.build.jobs import Job
from helpers.data import raw
from helpers.data.data_cache import DataCache
from helpers.data.read_log import Read, note_reads
from helpers.errors import WecareError
from helpers.pages.common.datasets import known_years
from helpers.system import processes
from helpers.system.fingerprints import fingerprint_of_value

_LIBRARY = config.HELPERS

#: Reports whose inputs are cut in this process.
FEW = 6


@dataclass(frozen=True)
class Failed:
    """Inputs that could not be made.

    Attributes
    ----------
    error
        What is wrong, in words for the person at the keyboard.
    """

    error: str


def input_hashes(
    jobs: list[Job], code: Mapping[Path, str], kept: Path, whole: bool = True
) -> dict[str, dict[str, str] | Failed]:
    """Hash what every job shows.

    Parameters
    ----------
    jobs
        All of them, in every language; the data must be prepared.
    code
        Fingerprint of the library's part in the reports of each template.
    kept
        Where hashes are kept with what they were read from; removing the file only costs time.
    whole
        Whether these are all jobs there are: what is kept of others is then dropped.

    Returns
    -------
    dict
        By name of the job: hash by name of the input, or why there are none.
    """
    edition = {"edition": fingerprint_of_value([raw.edition(), known_years()])}
    cache = DataCache(kept, "helpers.pages.common.input_fingerprints")
    # The editions of a report in several languages show the same.
    reports = {job.report: job for job in jobs}
    asked = {name: fingerprint_of_value([shown_parameters(job), code[job.template]]) for name, job in reports.items()}
    known: dict[str, dict[str, str] | Failed] = {name: cache.find(name, asked[name]) for name in reports}
    for name, (hashes, reads) in _cut([job for name, job in reports.items() if known[name] is None]).items():
        known[name] = hashes
        if not isinstance(hashes, Failed):
            cache.keep(name, asked[name], hashes, reads)
    cache.save(whole)
    shown = {name: found if isinstance(found, Failed) else found | edition for name, found in known.items()}
    return {job.name: shown[job.report] for job in jobs}


def _cut(jobs: list[Job]) -> dict[str, tuple[dict[str, str] | Failed, set[Read]]]:
    """Cut the inputs of reports, hash them and note what was read."""
    from helpers.pages.common.declared import inputs_from
    from helpers.pages.common.input_fingerprints import digests

    def cut(job: Job) -> tuple[dict[str, str] | Failed, set[Read]]:
        with note_reads() as reads:
            try:
                return digests(inputs_from(job.template.stem)(**shown_parameters(job))), reads
            except Exception as error:
                return Failed(say_why(error)), reads

    # The last ones first and here: what they load, all children read, and few are cut before a child would be at work.
    last = [cut(job) for job in jobs[-FEW:]]
    return dict(zip((job.report for job in jobs), [*processes.run_each(jobs[:-FEW], cut), *last], strict=True))


def say_why(error: Exception) -> str:
    """What an error says to a person; one that was not foreseen says where in the library it came up."""
    if isinstance(error, WecareError):
        return str(error)
    own = [
        frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(_LIBRARY)
    ]
    where = f" in {Path(own[-1].filename).relative_to(_LIBRARY.parent)}, line {own[-1].lineno}" if own else ""
    return (
        f"{type(error).__name__}: {error}{where}. To do: undo the last edit of {config.RAW.relative_to(config.ROOT)}, "
        "or correct the code there."
    )


def shown_parameters(job: Job) -> dict:
    """What decides what a report shows: its parameters, but for the language."""
    return {name: value for name, value in job.parameters.items() if name not in ("lang", "edition")}
