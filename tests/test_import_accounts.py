"""Rows in = rows kept + rows told of: a law of every import that reads a person's table."""

from __future__ import annotations

from pathlib import Path

import pytest
from raw_fixtures import Copy, copied
from table_forms import Form, write

from helpers.data import raw
from helpers.imports import grants, income, mapping, own_table, population, suppressed_comuni

# Each import checks against the whole data package.
pytestmark = pytest.mark.slow

ABOVE, BELOW = (("Regione Piemonte",), ()), (("Totale",), ("Fonte: elaborazioni",))


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Copy:
    return copied(tmp_path_factory.mktemp("package"))


def people(root: Path) -> tuple[list[str], list[list[str]]]:
    ages = raw.load("population", root)
    names = raw.load("comuni", root).set_index("istat")["name"]
    rows = [[row.istat, names[row.istat], row.age, row.male, row.female] for row in ages.itertuples()]
    sums = ages.groupby("istat")[["male", "female"]].sum()
    rows += [[code, names[code], 999, row["male"], row["female"]] for code, row in sums.iterrows()]
    other = [["015146", "Milano", age, 1, 1] for age in range(101)] + [["015146", "Milano", 999, 101, 101]]
    return ["Codice comune", "Comune", "Età", "Totale maschi", "Totale femmine"], rows + other


CASES = {
    "grants": (["progetto", "importo"], [["M1-01", "200.000,00"], ["M1-02", "n.d."]]),
    "income": (
        ["Anno di imposta", "Codice Istat Comune", "Numero contribuenti", "Reddito imponibile - Frequenza",
         "Reddito imponibile - Ammontare"],
        [["2030", "001001", "10", "9", "100"], ["2030", "015146", "10", "9", "100"], ["2030", "", "1", "1", "1"]],
    ),
    "changes": (
        ["Codice Comune", "Denominazione Comune", "Data evento", "Codice del Comune associato alla variazione",
         "Denominazione Comune associato alla variazione"],
        [["005079", "Moransengo", "01/01/2023", "005122", "Moransengo-Tonengo"],
         ["024044", "Gambugliano", "22/01/2024", "024128", "Sovizzo"],
         ["001999", "Antico", "22/01/1960", "001001", "Agliè"]],
    ),
}  # fmt: skip


def accounts(name: str, path: Path, root: Path) -> dict:
    plan = {
        "grants": lambda: grants.plan(path, "D.D. 1", root=root),
        "income": lambda: income.plan(path, root=root),
        "changes": lambda: suppressed_comuni.plan(path, root=root),
        "population": lambda: population.plan(path, year=2030, root=root),
        "mapping": lambda: mapping.plan(path, "D.G.R. 1", root=root),
        "table": lambda: own_table.plan(path, "quadrants", root=root),
    }[name]()
    return plan.accounts


IN_A_SPREADSHEET = ("grants", "income", "changes", "mapping", "table")


@pytest.mark.parametrize(
    ("name", "container"),
    [(name, "xlsx") for name in IN_A_SPREADSHEET] + [(n, "csv") for n in (*IN_A_SPREADSHEET, "population")],
)
def test_every_row_is_kept_or_told_of(copy, tmp_path, name, container):
    if name == "population":
        headings, rows = people(copy.root)
    elif name in ("mapping", "table"):
        resource = raw.resource("comune_distretto" if name == "mapping" else "quadrants", copy.root)
        table = raw.read_text(resource, copy.root).frame
        headings, rows = list(table), table.to_numpy().tolist()
    else:
        headings, rows = CASES[name]
    form = Form(container, above=ABOVE, below=BELOW)
    (account,) = accounts(name, write(tmp_path, headings, rows, form), copy.root).values()
    assert account.read == account.kept + sum(account.left_out.values())
    assert account.read == len(rows) + len(BELOW), "no row is lost before it is counted"
    assert account.left_out["a total"] == account.left_out["a note"] == 1
