"""The reports to make, described as data: template × parameters → executed notebook."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from pathlib import Path

from helpers import config
from helpers.data import raw
from helpers.errors import WecareError
from helpers.subjects.measures import PAGE_COLUMNS, slugs
from helpers.system.notebooks import declared_parameters

#: Folder of the district reports, on the site as below ``reports/``.
DISTRICTS = "distretti/"

#: Folder of the measures' pages.
MEASURE_PAGES = "misure/"

#: Pages that exist once: template and address.
PAGES = {
    "overview": "index",
    "districts": "distretti/index",
    "method": "metodo",
    "evaluation": "valutazione",
    "strategy": "strategia",
    "timeline": "cronologia",
    "laboratorio": "laboratorio/index",
    "good_practices": "laboratorio/buone-pratiche",
    "regions": "laboratorio/regioni",
    "resources": "risorse",
    "equity": "equita",
    "whatif": "simulatore",
    "explorer": "esplora",
    "measures": "misure/index",
    "will": "will/index",
    "will_cities": "will/citta",
    "wecare_will": "will/confronto",
    "boundaries": "confini",
    "indicators": "indicatori",
    "catalogue": "dati",
    "changes": "cambiamenti",
}


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
    """Every report in every language: the region's pages, the measures, then the districts in the order of the data."""
    pages = [job for template, address in PAGES.items() for job in _editions(template, template, address)]
    measures = [
        job
        for key, slug in slugs(raw.load("measures", columns=PAGE_COLUMNS)).items()
        for job in _editions(key, "measure", f"{MEASURE_PAGES}{slug}", measure=key)
    ]
    districts = [
        job
        for row in raw.load("districts").itertuples()
        for job in _editions(row.distretto_id, "district", f"{DISTRICTS}{row.slug}", district=row.distretto_id)
    ]
    return [*pages, *measures, *districts]


def select(jobs: list[Job], only: list[str]) -> list[Job]:
    """Keep the jobs a person asked for: a report by name or address in all languages, or one edition of it.

    Raises
    ------
    WecareError
        If a name is unknown; suggests the nearest.
    """
    if not only:
        return jobs
    known: dict[str, list[Job]] = {}
    for job in jobs:
        for key in {job.report, job.path, job.path.removeprefix(DISTRICTS)}:
            known.setdefault(key.lower(), []).append(job)
        if job.name != job.report:
            known[job.name.lower()] = known[job.address.lower()] = [job]
    wanted = []
    for name in only:
        if name.lower() not in known:
            near = difflib.get_close_matches(name.lower(), sorted(known), n=3)
            hint = f" Did you mean {', '.join(near)}?" if near else ""
            raise WecareError(f"There is no report {name!r}.{hint} `wecare districts` lists them.")
        wanted += known[name.lower()]
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


def _editions(report: str, template: str, path: str, **parameters: object) -> list[Job]:
    """The job of a report in each language."""
    return [
        Job(
            name=report if lang == config.LANGUAGES[0] else f"{report}-{lang}",
            template=config.NOTEBOOKS / f"{template}.ipynb",
            address=config.edition_path(lang, path),
            parameters=parameters | {"lang": lang},
            report=report,
            path=path,
        )
        for lang in config.LANGUAGES
    ]
