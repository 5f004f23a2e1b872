"""Which regions a file of Italy covers, when provinces change."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from helpers.data import raw
from helpers.imports.provinces import cover, sets_of

DAY = dt.date(2026, 1, 1)
OLD, NEW = ("090", "091", "092", "095", "111"), tuple(str(code) for code in range(112, 120))


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return raw.read_text(raw.resource("province_regions")).frame


def comuni(table: pd.DataFrame, *without: str, more: dict[str, int] | None = None) -> set[str]:
    """As many codes as each province in use in 2026 has comuni, without some provinces and with others."""
    own = table[table["valid_to"] == ""]
    sizes = dict(zip(own["province_code"], own["comuni"].astype(int), strict=True))
    sizes = {code: n for code, n in sizes.items() if code not in without} | (more or {})
    return {f"{code}{n:03d}" for code, size in sizes.items() for n in range(1, size + 1)}


def test_italy_has_twenty_regions_on_both_days(table):
    for day in (dt.date(2022, 1, 1), DAY):
        own = {code: sets_of(table, code, day)[0] for code in sorted(set(table["region_code"]))}
        assert len(own) == 20 and sum(map(len, own.values())) == (107 if day.year == 2022 else 110)
        assert own["20"] == frozenset(OLD if day.year == 2022 else NEW)
    piedmont = raw.load("provinces")["province_code"]
    assert set(piedmont) == set(sets_of(table, "01", DAY)[0])
    counts = raw.load("comuni")["province_code"].value_counts()
    known = table.set_index("province_code")["comuni"].astype(int)
    # Of the comuni of 2022 two merged since.
    assert (counts - known.reindex(counts.index)).loc[lambda apart: apart != 0].to_dict() == {"005": 1}


@pytest.mark.parametrize("day", [dt.date(2015, 1, 1), dt.date(2022, 1, 1), DAY, dt.date(2030, 1, 1)])
def test_new_provinces_of_a_region_are_known_with_their_days(table, day):
    found = cover(comuni(table), table, day)
    assert len(found.whole) == 20 and not (found.behind or found.unknown or found.few)
    assert {found.region_of[code] for code in NEW} == {"20"}


@pytest.mark.slow
def test_a_file_of_the_first_of_january_may_have_the_codes_of_the_day_before(table):
    old = comuni(table, *NEW, more={"090": 92, "091": 74, "092": 17, "095": 87, "111": 107})
    assert len(cover(old, table, DAY).whole) == 20
    late = cover(old, table, dt.date(2027, 1, 1))
    assert late.behind == {
        "20": "the file lacks its provinces 112, 113, 114, 115, 116, 117, 118, 119 and it has 090, 091, 092, 095, 111, "
        "of another time"
    }


def test_provinces_nobody_knows_leave_their_region_behind_and_no_other(table):
    found = cover(comuni(table, *NEW, more={"120": 300, "121": 77}), table, dt.date(2030, 1, 1))
    assert found.unknown == ["120", "121"] and "20" not in found.whole and len(found.whole) == 19
    assert found.behind == {"20": "the file has none of its provinces"}


@pytest.mark.slow
def test_a_province_cut_out_of_another_leaves_behind_what_may_lack_it(table):
    # Lodi's comuni and 20 of Milano's in a province of their own: Lombardia has all its provinces, and lacks 20 comuni.
    short = {code for code in comuni(table) if not ("015114" <= code <= "015133")}
    found = cover(short | {f"120{n:03d}" for n in range(1, 21)}, table, dt.date(2030, 1, 1))
    assert found.behind == {"03": "20 of its comuni may be in the provinces that are not known"}
    assert len(found.whole) == 19 and found.unknown == ["120"]
    # Comuni that merged are no province.
    merged = cover(comuni(table) - {"024001", "024002"}, table, dt.date(2030, 1, 1))
    assert len(merged.whole) == 20


def test_a_part_of_a_region_is_not_the_region(table):
    found = cover(comuni(table, "103"), table, DAY)
    assert found.behind == {"01": "the file lacks its province 103"}
    north = cover({code for code in comuni(table) if code[:3] in ("007", "001")}, table, DAY)
    assert north.whole == ["02"] and len(north.behind) == 19


def test_few_comuni_are_told(table):
    found = cover({code for code in comuni(table) if code[:3] != "015" or code < "015010"}, table, DAY)
    assert found.few == {"03": (1502 - 124, 1502)} and "03" in found.whole


def test_codes_of_later_are_taken_too():
    rows = [("024", "05", "2", "", ""), ("025", "05", "1", "", "2027-12-31"), ("121", "05", "1", "2028-01-01", "")]
    table = pd.DataFrame(rows, columns=["province_code", "region_code", "comuni", "valid_from", "valid_to"])
    before, after = frozenset({"024", "025"}), frozenset({"024", "121"})
    assert sets_of(table, "05", dt.date(2027, 1, 1)) == [before, after]
    assert sets_of(table, "05", dt.date(2028, 1, 1)) == [after, before]
    assert sets_of(table, "05", dt.date(2029, 1, 1)) == [after]
    both = cover({"024001", "024002", "025001", "121001"}, table, dt.date(2028, 1, 1))
    assert both.behind == {"05": "it has 025, of another time"}
