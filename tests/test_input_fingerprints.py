"""Hashes of what a page shows: each piece under its name, down to the last cell."""

from dataclasses import dataclass, replace

import pandas as pd
import pytest

from helpers.pages.common.input_fingerprints import digests


@dataclass(frozen=True)
class Facts:
    n: int
    year: int


@dataclass(frozen=True)
class Spent:
    fed: bool
    projects: pd.DataFrame


@dataclass(frozen=True)
class Shown:
    facts: object
    table: pd.DataFrame
    spent: Spent


#: More rows than pandas prints.
LONG = pd.DataFrame({"eur": range(500)})
OTHER = LONG.assign(eur=LONG["eur"].where(LONG.index != 250, -1))
SHOWN = Shown(Facts(3, 2025), LONG, Spent(False, LONG))


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        (replace(SHOWN, facts=Facts(4, 2025)), {"facts.n"}),
        (replace(SHOWN, table=OTHER), {"table"}),
        (replace(SHOWN, spent=Spent(True, LONG)), {"spent.fed"}),
        (replace(SHOWN, spent=Spent(False, OTHER)), {"spent.projects"}),
        (replace(SHOWN, facts={"n": 3, "year": 2025}), set()),
    ],
)
def test_only_what_changed_has_another_hash_and_is_named(changed, named):
    before, after = digests(SHOWN), digests(changed)
    assert before.keys() == after.keys() == {"facts.n", "facts.year", "table", "spent.fed", "spent.projects"}
    assert {name for name in before if before[name] != after[name]} == named
