"""Which entries are on a board now, in whatever order it is read."""

from typing import get_args
from uuid import UUID

from fixpoint.leaderboard.selectors import Order, standings
from fixpoint.tasks.models import Task


def entries_on_board(task: Task) -> set[UUID]:
    """Every person's line in each ranking, and the front of accuracy and grams."""
    boards = [standings(task, order=order) for order in get_args(Order)]
    return {row.entry_id for board in boards for row in (*board.rows, *board.pareto)}
