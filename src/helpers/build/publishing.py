"""From reports to the published site; what shows data and no report is made in children meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from helpers import config
from helpers.build import sheets
from helpers.build.plan import Plan
from helpers.data import raw
from helpers.system import dependencies, processes
from helpers.system.record import Record, Step, files_as_inputs

if TYPE_CHECKING:
    from helpers.publish.site import Publication

#: Where publishing begins in the library.
SITE_CODE = "helpers.publish.site"


@dataclass(frozen=True)
class Published:
    """What was published, and what a person wants to know of it.

    Attributes
    ----------
    site
        What stands there now.
    sheets
        How many sheets of districts were made for it.
    stale
        Addresses of the pages older than the data: they are published as they are, and say so.
    """

    site: Publication
    sheets: int
    stale: frozenset[str]


class Publishing:
    """A site under way: its files of data are made in a child from the start, while reports are planned and made.

    Parameters
    ----------
    record
        What the last build knew; the data must be prepared.
    children
        Where the children are kept; they end with it.
    """

    def __init__(self, record: Record, children: ExitStack):
        self.record, self.children = record, children
        self.feeds = self._beside(_feeds)

    def publish(self, plan: Plan, publisher: str | None, folder: Path = config.SITE) -> Published:
        """Publish what stands in ``reports/``, see :func:`helpers.publish.site.publish`.

        Parameters
        ----------
        plan
            Of the reports; those it says must run have been made, or failed.
        publisher
            Name of the publisher, or None to choose.
        folder
            Where the site is put.
        """
        # Every page of a district offers its sheet.
        there = [job for job in plan.every if (config.REPORTS / f"{job.address}.ipynb").is_file()]
        offered = sheets.sheets(plan.inputs, there)
        # A sheet of a report that cannot be made stays as it was.
        offered = [sheet for sheet in offered if sheet.job.name not in plan.failed or sheet.file.is_file()]
        wanted = [s for s in sheets.find_outdated(self.record, offered) if s.job.name not in plan.failed]
        few = wanted if len(wanted) <= sheets.FEW else []
        if not few:
            sheets.make(self.record, wanted)  # all cores are needed, so not beside the pages

        def pdfs_of_few() -> list[tuple[str, bytes]]:
            return list(sheets.typeset_sheet(few))

        typeset = self._beside(pdfs_of_few) if few and sheets.can_fork() else pdfs_of_few

        from helpers.publish import site

        def pdfs() -> dict[str, bytes]:
            sheets.keep(self.record, few, typeset())
            return {sheet.address: sheet.file.read_bytes() for sheet in offered}

        stale = frozenset(job.address for job in plan.every if self.record.reasons(plan.steps[job.name]))
        sources = site_step()
        done = site.publish(site=folder, publisher=publisher, extra=self.feeds(), late=pdfs, stale=stale)
        if folder == config.SITE:
            self.record.done(sources)
        return Published(done, len(wanted), stale)

    def _beside(self, work: Callable[[], processes.Made]) -> Callable[[], processes.Made]:
        (result,) = self.children.enter_context(processes.beside(work))
        return result


def site_step() -> Step:
    """What the published site rests on: reports and written pages, its description, the data package, the library."""
    sources = [path for path in config.REPORTS.rglob("*") if path.is_file() and "/." not in path.as_posix()]
    inputs = files_as_inputs([*sources, config.QUARTO_YML, config.RAW / raw.DESCRIPTOR])
    return Step("published site", inputs | dependencies.fingerprints(SITE_CODE), (config.SITE / "index.html",))


def _feeds() -> dict[str, bytes]:
    from helpers.publish.feeds import feeds

    return feeds()
