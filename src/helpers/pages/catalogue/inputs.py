"""What the catalogue of the data shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpers.data import processed, raw


@dataclass(frozen=True)
class CatalogueInputs:
    """Everything the catalogue shows.

    Attributes
    ----------
    facts
        What its texts speak of.
    tables
        The raw tables as the data package describes them.
    card
        ``slug`` and ``name`` of the district whose card is the example.
    warnings
        What the usage warnings of the data package mean, by their codes.
    derived
        ``name``, ``rows`` (their number) and ``columns`` (type by name) of each processed table.
    """

    facts: dict[str, Any]
    tables: list[dict[str, Any]]
    card: dict[str, str]
    warnings: dict[str, str]
    derived: list[dict[str, Any]]


def catalogue_inputs() -> CatalogueInputs:
    """Cut what the catalogue shows from the data."""
    package = raw.descriptor()
    tables = package["resources"]
    derived = [_describe_derived(name) for name in processed.NAMES]
    edition = raw.edition()
    return CatalogueInputs(
        facts={
            "n_tables": len(tables),
            "n_rows": sum(table["rowCount"] for table in tables),
            "n_derived": len(derived),
            "n_warned": sum(bool(table.get("usageWarnings")) for table in tables),
            "edition": edition.version,
            "edition_date": edition.date.isoformat(),
        },
        tables=tables,
        card=raw.load("districts").iloc[0][["slug", "name"]].to_dict(),
        warnings=package.get("usageWarningCodes", {}),
        derived=derived,
    )


def _describe_derived(name: str) -> dict:
    rows, columns = processed.form(name)
    return {"name": name, "rows": rows, "columns": columns}
