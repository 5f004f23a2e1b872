"""What the site offers to machines: the districts as JSON and GeoJSON, the data package, the derived tables."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from helpers import config
from helpers.analysis.indicators import find_present
from helpers.data import csv_form, processed, raw
from helpers.data.data_cache import DataCache
from helpers.figures.tables import Column, csv_text
from helpers.pages.common.facts import STATUSES, indicator_values
from helpers.publish.machines.api import api_files, district_document
from helpers.publish.machines.base import COORDINATE_DECIMALS, VALUE_DECIMALS, site_url
from helpers.publish.machines.base import encode as _encode
from helpers.publish.machines.cards import card_files
from helpers.publish.machines.catalog import catalog_files
from helpers.publish.machines.geo import comuni_files, other_files
from helpers.publish.machines.places import places_file
from helpers.publish.machines.references import BIBLIOGRAPHY, bibliography
from helpers.publish.machines.social import social_files
from helpers.publish.machines.web import feed_files
from helpers.publish.machines.workbooks import district_workbooks, project_workbooks, region_workbooks
from helpers.system.files import read
from helpers.system.fingerprints import recorded_form

#: Where they are kept from one publication to the next.
KEPT = config.BUILD / "feeds.db"

#: Types of fields whose cells are free text.
TEXTS = ("string", "list", "any")


def feeds(quarto_yml: Path = config.QUARTO_YML, kept: Path = KEPT) -> dict[str, bytes]:
    """Every machine-readable file of the site by its address, UTF-8 where it is text.

    Parameters
    ----------
    quarto_yml
        The site's description, for its address on the web.
    kept
        Where the files are kept; removing it only costs time.
    """
    url, cache = site_url(quarto_yml), DataCache(kept, __name__)
    files = {
        **cache.compute("districts", [], lambda: {"data/districts.json": _encode(districts_json())}),
        **cache.compute("borders", [], lambda: {"data/districts.geojson": _encode(districts_geojson())}),
        **package_files(),
        **derived_files(cache),
    }
    geometry = cache.compute("comuni", [], comuni_files) | cache.compute("larger", [], other_files)
    files |= cache.compute("places", [], places_file)
    files |= cache.compute("references", [], lambda: {BIBLIOGRAPHY: bibliography()})
    names = sorted([*files, *geometry])
    codes = raw.load("districts")["distretto_id"]
    for code in codes:
        files |= cache.compute(f"workbook {code}", [], partial(district_workbooks, code))
    files |= cache.compute("workbook of the region", [], region_workbooks)
    files |= cache.compute("workbook of the projects", [], project_workbooks)
    districts = [cache.compute(f"district {code}", [], partial(district_document, code)) for code in codes]
    files |= geometry
    files |= cache.compute("api", [url, districts], lambda: api_files(districts, url))
    files |= cache.compute("catalogue", [url, names], lambda: catalog_files(names, url))
    for document in districts:
        files |= cache.compute(f"card {document['id']}", [url, document], partial(card_files, document, url))
    files |= cache.compute("feed", [url], lambda: feed_files(url))
    files |= cache.compute("social", [], social_files)
    cache.save()
    return files


def package_files() -> dict[str, bytes]:
    """The whole data package below ``data/tables/``: any Data Package reader can open it there.

    Tables are as stored, but for texts that a spreadsheet would run as a formula: these are marked
    (:func:`helpers.data.csv_form.mark_formulas`), and the descriptor says so.
    """
    descriptor = raw.content()
    files = {}
    for name in raw.tables():
        path, content = raw.resource(name)["path"], raw.content(name)
        if (safe := _mark_formulas(name, content)) != content:
            entry = {"formulaMark": csv_form.MARK, "storedHash": recorded_form(content)}
            descriptor = _describe(descriptor, path, entry | {"bytes": len(safe), "hash": recorded_form(safe)})
            content = safe
        files[f"data/tables/{path}"] = content
    return files | {f"data/tables/{raw.DESCRIPTOR}": descriptor}


def _mark_formulas(name: str, content: bytes) -> bytes:
    resource = raw.resource(name)
    if resource["format"] != "csv":
        return content
    texts = [field["name"] for field in resource["schema"]["fields"] if field["type"] in TEXTS]
    return csv_form.mark_formulas(content, texts)


def _describe(descriptor: bytes, path: str, entry: dict) -> bytes:
    """The descriptor with more, or something else, said of one table."""
    package = json.loads(descriptor)
    for resource in package["resources"]:
        if resource["path"] == path:
            resource |= entry
    return _encode(package)


def derived_files(cache: DataCache) -> dict[str, bytes]:
    """The processed tables as CSV without their geometry, below ``data/derived/``."""
    files: dict[str, bytes] = {}
    for path in processed.all_files():
        files |= cache.value(f"derived {path.stem}", [read(path)], partial(_as_csv, path.stem))
    return files


def _as_csv(name: str) -> dict[str, bytes]:
    table = processed.load(name).drop(columns="geometry", errors="ignore")
    return {f"data/derived/{name}.csv": csv_text(table, [Column(c, c) for c in table.columns]).encode()}


def districts_json() -> dict:
    """The thirty districts: identity, comuni by status, residents, indicators, Misura 1 project.

    Returns
    -------
    dict
        ``edition``, ``date``, ``licence``, ``indicators`` (unit and reference of each) and ``districts``. A
        ratio that does not exist and a project that is not known are ``null``.
    """
    edition = raw.edition()
    comuni = processed.load("comuni")[["code", "name", "status", "distretto_id"]].sort_values("code")
    comuni = comuni.groupby("distretto_id")
    table = _table()
    return {
        "edition": edition.version,
        "date": str(edition.date),
        "licence": "CC-BY-4.0",
        "indicators": {i.id: {"unit": i.unit, "reference": i.reference} for i in find_present(table)},
        "districts": [_district(row, comuni.get_group(row["code"])) for row in table.reset_index().to_dict("records")],
    }


def districts_geojson() -> dict:
    """The districts' simplified borders in WGS84, with identity and residents."""
    table = processed.load("districts")[["code", "name", "residents", "geometry"]].to_crs("EPSG:4326")
    rounded = gpd.GeoSeries(table.geometry).set_precision(10**-COORDINATE_DECIMALS)
    # Outer rings run against the clock, as RFC 7946 asks.
    rounded = gpd.GeoSeries(shapely.orient_polygons(rounded.values), crs=rounded.crs)
    slugs = raw.load("districts").set_index("distretto_id")["slug"]
    table = table.assign(slug=table["code"].map(slugs)).set_geometry(rounded)
    return json.loads(table.rename(columns={"code": "id"}).to_json(drop_id=True))


def _table() -> pd.DataFrame:
    info = raw.load("districts").set_index("distretto_id")[["slug"]]
    links = raw.load("district_projects").set_index("distretto_id")[["project_id", "status"]]
    titles = raw.load("misura1_projects").set_index("project_id")[["project_title", "capofila_town"]]
    project = links.join(titles, on="project_id").rename(columns={"status": "link_status"})
    return processed.load("districts").drop(columns="geometry").set_index("code").join(info).join(project)


def _district(row: dict, own: pd.DataFrame) -> dict:
    status = own["status"].value_counts()
    values = indicator_values(pd.Series(row))
    known = isinstance(row["project_id"], str)
    return {
        "id": row["code"],
        "slug": row["slug"],
        "name": row["name"],
        "page": f"distretti/{row['slug']}.html",
        "comuni": [{"istat": c.code, "name": c.name, "status": c.status} for c in own.itertuples(index=False)],
        "comuni_by_status": {s: int(status.get(s, 0)) for s in STATUSES},
        "residents": int(row["residents"]),
        "area_km2": round(row["area_km2"], 2),
        "indicators": {k: None if v is None else round(v, VALUE_DECIMALS) for k, v in values.items()},
        "misura_1": {
            "project_id": row["project_id"],
            "title": row["project_title"] if isinstance(row["project_title"], str) else None,
            "capofila_town": row["capofila_town"],
            "link_status": row["link_status"],
        }
        if known
        else None,
    }
