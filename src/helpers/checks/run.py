"""All checks of ``data/raw``, in order, and the record of what was accepted."""

from __future__ import annotations

import copy
import json
import time
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from helpers import config
from helpers.checks import (
    codes,
    declared,
    entries,
    geometry,
    keys,
    places,
    plausible,
    required,
    rules,
    schema,
    small_counts,
)
from helpers.checks.package import Package
from helpers.data import own_package, raw, transaction
from helpers.errors import InputError, Problem
from helpers.system.files import read
from helpers.system.fingerprints import recorded_form

#: Problems listed for one rule, file and column; more are counted.
LISTED = 5
#: The rule that an edited file breaks until somebody says that the edit is meant.
NOT_RECORDED = f"the file is not the one recorded in {raw.DESCRIPTOR}"
_GEOMETRY = "geoparquet"
_TABULAR = (".csv", ".parquet")


@dataclass(frozen=True)
class Report:
    """Result of a check: ``tables`` and ``rows`` looked at, ``problems`` found, ``seconds`` it took.

    ``warnings`` are what is unlikely and may be true; they stop nothing.
    """

    tables: int
    rows: int
    problems: list[Problem]
    seconds: float
    warnings: list[Problem] = field(default_factory=list)


def check(root: Path | None = None) -> Report:
    """Validate the whole data package.

    Parameters
    ----------
    root
        Folder of the data package; ``data/raw`` by default.

    Returns
    -------
    Report
        Problems of form and content first (at most `LISTED` for one rule, file and column, then how many
        more), then the files that differ from their record, unless a content problem of the file says why.
    """
    started = time.perf_counter()
    try:
        package, problems = _inspect(root)
    except InputError as error:
        return Report(0, 0, error.problems, time.perf_counter() - started)
    known = {problem.file for problem in problems}
    for table, found in package.resources.items():
        if package.file(table) not in known:
            problems += _check_record(package, table, found, root)
    rows = sum(_rows(package, table) for table in package.resources)
    return Report(len(package.resources), rows, _cap(problems), time.perf_counter() - started, _cap(package.warnings))


def require_valid(root: Path | None = None) -> Report:
    """Validate the whole data package and refuse it if anything is wrong that is not of single reports.

    Parameters
    ----------
    root
        Folder of the data package; ``data/raw`` by default.

    Returns
    -------
    Report
        As `check` gives it, with no other problems than those of single reports.

    Raises
    ------
    InputError
        With every problem `check` lists.
    """
    report = check(root)
    if not usable(report.problems):
        raise InputError(report.problems)
    return report


def record(root: Path | None = None) -> list[str]:
    """Record hash, size and number of rows of the files that changed, if the content is valid.

    ``datapackage.json`` is replaced whole or not at all.

    Parameters
    ----------
    root
        Folder of the data package; ``data/raw`` by default.

    Returns
    -------
    list of str
        The files whose record changed, such as ``data/raw/measures.csv``.

    Raises
    ------
    InputError
        If the content is not valid; nothing is written then.
    WecareError
        If the descriptor has changed meanwhile; nothing is written then.
    """
    read = transaction.digests([raw.DESCRIPTOR, own_package.DESCRIPTOR], root)
    descriptor, changed = descriptor_of_accepted(root)
    if changed:
        transaction.write(descriptor_files(descriptor), read, root, by="`wecare record`")
    return changed


def descriptor_of_accepted(root: Path | None = None) -> tuple[dict, list[str]]:
    """The descriptor with hash, size and number of rows of the files as they are, and the files for which it changes.

    Raises
    ------
    InputError
        If the content is not valid.
    """
    package, problems = _inspect(root)
    if not usable(problems):
        raise InputError(_cap(problems))
    descriptor = copy.deepcopy(raw.descriptor(root))
    changed = []
    for found in descriptor["resources"]:
        fresh = _fingerprint(package, found["name"], root)
        if any(found.get(key) != value for key, value in fresh.items()):
            found |= fresh
            changed.append(raw.label(found["path"]))
    return descriptor, changed


def descriptor_files(descriptor: dict) -> dict[str, bytes]:
    """A descriptor as its files hold it, the project's last."""
    return {path: _as_json(part) for path, part in own_package.parts(descriptor).items()}


def descriptor_bytes(descriptor: dict) -> bytes:
    """A descriptor as the project's file holds it, without own tables."""
    return _as_json(own_package.parts(descriptor)[raw.DESCRIPTOR])


def _as_json(descriptor: dict) -> bytes:
    return (json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n").encode()


def _inspect(root: Path | None) -> tuple[Package, list[Problem]]:
    """Read everything and check the content, leaving the record aside."""
    descriptor = raw.descriptor(root)
    if problems := entries.check_entries(descriptor):
        raise InputError(problems)
    package = Package({found["name"]: found for found in descriptor["resources"]}, day=descriptor["created"][:10])
    problems = _strays(package, root)
    for table, found in package.resources.items():
        try:
            if found["format"] == _GEOMETRY:
                package.maps[table] = raw.load_geometry(table, root)
            else:
                problems += _read(package, table, root)
        except InputError as error:
            problems += error.problems
    # The declarations speak of the project's own package; another one may hold a part of it.
    return package, problems + check_content(package) + (
        declared.check_declared(package) if _folder(root) == config.RAW else []
    )


def check_content(package: Package) -> list[Problem]:
    """Check what was read: cells, keys, shapes, and the rules that join tables.

    Parameters
    ----------
    package
        The data package with all that could be read; what is unlikely and may be true is added to its ``warnings``.
    """
    problems: list[Problem] = []
    for table in package.texts:
        problems += schema.check_cells(package, table)
        problems += keys.check_primary_key(package, table)
    for table in package.texts:
        problems += keys.check_references(package, table)
    for table in package.maps:
        problems += geometry.check_map(package, table)
    problems += codes.check_codes(package) + rules.check_rules(package) + required.check_required(package)
    problems += places.check_places(package) + plausible.check_plausible(package)
    return problems + small_counts.check_small_counts(package)


def _read(package: Package, table: str, root: Path | None) -> list[Problem]:
    text = raw.read_text(package.resources[table], root)
    problems = schema.check_header(package, table, list(text.frame.columns))
    if not problems:
        package.texts[table] = text
    return problems


def _strays(package: Package, root: Path | None) -> list[Problem]:
    described = {found["path"] for found in package.resources.values()}
    files = sorted(path.name for path in _folder(root).iterdir() if path.suffix in _TABULAR)
    rule = f"the file is not described in {raw.DESCRIPTOR}, so nothing reads it"
    remedy = f"describe it there (see {raw.label('README.md')}), or remove it"
    return [Problem(raw.label(name), rule, remedy) for name in files if name not in described]


def _check_record(package: Package, table: str, found: dict, root: Path | None) -> list[Problem]:
    fresh = _fingerprint(package, table, root)
    if all(found.get(key) == value for key, value in fresh.items()):
        return []
    rule = NOT_RECORDED
    remedy = "if the change is meant, run `wecare record`; if not, restore the file"
    return [package.problem(table, rule, remedy, value=_say_difference(fresh, found))]


def _say_difference(fresh: dict, found: dict) -> str:
    sizes = [
        f"{fresh[key]:,} {unit} (recorded: {found.get(key, 0):,})"
        for key, unit in (("rowCount", "rows"), ("bytes", "bytes"))
        if fresh[key] != found.get(key)
    ]
    return ", ".join(sizes) or "other content of the same size"


def _fingerprint(package: Package, table: str, root: Path | None) -> dict:
    data = read(_folder(root) / package.resources[table]["path"])
    return {
        "hash": recorded_form(data),
        "bytes": len(data),
        "rowCount": _rows(package, table),
    }


def _rows(package: Package, table: str) -> int:
    if table in package.maps:
        return len(package.maps[table])
    frame = package.frame(table)
    return 0 if frame is None else len(frame)


def _cap(problems: list[Problem]) -> list[Problem]:
    """Keep the first few problems of a kind and say how many more there are."""
    kinds = {kind: i for i, kind in reversed(list(enumerate(map(_kind, problems))))}
    capped = []
    for _, group in groupby(sorted(problems, key=lambda problem: kinds[_kind(problem)]), key=_kind):
        alike = list(group)
        capped += alike[:LISTED]
        more = len(alike) - LISTED
        if more > 0:
            first = alike[0]
            rule = f"{first.rule} ({more:,} more like {'this' if more == 1 else 'these'})"
            # As many reports as all of them concern; none, if one concerns the whole build.
            reports = () if not usable(alike) else tuple(dict.fromkeys(r for problem in alike for r in problem.reports))
            remedy = "correct them in the same way"
            capped.append(Problem(first.file, rule, remedy, column=first.column, reports=reports))
    return capped


def usable(problems: list[Problem]) -> bool:
    """Whether every problem is one of single reports, so that the others can be made."""
    return all(problem.reports for problem in problems)


def _kind(problem: Problem) -> tuple[str, str, str]:
    return problem.file, problem.rule, problem.column or ""


def _folder(root: Path | None) -> Path:
    return config.RAW if root is None else root
