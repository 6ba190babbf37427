"""A list that a spreadsheet opens computes nothing of what a stranger wrote."""

import csv
import io

import pytest

from fixpoint.spreadsheets import csv_response, harmless


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "=cmd|'/C calc'!A0", "\u00a0=1"]
)
def test_what_would_be_a_formula_stays_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["train/i/0.png", "", "a=b", -5, 0.5, None])
def test_what_is_none_stays_as_it_is(cell: object) -> None:
    assert harmless(cell) == cell


def test_a_list_is_read_back_as_it_was_written() -> None:
    response = csv_response("mine.csv", ["path", "n"], [['a,"b"\nc', 1], ["=x", -2]])

    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))

    assert rows == [["path", "n"], ['a,"b"\nc', "1"], ["'=x", "-2"]]
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="mine.csv"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
