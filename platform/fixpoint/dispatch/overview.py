"""What an operator wants to see at once: who works on what, what waits for whom, and whether the sweeper comes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from fixpoint.dispatch.chores import LATE, ROW
from fixpoint.dispatch.models import Attempt, Sweep, Worker
from fixpoint.dispatch.queues import SHARED
from fixpoint.dispatch.registry import is_taking, workers_of
from worker.contract import CONTRACT

_LATE_ROUNDS = 6
_CLASH_SHOWN = timedelta(hours=1)


@dataclass(frozen=True)
class WorkerFacts:
    """A worker, the attempt that it holds if any, and the state in which that puts it."""

    worker: Worker
    attempt: Attempt | None

    @property
    def state(self) -> str:
        """silent, drained, draining, working or idle."""
        if not self.worker.is_alive:
            return "silent"
        if self.worker.resting_since:
            return "draining" if self.attempt else "drained"
        return "working" if self.attempt else "idle"

    @property
    def trouble(self) -> str:
        """What is wrong with it, as a sentence; "" where nothing is."""
        if self.worker.clashed_at and self.worker.clashed_at > timezone.now() - _CLASH_SHOWN:
            return _("Two processes use this name: give each its own FIXPOINT_WORKER_NAME.")
        if self.worker.contract != CONTRACT:
            return _("It speaks contract %(contract)s, the platform %(ours)s: update the older.") % {
                "contract": self.worker.contract,
                "ours": CONTRACT,
            }
        return (
            ""
            if self.worker.recipe_digests
            else _("It holds no recipe: see its sandbox, by `python -m worker doctor`.")
        )


@dataclass(frozen=True)
class QueueFacts:
    """A queue with what waits in it; `workers` are those that take its jobs now, `refusal` the newest reason of one.

    Without a name it is several queues that are nobody else's business, summed.
    """

    name: str
    waiting: int
    oldest: datetime | None
    workers: tuple[str, ...]
    refusal: str = ""

    @property
    def is_left(self) -> bool:
        """Whether jobs wait and nobody takes them."""
        return bool(self.waiting) and not self.workers


@dataclass(frozen=True)
class Overview:
    """All of it at one moment."""

    workers: tuple[WorkerFacts, ...]
    queues: tuple[QueueFacts, ...]
    swept_at: datetime | None
    chores_at: datetime | None

    @property
    def alive(self) -> int:
        """How many workers told of themselves lately."""
        return sum(each.worker.is_alive for each in self.workers)

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return sum(each.waiting for each in self.queues)

    @property
    def oldest(self) -> datetime | None:
        """Since when the first of them waits."""
        return min((each.oldest for each in self.queues if each.oldest), default=None)

    @property
    def left(self) -> tuple[QueueFacts, ...]:
        """Queues in which jobs wait for nobody."""
        return tuple(each for each in self.queues if each.is_left)

    @property
    def public_queues(self) -> tuple[QueueFacts, ...]:
        """What strangers may read: everybody's queues by name, those of a task's own workers as one sum."""
        shared = tuple(each for each in self.queues if each.name in SHARED)
        return shared + _summed([each for each in self.queues if each.name not in SHARED])

    @property
    def is_swept(self) -> bool:
        """Whether the sweeper comes; without it nothing that was lost is sent again."""
        late = timedelta(seconds=_LATE_ROUNDS * settings.SWEEP_SECONDS)
        return self.swept_at is not None and self.swept_at > timezone.now() - late

    @property
    def is_chore_late(self) -> bool:
        """Whether pre-checks, mails and the like are not come to: a nuisance, and no danger to any run."""
        return self.chores_at is not None and self.chores_at < timezone.now() - LATE


def overview(*, refusals: bool = False) -> Overview:
    """Four queries, however many workers and jobs there are; one more for the refusals, which operators read."""
    workers = list(Worker.objects.all())
    held = {
        each.worker: each
        for each in Attempt.objects.filter(ended_at=None, claimed_at__isnull=False).order_by("claimed_at")
    }
    rounds = {row.pk: row.at for row in Sweep.objects.all()}
    return Overview(
        workers=tuple(WorkerFacts(each, held.get(each.name)) for each in workers),
        queues=_queues(workers, refusals=refusals),
        swept_at=rounds.get(1),
        chores_at=rounds.get(ROW),
    )


def why_waiting(subject_id: UUID) -> str:
    """Why nobody has begun with this subject yet, as a sentence; "" where its turn simply has not come."""
    attempt = Attempt.objects.filter(subject_id=subject_id, ended_at=None, claimed_at=None).order_by("-number").first()
    if attempt is None:
        return ""
    if attempt.not_before and attempt.not_before > timezone.now():
        return _("It is tried again in a moment, on another worker if there is one.")
    if not workers_of(attempt.queue):
        return _("No worker takes such entries at the moment. The organizers see this; it keeps its place.")
    if attempt.refusal:
        return _("A worker could not take it, since it does not hold this task's recipe. The organizers see why.")
    return ""


def _queues(workers: list[Worker], *, refusals: bool) -> tuple[QueueFacts, ...]:
    waiting = Attempt.objects.filter(ended_at=None, claimed_at=None)
    rows = {
        queue: (count, oldest, refused)
        for queue, count, oldest, refused in waiting.values_list("queue").annotate(
            Count("pk"), Min("created_at"), Max("refused_at")
        )
    }
    reasons = _reasons({queue: refused for queue, (_, _, refused) in rows.items() if refused}) if refusals else {}
    named = {queue for worker in workers if worker.is_alive for queue in worker.queues}

    def takers(queue: str) -> tuple[str, ...]:
        return tuple(each.name for each in workers if is_taking(each, queue))

    return tuple(
        QueueFacts(name, *rows.get(name, (0, None, None))[:2], takers(name), reasons.get(name, ""))
        for name in sorted(named | rows.keys())
    )


def _reasons(refused: dict[str, datetime]) -> dict[str, str]:
    """By queue the reason given at this moment; the database reads these rows only, not all that were refused."""
    if not refused:
        return {}
    found = Attempt.objects.filter(ended_at=None, claimed_at=None, refused_at__in=refused.values())
    return {
        queue: reason
        for queue, moment, reason in found.values_list("queue", "refused_at", "refusal")
        if refused.get(queue) == moment
    }


def _summed(queues: list[QueueFacts]) -> tuple[QueueFacts, ...]:
    if not queues:
        return ()
    waiting = sum(each.waiting for each in queues)
    oldest = min((each.oldest for each in queues if each.oldest), default=None)
    workers = {name for each in queues for name in each.workers}
    return (QueueFacts("", waiting, oldest, tuple(sorted(workers))),)
