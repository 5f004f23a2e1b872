"""A measure's budget divided by other criteria, as the site's simulator does it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.analysis import allocation
from helpers.data import processed, raw
from helpers.desk.names import find_measure
from helpers.errors import nearest, refuse
from helpers.subjects.strategy import measure_budget


def divide(measure: str = "Misura 1", *, budget: int | None = None, **weights: int) -> pd.DataFrame:
    """Divide a budget among the districts by weighted criteria: exact shares, whole euros, not one lost.

    Parameters
    ----------
    measure
        Whose budget is divided: ``Misura 1``, ``M2``, ``welfare-aziendale``.
    budget
        Another budget instead, in whole euro.
    **weights
        Weight of each criterion, a whole number from 0 to 100; only their proportions count: ``residents``,
        ``aged_65``, ``aged_80``, ``small`` (residents of small comuni), ``area``, ``equal``.

    Returns
    -------
    DataFrame
        Indexed by the name of the district: ``district`` (code), ``amount`` (euro), ``benchmark`` (euro, by residents
        alone), ``difference`` (euro), ``change`` (fraction of the benchmark), ``per_resident`` (euro). It is a
        benchmark, and no allocation.

    Raises
    ------
    InputError
        If there is no such measure, its budget is not known, or a criterion or weight is none.

    Notes
    -----
    Source: the budget is that of ``we.measures``; residents are ISTAT's.

    Examples
    --------
    >>> import helpers as we
    >>> divided = we.divide("Misura 1", residents=70, aged_80=30)
    >>> int(divided["amount"].sum()), divided.loc["Cuneo", ["amount", "benchmark"]].tolist()
    (6400000, [231980, 241260])
    """
    call = "we.divide"
    if budget is None:
        found = find_measure(measure, call)
        planned = raw.load("measures").set_index("measure_id").at[found, "budget_eur"]
        if pd.isna(planned):
            raise refuse(call, "no source gives the budget of this measure", "say it: budget=1000000", measure)
        budget = int(measure_budget(raw.load("measures"), found))
    processed.ensure()
    table = processed.load("districts")
    counted = allocation.quantities(table)
    try:
        given = allocation.weights_of(_meant(weights, call), counted)
        compared = allocation.against_benchmark(budget, counted, given)
    except (ValueError, TypeError) as error:
        raise refuse(call, str(error).rstrip("."), "write residents=70, aged_80=30, say", weights or budget) from None
    if not any(given):
        raise refuse(call, "no criterion has a weight", "write residents=70, aged_80=30, say")
    compared = compared.assign(district=table["code"]).set_index(pd.Index(table["name"], name="name"))
    ordered = compared[["district", "amount", "benchmark", "difference", "change", "per_resident"]]
    ordered.attrs = {"units": {"amount": "eur", "benchmark": "eur", "difference": "eur", "per_resident": "eur"}}
    return ordered


def _meant(weights: Mapping[str, int], call: str) -> Mapping[str, int]:
    for name in weights:
        if name not in allocation.CRITERIA:
            raise refuse(call, "there is no such criterion", nearest(name, allocation.CRITERIA), name)
    return weights
