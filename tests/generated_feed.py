"""Tables as an import of the official feed makes them, GENERATED for tests: no project, code or amount is real."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

from helpers.imports.opencoesione import store

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
        "programme": "GENERATO",
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
        found = store.resources()[name]
        path = root / found["path"]
        with path.open("w", encoding="utf-8", newline="") as file:
            fields = [field["name"] for field in found["schema"]["fields"]]
            writer = csv.DictWriter(file, fields, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        data = path.read_bytes()
        resources[name] = found | {
            "sources": [{"title": "GENERATED"}],
            "hash": "sha256:" + hashlib.sha256(data).hexdigest(),
            "bytes": len(data),
            "rowCount": len(rows),
        }
    package["resources"] = list(resources.values())
    (root / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
