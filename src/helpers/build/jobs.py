"""The reports to make, described as data: template × parameters → executed notebook."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from helpers import config
from helpers.data import raw
from helpers.errors import WecareError
from helpers.pages.common.declared import Declared, declared_pages
from helpers.system.notebooks import declared_parameters
from helpers.system.place_names import fold_name


@dataclass(frozen=True)
class Job:
    """One report to make.

    Attributes
    ----------
    name
        What a person calls it: ``D12``, ``overview``.
    template
        The notebook to run.
    address
        Where the executed notebook stands below ``reports/``, without suffix: ``distretti/cuneo``.
    parameters
        Values for the template's parameters cell.
    report, path
        Name and address without the language.
    """

    name: str
    template: Path
    address: str
    parameters: dict = field(default_factory=dict)
    report: str = ""
    path: str = ""


def all_jobs() -> list[Job]:
    """Every report in every language: the pages there are once, then those there are for each row of a table."""
    pages = sorted(declared_pages(), key=lambda page: bool(page.each))
    return [job for page in pages for job in _jobs(page)]


def select(jobs: list[Job], only: list[str]) -> list[Job]:
    """Keep the jobs a person asked for.

    A report is asked for by its name or address in all languages (``D12``, ``distretti/cuneo``, ``cuneo``), one edition
    of it likewise (``D12-en``), all reports of a notebook by its name (``district``). Capitals, accents and spaces do
    not matter. The last part of two addresses means the first: ``cuneo`` is the district, not its project.

    Raises
    ------
    WecareError
        If a name is unknown; suggests the nearest.
    """
    if not only:
        return jobs
    known: dict[str, list[Job]] = {}
    paths: dict[str, str] = {}
    for job in jobs:
        short = job.path.rpartition("/")[2]
        own = {short} if short != "index" and paths.setdefault(short, job.path) == job.path else set()
        for key in {job.report, job.template.stem, job.path} | own:
            known.setdefault(key, []).append(job)
        if job.name != job.report:
            known[job.name] = known[job.address] = [job]
    keys: dict[str, list[str]] = {}
    for key in known:
        keys.setdefault(fold_name(key), []).append(key)
    wanted = []
    for name in only:
        if fold_name(name) not in keys:
            near = [keys[key][0] for key in difflib.get_close_matches(fold_name(name), sorted(keys), n=3)]
            hint = f" Did you mean {', '.join(near)}?" if near else ""
            raise WecareError(f"There is no report {name!r}.{hint} To do: `wecare reports` lists them.")
        wanted += [job for key in keys[fold_name(name)] for job in known[key]]
    return list({job.name: job for job in wanted}.values())


def validate(job: Job) -> None:
    """Refuse parameters the template does not declare, or of another type, before anything runs.

    Raises
    ------
    WecareError
        Names the parameter and the nearest declared one: papermill itself would pass it by in silence.
    """
    declared = declared_parameters(job.template)
    for name, value in job.parameters.items():
        if name not in declared:
            near = difflib.get_close_matches(name, declared, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else f" It declares {', '.join(declared)}."
            raise WecareError(f"{job.template.name} has no parameter {name!r}.{hint}")
        if not isinstance(value, type(declared[name])):
            wanted = type(declared[name]).__name__
            raise WecareError(
                f"Parameter {name!r} of {job.template.name} is {value!r}; it must be {wanted}, "
                f"such as {declared[name]!r}."
            )


def _jobs(page: Declared) -> Iterator[Job]:
    """The reports of a page: one, or one for each row of its table that has a slug."""
    if not page.each:
        yield from _editions(page.notebook, page, page.address)
        return
    resource = raw.resource(page.each)
    key = resource["schema"]["primaryKey"][0]
    rows = raw.load(page.each, columns=[key, "slug"])
    for code, slug in rows.loc[rows["slug"].notna(), [key, "slug"]].itertuples(index=False):
        yield from _editions(code, page, page.address.format(slug=slug), **{page.parameter: code})


def _editions(report: str, page: Declared, path: str, **parameters: object) -> Iterator[Job]:
    """The job of a report in each language."""
    for lang in config.LANGUAGES:
        yield Job(
            name=report if lang == config.LANGUAGES[0] else f"{report}-{lang}",
            template=config.NOTEBOOKS / f"{page.notebook}.ipynb",
            address=config.edition_path(lang, path),
            parameters=parameters | {"lang": lang},
            report=report,
            path=path,
        )
