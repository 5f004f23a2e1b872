"""Trials of kills: whatever is killed, whenever, there is the old or the new, and the next run ends in the new."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

from conftest import Project
from killing import kills
from raw_fixtures import copied, reduced, state
from samples import QUARTO_YML, markdown, notebook, page_output, small_site
from tally import More, Tally, begin, do, ended

from helpers.checks.run import record
from helpers.data import transaction
from helpers.imports import mapping

#: What a kill is tried on: a report, and a table that it shows.
REPORT, TABLE, WORDS = "timeline", "data/raw/events.csv", (b"EV-02,2015-10-19", b"EV-02,2015-10-20")


def _publish(root: Path) -> None:
    from helpers.publish.site import publish

    publish(root / "reports", root / "build", root / "_site", publisher="embedded", quarto_yml=QUARTO_YML)


def publications(chance: random.Random, folder: Path, more: More) -> Tally:
    """A publication killed at any moment: there is the old site or the new one; the next run ends in the new one."""
    tally, root = Tally(), folder / "site"
    small_site(root / "reports")
    _publish(root)
    old = state(root / "_site")
    began = time.monotonic()
    shutil.copytree(root, folder / "new")
    page = [page_output("nota", "Nota"), markdown("Un testo.")]
    notebook(folder / "new/reports/nota.ipynb", *page)
    _publish(folder / "new")
    took, new = time.monotonic() - began, state(folder / "new/_site")
    made = {True: (old, new), False: (new, old)}
    with_page = True
    while more():
        before, after = made[with_page]
        if with_page:
            notebook(root / "reports/nota.ipynb", *page)
        else:
            (root / "reports/nota.ipynb").unlink()
        child = os.fork()
        if not child:
            with open(os.devnull, "w") as nothing:
                os.dup2(nothing.fileno(), 2)
                _publish(root)
            os._exit(0)
        # Most of a publication is soon over: kills come close where the site is exchanged.
        time.sleep(chance.uniform(0, took * 1.2))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        faults = len(tally.faults)
        if state(root / "_site") not in (before, after):
            tally.faults.append("the site was neither the old nor the new one")
        _publish(root)
        if state(root / "_site") != after:
            tally.faults.append("the run after a kill did not end in the site of an undisturbed one")
        tally.taken += faults == len(tally.faults)
        with_page = not with_page
    return tally


def records(chance: random.Random, folder: Path, more: More) -> Tally:
    """``wecare record`` killed before each of its operations on files: the package is the old one or the new one."""
    copy = copied(folder / "record", reduced(folder / "package" / "raw", ("provinces", "sources", "quadrants")))
    copy.edit("quadrants.csv", 2, "name", "Altro")
    return _at_each_operation(copy.root, lambda: record(copy.root), more)


def imports(chance: random.Random, folder: Path, more: More) -> Tally:
    """An import killed before each of its operations on files: the package is the old one or the new one."""
    tables = (
        "comuni",
        "comune_distretto",
        "districts",
        "enti_gestori",
        "enti_gestori_notes",
        "population",
        "provinces",
        "sources",
    )
    copy = copied(folder / "import", reduced(folder / "package" / "raw", tables))
    rows = copy.read("comune_distretto.csv")
    district, status = rows[0].index("distretto_id"), rows[0].index("status")
    chosen = chance.randrange(1, len(rows))
    rows[chosen][district], rows[chosen][status] = rows[1 if chosen > 1 else 2][district], "sourced"
    listed = folder / "districts.csv"
    listed.write_text("\n".join(f'{r[0]},"{r[rows[0].index("ente_gestore")]}",{r[district]}' for r in rows), "utf-8")
    return _at_each_operation(copy.root, lambda: mapping.plan(listed, "Act", root=copy.root).draft.commit(), more)


def _at_each_operation(root: Path, work: Callable[[], object], more: More) -> Tally:
    tally, before = Tally(), state(root)
    work()
    after = state(root)
    shutil.rmtree(root)
    for path, data in before.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    if after == before:
        return Tally(faults=["the work changes nothing, so nothing is tried"])
    for at in kills(work, root):
        transaction.settle(root)
        if state(root) not in (before, after):
            tally.faults.append(f"after a kill before operation {at} the package is half new")
        else:
            tally.taken += 1
        if not more():
            break
    return tally


def _made(project: Project) -> dict[str, bytes]:
    root = project.root
    found = {path.relative_to(root).as_posix(): path.read_bytes() for path in (root / "reports").rglob("*.ipynb")}
    return found | {f"data/{name}": data for name, data in state(root / "data/processed").items()}


def builds(chance: random.Random, folder: Path, more: More) -> Tally:
    """A build killed at any moment: each report and table is the old or the new one; the next run makes all of them."""
    tally, project = Tally(), Project.fresh(folder / "build")
    do(project, "build", "--only", REPORT)
    texts = [(project.root / TABLE).read_bytes()]
    texts.append(texts[0].replace(*WORDS))
    made = [_made(project), {}]
    now, took = 0, 5.0
    while more():
        other = 1 - now
        (project.root / TABLE).write_bytes(texts[other])
        do(project, "record")
        if not made[other]:
            began = time.monotonic()
            do(project, "build", "--only", REPORT)
            took, made[other], now = time.monotonic() - began, _made(project), other
            if made[0] == made[1]:
                return Tally(faults=["the edit changes no report, so nothing is tried"])
            continue
        process = begin(project, "build", "--only", REPORT)
        time.sleep(chance.uniform(0.1, took * 1.1))
        process.kill()
        process.communicate()
        found, faults = _made(project), len(tally.faults)
        tally.faults += [
            f"{name} is neither the old nor the new one after a kill"
            for name in {*made[0], *made[1], *found}
            if found.get(name) not in (made[0].get(name), made[1].get(name))
        ]
        said, wrong = ended(begin(project, "build", "--only", REPORT))
        if wrong or _made(project) != made[other]:
            tally.faults.append(f"the build after a kill is not that of an undisturbed one: {wrong or said[-200:]}")
        tally.taken += faults == len(tally.faults)
        now = other
    return tally


def commands(chance: random.Random, folder: Path, more: More) -> Tally:
    """Commands that write data/raw killed at any moment: the package is whole, and the next run ends the work."""
    tally, project = Tally(), Project.fresh(folder / "commands")
    path = project.root / TABLE
    do(project, "build", "--data-only")
    whole = state(project.root / "data/raw")
    rows = path.read_bytes().replace(*WORDS)
    listed = project.root / "list.csv"
    do(project, "import", "mapping", "--template", str(listed))
    listed.write_bytes(_other_district(listed.read_bytes(), chance))
    works = (("record",), ("keep",), ("import", "mapping", str(listed), "--source", "Act", "--yes"))
    ends: dict[str, dict[str, bytes]] = {}
    while more():
        work = chance.choice(works)
        shutil.rmtree(project.root / "data/raw")
        for name, data in whole.items():
            (target := project.root / "data/raw" / name).parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        if work == ("record",):
            path.write_bytes(rows)
        before = state(project.root / "data/raw")
        if work[0] not in ends:
            began = time.monotonic()
            do(project, *work)
            ends[work[0]] = state(project.root / "data/raw")
            took = time.monotonic() - began
            continue
        process = begin(project, *work)
        # What writes comes last.
        time.sleep(chance.uniform(took * 0.3, took * 1.2))
        process.kill()
        process.communicate()
        said, wrong = ended(begin(project, "districts"))
        found, faults = state(project.root / "data/raw"), len(tally.faults)
        if wrong or found not in (before, ends[work[0]]):
            tally.faults.append(f"{work[0]}: the package is half new after a kill {wrong}")
        said, wrong = ended(begin(project, *work))
        if wrong or state(project.root / "data/raw") != ends[work[0]]:
            tally.faults.append(
                f"{work[0]}: the run after a kill did not end as an undisturbed one {wrong or said[-200:]}"
            )
        tally.taken += faults == len(tally.faults)
    return tally


def _other_district(table: bytes, chance: random.Random) -> bytes:
    """The table of districts with one comune in another of them."""
    import csv
    import io

    head, *rows = csv.reader(io.StringIO(table.decode("utf-8-sig"), newline=""))
    at = head.index("distretto_id")
    districts = [row[at] for row in rows]
    several = [row for row in rows if districts.count(row[at]) > 5]
    row = chance.choice(several)
    row[at] = chance.choice([each for each in sorted(set(districts)) if each != row[at]])
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([head, *rows])
    return out.getvalue().encode()
