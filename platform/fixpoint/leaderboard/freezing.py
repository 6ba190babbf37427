"""Freezing the standings of a closed task: once all that was entered in time has ended, and again where they change."""

import hashlib
import logging
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from fixpoint.leaderboard.frozen_body import canonical, fingerprint, frozen_standings
from fixpoint.leaderboard.models import Revision
from fixpoint.leaderboard.selectors import board
from fixpoint.leaderboard.signing import public_key, sign
from fixpoint.submissions.disqualifying import decisions
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task
from fixpoint.tasks.selectors import tasks_over

log = logging.getLogger(__name__)

FIRST = "The task was closed."
_NAMED = 10
"""Entries that a reason names; of more it tells the number."""


def awaited(task: Task) -> QuerySet[Submission]:
    """Entries in time that have not ended: the standings of a closed task are frozen when there is none."""
    return _in_time(task).exclude(status__in=Submission.FINAL)


def boards_freeze() -> int:
    """One round over all closed tasks; returns how many revisions were written. Safe to run twice at once."""
    written = 0
    for task_id in tasks_over().values_list("pk", flat=True):
        try:
            written += standings_freeze(task_id=task_id) is not None
        except Exception:
            log.exception("The standings of the task %s could not be frozen; the others must not wait.", task_id)
    return written


@transaction.atomic
def standings_freeze(*, task_id: UUID, who: str = "platform") -> Revision | None:
    """Write what stands as the task's next revision; None while it runs or waits, and where the last one says the same.

    The row of the task is held: whatever changes its board needs it first, so nothing changes between look and write.
    """
    task = Task.objects.select_for_update().get(pk=task_id)
    if task.phase != Task.Status.CLOSED or awaited(task).exists():
        return None
    last = Revision.objects.filter(task=task).defer("body", "signed").first()
    if last and last.board_number == task.board_number:
        return None
    standings = frozen_standings(task, board(task))
    mark = fingerprint(standings)
    if last and last.fingerprint == mark:
        Revision.objects.filter(pk=last.pk).update(board_number=task.board_number)
        return None
    return _write(task, standings, mark, why=_why(task, last), who=who, number=last.number + 1 if last else 1)


def _write(task: Task, standings: dict[str, object], mark: str, *, why: str, who: str, number: int) -> Revision:
    now = timezone.now()
    revision = {"number": number, "created_at": now.isoformat(), "why": why}
    body = canonical(standings | {"revision": revision})
    log.info("The standings of %s are frozen as revision %d: %s", task.slug, number, why)
    return Revision.objects.create(
        task=task,
        number=number,
        created_at=now,
        why=why,
        who=who[:150],
        body=body,
        sha256=hashlib.sha256(body.encode()).hexdigest(),
        signed=sign(body.encode()),
        key=public_key(),
        fingerprint=mark,
        board_number=task.board_number,
    )


def _why(task: Task, last: Revision | None) -> str:
    """What happened since the last revision, in sentences for everybody."""
    if last is None:
        return FIRST
    changed = _in_time(task).filter(board_number__gt=last.board_number)
    entries = list(changed.select_related("team", "result").defer("result__correct").order_by("board_number"))
    reasons = [_what_happened(each, last) for each in entries[:_NAMED]]
    if len(entries) > _NAMED:
        more = len(entries) - _NAMED
        reasons.append("1 more entry changed." if more == 1 else f"{more} more entries changed.")
    return " ".join(reasons) or "The rules by which it is ranked were changed."


def _in_time(task: Task) -> QuerySet[Submission]:
    """What can stand in its standings: late entries are in no list of them, and runs again neither."""
    in_time = Q(created_at__lt=task.closes_at) if task.closes_at else Q()
    return Submission.objects.filter(in_time, task=task, rerun_of=None)


def _what_happened(entry: Submission, last: Revision) -> str:
    which = f"The entry of {entry.team} of {entry.created_at:%Y-%m-%d}"
    if entry.withdrawn_at and entry.withdrawn_at > last.created_at:
        return f"{which} was withdrawn by its team."
    if decided := decisions(entry).filter(at__gt=last.created_at).last():
        return f"{which} was {decided.why.rstrip('.')}."
    runs = entry.result.measured_runs if entry.status == Submission.Status.SCORED else 1
    if runs > 1:
        return f"{which} was run again: its measured energy is now the median of {runs} runs; places stay."
    return f"{which} changed."
