"""How far the standings of a closed task are: what they wait for, or which revision is shown, and what it changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from fixpoint.leaderboard.freezing import awaited
from fixpoint.leaderboard.models import Revision
from fixpoint.leaderboard.revisions import Move, moves
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task


@dataclass(frozen=True)
class FreezeFacts:
    """`shown` of `revisions`, the last one first, with who moved in it; `awaited` where there is none yet."""

    shown: Revision | None
    revisions: Sequence[Revision]
    moved: Sequence[Move]
    awaited: Sequence[Submission]

    @property
    def is_latest(self) -> bool:
        """Whether no later one changed it."""
        return self.shown is not None and self.shown == self.revisions[0]


def freeze_facts(task: Task, shown: Revision | None) -> FreezeFacts | None:
    """Of a task that is over, with the revision that is looked at, the last one if any; None while it runs."""
    if task.phase != Task.Status.CLOSED:
        return None
    revisions = list(Revision.objects.filter(task=task).defer("body", "signed"))
    shown = shown or (revisions[0] if revisions else None)
    before = next((each for each in revisions if shown and each.number == shown.number - 1), None)
    return FreezeFacts(
        shown=shown,
        revisions=revisions,
        moved=moves(before, shown) if shown else [],
        awaited=list(awaited(task).select_related("team").order_by("created_at")),
    )
