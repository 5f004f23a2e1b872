"""A few trials of each kind that `make trust` runs for hours, from a fixed seed."""

import pytest
import trials


@pytest.mark.parametrize("kind", ["valid cells changed", "anything in datapackage.json"])
def test_no_input_ends_in_a_traceback(kind, tmp_path):
    tally = trials.run(kind, 19, tmp_path, seconds=4)
    assert tally.faults == [] and tally.told > 10


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["publications killed at random", "records killed before each operation"])
def test_nothing_is_lost_by_a_kill(kind, tmp_path):
    tally = trials.run(kind, 19, tmp_path, seconds=4)
    assert tally.faults == [] and tally.taken


def test_a_fault_is_counted_and_shown():
    tally = trials.Tally(told=1_200, taken=3, faults=["x"])
    assert tally.tried == 1_204
    assert "| cells | 1,204 | 1,200 | 3 | 1 | 0.0 |" in trials.as_table({"cells": tally})
