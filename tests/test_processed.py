"""The form of a processed table is that of its frame, and is told without its cells."""

import pandas as pd
import pytest

from helpers.data import processed
from helpers.data.read_log import Read, note_reads
from helpers.errors import WecareError

TYPES = {"b": "boolean", "i": "integer", "u": "integer", "f": "number"}


@pytest.mark.parametrize("name", processed.NAMES)
def test_the_form_of_a_table_is_that_of_its_frame(name):
    processed.ensure()
    frame = pd.DataFrame(processed.load(name)).drop(columns="geometry", errors="ignore")
    with note_reads() as reads:
        rows, columns = processed.form(name)
    assert (rows, list(columns)) == (len(frame), list(frame)) and reads == {Read("processed", name)}
    assert columns == {column: TYPES.get(values.dtype.kind, "string") for column, values in frame.items()}


def test_the_form_of_no_table_is_told():
    with pytest.raises(WecareError, match="There is no derived table 'comune'; there are: comuni"):
        processed.form("comune")
