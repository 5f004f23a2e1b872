"""What a preview makes after an edit: first the pages somebody looks at, then the whole site; as build and publish do.

It stands in a folder of its own, so that what is published stays as it is.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, replace

from helpers import config
from helpers.build import batch
from helpers.build import plan as steps
from helpers.build.inputs import say_why
from helpers.build.plan import Plan
from helpers.build.publishing import Publishing
from helpers.checks.run import NOT_RECORDED, usable
from helpers.errors import InputError, Problem
from helpers.publish.site import publish_some
from helpers.publish.stage import StageResult
from helpers.system import processes
from helpers.system.record import Record

#: Where the site of a preview stands.
SITE = config.BUILD / "preview"

#: Seconds to wait for another command, such as ``wecare record``.
PATIENCE_S = 300


@dataclass(frozen=True)
class Request:
    """What is asked for.

    Attributes
    ----------
    number
        Tells it from others.
    pages
        Addresses of the pages to bring up to date where the site stands; None for the whole site.
    whole
        What was laid out when the whole was last made; None if it never was.
    publisher
        Its name, or None to choose.
    """

    number: int
    pages: tuple[str, ...] | None
    whole: StageResult | None
    publisher: str | None


@dataclass(frozen=True)
class Answer:
    """What came of a request.

    Attributes
    ----------
    request
        What was asked for.
    problems
        What is wrong, in words for the person at the keyboard.
    notices
        What the person has to know although nothing is wrong.
    whole
        What was laid out, if the whole site was made.
    made
        How many reports were run.
    seconds
        Time it took.
    """

    request: Request
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    whole: StageResult | None = None
    made: int = 0
    seconds: float = 0.0


def make(request: Request) -> Answer:
    """Do what is asked for. An error is part of the answer: the site stands as it did before."""
    start = time.perf_counter()
    try:
        answer = _make_whole(request) if request.pages is None else _make_pages(request, request.pages)
    except InputError as error:
        answer = Answer(request, tuple(map(str, error.problems)))
    except Exception as error:
        # Among these are errors in the library, which may be what is being edited.
        answer = Answer(request, (say_why(error),))
    return replace(answer, seconds=time.perf_counter() - start)


def _make_pages(request: Request, pages: tuple[str, ...]) -> Answer:
    """Run the reports of some pages, if what they are made from changed, and put the pages in their place."""
    assert request.whole
    with steps.at_work("preview", PATIENCE_S) as record:
        # Checking takes longer than a report: it goes on beside it, and has the last word.
        with processes.beside(lambda: steps.find_problems(record)) as (find_problems,):
            try:
                steps.derive(record)
                plan = steps.plan(record, alone=pages)
                failed = _run(record, plan)
            except Exception:
                _refuse(find_problems())
                raise
            notices = _refuse(find_problems())
        publish_some(pages, request.whole, SITE, publisher=request.publisher)
        return Answer(request, tuple(failed), tuple(notices), made=len(plan.outdated))


def _make_whole(request: Request) -> Answer:
    """Run every report whose inputs changed and publish all pages, as ``wecare build --publish`` does."""
    with steps.at_work("preview", PATIENCE_S) as record, contextlib.ExitStack() as children:
        notices = _refuse(steps.find_problems(record))
        steps.derive(record)
        publishing = Publishing(record, children)
        plan = steps.plan(record)
        failed = _run(record, plan)
        published = publishing.publish(plan, request.publisher, SITE)
        steps.edited_meanwhile(record, [plan.steps[job.name] for job in plan.outdated])
        return Answer(request, tuple(failed), tuple(notices), published.site.staged, len(plan.outdated))


def _run(record: Record, plan: Plan) -> list[str]:
    """Run what must run; says what failed, and in which reports."""
    told: dict[str, list[str]] = {}
    for name, error in plan.failed.items():
        told.setdefault(error, []).append(name)
    outcomes = batch.run(plan.outdated) if plan.outdated else []
    record.all_done(plan.steps[outcome.job.name] for outcome in outcomes if outcome.error is None)
    for outcome in outcomes:
        if outcome.error is not None:
            cell = "" if outcome.cell is None else f", cell {outcome.cell}"
            told.setdefault(f"notebooks/{outcome.job.template.name}{cell}: {outcome.error}", []).append(
                outcome.job.name
            )
    return [f"{', '.join(names)}: {error}" for error, names in told.items()]


def _refuse(problems: list[Problem]) -> list[str]:
    """Raise what is wrong with the data; that an edit is not recorded yet is only told: nothing is published here."""
    wrong = [problem for problem in problems if problem.rule != NOT_RECORDED]
    if not usable(wrong):
        raise InputError(wrong)
    return [str(problem) for problem in problems if problem.rule == NOT_RECORDED]
