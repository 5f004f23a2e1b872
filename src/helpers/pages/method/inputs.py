"""What the page on method and sources shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.data import raw
from helpers.pages.common.datasets import known_datasets
from helpers.pages.common.facts import overview_facts


@dataclass(frozen=True)
class MethodInputs:
    """Everything the page shows.

    Attributes
    ----------
    facts
        What its texts speak of.
    sources
        Every row of ``sources``.
    editions
        Every row of ``editions``, the newest first.
    """

    facts: dict[str, Any]
    sources: pd.DataFrame
    editions: pd.DataFrame


def method_inputs() -> MethodInputs:
    """Cut what the page shows from the data."""
    sources, editions = raw.load("sources"), raw.load("editions").sort_values("date", ascending=False)
    facts = {"n_sources": len(sources), "datasets": known_datasets()}
    return MethodInputs(overview_facts() | facts, sources, editions)
