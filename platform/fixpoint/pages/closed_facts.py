"""What a task that is over is worth telling in one line: who won, with what score, of how many entries, and when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from fixpoint.leaderboard.models import Revision
from fixpoint.leaderboard.revisions import frozen_board, last_revisions
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task


@dataclass(frozen=True)
class Winner:
    """The first by accuracy of standings that are frozen."""

    team: str
    entry_id: UUID
    accuracy: float


@dataclass(frozen=True)
class ClosedFacts:
    """`entries` are the participants' with a score. Without a winner the standings are `frozen` empty, or not yet."""

    task: Task
    winner: Winner | None
    entries: int
    frozen: datetime | None

    @property
    def closed_at(self) -> datetime | None:
        """By its date, or else when its standings were frozen last."""
        closes = self.task.closes_at
        return closes if closes and closes <= timezone.now() else self.frozen


def closed_facts(tasks: Collection[Task]) -> list[ClosedFacts]:
    """The latest first; two statements, however many there are, once this process has read who won."""
    revisions = last_revisions(tasks)
    scored = Submission.objects.filter(
        task__in=tasks, status=Submission.Status.SCORED, role=Submission.Role.PARTICIPANT, rerun_of=None
    )
    counts = dict(scored.values_list("task").annotate(Count("pk")).order_by())
    found = [_facts(task, revisions.get(task.pk), counts.get(task.pk, 0)) for task in tasks]
    return sorted(found, key=lambda each: each.closed_at.timestamp() if each.closed_at else 0, reverse=True)


def _facts(task: Task, revision: Revision | None, entries: int) -> ClosedFacts:
    winner = _winner(revision.pk, revision.sha256) if revision else None
    return ClosedFacts(task, winner, entries, revision.created_at if revision else None)


@lru_cache(maxsize=1024)
def _winner(pk: int, sha256: str) -> Winner | None:
    """A revision is never changed: one name, one number and one id are kept of it, and not the board."""
    rows = frozen_board(Revision.objects.defer("body", "signed").get(pk=pk, sha256=sha256)).accuracy
    return Winner(rows[0].team.name, rows[0].entry_id, rows[0].accuracy) if rows else None
