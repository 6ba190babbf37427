"""A list that a spreadsheet opens computes nothing of what a stranger wrote."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixpoint.spreadsheets import csv_response, harmless


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\ta", "\ra", "\na", " =1", "＝1", "=cmd|'/C calc'!A0", "\u00a0=1"]
)
def test_what_would_be_a_formula_stays_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize(
    ("cell", "harmlessly"),
    [
        ("train/i/a;=1+1;b.png", "train/i/a;'=1+1;b.png"),
        ("a; -1;\t+1", "a;' -1;\t'+1"),
        ('a;"=1&";', 'a;\'"=1&";'),
        ("a\n@b\r\uff1d1", "a\n'@b\r'\uff1d1"),
        ("\t=1", "'\t'=1"),
    ],
)
def test_what_would_be_one_in_a_cell_of_its_own_stays_text(cell: str, harmlessly: str) -> None:
    assert harmless(cell) == harmlessly


@pytest.mark.parametrize("cell", ["train/i/0.png", "", "a=b", "a;b\r\nc", "a;b=c", -5, 0.5, None])
def test_what_is_none_stays_as_it_is(cell: object) -> None:
    assert harmless(cell) == cell


@given(st.lists(st.text(alphabet='=-;,"\t\r\n ab'), min_size=3, max_size=3), st.sampled_from(",;\t"))
def test_no_list_separator_makes_a_formula_of_a_text(cells: list[str], separator: str) -> None:
    text = csv_response("mine.csv", ["a", "b", "c"], [cells]).content.decode("utf-8-sig")

    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
        assert not [cell for cell in row if cell.lstrip(" ").startswith(("=", "-"))]


def test_a_name_of_semicolons_stays_one_cell_at_a_rows_beginning() -> None:
    response = csv_response("mine.csv", ["path"], [["a;b.png"]])

    assert response.content.decode("utf-8-sig").splitlines() == ['"path"', '"a;b.png"']


def test_a_list_is_read_back_as_it_was_written() -> None:
    response = csv_response("mine.csv", ["path", "n"], [['a,"b"\nc', 1], ["=x", -2]])

    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))

    assert rows == [["path", "n"], ['a,"b"\nc', "1"], ["'=x", "-2"]]
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="mine.csv"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
