"""The rules that join tables, and the published figures the tables must add up to."""

from __future__ import annotations

import re

import pandas as pd

from helpers.analysis.territory import REGION
from helpers.checks.keys import complete
from helpers.checks.package import Package
from helpers.errors import Problem

DISTRICTS = 30
#: Planned in 2017, euro (D.G.R. 22-5076).
BUDGETS = {"FSE": 15_000_000, "FESR": 5_000_000}
#: Of these, by measure (the same act and the calls).
BY_MEASURE = {"M1": 6_400_000, "ACC": 1_000_000, "M2": 3_600_000, "WA": 4_000_000, "FESR": 5_000_000}
#: Projects of Misura 1 by quadrant, as the Region approved them.
PROJECTS = {"torino": 10, "cuneo": 5, "asti-alessandria": 1, "vco-vercelli-biella-novara": 6}
#: Kinds of items of the pact of which the site tells the text, not the title alone.
TOLD_IN_FULL = ("objective", "principle", "weakness", "premise", "arrangement")
AGES = 101
#: Columns that pages lead to, and what begins an address that is none of the web.
ADDRESSES = (("sources", "address"), ("projects", "link"))
NOT_WEB = r"\s*(?:(?!https?://)[A-Za-z][A-Za-z0-9+.\-]*:(?!\s)|//).*"
_FORMS = {"year": r"\d{4}", "month": r"\d{4}-\d{2}", "season": r"\d{4}-[a-z]+", "day": r"\d{4}-\d{2}-\d{2}"}


def check_rules(package: Package) -> list[Problem]:
    """Check every rule across tables; a rule whose tables could not be read is left out.

    Parameters
    ----------
    package
        The data package, each table already checked by itself.

    Returns
    -------
    list of Problem
        In the order of the rules.
    """
    return [
        *complete(
            package, "comune_distretto", "istat", "comuni", "istat", "name",
            "every comune must be in exactly one district; this one has no row",
        ),
        *complete(
            package, "province_quadrant", "province_code", "provinces", "province_code", "name",
            "every province must be in a quadrant",
        ),
        *complete(
            package, "comune_distretto", "distretto_id", "districts", "distretto_id", "name",
            "every district must have at least one comune",
        ),
        *_names(package, "comune_distretto", "istat", "comune"),
        *_names(package, "misura1_projects", "capofila_istat", "capofila_town"),
        *_districts(package),
        *_ages(package, "population", "istat", "comuni"),
        *_ages(package, "population_will", "istat", "will_comuni"),
        *_ages(package, "population_regions", "region_code", "regions"),
        *_years(package, "population_will", "istat"),
        *_years(package, "population_regions", "region_code"),
        *_sums(package),
        *_codes_of_provinces(package),
        *_pages_of_measures(package),
        *_titles(package),
        *_texts_of_the_pact(package),
        *_budgets(package),
        *_projects(package),
        *_dates(package),
        *_addresses(package),
    ]  # fmt: skip


def _names(package: Package, table: str, code: str, name: str) -> list[Problem]:
    frame, comuni = package.frame(table), package.frame("comuni")
    if frame is None or comuni is None:
        return []
    due = frame[code].map(comuni.drop_duplicates("istat").set_index("istat")["name"])
    wrong = due.notna() & (frame[name] != due)
    rule = f"the name is not the one that {package.file('comuni')} gives for the code in column {code}"
    return [
        package.problem(table, rule, f"write {due[i]}, or correct the code", i, name, frame[name][i])
        for i in package.find_unflagged(table, name, wrong)
    ]


def _districts(package: Package) -> list[Problem]:
    frame = package.frame("districts")
    if frame is None or len(frame) == DISTRICTS:
        return []
    rule = f"the strategy has {DISTRICTS} districts"
    return [package.problem("districts", rule, "add or remove rows", None, "distretto_id", len(frame))]


def _ages(package: Package, table: str, key: str, parent: str) -> list[Problem]:
    frame, known = package.frame(table), package.frame(parent)
    if frame is None or known is None:
        return []
    # Ages are whole, 0 to 100 and once per key (checked before), so counting them is enough.
    counts = frame[key].value_counts().reindex(known[key].drop_duplicates(), fill_value=0)
    rule = "there must be one row for each age from 0 to 100"
    return [
        package.problem(table, rule, f"complete the rows of {code}", None, key, f"{code}: {count} ages")
        for code, count in counts[counts != AGES].items()
    ]


def _years(package: Package, table: str, key: str) -> list[Problem]:
    """All people of a territory were counted in the same year."""
    frame = package.frame(table)
    if frame is None:
        return []
    first = frame.groupby(key)["year"].transform("first")
    rule = "all ages of a territory must be of one year"
    return [
        package.problem(table, rule, f"correct the year, or import {frame[key][i]} again", i, "year", frame["year"][i])
        for i in package.find_unflagged(table, "year", frame["year"] != first)
    ]


def _sums(package: Package) -> list[Problem]:
    """Residents of a year are those of the year before and what came and went; ages and sexes both sum to them."""
    found = []
    for table, column, plus, minus, rule in (
        (
            "demographic_balance", "closing",
            ("opening", "births", "in_italy", "in_abroad", "territorial"), ("deaths", "out_italy", "out_abroad"),
            "the residents on 31 December must be those on 1 January and all that came and went",
        ),
        (
            "population_broad_ages", "age_65_plus", ("female", "male"), ("age_0_14", "age_15_64"),
            "the three ages must sum to women and men",
        ),
    ):  # fmt: skip
        frame = package.frame(table)
        if frame is None or any(cell[0] == table for cell in package.flagged):
            continue
        numbers = frame[[column, *plus, *minus]].astype("int64")
        wrong = numbers[list(plus)].sum(axis=1) - numbers[list(minus)].sum(axis=1) != numbers[column]
        remedy = "correct the row, or import the producer's file again"
        found += [package.problem(table, rule, remedy, i, column, frame[column][i]) for i in wrong.index[wrong]]
    return found


def _codes_of_provinces(package: Package) -> list[Problem]:
    """A code begins before it ends, and the comuni of Piedmont are in provinces of it."""
    frame, own = package.frame("province_regions"), package.frame("provinces")
    if frame is None or own is None:
        return []
    ends = (frame["valid_to"] != "") & (frame["valid_to"] < frame["valid_from"])
    rule = "the last day is before the first"
    found = [
        package.problem("province_regions", rule, "correct one of them", i, "valid_to", frame["valid_to"][i])
        for i in package.find_unflagged("province_regions", "valid_to", ends)
    ]
    known = set(frame.loc[frame["region_code"] == REGION, "province_code"])
    rule = f"the province must be one of region {REGION} in {package.file('province_regions')}"
    return found + [
        package.problem("provinces", rule, "add its row there", i, "province_code", own["province_code"][i])
        for i in package.find_unflagged("provinces", "province_code", ~own["province_code"].isin(known))
    ]


def _pages_of_measures(package: Package) -> list[Problem]:
    """A measure has a page and a place in the act; a call that is part of one has neither."""
    frame = package.frame("measures")
    if frame is None:
        return []
    part = frame["sub_call_of"] != ""
    found = []
    for column in ("slug", "place_in_act"):
        blank = frame[column] == ""
        for wrong, rule, remedy in (
            (~part & blank, "a measure that is no part of another must have one", "fill the cell"),
            (part & ~blank, "a call that is part of a measure has none of its own", "empty the cell"),
        ):
            found += [
                package.problem("measures", rule, remedy, i, column, frame[column][i] or None)
                for i in package.find_unflagged("measures", column, wrong)
            ]
    return found


def _titles(package: Package) -> list[Problem]:
    """The title of a project of Misura 1 has a status, and no other has one."""
    frame = package.frame("misura1_projects")
    if frame is None:
        return []
    wrong = (frame["project_title"] == "") != (frame["title_status"] == "")
    rule = "a project has a title and how it is known, or neither"
    return [
        package.problem(
            "misura1_projects", rule, "fill both cells, or empty both", i, "title_status", frame["title_status"][i]
        )
        for i in package.find_unflagged("misura1_projects", "title_status", wrong)
    ]


def _texts_of_the_pact(package: Package) -> list[Problem]:
    frame = package.frame("patto_text")
    if frame is None:
        return []
    told = frame["kind"].isin(TOLD_IN_FULL)
    rule = f"an item of a kind that is told in full ({', '.join(TOLD_IN_FULL)}) must have its text"
    return [
        package.problem("patto_text", rule, "fill the cell", i, column)
        for column in ("text_it", "text_en")
        for i in package.find_unflagged("patto_text", column, told & (frame[column] == ""))
    ]


def _budgets(package: Package) -> list[Problem]:
    frame = package.frame("measures")
    if frame is None or any(cell[0] == "measures" and cell[2] == "budget_eur" for cell in package.flagged):
        return []
    due = frame["measure_id"].map(BY_MEASURE)
    told = pd.to_numeric(frame["budget_eur"])
    if (wrong := due.notna() & told.notna() & (told != due)).any():
        rule = "the budget of the measure is not the one planned in 2017"
        return [
            package.problem("measures", rule, f"write {int(due[i])}", i, "budget_eur", frame["budget_eur"][i])
            for i in wrong.index[wrong]
        ]
    top = frame[frame["sub_call_of"] == ""]
    budgets = pd.to_numeric(top["budget_eur"]).fillna(0).astype("int64")
    sums = budgets.groupby(top["fund"]).sum().reindex(BUDGETS, fill_value=0)
    if sums.to_dict() == BUDGETS:
        return []
    rule = (
        "the budgets of the measures (rows without sub_call_of) must sum to 20,000,000 euro:"
        " 15,000,000 FSE and 5,000,000 FESR"
    )
    value = f"{sums.sum():,}: {sums['FSE']:,} FSE and {sums['FESR']:,} FESR"
    remedy = "correct the budgets: they are those planned in 2017"
    return [package.problem("measures", rule, remedy, None, "budget_eur", value)]


def _projects(package: Package) -> list[Problem]:
    frame = package.frame("misura1_projects")
    if frame is None:
        return []
    counts = frame["quadrant_id"].value_counts().reindex(PROJECTS, fill_value=0).to_dict()
    if counts == PROJECTS and len(frame) == sum(PROJECTS.values()):
        return []
    due = ", ".join(f"{count} {name}" for name, count in PROJECTS.items())
    value = ", ".join(f"{count} {name}" for name, count in counts.items())
    rule = f"Misura 1 has {sum(PROJECTS.values())} projects: {due}"
    remedy = "add, remove or correct rows: the Region approved these"
    return [package.problem("misura1_projects", rule, remedy, None, "quadrant_id", f"{len(frame)}: {value}")]


def _dates(package: Package) -> list[Problem]:
    frame = package.frame("events")
    if frame is None:
        return []
    wrong = pd.Series(False, index=frame.index)
    for precision, form in _FORMS.items():
        wrong |= (frame["precision"] == precision) & ~frame["date"].str.fullmatch(form)
    days = frame["date"].where(frame["precision"] == "day")
    wrong |= days.notna() & pd.to_datetime(days, format="%Y-%m-%d", errors="coerce").isna()
    return [
        package.problem(
            "events",
            "the date does not fit its precision, or does not exist",
            f"write the date as a {frame['precision'][i]}, or correct the precision",
            i,
            "date",
            frame["date"][i],
        )
        for i in package.find_unflagged("events", "date", wrong)
    ]


def _addresses(package: Package) -> list[Problem]:
    """What looks like an address is one of the web: pages lead there."""
    found = []
    for table, column in ADDRESSES:
        frame = package.frame(table)
        if frame is not None:
            wrong = frame[column].str.fullmatch(NOT_WEB, flags=re.DOTALL).fillna(False)
            found += [
                package.problem(
                    table,
                    "an address must begin with https:// or http://",
                    "write the address on the web, or the title of the document",
                    i,
                    column,
                    frame[column][i],
                )
                for i in package.find_unflagged(table, column, wrong)
            ]
    return found
