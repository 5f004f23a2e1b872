"""What the site offers to machines: the districts as JSON and GeoJSON, the data package, the derived tables."""

from __future__ import annotations

import hashlib
import json

import geopandas as gpd
import pandas as pd
import shapely

from .. import config, people, processed, raw
from ..figures.tables import Column, csv_text
from ..pages.facts import STATUSES, indicator_values
from .machines.base import COORDINATE_DECIMALS, VALUE_DECIMALS
from .machines.base import encode as _encode
from .machines.files import machine_files
from .packed import zipped


def feeds() -> dict[str, bytes]:
    """Every machine-readable file of the site by its address.

    Returns
    -------
    dict
        ``data/districts.json`` and ``data/districts.geojson``, UTF-8; :func:`package_files`, :func:`derived_files`,
        :func:`helpers.publish.machines.files.machine_files`.
    """
    files = {
        "data/districts.json": _encode(districts_json()),
        "data/districts.geojson": _encode(districts_geojson()),
        **package_files(),
        **derived_files(),
    }
    return files | machine_files(files)


def package_files() -> dict[str, bytes]:
    """The whole data package below ``data/tables/``: any Data Package reader can open it there.

    Tables are as stored; large ones are packed, and the descriptor says so.
    """
    descriptor = raw.content()
    files = {}
    for name in raw.tables():
        path, content = raw.resource(name)["path"], raw.content(name)
        published = config.published_table(path, len(content))
        if published != path:
            content = zipped(path, content)
            descriptor = _packed(descriptor, path, published, content)
        files[f"data/tables/{published}"] = content
    return files | {f"data/tables/{raw.DESCRIPTOR}": descriptor}


def _packed(descriptor: bytes, path: str, published: str, content: bytes) -> bytes:
    """The descriptor with one table's file packed."""
    package = json.loads(descriptor)
    for resource in package["resources"]:
        if resource["path"] == path:
            resource |= {"path": published, "compression": "zip", "bytes": len(content)}
            resource["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()


def derived_files() -> dict[str, bytes]:
    """The processed tables as CSV without their geometry, below ``data/derived/``."""
    tables = {name: processed.load(name) for name in (*processed.LEVELS, "ages", *processed.ANALYSES)}
    plain = {name: table.drop(columns="geometry", errors="ignore") for name, table in tables.items()}
    return {
        f"data/derived/{name}.csv": csv_text(table, [Column(c, c) for c in table.columns]).encode()
        for name, table in plain.items()
    }


def districts_json() -> dict:
    """The thirty districts: identity, comuni by status, residents, indicators, Misura 1 project.

    Returns
    -------
    dict
        ``edition``, ``date``, ``licence``, ``indicators`` (unit and reference of each) and ``districts``. A
        ratio that does not exist and a project that is not known are ``null``.
    """
    edition = raw.edition()
    return {
        "edition": edition.version,
        "date": str(edition.date),
        "licence": "CC-BY-4.0",
        "indicators": {i.id: {"unit": i.unit, "reference": i.reference} for i in people.INDICATORS},
        "districts": [_district(row) for row in _table().itertuples()],
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


def _district(row: tuple) -> dict:
    comuni = processed.load("comuni")
    own = comuni[comuni["distretto_id"] == row.Index].sort_values("code")
    status = own["status"].value_counts()
    values = indicator_values(pd.Series(row._asdict()))
    known = isinstance(row.project_id, str)
    return {
        "id": row.Index,
        "slug": row.slug,
        "name": row.name,
        "page": f"distretti/{row.slug}.html",
        "comuni": [{"istat": c.code, "name": c.name, "status": c.status} for c in own.itertuples(index=False)],
        "comuni_by_status": {s: int(status.get(s, 0)) for s in STATUSES},
        "residents": int(row.residents),
        "area_km2": round(row.area_km2, 2),
        "indicators": {k: None if v is None else round(v, VALUE_DECIMALS) for k, v in values.items()},
        "misura_1": {
            "project_id": row.project_id,
            "title": row.project_title if isinstance(row.project_title, str) else None,
            "capofila_town": row.capofila_town,
            "link_status": row.link_status,
        }
        if known
        else None,
    }
