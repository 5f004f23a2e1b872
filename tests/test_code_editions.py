"""Rows of tables of other years and the comuni of ours whose people they count, from small tables of changes."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.code_editions import find_homes, find_shared, join_broken

Rows = list[tuple[str, int, str]]


def changes(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Changes whose day is not known: old code, new code, kind."""
    return pd.DataFrame(rows, columns=["old_istat", "new_istat", "kind"]).assign(date="")


def listed(year: int, codes: str) -> pd.DataFrame:
    """Rows of a table of one year, in the order given."""
    return pd.DataFrame({"istat": codes.split(), "year": year})


def homes(*rows: tuple[str, int, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["istat", "year", "home"])


def rows_of(found: pd.DataFrame) -> Rows:
    assert list(found) == ["istat", "year", "home"] and list(found.index) == list(range(len(found)))
    return list(found.itertuples(index=False, name=None))


# Which comuni a row speaks of


def test_a_row_speaks_of_the_comune_of_its_code():
    found = find_homes(listed(2020, "b a"), {"a", "b", "c"}, changes())
    assert rows_of(found) == [("a", 2020, "a"), ("b", 2020, "b")]


def test_each_year_is_matched_by_its_own_codes():
    """a and b merged into n: they stand apart in the older years, and together since."""
    merger = changes(("a", "n", "merger"), ("b", "n", "merger"))
    table = pd.concat([listed(2023, "n k"), listed(2020, "k b a"), listed(2021, "a b k")])
    apart: Rows = [("a", 2020, "a"), ("b", 2020, "b"), ("k", 2020, "k")]
    # The package is the older: one row counts the people of two.
    together: Rows = [("k", 2023, "k"), ("n", 2023, "a"), ("n", 2023, "b")]
    found = find_homes(table, {"a", "b", "k"}, merger)
    assert rows_of(found) == [*apart, *((code, 2021, home) for code, _, home in apart), *together]
    # The package is the newer: two rows count the people of one.
    found = find_homes(table, {"n", "k"}, merger)
    assert rows_of(found) == [
        *(("a", 2020, "n"), ("b", 2020, "n"), ("k", 2020, "k")),
        *(("a", 2021, "n"), ("b", 2021, "n"), ("k", 2021, "k")),
        *(("k", 2023, "k"), ("n", 2023, "n")),
    ]


def test_rows_that_no_change_leads_to_one_of_ours_are_left_out():
    assert rows_of(find_homes(listed(2020, "a elsewhere"), {"a"}, changes())) == [("a", 2020, "a")]
    assert rows_of(find_homes(listed(2020, ""), {"a"}, changes())) == []


def test_a_part_of_a_comune_does_not_stand_for_it_where_the_others_are_in_no_row():
    merger = changes(("a", "n", "merger"), ("b", "n", "merger"), ("valmala", "busca", "merger"))
    ours = {"n", "busca", "k"}
    assert rows_of(find_homes(listed(2020, "a k valmala"), ours, merger)) == [("k", 2020, "k")]
    found = find_homes(listed(2020, "a b valmala busca"), ours, merger)
    assert rows_of(found) == [
        *(("a", 2020, "n"), ("b", 2020, "n"), ("busca", 2020, "busca"), ("valmala", 2020, "busca")),
    ]


def test_people_who_went_to_several_comuni_are_of_each_that_is_whole():
    """o gave all its people to p and q; q has those of r too, p was there before and is in the table."""
    parted = changes(("o", "p", "split"), ("o", "q", "split"), ("r", "q", "merger"), ("s", "q", "merger"))
    found = find_homes(listed(2020, "o p r s"), {"p", "q"}, parted)
    assert rows_of(found) == [
        *(("o", 2020, "p"), ("o", 2020, "q"), ("p", 2020, "p"), ("r", 2020, "q"), ("s", 2020, "q")),
    ]
    found = find_homes(listed(2020, "o p r"), {"p", "q"}, parted)
    assert rows_of(found) == [("o", 2020, "p"), ("p", 2020, "p")]


def test_before_a_comune_was_made_of_parts_its_people_may_be_in_each_row():
    made = changes(("caselle", "mappano", "split"), ("borgaro", "mappano", "split"))
    found = find_homes(listed(2010, "caselle borgaro"), {"caselle", "borgaro", "mappano"}, made)
    assert rows_of(found) == [
        *(("borgaro", 2010, "borgaro"), ("borgaro", 2010, "mappano")),
        *(("caselle", 2010, "caselle"), ("caselle", 2010, "mappano")),
    ]
    # A comune that gave a part and is in no row of the table has no row there.
    found = find_homes(listed(2010, "caselle"), {"caselle", "mappano"}, made)
    assert rows_of(found) == [("caselle", 2010, "caselle"), ("caselle", 2010, "mappano")]


def test_a_comune_that_was_parted_speaks_of_all_that_have_its_people():
    parted = changes(("o", "p", "split"), ("o", "q", "split"))
    assert rows_of(find_homes(listed(2010, "o"), {"p", "q"}, parted)) == [("o", 2010, "p"), ("o", 2010, "q")]


def test_a_comune_younger_than_ours_speaks_of_all_that_gave_it_a_part():
    made = changes(("caselle", "mappano", "split"), ("borgaro", "mappano", "split"), ("far", "mappano", "split"))
    found = find_homes(listed(2020, "caselle borgaro mappano"), {"caselle", "borgaro"}, made)
    # One of those that gave a part is none of ours.
    assert rows_of(found) == [
        *(("borgaro", 2020, "borgaro"), ("caselle", 2020, "caselle")),
        *(("mappano", 2020, "borgaro"), ("mappano", 2020, "caselle")),
    ]


# Breaks of the territory


def test_before_a_break_no_comune_that_it_concerns_has_a_number_of_its_own():
    """b and c change in 2016: rows of both, before, may count people of either."""
    known = homes(*((code, year, code) for year in (2016, 2014, 2015) for code in "cab"))
    found = join_broken(known, pd.DataFrame({"istat": ["c", "b"], "year": 2016}))
    assert rows_of(found) == [
        *(("a", 2014, "a"), ("a", 2015, "a"), ("a", 2016, "a")),
        *(("b", 2014, "b"), ("b", 2014, "c"), ("b", 2015, "b"), ("b", 2015, "c"), ("b", 2016, "b")),
        *(("c", 2014, "b"), ("c", 2014, "c"), ("c", 2015, "b"), ("c", 2015, "c"), ("c", 2016, "c")),
    ]


def test_breaks_of_different_years_stand_by_themselves():
    known = homes(("a", 2010, "a"), ("b", 2010, "b"), ("a", 2015, "a"), ("b", 2015, "b"))
    breaks = pd.DataFrame({"istat": ["a", "x", "b", "y"], "year": [2012, 2012, 2020, 2020]})
    assert rows_of(join_broken(known, breaks)) == [
        *(("a", 2010, "a"), ("a", 2010, "x"), ("a", 2015, "a")),
        *(("b", 2010, "b"), ("b", 2010, "y"), ("b", 2015, "b"), ("b", 2015, "y")),
    ]


def test_without_breaks_only_the_order_changes():
    known = homes(("b", 2010, "b"), ("a", 2010, "z"), ("a", 2010, "a"))
    found = join_broken(known, pd.DataFrame({"istat": [], "year": []}))
    assert rows_of(found) == [("a", 2010, "a"), ("a", 2010, "z"), ("b", 2010, "b")]


# Comuni that are counted with others


def test_who_shares_a_row_in_the_latest_year_is_named_with_the_others():
    known = homes(
        # Together before, apart since.
        ("m", 2020, "e"), ("m", 2020, "f"), ("e", 2023, "e"), ("f", 2023, "f"),
        # In one row with b, and in another with c and b.
        ("n", 2023, "b"), ("n", 2023, "a"), ("o", 2023, "c"), ("o", 2023, "b"), ("o", 2023, "a"),
        ("k", 2023, "k"),
    )  # fmt: skip
    found = find_shared(known)
    assert found.to_dict() == {"a": ["b", "c"], "b": ["a", "c"], "c": ["a", "b"]}
    assert find_shared(known[known["home"].isin(["e", "f"])]).to_dict() == {}
