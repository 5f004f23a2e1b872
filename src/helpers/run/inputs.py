"""Hashes of what each report shows, computed again only for reports that read something that changed."""

from __future__ import annotations

import json
from pathlib import Path

from .. import forks, raw
from ..reads import Read, noted
from ..states import States, hash_of
from .jobs import Job

#: Tables whose year stands in sentences of any page.
DATED = ("population", "population_regions")

#: Reports whose inputs are cut in this process.
FEW = 6


def input_hashes(jobs: list[Job], code: str, kept: Path) -> dict[str, dict[str, str]]:
    """Hash what every job shows.

    Parameters
    ----------
    jobs
        All of them, in every language; the data must be prepared.
    code
        Hash of the library's part in reports.
    kept
        Where hashes are kept with what they were read from; removing the file only costs time.

    Returns
    -------
    dict
        By name of the job: hash by name of the input.
    """
    edition = {"edition": hash_of([raw.edition(), {name: raw.year(name) for name in DATED}])}
    state = States()
    before = _kept(kept, code)
    # The editions of a report in several languages show the same.
    reports = {job.report: job for job in jobs}
    asked = {name: hash_of([job.template.stem, _shown(job)]) for name, job in reports.items()}
    known = {
        name: found
        for name, found in before.items()
        if name in reports and found["asked"] == asked[name] and all(state.of(*r) == s for *r, s in found["reads"])
    }
    for name, (hashes, reads) in _cut([job for name, job in reports.items() if name not in known]).items():
        read_from = sorted((*read, state.of(*read)) for read in reads)
        known[name] = {"asked": asked[name], "hashes": hashes, "reads": read_from}
    kept.write_text(json.dumps({"code": code, "reports": known}), encoding="utf-8")
    return {job.name: known[job.report]["hashes"] | edition for job in jobs}


def _kept(path: Path, code: str) -> dict[str, dict]:
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return before["reports"] if before.get("code") == code else {}


def _cut(jobs: list[Job]) -> dict[str, tuple[dict[str, str], set[Read]]]:
    """Cut the inputs of reports, hash them and note what was read."""
    from ..pages.inputs import INPUTS
    from ..pages.inputs.digests import digests

    def cut(job: Job) -> tuple[dict[str, str], set[Read]]:
        with noted() as reads:
            return digests(INPUTS[job.template.stem](**_shown(job))), reads

    # The last ones first and here: what they load, all children read, and few are cut before a child would be at work.
    last = [cut(job) for job in jobs[-FEW:]]
    return dict(zip((job.report for job in jobs), [*forks.each(jobs[:-FEW], cut), *last], strict=True))


def _shown(job: Job) -> dict:
    return {name: value for name, value in job.parameters.items() if name not in ("lang", "edition")}
