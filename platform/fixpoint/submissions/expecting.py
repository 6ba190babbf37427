"""When an entry that waits will probably begin: by how long the last runs took, and how many workers there are."""

from dataclasses import dataclass
from heapq import heapify, heapreplace

from django.utils import timezone

from fixpoint.dispatch.registry import workers_of
from fixpoint.submissions.models import Submission
from fixpoint.submissions.selectors import queue_position
from worker.contract import Kind

_RUNS = 20
"""The last ones of its task; the tenth part of them that was quickest, and that which was slowest, is left out."""
_UNDER_WAY = (Submission.Status.TRAINING, Submission.Status.PREDICTING)


@dataclass(frozen=True)
class Expected:
    """Seconds from now, at the least and at the most; None where no run of the task tells how long one takes."""

    workers: int
    seconds: tuple[float, float] | None


def expected_start(entry: Submission) -> Expected | None:
    """None unless it is queued. Where no worker takes its queue nobody can say when."""
    position = queue_position(entry)
    if position is None:
        return None
    workers = len(workers_of(entry.task.queue(Kind.EVALUATE)))
    took = _took(entry)
    if not workers or not took:
        return Expected(workers, None)
    spare = len(took) // 10
    running = _running(entry)
    low, high = (_start(position - 1, workers, running, seconds) for seconds in (took[spare], took[-1 - spare]))
    return Expected(workers, (low, high))


def _took(entry: Submission) -> list[float]:
    """Seconds of the last runs that came to an end by themselves, rising."""
    ended = Submission.objects.filter(
        task=entry.task_id,
        status__in=(Submission.Status.SCORED, Submission.Status.FAILED),
        started_at__isnull=False,
        ended_at__isnull=False,
    )
    times = ended.order_by("-ended_at").values_list("started_at", "ended_at")[:_RUNS]
    return sorted((end - start).total_seconds() for start, end in times if start and end)


def _running(entry: Submission) -> list[float]:
    """For how many seconds each run of the same queue has been under way."""
    now, task = timezone.now(), entry.task
    same = Submission.objects.filter(task__workers=task.workers, task__device=task.device, status__in=_UNDER_WAY)
    started = same.filter(started_at__isnull=False).values_list("started_at", flat=True)
    return [(now - each).total_seconds() for each in started if each]


def _start(ahead: int, workers: int, running: list[float], seconds: float) -> float:
    """If every run takes so many seconds, and whoever is free takes the next."""
    left = sorted(max(0.0, seconds - each) for each in running)[-workers:]
    free = left + [0.0] * (workers - len(left))
    heapify(free)
    for _each in range(ahead):
        heapreplace(free, free[0] + seconds)
    return free[0]
