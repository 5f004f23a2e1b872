"""Hashes of what each report shows, computed again only for reports that read something that changed.

An error in the inputs of one report is that report's: the others have theirs. A template that asks for more than its
page shows by itself, as ``report.map("density")``, may read anything: its reports rest on all data.
"""

from __future__ import annotations

import ast
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import signature
from pathlib import Path

from helpers import config
from helpers.build.jobs import Job
from helpers.data import processed, raw
from helpers.data.data_cache import DataCache
from helpers.data.read_log import Read, note, note_reads
from helpers.data.read_state import States
from helpers.errors import WecareError
from helpers.pages.common.datasets import known_years
from helpers.system import notebooks, processes
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
    said = {template: notebooks.fingerprint_of(template) for template in {job.template for job in jobs}}
    asked = {
        name: fingerprint_of_value([shown_parameters(job), code[job.template], said[job.template]])
        for name, job in reports.items()
    }
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
    from helpers.pages.common.declared import page_class
    from helpers.pages.common.input_fingerprints import digests

    def cut(job: Job) -> tuple[dict[str, str] | Failed, set[Read]]:
        with note_reads() as reads:
            try:
                page = page_class(job.template.stem)
                shown = digests(page.inputs_from(**shown_parameters(job)))
                return shown | ({"all data": _all_data()} if asks_for_more(job.template, page) else {}), reads
            except Exception as error:
                return Failed(say_why(error)), reads

    # The last ones first and here: what they load, all children read, and few are cut before a child would be at work.
    last = [cut(job) for job in jobs[-FEW:]]
    return dict(zip((job.report for job in jobs), [*processes.run_each(jobs[:-FEW], cut), *last], strict=True))


def asks_for_more(template: Path, page: type) -> bool:
    """Whether a template shows what its page would not show by itself.

    It does if it gives a piece another argument than the piece has already, or uses the library beside its page.
    """
    if any(not module.startswith("helpers.pages.") for module in notebooks.imports_of(template)):
        return True
    code = "\n".join(cell.source for cell in notebooks.read_cells(template) if cell.kind == "code")
    try:
        calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    except SyntaxError:  # what only IPython understands
        return True
    pieces = ((call, getattr(page, getattr(call.func, "attr", ""), None)) for call in calls)
    return any(_varies(call, made) for call, made in pieces if made is not None)


def _varies(call: ast.Call, piece: Callable) -> bool:
    known = signature(piece)
    try:
        named = {each.arg or "": ast.literal_eval(each.value) for each in call.keywords}
        given = known.bind(None, *map(ast.literal_eval, call.args), **named).arguments
    except (ValueError, TypeError):  # not told by the call alone, or not to be given at all
        return True
    return any(value != known.parameters[name].default for name, value in list(given.items())[1:])


def _all_data() -> str:
    """The state of all tables, all of which count as read."""
    reads = [Read("everything"), *(Read("processed", name) for name in processed.NAMES)]
    for read in reads:
        note(*read)
    return fingerprint_of_value(list(States().of_all(reads).values()))


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
