"""Waiting for a row ends with what becomes of it, or with the stack that would change it."""

import pytest

from fixpoint.embedded.stack import StackError
from fixpoint.organizing import waiting
from fixpoint.organizing.waiting import looks


class Row:
    """It ends when somebody says so; whoever waits sees that when it is read again."""

    def __init__(self) -> None:
        self.becomes = self.is_final = False

    def refresh_from_db(self) -> None:
        """Read it again."""
        self.is_final = self.becomes


@pytest.fixture(autouse=True)
def _embedded(settings, tmp_path):
    settings.IS_EMBEDDED, settings.HOME = True, tmp_path


def test_a_stack_whose_last_act_was_the_rows_end_is_missed_by_nobody(monkeypatch):
    row = Row()

    def runs_no_longer(_home: object) -> bool:
        row.becomes = True
        return False

    monkeypatch.setattr(waiting, "is_running", runs_no_longer)
    for _ in looks(row):
        if row.is_final:
            break

    assert row.is_final


def test_where_no_stack_runs_the_row_is_read_once_and_then_it_is_said():
    row = Row()
    row.becomes = True
    seen = looks(row)

    next(seen)

    assert row.is_final
    with pytest.raises(StackError, match="start one with"):
        next(seen)
