"""The board, read from a copy of the entries that this process keeps and brings up to date."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fixpoint.leaderboard.board import Board
from fixpoint.leaderboard.keeping import kept_board
from fixpoint.leaderboard.revisions import FrozenBoard, frozen_board, revision_of
from fixpoint.leaderboard.row import Order, Row
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task


@dataclass(frozen=True)
class Standings:
    """One list of a board: its rows, and the front of accuracy and standardised grams over all scored entries."""

    order: Order
    board: Board | FrozenBoard

    @property
    def rows(self) -> Sequence[Row]:
        """Ranked."""
        found: Sequence[Row] = getattr(self.board, self.order)
        return found

    @property
    def pareto(self) -> Sequence[Row]:
        """By rising grams."""
        return self.board.front

    @property
    def left_out(self) -> int:
        """Scored entries of another digest or other seeds than the task's."""
        return self.board.left_out


def board(task: Task) -> Board:
    """All lists of the task's board as they are now; of a task as it was just read, for it tells what is new."""
    return kept_board(task)


def standings(task: Task, *, order: Order = "accuracy") -> Standings:
    """One row a team: by accuracy, or by standardised or measured grams among those at or above the floor."""
    return Standings(order=order, board=board_shown(task))


def board_shown(task: Task, revision: int | None = None) -> Board | FrozenBoard:
    """The live board; of a closed task the last revision of its standings, as soon as there is one, or another one."""
    frozen = revision_of(task, revision)
    return frozen_board(frozen) if frozen else board(task)


def is_comparable(task: Task, submission: Submission) -> bool:
    """Whether an entry was trained by the very recipe and seeds of this task, and so may stand on its board."""
    return submission.recipe_digest == task.recipe_digest and submission.seeds == task.entry_seeds


def entries_on_board(task: Task) -> set[UUID]:
    """Every entry that stands in one of its lists now, or in the last revision of them."""
    return board(task).entry_ids | board_shown(task).entry_ids
