"""How cells are read and written: what would be read wrongly is refused with its line, and marks come off again."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data import csv_form
from helpers.errors import InputError, Problem

FILE = "data/raw/x.csv"

#: What an editor may begin a text with, and what a spreadsheet would run.
BEGINNINGS = st.text(alphabet="'=+-@\t\ra1 ", max_size=4)


def told(data: bytes, width: int = 2) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        csv_form.parse(data, FILE, width)
    return caught.value.problems


# ---- reading


def test_cells_stay_the_text_they_are():
    frame, lines = csv_form.parse(b"code,n\n001,1.50\n,NA\nnull, x \n", FILE, 2)
    assert frame.columns.tolist() == ["code", "n"] and frame.index.tolist() == [0, 1, 2]
    assert frame.to_numpy().tolist() == [["001", "1.50"], ["", "NA"], ["null", " x "]]
    assert set(map(str, frame.dtypes)) == {str(frame.assign(code="x").astype("str")["code"].dtype)}
    assert lines == [2, 3, 4]


def test_a_column_named_by_a_number_holds_text_too():
    frame, _ = csv_form.parse(b"2011,2012\n01,1.50\n", FILE, 2)
    assert frame.columns.tolist() == ["2011", "2012"] and frame.to_numpy().tolist() == [["01", "1.50"]]


def test_a_row_that_goes_over_lines_is_told_by_its_last():
    frame, lines = csv_form.parse(b'a,b\n"one\ntwo","x, y"\n"say ""no""",4\n', FILE, 2)
    assert frame.to_numpy().tolist() == [["one\ntwo", "x, y"], ['say "no"', "4"]]
    assert lines == [3, 4]


@pytest.mark.parametrize(
    "data", ["a,b\n1,è\n".encode(), "a,b\n1,è".encode(), "a,b\r\n1,è\r\n".encode(), "\ufeffa,b\n1,è\n".encode()]
)
def test_marks_of_byte_order_and_ends_of_lines_are_no_cells(data):
    frame, lines = csv_form.parse(data, FILE, 2)
    assert frame.columns.tolist() == ["a", "b"] and frame.to_numpy().tolist() == [["1", "è"]] and lines == [2]


def test_a_header_alone_is_a_table_without_rows():
    frame, lines = csv_form.parse(b"a,b\n", FILE, 2)
    assert frame.columns.tolist() == ["a", "b"] and len(frame) == 0 and lines == []


def test_a_blank_line_in_a_column_alone_is_a_blank_cell():
    frame, lines = csv_form.parse(b"a\n1\n\n2\n", FILE, 1)
    assert frame["a"].tolist() == ["1", "", "2"] and lines == [2, 3, 4]


def test_another_encoding_is_told_with_its_line():
    rule = "the file must be UTF-8; this line is in another encoding, probably latin-1 (Windows-1252)"
    (problem,) = told("a,b\n1,x\n2,Agliè\n3,Forlì\n".encode("latin-1"))
    assert problem == Problem(FILE, rule, "save the file as UTF-8", row=3, value="2,Agliè")
    (problem,) = told("a,è e oltre \r\n1,x\r\n".encode("latin-1"))
    assert (problem.row, problem.value) == (1, "a,è e oltre ")
    (problem,) = told("\n\na,è\n".encode("latin-1"))
    assert (problem.row, problem.value) == (3, "a,è")


@pytest.mark.parametrize("data", [b"", b"\n", b"\r\n1,2\n"])
def test_no_header_is_told(data):
    remedy = "write the names of the columns in the first row"
    assert told(data) == [Problem(FILE, "the file has no header", remedy, row=1)]


@pytest.mark.parametrize(
    ("separator", "name"),
    [(";", "semicolons (;)"), ("\t", "tabs"), ("|", "vertical bars (|)")],
    ids=["semi", "tab", "bar"],
)
def test_another_separator_is_told_with_the_header(separator, name):
    (problem,) = told(f"a{separator}b \r\n1{separator}2\r\n".encode())
    rule = f"the columns must be separated by commas; this file uses {name}"
    assert problem == Problem(FILE, rule, "save the file with commas", row=1, value=f"a{separator}b ")


@pytest.mark.parametrize(("header", "width"), [("a;b", 1), ("a;b,c", 2)])
def test_a_name_that_holds_another_separator_is_a_name(header, width):
    cells = ",".join(["1"] * width)
    assert csv_form.parse(f"{header}\n{cells}\n".encode(), FILE, width).frame.columns.tolist() == header.split(",")


def test_every_row_of_another_width_is_told():
    remedy = "give the row 2 cells; put a text that holds a comma between double quotes"
    assert told(b"a,b\n1\n1,2\n1,2,3\n") == [
        Problem(FILE, "the row has 1 cells, the header has 2", remedy, row=2),
        Problem(FILE, "the row has 3 cells, the header has 2", remedy, row=4),
    ]
    assert [problem.row for problem in told(b'a,b\n"1\n2",3\n4\n')] == [4]


def test_a_carriage_return_inside_a_line_is_told_with_the_line():
    rule = "a line ends in a way that programs read differently, such as a carriage return alone"
    remedy = "save the file as CSV again, one row on each line"
    assert told(b"a,b\r\n1,2\r\n3,4\r5\r\n") == [Problem(FILE, rule, remedy, row=3)]


def test_a_quote_left_open_is_told():
    (problem,) = told(b'a,b\n1,2\n3,"4\n')
    assert problem.file == FILE and problem.row == 3 and problem.remedy == "close it"
    assert problem.rule.startswith("a double quote is not closed (") and problem.rule.endswith(")")


def test_the_longest_cell_is_read_and_one_longer_told():
    limit = csv.field_size_limit()
    longest = "x" * 131_072
    assert csv_form.parse(f'a,b\n1,"{longest}"\n'.encode(), FILE, 2).frame["b"].tolist() == [longest]
    (problem,) = told(f'a,b\n1,2\n3,"{longest}x"\n5,6\n'.encode())
    assert (problem.file, problem.row) == (FILE, 3)
    assert problem.rule.startswith("a cell is longer than 131,072 characters, or a double quote is not closed (field")
    assert problem.remedy == "close the quote, or put the text elsewhere and name it here"
    assert csv.field_size_limit() == limit


# ---- marks


@pytest.mark.parametrize(
    ("text", "marked"),
    [("=1+1", "'=1+1"), ("+39", "'+39"), ("-5", "'-5"), ("@x", "'@x"), ("\tx", "'\tx"), ("\rx", "'\rx")]
    + [("'=1", "''=1"), ("''-1", "'''-1"), ("x=1", "x=1"), ("'x", "'x"), ("", ""), ("'", "'")],
)
def test_only_what_would_be_run_is_marked(text, marked):
    assert csv_form.mark(text) == marked
    assert csv_form.unmark(marked) == text


@given(BEGINNINGS)
def test_a_mark_comes_off_again_and_no_formula_is_left(text):
    marked = csv_form.mark(text)
    assert csv_form.unmark(marked) == text
    assert not marked.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_only_columns_of_text_are_marked_and_the_rest_of_the_file_is_kept():
    data = '\ufeffname,n,note\r\n=A,-5,@x\r\nB,-6,"y\r\n-z"\r\n'.encode()
    assert csv_form.mark_formulas(data, ["name", "note"]) == b"name,n,note\n'=A,-5,'@x\nB,-6,\"y\r\n-z\"\n"
    assert csv_form.mark_formulas(data, ["n"]) == b"name,n,note\n=A,'-5,@x\nB,'-6,\"y\r\n-z\"\n"


@pytest.mark.parametrize("data", [b"a,b\r\nx,y\r\n", b"n,b\r\n-5,y\r\n", b'a,b\r\nx,"y\r\n-z"\r\n'])
def test_a_file_without_formulas_keeps_its_bytes(data):
    assert csv_form.mark_formulas(data, ["a", "b"]) is data


@given(st.lists(st.tuples(BEGINNINGS, BEGINNINGS), min_size=1, max_size=4))
def test_every_cell_of_a_marked_column_is_marked(rows):
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([("a", "b"), *rows])
    marked = csv_form.mark_formulas(out.getvalue().encode(), ["b"]).decode()
    due = [["a", "b"], *([a, csv_form.mark(b)] for a, b in rows)]
    assert list(csv.reader(io.StringIO(marked, newline=""))) == due


def test_a_carriage_return_in_a_cell_is_written_so_that_it_is_read_again():
    data = b'a,b\n"x\ry",=1\n'
    marked, added = csv_form.mark_formulas(data, ["b"]), csv_form.add_columns(data.decode(), {"c": "2"})
    assert marked == b'a,b\n"x\ry",\'=1\n' and added == 'a,b,c\n"x\ry",=1,2\n'
    assert csv_form.parse(marked, FILE, 2).frame["a"].tolist() == ["x\ry"]


def test_added_columns_stand_after_the_others_in_every_row():
    text = 'a,b\n1,"x\r\ny"\n2,\n'
    added = csv_form.add_columns(text, {"page": "Asti, e oltre", "-n": "=2"})
    assert added == 'a,b,page,-n\n1,"x\r\ny","Asti, e oltre",\'=2\n2,,"Asti, e oltre",\'=2\n'
    assert csv_form.add_columns("a\n", {"b": "1"}) == "a,b\n"
