"""Hashes of inputs: by them the build knows whether a report must run again."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass

import pandas as pd
import shapely

from helpers.system.fingerprints import fingerprint


def digests(shown: object) -> dict[str, str]:
    """A short hash per input, the same for the same content in any process.

    Parameters
    ----------
    shown
        The inputs of a page, a dataclass. Its facts are taken one by one, so that the reason for a new run can be
        named.
    """
    inputs = shown if isinstance(shown, dict) else vars(shown)
    named = {name: value for name, value in inputs.items() if name != "facts"}
    named |= {f"facts.{name}": value for name, value in inputs.get("facts", {}).items()}
    return {name: fingerprint(_bytes(value)) for name, value in named.items()}


def _bytes(value: object) -> bytes:
    if isinstance(value, pd.DataFrame):
        plain = pd.DataFrame(value).drop(columns="geometry", errors="ignore")
        cells = [plain.index.tolist(), *(plain[column].tolist() for column in plain)]
        drawn = shapely.to_wkb(value["geometry"].values) if "geometry" in value else []
        return json.dumps([list(plain.columns), cells], default=str).encode() + b"".join(drawn)
    if is_dataclass(value):
        value = asdict(value)
    return json.dumps(value, sort_keys=True, default=str).encode()
