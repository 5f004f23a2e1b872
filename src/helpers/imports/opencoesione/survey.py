"""The official feed of OpenCoesione: downloaded files → what they say of WE.CA.RE., checked; nothing is written here.

``survey`` reads the files and tells everything found and everything wrong; ``store`` (module of that name) writes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from helpers.data import raw
from helpers.errors import InputError, Problem
from helpers.imports.opencoesione import feed_tables, matching_rules, payment_rows, row_scan, store
from helpers.imports.opencoesione.cells import Cells, one_line
from helpers.imports.opencoesione.feed_files import KEY, PARTIES, PAYMENTS, PLACES, PROJECTS, FeedFile, open_feed
from helpers.imports.reading import Account

#: The table each kind of companion file makes.
TABLES = {PLACES: "project_places", PARTIES: "project_parties", PAYMENTS: "payments"}


@dataclass
class Survey:
    """What the files say.

    Attributes
    ----------
    files
        The files that could be opened.
    tables
        Tables to be stored, as text: ``projects`` and its companions, of these files only.
    origins
        Per table and feed, the kind of file it was made from.
    matches
        Per rule with a measure, in order: ``rule_id``, ``measure_id``, ``projects``, ``public_funding_eur``, and
        ``unknown``, how many of the projects have no amount.
    near
        Rows that only a near rule fits: ``project_ref``, ``rule_id``, ``programme``, ``action``, ``title``.
    several
        Projects that rules of several measures fit: ``project_ref``, ``rules``; the first counts.
    accounts, remarks
        By the label of each file that was read, what became of its rows, and what was taken for what.
    problems, warnings
        What stops the import, and what the person should know.
    """

    files: list[FeedFile] = field(default_factory=list)
    accounts: dict[str, Account] = field(default_factory=dict)
    remarks: dict[str, list[str]] = field(default_factory=dict)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    origins: dict[str, dict[str, str]] = field(default_factory=dict)
    matches: pd.DataFrame = field(default_factory=pd.DataFrame)
    near: pd.DataFrame = field(default_factory=pd.DataFrame)
    several: pd.DataFrame = field(default_factory=pd.DataFrame)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def survey(
    paths: Iterable[Path], root: Path | None = None, edition: str | None = None, payments: str | None = None
) -> Survey:
    """Read downloaded files against the rules, the measures and the comuni of the data package.

    Parameters
    ----------
    paths
        CSV, XLSX or Parquet files, or zips of such: ``progetti_esteso`` of a region or of Italy, of one cycle or more;
        ``localizzazioni``, ``soggetti``, ``pagamenti``, which may also come alone when the projects of the same edition
        are stored.
    root
        Folder of the data package; ``data/raw`` by default.
    edition
        Day of the edition (``2026-02-28``) of files whose names do not say it.
    payments
        What the rows of ``pagamenti`` are, ``flows`` or ``cumulated``, where no total tells.

    Returns
    -------
    Survey
        With every problem of every file, not just the first.

    Raises
    ------
    InputError
        If the rules are wrong.
    """
    rules, territory = matching_rules.load(root), _territory(root)
    found = Survey()
    for path in dict.fromkeys(map(Path, paths)):
        try:
            opened = open_feed(path, edition)
        except InputError as error:
            found.problems += error.problems
            continue
        # Files of two folders may have one name.
        taken = {file.label for file in found.files}
        for file in opened:
            found.files.append(file.named(f"{path.parent}/{file.label}") if file.label in taken else file)
    _read_projects(found, rules, territory)
    _read_companions(found, territory, root, payments)
    _check_feeds(found, root)
    order = {file.label: n for n, file in enumerate(found.files)}
    for told in (found.problems, found.warnings):
        told.sort(key=lambda problem: (order.get(problem.file, -1), problem.row or 0))
    return found


def _territory(root: Path | None) -> feed_tables.Territory:
    comuni = raw.load("comuni", root).set_index("istat")["name"].to_dict()
    changes = raw.load("comuni_changes", root)
    changed = dict.fromkeys([*changes["old_istat"], *changes["new_istat"]], "")
    provinces = set(raw.load("provinces", root)["province_code"])
    return feed_tables.Territory(changed | comuni, provinces, set(raw.load("regions", root)["region_code"]))


def _read_projects(found: Survey, rules: list[matching_rules.Rule], territory: feed_tables.Territory) -> None:
    tables, places, near, several = [], [], [], []
    for file in (file for file in found.files if file.kind == PROJECTS):
        unusable = matching_rules.unusable(rules, file.columns, file.label)
        scan = _scan(found, file, lambda: row_scan.projects(file, rules)) if not unusable else None  # noqa: B023
        found.problems += unusable
        if scan is None:
            continue
        near.append(_near(scan.frame, rules))
        several.append(_several(scan.frame, rules))
        cells = Cells(scan.frame, file.label)
        _leave_unselected(cells, scan, "no rule fits")
        table = feed_tables.projects(cells, rules, file.scope, file.edition)
        tables.append(table.assign(**{"file": file.label, "line": cells.frame["line"]}))
        places.append(feed_tables.places(cells, territory).drop(columns="row"))
        _note(found, cells, scan, len(cells.frame))
    if not tables:
        return
    found.near = pd.concat(near, ignore_index=True)
    found.several = pd.concat(several, ignore_index=True)
    projects = _once(found, pd.concat(tables, ignore_index=True))
    found.matches = _matches(projects, rules)
    if projects.empty and not found.problems:
        rule = "no row fits a rule that ties it to a measure"
        remedy = f"look at the rows shown as near, and edit {raw.label('feed_rules.csv')} if some are of the strategy"
        files = ", ".join(file.label for file in found.files if file.kind == PROJECTS)
        found.problems.append(Problem(files, rule, remedy))
    found.tables["projects"] = projects.drop(columns=["file", "line"])
    found.tables["project_places"] = pd.concat(places, ignore_index=True).drop_duplicates(["project_ref", "code"])
    found.tables["project_parties"] = feed_tables.parties(projects, None)
    feeds = dict.fromkeys(projects["feed"].unique(), PROJECTS)
    found.origins = {name: dict(feeds) for name in found.tables}


def _read_companions(found: Survey, territory: feed_tables.Territory, root: Path | None, meaning: str | None) -> None:
    files = [file for file in found.files if file.kind != PROJECTS]
    if not files:
        return
    projects = _known_projects(found, root)
    if projects.empty:
        if not found.problems:
            rule = "there are no projects yet that the file could speak of"
            remedy = "give the file progetti_esteso of the same edition too"
            found.problems += [Problem(file.label, rule, remedy) for file in files]
        return
    feed_of = projects.set_index("project_ref")["feed"]
    for kind, name in TABLES.items():
        parts = []
        for file in (file for file in files if file.kind == kind):
            scan = _scan(found, file, lambda: row_scan.of_projects(file, projects["project_ref"]))  # noqa: B023
            if scan is None:
                continue
            cells = Cells(scan.frame, file.label)
            _leave_unselected(cells, scan, "of another project")
            own = projects[projects["project_ref"].isin(cells.frame[KEY].str.strip())]
            found.problems += _other_edition(file, own)
            kept = None
            if kind == PLACES:
                table, kept = feed_tables.listed_places(cells, territory)
                table = table.drop(columns="row")
            elif kind == PARTIES:
                table = feed_tables.parties(own, feed_tables.listed_parties(cells, territory))
            else:
                table = payment_rows.payments(cells, own, meaning)
            parts.append(table)
            _note(found, cells, scan, len(cells.frame) if kept is None else kept)
        if not parts:
            continue
        table = pd.concat(parts, ignore_index=True)
        feeds = feed_of.reindex(table["project_ref"].unique()).unique()
        if name in found.tables:
            # Projects the companion does not speak of keep what progetti_esteso says of them.
            rest = found.tables[name]
            table = pd.concat([table, rest[~rest["project_ref"].isin(table["project_ref"])]], ignore_index=True)
        found.tables[name] = table
        found.origins[name] = found.origins.get(name, {}) | dict.fromkeys(feeds, kind)


def _scan(found: Survey, file: FeedFile, scan) -> row_scan.Scan | None:
    try:
        result = scan()
    except InputError as error:
        found.problems += error.problems
        return None
    found.problems += result.problems
    found.warnings += result.warnings
    return result


def _leave_unselected(cells: Cells, scan: row_scan.Scan, why: str) -> None:
    cells.leave(scan.unread, "cannot be read")
    cells.leave(scan.read - scan.unread - len(scan.frame), why)


def _note(found: Survey, cells: Cells, scan: row_scan.Scan, kept: int) -> None:
    """Take over what is wrong with a file, and what became of its rows."""
    found.problems += cells.problems
    found.warnings += cells.warnings
    found.accounts[cells.file] = cells.account(scan.read, kept)
    found.remarks[cells.file] = cells.remarks


def _known_projects(found: Survey, root: Path | None) -> pd.DataFrame:
    """Projects of these files, and the stored ones of other cycles."""
    fresh, kept = found.tables.get("projects"), store.current("projects", root)
    if fresh is None:
        return kept
    return pd.concat([fresh, kept[~kept["cycle"].isin(fresh["cycle"])]], ignore_index=True)


def _other_edition(file: FeedFile, own: pd.DataFrame) -> list[Problem]:
    other = sorted(set(own["edition"]) - {file.edition})
    rule = f"the file is of the edition {file.edition}, the projects it speaks of are of {', '.join(other)}"
    return [Problem(file.label, rule, "give files of one edition")] if other else []


def _once(found: Survey, projects: pd.DataFrame) -> pd.DataFrame:
    """One row per project, when several files have it: the newest edition; of one edition, the files must agree."""
    order = projects.sort_values("edition", ascending=False, kind="stable")
    told = [c for c in projects if c not in ("file", "line", "feed", "edition", "cycle", "updated")]
    first = order.drop_duplicates("project_ref").set_index("project_ref", drop=False)
    for row in order[order.duplicated("project_ref")].to_dict("records"):
        due = first.loc[row["project_ref"]]
        differing = [column for column in told if row[column] != due[column]]
        where = {"row": int(row["line"]), "column": KEY, "value": row["project_ref"]}
        if row["edition"] == due["edition"] and differing:
            rule = f"{due['file']}, row {due['line']}, has the same project with another {differing[0]}"
            found.problems.append(Problem(row["file"], rule, "give one of the two files", **where))
        else:
            rule = f"the project is also in {due['file']}; that row counts"
            found.warnings.append(Problem(row["file"], rule, "nothing", **where))
    for file, again in order[order.duplicated("project_ref")].groupby("file").size().items():
        account = found.accounts[str(file)]
        left = account.left_out | {"the project is in another file, whose row counts": int(again)}
        found.accounts[str(file)] = Account(account.read, account.kept - int(again), left)
    return order.drop_duplicates("project_ref").sort_index().reset_index(drop=True)


def _check_feeds(found: Survey, root: Path | None) -> None:
    if "projects" not in found.tables:
        return
    for cycle, rows in found.tables["projects"].groupby("cycle"):
        editions = sorted(rows["edition"].unique())
        if len(editions) > 1:
            rule = f"the files hold several editions of the cycle {cycle}: {', '.join(editions)}"
            files = ", ".join(file.label for file in found.files if file.kind == PROJECTS)
            found.problems.append(Problem(files, rule, "import one edition at a time, the oldest first"))
    fresh, stored = found.tables["projects"], store.current("projects", root)
    both = fresh[["project_ref", "cycle", "edition", "feed"]].merge(stored, on="project_ref", suffixes=("", "_stored"))
    for row in both[both["cycle"] != both["cycle_stored"]].itertuples():
        rule = f"the project is stored with the cycle {row.cycle_stored}, too; the newest edition counts"
        where = {"column": KEY, "value": row.project_ref}
        found.warnings.append(Problem(row.feed, rule, "nothing", **where))


def _matches(projects: pd.DataFrame, rules: list[matching_rules.Rule]) -> pd.DataFrame:
    euro = pd.to_numeric(projects["public_funding_eur"]).groupby(projects["rule_id"])
    named = [(rule.rule_id, rule.measure_id) for rule in rules if rule.measure_id]
    table = pd.DataFrame(named, columns=["rule_id", "measure_id"])
    table["projects"] = table["rule_id"].map(euro.size()).fillna(0).astype("int64")
    table["public_funding_eur"] = table["rule_id"].map(euro.sum(min_count=1))
    table["unknown"] = table["projects"] - table["rule_id"].map(euro.count()).fillna(0).astype("int64")
    return table


def _near(frame: pd.DataFrame, rules: list[matching_rules.Rule]) -> pd.DataFrame:
    measured = {rule.rule_id for rule in rules if rule.measure_id}
    rows = frame[~frame["rules"].map(lambda held: bool(measured.intersection(held))).astype(bool)]
    action = rows["OC_COD_SUBARTICOLAZ_PROGRAMMA"]
    told = {
        "project_ref": rows[KEY],
        "rule_id": [held[0] for held in rows["rules"]],
        "programme": rows["OC_CODICE_PROGRAMMA"],
        "action": action.where(action != "", rows["OC_COD_ARTICOLAZ_PROGRAMMA"]),
        "title": one_line(rows["OC_TITOLO_PROGETTO"]),
    }
    return pd.DataFrame(told).reset_index(drop=True)


def _several(frame: pd.DataFrame, rules: list[matching_rules.Rule]) -> pd.DataFrame:
    measures = {rule.rule_id: rule.measure_id for rule in rules if rule.measure_id}
    held = [[rule for rule in row if rule in measures] for row in frame["rules"]]
    rows = [(r, ", ".join(h)) for r, h in zip(frame[KEY], held, strict=True) if len({measures[x] for x in h}) > 1]
    return pd.DataFrame(rows, columns=["project_ref", "rules"], dtype="str")
