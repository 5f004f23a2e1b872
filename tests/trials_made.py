"""Trials of what is made and kept: caches with any content, bytes flipped, the same bytes elsewhere."""

from __future__ import annotations

import contextlib
import random
import sqlite3
from pathlib import Path

from conftest import Project
from raw_fixtures import state
from tally import More, Tally, begin, do, ended
from trials_commands import ONLY

from helpers.errors import InputError
from helpers.system.cache import Cache
from helpers.system.record import Record, Step


def caches(chance: random.Random, folder: Path, more: More) -> Tally:
    """Any content in a cache or a record: what is not what was written is not there, and writing goes on."""
    tally, n = Tally(), 0
    values = (None, 0, 1.5, "x", b"x", "[]", "{}", '{"a": 1}', '{"a": {"b": []}}', "[" * 50_000, "x" * 10_000)
    while more():
        n += 1
        path = folder / f"{n}.db"
        kept = chance.random() < 0.5
        table, columns = (
            ("kept", ("name", "state", "value", "seal")) if kept else ("step", ("name", "inputs", "targets"))
        )
        try:
            _filled(path, kept)
            _spoil(path, table, columns, values, chance)
            if kept:
                wrong = Cache(path, "helpers.errors").value("a", [b"x"], lambda: 7) != 7
            else:
                record = Record(path)
                record.reasons(Step("b", {"x": "y"}))
                record.done(Step("new", {"a": "b"}))
                wrong = Record(path).inputs("new") != {"a": "b"}
            tally.faults += ["another value than was made"] * wrong
            tally.taken += not wrong
        except InputError:
            tally.told += 1
        except Exception as error:
            tally.faults.append(f"{table}: {type(error).__name__}: {error}")
        finally:
            path.unlink(missing_ok=True)
    return tally


def _filled(path: Path, kept: bool) -> None:
    if kept:
        cache = Cache(path, "helpers.errors")
        cache.value("a", [b"x"], lambda: 7)
        cache.save()
    else:
        Record(path).all_done([Step("a", {"x": "y"}), Step("b", {"x": "y"})])


def _spoil(path: Path, table: str, columns: tuple[str, ...], values: tuple, chance: random.Random) -> None:
    """Change the cells, the form or the bytes of a database."""
    kind = chance.randrange(6)
    if kind == 0:
        data = bytearray(path.read_bytes())
        for _ in range(chance.choice((1, 5, 300))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data)
        return
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        if kind == 1:
            database.execute(f"ALTER TABLE {table} RENAME COLUMN {columns[-1]} TO other")
        elif kind == 2:
            database.execute(f"DROP TABLE {table}")
            if chance.random() < 0.5:
                database.execute(f"CREATE VIEW {table} AS SELECT 1 AS name, 2 AS inputs, 3 AS targets")
        elif kind == 3:
            database.execute(f"PRAGMA user_version = {chance.choice((0, 2, 7))}")
        else:
            column = chance.choice(columns[1:] if table == "kept" else columns)
            with contextlib.suppress(sqlite3.IntegrityError):
                database.execute(f"UPDATE {table} SET {column} = ?", (chance.choice(values),))


def flips(chance: random.Random, folder: Path, more: More) -> Tally:
    """One byte flipped in twenty files of each kind of what is made: the next build makes them as they were."""
    tally, project = Tally(), Project.fresh(folder / "flips")

    def make() -> dict[str, bytes]:
        do(project, "build", *ONLY)
        made = {f"reports/{k}": v for k, v in state(project.root / "reports").items()}
        return made | {f"data/{k}": v for k, v in state(project.root / "data/processed").items()}

    made = make()
    kinds: dict[str, list[Path]] = {}
    for place in ("build", "data/processed", "reports"):
        for path in sorted((project.root / place).rglob("*")):
            if path.is_file() and path.stat().st_size and (place != "reports" or path.suffix == ".ipynb"):
                kinds.setdefault(f"{place}/*{path.suffix}", []).append(path)
    for kind, paths in kinds.items():
        if not more():
            break
        flipped = [chance.choice(paths) for _ in range(20)] if len(paths) < 20 else chance.sample(paths, 20)
        for path in flipped:
            data = bytearray(path.read_bytes())
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            path.write_bytes(data)
        try:
            again = make()
            wrong = [name for name in made if again.get(name) != made[name]]
        except AssertionError as error:
            wrong = [str(error)[-300:]]
        tally.faults += [f"{kind}: {name}" for name in wrong]
        tally.taken += len(flipped)
    return tally


def elsewhere(chance: random.Random, folder: Path, more: More) -> Tally:
    """The same bytes from another folder, time zone, locale, number of workers and engine."""
    tally, first = Tally(), None
    ways = {
        "as it is": ((), {}),
        "another folder, time zone and locale": (
            (),
            {"TZ": "Pacific/Apia", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
        ),
        "the engine of Jupyter": (("--engine", "nbclient"), {"PYTHONHASHSEED": "7"}),
        "one worker": (("--jobs", "1"), {"TZ": "UTC", "LC_ALL": "C"}),
        "four workers": (("--jobs", "4"), {"TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "1"}),
    }
    for number, (way, (options, environment)) in enumerate(ways.items()):
        # One alone has nothing to be the same as.
        if number > 1 and not more():
            break
        project = Project.fresh(folder / f"way {number}")
        process = begin(project, "build", *ONLY, *options, **environment)
        said, wrong = ended(process, 900)
        found = {path.relative_to(project.root).as_posix(): path.read_bytes() for path in project.root.rglob("*.ipynb")}
        found |= state(project.root / "data/processed")
        first = first or found
        if process.returncode or wrong or found != first:
            names = sorted(name for name in {*found, *first} if found.get(name) != first.get(name))
            tally.faults.append(f"{way}: {names[:5]} {said[-200:] if process.returncode else ''}")
        else:
            tally.taken += 1
    return tally
