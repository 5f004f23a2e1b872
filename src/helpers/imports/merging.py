"""What becomes of the data package when comuni merge, or take another code or name."""

from __future__ import annotations

import io
from pathlib import Path

import geopandas as gpd
import pandas as pd

from helpers.analysis import territory
from helpers.data import raw
from helpers.errors import InputError, Problem
from helpers.imports.draft import Draft
from helpers.imports.territory import write_geometry
from helpers.system.id_lists import join_ids

#: Columns with a code of a comune, and the column with its name.
NAME_BESIDE = {"capofila_istat": "capofila_town"}
#: From the weakest knowledge of a boundary to the surest.
_STATUSES = ("indicative", "derived", "sourced")


def merge(draft: Draft, merged: dict[str, str], names: dict[str, str]) -> None:
    """Make one comune of those that merged: its row, its district, its borders, and what else the package says of it.

    Parameters
    ----------
    draft
        The package; ``comuni``, ``comune_distretto`` and ``comuni_geometry`` are rewritten, and other tables that
        name a comune (not those of people, which the caller replaces, nor series, which keep the codes of their day).
    merged
        New code by old code. The new code may be one of ours that stays.
    names
        Official name by new code.

    Raises
    ------
    InputError
        If comuni that merge belong to several districts: which one the new comune belongs to is not known; or if the
        new code is of no province of the package.
    """
    if not merged:
        return
    comuni, districts, provinces = (draft.cells(table) for table in ("comuni", "comune_distretto", "provinces"))
    new_of = comuni["istat"].map(merged).fillna(comuni["istat"])
    problems, rows, links = [], [], []
    for code in sorted(set(merged.values())):
        own = comuni[new_of == code]
        held = districts[districts["istat"].isin(own["istat"])]
        if held["distretto_id"].nunique() > 1:
            rule = f"{', '.join(own['istat'])} merge into {code}, and they have several values"
            remedy = f"give them the one that {code} has, then run `wecare record`"
            value = ", ".join(sorted(held["distretto_id"].unique()))
            problems.append(Problem(raw.label("comune_distretto.csv"), rule, remedy, None, "distretto_id", value))
        name = names.get(code) or own.loc[own["istat"] == code, "name"].squeeze()
        if code[:3] not in set(provinces["province_code"]):
            rule = f"{', '.join(own['istat'])} became {code}, which is in none of the provinces"
            remedy = "add the province with its quadrant; or, if the comune left the region, take it out of the tables"
            value = f"{code} {name}"
            problems.append(Problem(raw.label("provinces.csv"), rule, remedy, None, "province_code", value))
        rows.append(own.iloc[0].to_dict() | {"istat": code, "name": name, "province_code": code[:3]})
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
        draft.write(table, cells)


def rename(draft: Draft, names: dict[str, str]) -> None:
    """Give comuni another name wherever the package names them beside their code.

    Parameters
    ----------
    draft
        The package.
    names
        New name by code.
    """
    if not names:
        return
    named = [("comuni", "istat", "name"), ("comune_distretto", "istat", "comune")]
    named += [(table, column, NAME_BESIDE[column]) for table, column in _naming_comuni(draft) if column in NAME_BESIDE]
    for table, code, name in named:
        cells = draft.cells(table)
        cells[name] = cells[code].map(names).fillna(cells[name])
        draft.write(table, cells)


def _naming_comuni(draft: Draft) -> list[tuple[str, str]]:
    """Further tables with a column that must be a code of ``comuni``."""
    done = ("comuni_geometry", "comune_distretto", "population")
    return [
        (found["name"], key["fields"][0])
        for found in draft.descriptor["resources"]
        for key in found.get("schema", {}).get("foreignKeys", ())
        if key["reference"].get("resource") == "comuni" and found["name"] not in done
    ]


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
