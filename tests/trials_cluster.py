"""Trials of builds on several machines: a worker or the scheduler killed at any moment."""

from __future__ import annotations

import random
import threading
from pathlib import Path

from conftest import ROOT
from tally import More, Tally
from test_cluster import Cluster, content, template, warm_processes

from helpers.build import cluster
from helpers.build.jobs import Job
from helpers.errors import WecareError

REPORTS = 6


def _kill(machines: Cluster, number: int) -> None:
    machines.started[number].kill()


def killed_clusters(chance: random.Random, folder: Path, more: More) -> Tally:
    """A worker killed loses nothing; without its scheduler a build ends with one error, and leaves nothing running."""
    tally, n, took, whole = Tally(), 0, 3.0, None
    own = template(folder / "notebook", "import time\ntime.sleep(0.3)", "print(x)")
    jobs = [Job(f"r{number}", own, f"r{number}", {"x": number}) for number in range(REPORTS)]
    while more():
        n += 1
        machines = Cluster(folder / str(n))
        try:
            for _ in range(2):
                machines.add_worker(PYTHONPATH=str(ROOT / "src"))
            machines.ready(2)
            # Undisturbed the first time.
            killed = chance.choice((0, 1, 2)) if whole else None
            timer = threading.Timer(chance.uniform(0, took), _kill, [machines, killed])
            if killed is not None:
                timer.start()
            problem = ""
            try:
                outcomes = cluster.run(jobs, machines.address, folder / f"reports {n}", timeout=60)
                problem = "; ".join(outcome.error for outcome in outcomes if outcome.error)
            except WecareError as error:
                problem = "" if killed == 0 else str(error)
                tally.told += killed == 0
            finally:
                timer.cancel()
            made = content(folder / f"reports {n}") if (folder / f"reports {n}").is_dir() else {}
            whole = whole or made
            if problem or any(whole.get(name) != data for name, data in made.items()):
                tally.faults.append(f"{'worker' if killed else 'scheduler'} killed: {problem or 'another report'}")
            elif killed != 0 and made != whole:
                tally.faults.append("a report was not made")
            elif killed != 0:
                tally.taken += 1
            if killed != 0 and warm_processes(machines):
                tally.faults.append("a warm process was left running")
        except Exception as error:
            tally.faults.append(f"{type(error).__name__}: {error}")
        finally:
            machines.stop()
    return tally
