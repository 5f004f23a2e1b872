"""Hashes of inputs: by them the build knows whether a report must run again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely

from helpers.pages.common.by_name import by_name
from helpers.system.fingerprints import fingerprint

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def digests(shown: DataclassInstance) -> dict[str, str]:
    """A short hash per input, the same for the same content in any process.

    Parameters
    ----------
    shown
        The inputs of a page, a dataclass. Its facts, and the fields of a dataclass in it, are taken one by one, so that
        the reason for a new run can be named.
    """
    return {name: fingerprint(_bytes(value)) for name, value in _one_by_one(shown)}


def _one_by_one(shown: Mapping[str, Any] | DataclassInstance, before: str = "") -> Iterator[tuple[str, object]]:
    for name, value in by_name(shown).items():
        facts = not before and name == "facts" and isinstance(value, Mapping)
        if facts or is_dataclass(value) and not isinstance(value, type):
            yield from _one_by_one(value, f"{before}{name}.")
        else:
            yield before + name, value


def _bytes(value: object) -> bytes:
    if isinstance(value, pd.DataFrame):
        plain = pd.DataFrame(value).drop(columns="geometry", errors="ignore")
        cells = [plain.index.tolist(), *(plain[column].tolist() for column in plain)]
        drawn = shapely.to_wkb(value["geometry"].values) if "geometry" in value else []
        return json.dumps([list(plain.columns), cells], default=str).encode() + b"".join(drawn)
    return json.dumps(value, sort_keys=True, default=str).encode()
