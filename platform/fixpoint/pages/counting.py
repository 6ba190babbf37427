"""Which of a team's entries count in a task, and what may be chosen there."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fixpoint.accounts.models import User
from fixpoint.leaderboard.selectors import board_shown
from fixpoint.pages.logbook import Line
from fixpoint.submissions.choosing import is_choosable, is_decidable
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task


@dataclass(frozen=True)
class Candidate:
    """A scored entry; `counts` where it stands for its team on the board now."""

    entry: Submission
    counts: bool
    can_choose: bool
    can_unchoose: bool


@dataclass(frozen=True)
class Counting:
    """`chosen` of at most `task.max_chosen`; `is_open` while anything can be decided."""

    task: Task
    candidates: list[Candidate]
    chosen: int
    is_open: bool


def counting_of(user: User, task: Task, lines: Sequence[Line]) -> Counting | None:
    """Of the lines of the person's team in this task; None as long as nothing of them is scored."""
    scored = [line.entry for line in lines if line.entry.task_id == task.pk and _may_stand(line.entry)]
    if not scored:
        return None
    row = board_shown(task).row_of_team(scored[0].team_id)
    chosen = sum(entry.is_chosen for entry in scored)
    has_room = chosen < task.max_chosen
    return Counting(
        task=task,
        candidates=[_candidate(entry, user, row.entry_id if row else None, has_room=has_room) for entry in scored],
        chosen=chosen,
        is_open=any(is_decidable(entry, user) for entry in scored),
    )


def _may_stand(entry: Submission) -> bool:
    return entry.accuracy is not None and entry.rerun_of_id is None and entry.role == Submission.Role.PARTICIPANT


def _candidate(entry: Submission, user: User, counts: UUID | None, *, has_room: bool) -> Candidate:
    can_decide = is_decidable(entry, user)
    return Candidate(
        entry=entry,
        counts=entry.pk == counts,
        can_choose=can_decide and has_room and not entry.is_chosen and is_choosable(entry),
        can_unchoose=can_decide and entry.is_chosen,
    )
