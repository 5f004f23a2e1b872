"""A few trials of each kind that `make trust` runs for hours, from a fixed seed."""

import pytest
import trials
from tally import Tally

pytestmark = pytest.mark.slow

#: Rounds of each kind: as many whatever the machine does meanwhile.
ROUNDS = {
    "inputs: valid cells changed": 5,
    "inputs: bytes of tables changed": 4,
    "inputs: anything in datapackage.json": 4,
    "inputs: anything in _quarto.yml": 40,
    "inputs: anything in declarations": 60,
    "inputs: producers' files spoilt": 8,
    "inputs: analysts' own files spoilt": 2,
}
#: Seconds that no few rounds need.
PATIENCE = 600


@pytest.mark.parametrize("kind", ROUNDS)
def test_no_input_ends_in_a_traceback(kind, tmp_path):
    tally = trials.run(kind, 19, tmp_path, PATIENCE, ROUNDS[kind])
    assert tally.faults == [] and tally.told


def test_whatever_is_kept_is_found_or_made_anew(tmp_path):
    tally = trials.run("made: any content in caches", 19, tmp_path, PATIENCE, 30)
    assert tally.faults == [] and tally.taken > 10


@pytest.mark.parametrize("kind", ["kills: publications", "kills: records, before each operation"])
def test_nothing_is_lost_by_a_kill(kind, tmp_path):
    tally = trials.run(kind, 19, tmp_path, PATIENCE, 100 if "before each" in kind else 2)
    assert tally.faults == [] and tally.taken


def test_a_fault_is_counted_and_shown():
    tally = Tally(told=1_200, taken=3, faults=["x"])
    assert tally.tried == 1_204
    shown = trials.as_table({"cells": tally.numbers("1 May 2026")})
    assert "| cells | 1 May 2026 | 1,204 | 1,200 | 3 | 1 | 0.0 |" in shown


def test_kinds_are_chosen_by_group_or_name():
    assert len(trials.named(["kills"])) > 3 and trials.named(["flipped"]) == ["made: bytes flipped"]
