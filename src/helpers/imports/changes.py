"""From the codes of comuni of one year to those of another, by the table ``comuni_changes``; and comuni that merge."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pandas as pd

from helpers.analysis import territory
from helpers.data import raw
from helpers.errors import InputError, Problem
from helpers.imports.draft import Draft
from helpers.imports.territory import write_geometry
from helpers.system.id_lists import join_ids

TABLE = "comuni_changes"
#: Columns with a code of a comune, and the column with its name.
NAME_BESIDE = {"capofila_istat": "capofila_town"}
#: The one optional table of numbers by comune.
INCOME = "income"
#: From the weakest knowledge of a boundary to the surest.
_STATUSES = ("indicative", "derived", "sourced")


@dataclass
class Matched:
    """How codes of a file meet ours.

    Attributes
    ----------
    renamed
        Codes of the file that ceased: the comune of ours that has their people.
    merged
        Our comuni that ceased: the comune of the file that has their people.
    unknown
        Codes of the file that no change leads to.
    missing
        Our comuni that neither the file nor a change speaks of.
    """

    renamed: dict[str, str] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def successors(changes: pd.DataFrame) -> dict[str, list[str]]:
    """The codes that follow each ceased code, the nearest first.

    Parameters
    ----------
    changes
        ``old_istat``, ``new_istat``.
    """
    then = dict(zip(changes["old_istat"], changes["new_istat"], strict=True))
    found = {}
    for old in then:
        chain: list[str] = []
        code = old
        while code in then and then[code] not in (old, *chain):
            code = then[code]
            chain.append(code)
        found[old] = chain
    return found


def match(listed: set[str], ours: set[str], changes: pd.DataFrame) -> Matched:
    """Match the codes of a file with ours, both of Piedmont, whichever is the newer."""
    after = successors(changes)
    found = Matched()
    for code in sorted(listed - ours):
        target = next((new for new in after.get(code, []) if new in ours), None)
        if target is not None:
            found.renamed[code] = target
    reached = set(found.renamed.values())
    for code in sorted(ours - listed - reached):
        target = next((new for new in after.get(code, []) if new in listed), None)
        if target is None:
            found.missing.append(code)
        else:
            found.merged[code] = target
    found.unknown = sorted(listed - ours - set(found.renamed) - set(found.merged.values()))
    return found


def match_codes(draft: Draft, file: str, listed: set[str], theirs: dict[str, str], missing: bool = True) -> Matched:
    """Match the codes of a file with those of the package.

    Parameters
    ----------
    listed
        Codes of the file, of Piedmont.
    theirs
        Names in the file by code.
    missing
        Whether a comune that the file lacks is a problem.

    Raises
    ------
    InputError
        With the codes that do not meet.
    """
    ours = draft.cells("comuni").set_index("istat")["name"].to_dict()
    found = match(listed, set(ours), draft.cells(TABLE))
    remedy = (
        f"if it changed, add a row to {raw.label(TABLE + '.csv')} and run `wecare record`; if not, correct the file"
    )
    problems = [
        Problem(file, "the file has a comune of Piedmont that the data package has not", remedy, None, "istat",
                f"{code} {theirs.get(code, '')}".strip())
        for code in found.unknown
    ]  # fmt: skip
    if missing:
        problems += [
            Problem(file, "the file lacks a comune of Piedmont", remedy, None, "istat", f"{code} {ours[code]}")
            for code in found.missing
        ]
    if problems:
        raise InputError(problems)
    return found


def merge(draft: Draft, merged: dict[str, str], names: dict[str, str]) -> None:
    """Make one comune of those that merged: its row, its district, its borders, and what else the package says of it.

    Parameters
    ----------
    draft
        The package; ``comuni``, ``comune_distretto`` and ``comuni_geometry`` are rewritten, and other tables that
        name a comune (not those of people, which the caller replaces). Incomes add up.
    merged
        New code by old code. The new code may be one of ours that stays.
    names
        Official name by new code.

    Raises
    ------
    InputError
        If comuni that merge belong to several districts or provinces: which one the new comune belongs to is not known.
    """
    if not merged:
        return
    comuni, districts = draft.cells("comuni"), draft.cells("comune_distretto")
    new_of = comuni["istat"].map(merged).fillna(comuni["istat"])
    problems, rows, links = [], [], []
    for code in sorted(set(merged.values())):
        own = comuni[new_of == code]
        held = districts[districts["istat"].isin(own["istat"])]
        for table, column, cells in (("comuni", "province_code", own), ("comune_distretto", "distretto_id", held)):
            if cells[column].nunique() > 1:
                rule = f"{', '.join(own['istat'])} merge into {code}, and they have several values"
                remedy = f"give them the one that {code} has, then run `wecare record`"
                value = ", ".join(sorted(cells[column].unique()))
                problems.append(Problem(raw.label(f"{table}.csv"), rule, remedy, None, column, value))
        name = names.get(code) or own.loc[own["istat"] == code, "name"].squeeze()
        rows.append(own.iloc[0].to_dict() | {"istat": code, "name": name})
        links.append(_link(held, code, name))
    if problems:
        raise InputError(problems)
    gone = {*merged, *merged.values()}
    for table, frame, new in (("comuni", comuni, rows), ("comune_distretto", districts, links)):
        kept = pd.concat([frame[~frame["istat"].isin(gone)], pd.DataFrame(new)], ignore_index=True)
        draft.write(table, kept.sort_values("istat", ignore_index=True))
    draft.put(draft.resource("comuni_geometry")["path"], _borders(draft.root, merged))
    for table, column in _naming_comuni(draft):
        cells = draft.cells(table)
        cells[column] = cells[column].replace(merged)
        if column in NAME_BESIDE:
            now = cells[column].map({row["istat"]: row["name"] for row in rows})
            cells[NAME_BESIDE[column]] = now.fillna(cells[NAME_BESIDE[column]])
        draft.write(table, _added_up(cells, draft.resource(table)) if table == INCOME else cells)


def _naming_comuni(draft: Draft) -> list[tuple[str, str]]:
    """Further tables with a column that must be a code of ``comuni``."""
    done = ("comuni_geometry", "comune_distretto", "population")
    return [
        (found["name"], key["fields"][0])
        for found in draft.descriptor["resources"]
        for key in found.get("schema", {}).get("foreignKeys", ())
        if key["reference"].get("resource") == "comuni" and found["name"] not in done
    ]


def _added_up(cells: pd.DataFrame, resource: dict) -> pd.DataFrame:
    """One row per key, numbers summed; a sum that lacks a part is not known."""
    keys = resource["schema"]["primaryKey"]
    numbers = cells.drop(columns=keys).apply(lambda column: pd.to_numeric(column.where(column != ""))).astype("Int64")
    groups = numbers.groupby([cells[key] for key in keys])
    whole = groups.sum().where(groups.count().eq(groups.size(), axis=0))
    table = whole.astype("object").where(whole.notna(), "").astype("str").reset_index()
    return table.sort_values(keys[::-1], ignore_index=True)[list(cells)]


def _link(held: pd.DataFrame, code: str, name: str) -> dict[str, str]:
    """The district of a merged comune: what its parts share; as sure as the least sure of them."""
    first = held.iloc[0].to_dict()
    weakest = {column: min(held[column], key=_STATUSES.index) for column in ("status", "status_ente") if column in held}
    if held["ente_gestore"].nunique() > 1:
        weakest["status_ente"] = "indicative"
    ids = {column: join_ids(*held[column]) for column in ("source_ids", "source_ids_ente")}
    rule = " | ".join(dict.fromkeys(text for text in held["rule"] if text))
    number = held["ambito_no"].iloc[0] if held["ambito_no"].nunique() == 1 else ""
    return first | weakest | ids | {"istat": code, "comune": name, "rule": rule, "ambito_no": number}


def _borders(root: Path, merged: dict[str, str]) -> bytes:
    borders = raw.load_geometry("comuni_geometry", root)
    gone = borders["istat"].isin([*merged, *merged.values()])
    parts = borders[gone].assign(istat=lambda own: own["istat"].map(merged).fillna(own["istat"]))
    # Joined in the coordinates of the file: neighbours go on sharing their borders to the last digit.
    joined = territory.dissolve(parts, "istat").rename("geometry").reset_index()
    frame = pd.concat([borders[~gone], joined], ignore_index=True).sort_values("istat", ignore_index=True)
    buffer = io.BytesIO()
    write_geometry(gpd.GeoDataFrame(frame, geometry="geometry", crs=borders.crs), buffer)
    return buffer.getvalue()
