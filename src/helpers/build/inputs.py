"""Hashes of what each report shows, computed again only for reports that read something that changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from helpers.build.jobs import Job
from helpers.data import raw
from helpers.data.data_cache import DataCache
from helpers.data.read_log import Read, noted
from helpers.pages.common.datasets import known_years
from helpers.system import processes
from helpers.system.fingerprints import fingerprint_of_value

#: Reports whose inputs are cut in this process.
FEW = 6


def input_hashes(jobs: list[Job], code: Mapping[Path, str], kept: Path) -> dict[str, dict[str, str]]:
    """Hash what every job shows.

    Parameters
    ----------
    jobs
        All of them, in every language; the data must be prepared.
    code
        Fingerprint of the library's part in the reports of each template.
    kept
        Where hashes are kept with what they were read from; removing the file only costs time.

    Returns
    -------
    dict
        By name of the job: hash by name of the input.
    """
    edition = {"edition": fingerprint_of_value([raw.edition(), known_years()])}
    cache = DataCache(kept, "helpers.pages.common.input_fingerprints")
    # The editions of a report in several languages show the same.
    reports = {job.report: job for job in jobs}
    asked = {name: fingerprint_of_value([_shown(job), code[job.template]]) for name, job in reports.items()}
    known = {name: cache.find(name, asked[name]) for name in reports}
    for name, (hashes, reads) in _cut([job for name, job in reports.items() if known[name] is None]).items():
        known[name] = hashes
        cache.keep(name, asked[name], hashes, reads)
    cache.save()
    return {job.name: known[job.report] | edition for job in jobs}


def _cut(jobs: list[Job]) -> dict[str, tuple[dict[str, str], set[Read]]]:
    """Cut the inputs of reports, hash them and note what was read."""
    from helpers.pages.common.declared import inputs_from
    from helpers.pages.common.input_fingerprints import digests

    def cut(job: Job) -> tuple[dict[str, str], set[Read]]:
        with noted() as reads:
            return digests(inputs_from(job.template.stem)(**_shown(job))), reads

    # The last ones first and here: what they load, all children read, and few are cut before a child would be at work.
    last = [cut(job) for job in jobs[-FEW:]]
    return dict(zip((job.report for job in jobs), [*processes.each(jobs[:-FEW], cut), *last], strict=True))


def _shown(job: Job) -> dict:
    return {name: value for name, value in job.parameters.items() if name not in ("lang", "edition")}
