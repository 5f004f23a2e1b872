"""A few trials of each kind that `make trust` runs for hours, from a fixed seed."""

import pytest
import trials
from tally import Tally

#: What each kind is given of a test's time, and the least it must have told as a problem.
SHORT = {
    "inputs: valid cells changed": 4,
    "inputs: bytes of tables changed": 2,
    "inputs: anything in datapackage.json": 2,
    "inputs: anything in _quarto.yml": 2,
    "inputs: anything in declarations": 2,
    "inputs: producers' files spoilt": 4,
}


@pytest.mark.parametrize("kind", SHORT)
def test_no_input_ends_in_a_traceback(kind, tmp_path):
    tally = trials.run(kind, 19, tmp_path, SHORT[kind])
    assert tally.faults == [] and tally.told > 3


def test_whatever_is_kept_is_found_or_made_anew(tmp_path):
    tally = trials.run("made: any content in caches", 19, tmp_path, 1)
    assert tally.faults == [] and tally.taken > 10


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind",
    ["kills: publications", "kills: records, before each operation", "kills: imports, before each operation"],
)
def test_nothing_is_lost_by_a_kill(kind, tmp_path):
    tally = trials.run(kind, 19, tmp_path, seconds=4)
    assert tally.faults == [] and tally.taken


def test_a_fault_is_counted_and_shown():
    tally = Tally(told=1_200, taken=3, faults=["x"])
    assert tally.tried == 1_204
    shown = trials.as_table({"cells": tally.numbers("1 May 2026")})
    assert "| cells | 1 May 2026 | 1,204 | 1,200 | 3 | 1 | 0.0 |" in shown


def test_kinds_are_chosen_by_group_or_name():
    assert len(trials.named(["kills"])) > 3 and trials.named(["flipped"]) == ["made: bytes flipped"]
