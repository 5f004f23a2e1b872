"""Codes of one day to those of another: mergers, other codes, comuni that were parted or made of parts of others."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis.comuni_changes import Change, Graph, Matched, codes_of, codes_on, day_of, match
from helpers.data import raw
from helpers.imports.changes import find_renamed

COLUMNS = ["old_istat", "new_istat", "date", "kind"]


def table(*rows: tuple[str, ...]) -> pd.DataFrame:
    """Changes: old, new, and perhaps date and kind; else without a date, mergers."""
    whole = [(*row, *("", "merger")[len(row) - 2 :]) for row in rows]
    return pd.DataFrame(whole, columns=COLUMNS)


def codes(text: str) -> set[str]:
    return set(text.split())


# When a comune was made and ceased


def test_the_days_of_a_comune():
    graph = Graph(
        table(
            ("a", "n", "2014-01-01", "merger"),
            ("b", "n", "2014-01-01", "merger"),
            ("valmala", "busca", "2019-01-01", "merger"),
            ("old", "new", "2009-06-01", "renumbering"),
            ("o", "p", "2010-01-01", "split"),
            ("p", "q", "2012-01-01", "renumbering"),
            ("p", "r", "2011-01-01", "renumbering"),
            ("x", "y"),
            ("z", "y"),
        )
    )
    # Of two that merge a new one is made; one alone joins another that was there before.
    assert (graph.life("a"), graph.life("n")) == ((None, "2014-01-01"), ("2014-01-01", None))
    assert (graph.life("valmala"), graph.life("busca")) == ((None, "2019-01-01"), (None, None))
    assert (graph.life("old"), graph.life("new")) == ((None, "2009-06-01"), ("2009-06-01", None))
    # Who gives a part goes on; who leaves twice has ceased on the first day.
    assert (graph.life("o"), graph.life("p")) == ((None, None), ("2010-01-01", "2011-01-01"))
    # That it happened is known, not when.
    assert (graph.life("x"), graph.life("y"), graph.life("none")) == ((None, ""), ("", None), (None, None))


def test_the_day_since_which_a_code_exists():
    graph = Graph(table(("a", "n", "2014-01-01"), ("b", "n", "2012-01-01"), ("c", "n"), ("x", "y")))
    assert (graph.since("n"), graph.since("y"), graph.since("a")) == ("2012-01-01", "", "")


# Comuni that merge, or take another code


def test_codes_are_followed_either_way():
    changes = table(("a", "b", "", "renumbering"), ("b", "c", "", "renumbering"), ("x", "y"), ("z", "y"))
    newer = match(codes("c y k"), codes("a x z k"), changes)
    assert newer == Matched(merged={"a": "c", "x": "y", "z": "y"})
    older = match(codes("a x z"), codes("c y"), changes)
    assert older == Matched(renamed={"a": "c", "x": "y", "z": "y"})
    assert match(codes("q"), codes("a"), changes) == Matched(unknown=["q"], missing=["a"])


def test_one_comune_that_joins_another_needs_the_other_in_the_file():
    changes = table(("valmala", "busca"))
    assert match(codes("valmala busca"), codes("busca"), changes).renamed == {"valmala": "busca"}
    alone = match(codes("valmala"), codes("busca"), changes)
    assert alone.renamed == {} and alone.missing == ["busca"]
    assert alone.unplaced == {"valmala": "it is a part of busca, and the file lacks busca"}


def test_a_sum_that_lacks_a_part_is_no_sum():
    changes = table(("a", "n"), ("b", "m"), ("m", "n"), ("c", "m"))
    assert match(codes("a b c"), codes("n"), changes).renamed == dict.fromkeys("abc", "n")
    lacks = match(codes("a c"), codes("n"), changes)
    assert lacks.missing == ["n"] and set(lacks.unplaced) == {"a", "c"}
    assert lacks.unplaced["a"] == "it is a part of n, and the file lacks b"
    assert match(codes("a"), codes("n"), changes).unplaced == {"a": "it is a part of n, and the file lacks b, c"}


def test_a_change_later_than_the_file_did_not_happen_for_it():
    changes = table(("a", "n", "2023-01-01"), ("b", "n", "2023-01-01"))
    ours, file = codes("a b"), codes("n")
    assert match(file, ours, changes, dt.date(2023, 1, 1)).merged == {"a": "n", "b": "n"}
    assert match(file, ours, changes).merged == {"a": "n", "b": "n"}
    early = match(file, ours, changes, dt.date(2022, 1, 1))
    assert early == Matched(unknown=["n"], missing=["a", "b"])
    # An older file has the old codes, whatever day the package is of.
    assert match(ours, file, changes, dt.date(2022, 1, 1)).renamed == {"a": "n", "b": "n"}


# Comuni that are parted


def test_people_of_a_comune_that_was_parted_are_not_shared_out():
    changes = table(("o", "p", "2010-01-01", "split"), ("o", "q", "2010-01-01", "split"))
    older = match(codes("o k"), codes("p q k"), changes, dt.date(2009, 1, 1), dt.date(2022, 1, 1))
    assert older.unplaced == {"o": "its people are in p and q since, how many in each is not known"}
    assert older.renamed == {} and older.unborn == {"p": ["o"], "q": ["o"]} and older.missing == []


def test_parts_that_merged_again_are_one():
    changes = table(("o", "p", "", "split"), ("o", "q", "", "split"), ("p", "z"), ("q", "z"))
    assert match(codes("o"), codes("z"), changes).renamed == {"o": "z"}


def test_one_part_alone_does_not_say_where_the_others_are():
    changes = table(("o", "p", "", "split"))
    assert match(codes("o"), codes("p"), changes).unplaced == {
        "o": "its people are in p and elsewhere since, how many in each is not known"
    }


def test_a_comune_of_ours_that_was_parted_is_the_sum_of_its_parts():
    changes = table(("o", "p", "2030-01-01", "split"), ("o", "q", "2030-01-01", "split"))
    newer = match(codes("p q"), codes("o"), changes, dt.date(2030, 1, 1))
    assert newer == Matched(renamed={"p": "o", "q": "o"}, joined=["p", "q"])
    # Each of two that were parted is the sum of its own.
    both = table(*((old, old + n, "", "split") for old in "or" for n in "12"))
    found = match(codes("o1 o2 r1 r2"), codes("o r"), both)
    assert found == Matched({"o1": "o", "o2": "o", "r1": "r", "r2": "r"}, ["o1", "o2", "r1", "r2"])
    # A part that others have a part in is none.
    shared = table(("o", "p", "", "split"), ("o", "q", "", "split"), ("r", "q", "", "split"))
    found = match(codes("p q r"), codes("o r"), shared)
    assert found.missing == ["o"] and set(found.unplaced) == {"p", "q"} and found.renamed == {}


def test_a_comune_made_of_a_part_of_one_is_added_to_it_and_of_several_to_none():
    one = table(("caselle", "mappano", "", "split"))
    found = match(codes("caselle mappano"), codes("caselle"), one)
    assert found == Matched(renamed={"mappano": "caselle"}, joined=["mappano"])
    two = table(("caselle", "mappano", "", "split"), ("borgaro", "mappano", "", "split"))
    found = match(codes("caselle borgaro mappano"), codes("caselle borgaro"), two)
    assert found.unplaced == {"mappano": "it was made of parts of borgaro and caselle, how much of each is not known"}
    assert match(codes("caselle"), codes("caselle"), two) == Matched()


@pytest.mark.parametrize(
    ("date", "day", "known", "unborn"),
    [
        ("", "2012-01-01", "2022-01-01", True),
        ("", "2022-01-01", "2022-01-01", False),
        ("", "2030-01-01", "2022-01-01", False),
        ("2017-04-18", "2017-01-01", "2022-01-01", True),
        ("2017-04-18", "2017-04-18", "2022-01-01", False),
        ("2017-04-18", "2018-01-01", "2022-01-01", False),
        ("2017-04-18", None, None, True),
    ],
)
def test_before_it_was_made_a_comune_is_not_missing(date, day, known, unborn):
    changes = table(("caselle", "mappano", date, "split"), ("borgaro", "mappano", date, "split"))
    days = [text and dt.date.fromisoformat(text) for text in (day, known)]
    found = match(codes("caselle borgaro"), codes("caselle borgaro mappano"), changes, *days)
    assert (found.unborn, found.missing) == (
        ({"mappano": ["borgaro", "caselle"]}, []) if unborn else ({}, ["mappano"])
    )  # fmt: skip


def test_a_part_that_left_before_does_not_part_a_merger():
    changes = table(("caselle", "mappano", "", "split"), ("caselle", "new"), ("borgaro", "new"))
    newer = match(codes("new mappano"), codes("caselle borgaro mappano"), changes)
    assert newer == Matched(merged={"borgaro": "new", "caselle": "new"})
    # The file has the part: it left before. Without it nobody knows how many were of it.
    older = match(codes("caselle borgaro mappano"), codes("new mappano"), changes)
    assert older == Matched(renamed={"borgaro": "new", "caselle": "new"})
    assert set(match(codes("caselle borgaro"), codes("new mappano"), changes).unplaced) == {"caselle"}


# Followed from code to code


def always(change: Change) -> bool:
    return True


def dated(change: Change) -> bool:
    return bool(change.date)


def test_the_nearest_that_follow_are_found_on_every_way():
    graph = Graph(
        table(("a", "b"), ("b", "c"), ("c", "d"), ("o", "p", "", "split"), ("o", "q", "", "split"), ("q", "r"))
    )
    assert graph.heirs("a", codes("c d"), always) == (codes("c"), False)
    assert graph.heirs("a", codes("x"), always) == (set(), True)
    assert graph.heirs("o", codes("p r"), always) == (codes("p r"), False)
    # One of two ways ends nowhere, whichever is followed last.
    assert graph.heirs("o", codes("r"), always) == (codes("r"), True)
    assert graph.heirs("o", codes("p"), always) == (codes("p"), True)
    assert graph.heirs("none", codes("none"), always) == (set(), True)
    # Changes that do not count are not followed.
    assert graph.heirs("a", codes("c"), dated) == (set(), True)
    # A code that returns is not followed for ever.
    ring = Graph(table(("a", "b"), ("b", "a")))
    assert ring.heirs("a", codes("x"), always) == (set(), False)


def test_the_nearest_before_are_found_on_every_way():
    graph = Graph(table(("a", "m"), ("b", "m"), ("m", "n"), ("c", "n", "2010-01-01"), ("x", "y", "2010-01-01")))
    assert graph.origins("n", codes("m c"), always) == codes("m c")
    # A way that ends elsewhere gives its last code.
    assert graph.origins("n", codes("a"), always) == codes("a b c")
    assert graph.origins("n", set(), dated) == codes("c")
    # What comes from nothing has no origin, itself least of all.
    assert graph.origins("a", codes("a"), always) == set()
    ring = Graph(table(("a", "b"), ("b", "a")))
    assert ring.origins("a", set(), always) == set()


def test_what_was_made_of_parts_alone():
    graph = Graph(table(("a", "p", "", "split"), ("b", "p", "", "split"), ("c", "q", "", "split"), ("d", "q")))
    assert [graph.is_part(code) for code in "pqa"] == [True, False, False]


# Which codes there were on a day

HISTORY = (
    ("a", "n", "2014-01-01"), ("b", "n", "2014-01-01"), ("n", "z", "2020-01-01", "renumbering"),
    ("valmala", "busca", "2019-01-01"), ("o", "p", "2010-06-01", "split"), ("far", "away", "2012-01-01"),
    ("far2", "away", "2012-01-01"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("day", "existed"),
    [
        ("2009-01-01", "a b o valmala busca"),
        # What happens on a day has happened.
        ("2010-05-31", "a b o valmala busca"),
        ("2010-06-01", "a b o p valmala busca"),
        ("2013-12-31", "a b o p valmala busca"),
        ("2014-01-01", "n o p valmala busca"),
        ("2019-01-01", "n o p busca"),
        ("2020-01-01", "z o p busca"),
    ],
)
@pytest.mark.parametrize("ours", ["a b o busca", "n p valmala", "z o p busca"])
def test_the_edition_of_a_day(day, existed, ours):
    """Whichever edition is known; what no change ties to ours is in none."""
    assert codes_on(dt.date.fromisoformat(day), codes(ours), table(*HISTORY)) == codes(existed)


def test_where_the_day_of_a_change_is_not_known_ours_are_told_as_they_are():
    changes = table(("x", "y"), ("w", "y"), ("y", "v", "2015-01-01", "renumbering"), ("k", "v", "2015-01-01"))
    # x and w ceased on no known day, since when y exists: only what is listed is told of these.
    assert codes_on(dt.date(2010, 1, 1), codes("x w k"), changes) == codes("x w k")
    assert codes_on(dt.date(2010, 1, 1), codes("y k"), changes) == codes("y k")
    assert codes_on(dt.date(2016, 1, 1), codes("v"), changes) == codes("v")
    assert codes_on(dt.date(2016, 1, 1), iter(["alone"]), changes) == codes("alone")


def test_all_codes_that_changes_tie_to_some():
    changes = table(("a", "b"), ("b", "c"), ("d", "c"), ("x", "y"), ("x", "w"))
    assert codes_of(changes, "a") == codes("a b c d") == codes_of(changes, "d")
    assert codes_of(changes, ["y", "alone"]) == codes("x y w alone")
    assert codes_of(changes, []) == set()


@pytest.mark.parametrize(
    ("ours", "near", "day"),
    [
        # Before one of them ceased, since all were made, and else the day that is asked for.
        ("a b", "2030-01-01", "2013-12-31"),
        ("a b", "2005-05-05", "2005-05-05"),
        ("n", "2000-01-01", "2014-01-01"),
        ("n", "2016-02-03", "2016-02-03"),
        ("n", "2030-01-01", "2019-12-31"),
        ("z", "2030-01-01", "2030-01-01"),
        ("z p", "2000-01-01", "2020-01-01"),
        ("n valmala", "2030-01-01", "2018-12-31"),
        ("n p", "2000-01-01", "2014-01-01"),
        # Of what nothing is told.
        ("k", "2001-02-03", "2001-02-03"),
        # There is no day on which both existed.
        ("a z", "2030-01-01", "2013-12-31"),
        ("a z", "2000-01-01", "2013-12-31"),
    ],
)
def test_the_nearest_day_on_which_all_existed(ours, near, day):
    found = day_of(ours.split(), table(*HISTORY), dt.date.fromisoformat(near))
    assert found == dt.date.fromisoformat(day)


def test_a_table_without_days_and_kinds_tells_the_ways_alone():
    bare = pd.DataFrame({"old_istat": ["a", "b"], "new_istat": ["n", "n"]})
    assert match(codes("a b"), codes("n"), bare) == Matched(renamed={"a": "n", "b": "n"})
    assert Graph(bare).life("n") == ("", None)


@pytest.mark.parametrize(
    ("change", "day", "happened"),
    [
        ("2014-01-01", "2014-01-01", True),
        ("2014-01-01", "2013-12-31", False),
        ("", "2000-01-01", True),
        ("2014-01-01", "", True),
    ],
)
def test_what_may_have_happened_by_a_day(change, day, happened):
    assert Change("a", "b", change, "merger").happened(day) is happened


@pytest.mark.parametrize(
    ("change", "day", "kind", "listed", "divides"),
    [
        # People of both are listed apart: those of the old code are not under the new one.
        ("", "", "split", "o p", False),
        ("", "", "split", "o", True),
        # It was before the file: who left is in the file elsewhere.
        ("2014-01-01", "2014-01-01", "split", "o", False),
        ("2014-01-01", "2013-12-31", "split", "o", True),
        ("", "2013-12-31", "split", "o", True),
        ("2014-01-01", "", "split", "o", True),
        ("2014-01-01", "2014-01-01", "merger", "o p", True),
    ],
)
def test_what_carries_people_that_are_counted_under_the_old_code(change, day, kind, listed, divides):
    assert Change("o", "p", change, kind).divides(day, codes(listed)) is divides


def test_what_a_file_lacks_of_a_comune():
    graph = Graph(
        table(
            ("a", "n"), ("b", "n"), ("c", "b"), ("d", "b"), ("valmala", "busca"), ("o", "p", "", "split"),
            ("r", "p", "", "split"), ("s", "t", "", "split"), ("u", "t"), ("w", "t"),
            ("x", "y", "", "renumbering"), ("y", "x", "", "renumbering"),
        )
    )  # fmt: skip
    assert graph.lacking("n", codes("a b")) == []
    assert graph.lacking("n", codes("a")) == ["c", "d"]
    assert graph.lacking("n", codes("a c")) == ["d"]
    # Nothing is told of it, or one alone joined it: it must be there itself.
    assert graph.lacking("k", codes("a")) == ["k"] and graph.lacking("busca", codes("valmala")) == ["busca"]
    assert graph.lacking("p", codes("o")) == ["r"]
    # Who gave a part only is not needed where others merged.
    assert graph.lacking("t", codes("u")) == ["w"] and graph.lacking("t", codes("u w")) == []
    # A code that was given back.
    assert graph.lacking("x", codes("a")) == ["y"] and graph.lacking("x", codes("y")) == []


# Laws

CODE = st.sampled_from("abcdefgh")
ROWS = st.lists(
    st.tuples(CODE, CODE, st.sampled_from(["", "2010-01-01", "2020-01-01"]), st.sampled_from(["merger", "split"])),
    max_size=8,
)


@given(ROWS, st.sets(CODE, min_size=1), st.sets(CODE, min_size=1), st.sampled_from([None, dt.date(2015, 1, 1)]))
@pytest.mark.slow
def test_every_code_has_one_place(rows, listed, ours, day):
    found = match(listed, ours, table(*rows), day)
    placed = [*found.renamed, *found.unplaced, *found.unknown, *(set(found.merged.values()) - ours)]
    assert sorted(placed) == sorted(listed - ours)
    reached = set(found.renamed.values())
    assert reached <= ours and set(found.merged.values()) <= listed
    left = [*found.merged, *found.unborn, *found.missing]
    assert len(left) == len(set(left)) and set(left) == ours - listed - reached


@given(ROWS, st.sets(CODE, min_size=1))
@pytest.mark.slow
def test_the_same_codes_always_match(rows, same):
    assert match(same, same, table(*rows)) == Matched()


@given(st.lists(st.sampled_from("0123"), min_size=1, max_size=6), st.data())
@pytest.mark.slow
def test_a_history_of_mergers_carries_all_people(parents, data):
    """Comuni merge year by year: whatever year a file is of, its people are those of the comuni of today."""
    alive, rows, years = {f"old{n}" for n in range(4)}, [], []
    years.append(set(alive))
    for n, _ in enumerate(parents):
        gone = data.draw(st.sets(st.sampled_from(sorted(alive)), min_size=min(2, len(alive)), max_size=3))
        rows += [(code, f"new{n}", f"{2000 + n + 1}-01-01") for code in sorted(gone)]
        alive = (alive - gone) | {f"new{n}"}
        years.append(set(alive))
        if len(alive) < 2:
            break
    changes = table(*rows)
    for n, listed in enumerate(years):
        found = match(listed, alive, changes, dt.date(2000 + n, 1, 1), dt.date(2099, 1, 1))
        assert (found.missing, found.unknown, found.unplaced, found.merged) == ([], [], {}, {})
        assert {found.renamed.get(code, code) for code in listed} == alive
        # And the other way: the package of that year with a file of today.
        back = match(alive, listed, changes, dt.date(2099, 1, 1))
        assert back.missing == [] and {back.merged.get(code, code) for code in listed} == alive


# The table of the package


def test_every_change_of_the_package_leads_to_a_comune_of_today_or_from_one():
    ours, changes = set(raw.load("comuni")["istat"]), raw.load("comuni_changes")
    text = changes.assign(date=changes["date"].dt.strftime("%Y-%m-%d").fillna(""))[COLUMNS]
    older = set(text["old_istat"]) - ours
    assert len(older) == 45
    found = match(ours | older, ours, text)
    assert set(found.renamed) == older and not (found.unplaced or found.unknown)
    # Mosso was made of two in 1999, and is in Valdilana since 2019.
    assert {found.renamed[code] for code in ("096036", "096045", "096084", "096070")} == {"096088"}
    newer = match((ours - {"005079", "005110"}) | {"005122"}, ours, text, dt.date(2023, 1, 1))
    assert newer == Matched(merged={"005079": "005122", "005110": "005122"})
    early = match(ours - {"001316"}, ours, text, dt.date(2009, 12, 31), dt.date(2022, 1, 1))
    assert early == Matched(unborn={"001316": ["001028", "001063"]})
    assert codes_of(text, ["096088"]) == {"096036", "096045", "096062", "096070", "096073", "096084", "096088"}


def test_another_spelling_is_no_other_name():
    ours = raw.load("comuni").set_index("istat")["name"].to_dict()
    # ISTAT's classification of 1 January 2026.
    theirs = {"001199": "Pont Canavese", "005014": "Calliano Monferrato", "006113": "Murisengo Monferrato"}
    assert find_renamed(ours, theirs | {"001001": "AGLIE'"}) == {
        "005014": "Calliano Monferrato",
        "006113": "Murisengo Monferrato",
    }
    assert find_renamed(ours, {code: name.upper() for code, name in ours.items()} | {"005122": "Nuovo"}) == {}
