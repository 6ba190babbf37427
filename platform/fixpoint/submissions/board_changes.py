"""What changes for a task's board is numbered, so that a reader asks for what is new and for nothing else.

The number is counted up in the row of the task, which stays locked until the change is committed: numbers become
visible in their order, and whoever has seen number N has seen all changes up to it.

Whoever locks several rows takes them in one order, or two could wait for each other: a person, the task, an entry.
"""

from uuid import UUID

from django.db.models import F

from fixpoint.statements.asking import Later
from fixpoint.statements.updates import KeptUpdate
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task

_NEXT = KeptUpdate(
    lambda: Task.objects.filter(pk=Later("pk")), to={"board_number": F("board_number") + 1}, returning="board_number"
)


def board_number(task_id: UUID) -> int:
    """The next number of this task's board, for the column of the entry that changes: `board_number`, or of
    its title alone `title_number`.

    Inside the transaction of the change, and before it locks the entry.
    """
    return int(_NEXT.answer(pk=task_id)[0])


def board_hold(task_id: UUID) -> None:
    """Hold the task's row, as `board_number` does, where it is not known yet whether anything will change.

    No more than that: what only refers to the task (a row that is inserted) does not wait for it.
    """
    Task.objects.select_for_update(no_key=True).only("pk").get(pk=task_id)


def board_touch(*, submission: Submission) -> None:
    """This entry has changed for its board, in the caller's transaction."""
    Submission.objects.filter(pk=submission.pk).update(board_number=board_number(submission.task_id))
