"""Tables as an import of the official feed makes them, GENERATED for tests: no project, code or amount is real."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

FIELDS = {
    "projects": {
        **dict.fromkeys(("project_ref", "feed"), "string"),
        "edition": "date",
        **dict.fromkeys(("measure_id", "rule_id", "title", "summary", "link", "cycle", "programming_body"), "string"),
        **dict.fromkeys(("public_funding_eur", "committed_eur", "paid_eur"), "number"),
    },
    "project_places": dict.fromkeys(("project_ref", "code", "level", "istat", "name"), "string"),
    "project_parties": dict.fromkeys(("project_ref", "role", "name", "seat_istat"), "string"),
    "payments": {"project_ref": "string", "date": "date", "paid_eur": "number"},
}
KEYS = {
    "projects": ["project_ref"],
    "project_places": ["project_ref", "code"],
    "project_parties": ["project_ref", "role", "name"],
    "payments": ["project_ref", "date"],
}
DAY = "2026-02-28"


def project(ref: str, measure: str = "M1", title: str = "Progetto generato", **amounts: str) -> dict[str, str]:
    return {
        "project_ref": ref,
        "feed": "PIE_2014-2020",
        "edition": DAY,
        "measure_id": measure,
        "rule_id": "GENERATO",
        "title": title,
        "link": f"https://opencoesione.gov.it/progetti/{ref.lower()}/",
        "cycle": "2014-2020",
        "programming_body": "REGIONE PIEMONTE",
    } | amounts


def place(ref: str, istat: str) -> dict[str, str]:
    return {"project_ref": ref, "code": f"001{istat}", "level": "comune", "istat": istat, "name": "GENERATO"}


def payment(ref: str, day: str, eur: str) -> dict[str, str]:
    return {"project_ref": ref, "date": day, "paid_eur": eur}


def add(root: Path, **tables: list[dict[str, str]]) -> None:
    """Write tables into a data package and describe them there; tables not named are left as they are."""
    package = json.loads((root / "datapackage.json").read_text(encoding="utf-8"))
    resources = {found["name"]: found for found in package["resources"]}
    for name, rows in tables.items():
        path = root / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, FIELDS[name], restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        data = path.read_bytes()
        resources[name] = {
            "name": name,
            "path": path.name,
            "title": f"GENERATED {name}",
            "description": "Generated for a test.",
            "type": "table",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": {
                "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
                "fields": [{"name": c, "type": kind, "description": c} for c, kind in FIELDS[name].items()],
                "missingValues": [""],
                "primaryKey": KEYS[name],
            },
            "sources": [{"title": "generated"}],
            "licenses": [
                {"name": "CC-BY-4.0", "title": "CC BY 4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}
            ],
            "hash": "sha256:" + hashlib.sha256(data).hexdigest(),
            "bytes": len(data),
            "rowCount": len(rows),
        }
    package["resources"] = list(resources.values())
    (root / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
