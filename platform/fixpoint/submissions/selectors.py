"""Reading entries: who may see one, what is left of a quota, where one stands in the queue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task

_DAY = timedelta(hours=24)


@dataclass(frozen=True)
class QuotaLeft:
    """What a person may still enter; `returns_at` says when the day's quota gains its next entry, if it is used up."""

    day_left: int
    total_left: int
    returns_at: datetime | None


def submission_for(user: User | AnonymousUser, submission_id: UUID) -> Submission:
    """The entry: a scored one for everybody, any other for its owner and organizers; else Submission.DoesNotExist."""
    submission = Submission.objects.select_related("task", "dataset", "owner").get(pk=submission_id)
    if submission.status != Submission.Status.SCORED and not is_insider(user, submission):
        raise Submission.DoesNotExist
    return submission


def entry_scored(submission_id: UUID) -> Submission:
    """An entry with its score and all that belongs to it, which everybody may see; else Submission.DoesNotExist."""
    scored = Submission.objects.filter(status=Submission.Status.SCORED).defer("result__correct")
    return scored.select_related("task", "dataset", "owner", "result__run").get(pk=submission_id)


def is_insider(user: User | AnonymousUser, submission: Submission) -> bool:
    """Whether this person may see more of the entry than its public facts."""
    return user.is_authenticated and (user.is_organizer or user.pk == submission.owner_id)


def may_cancel(user: User | AnonymousUser, submission: Submission) -> bool:
    """Its owner and organizers; what the platform runs again, organizers alone."""
    return is_insider(user, submission) and (submission.rerun_of_id is None or is_organizer(user))


def is_organizer(user: User | AnonymousUser) -> bool:
    """Whether this person runs tasks."""
    return user.is_authenticated and user.is_organizer


def quota_of(owner: User, task: Task) -> QuotaLeft:
    """What is left of the quota of `task`: reserved and charged entries count, released ones do not.

    Late entries count as any; baselines and references of organizers do not.
    """
    entries = Submission.objects.filter(owner=owner, task=task, role=Submission.Role.PARTICIPANT)
    counted = entries.exclude(quota=Submission.Quota.RELEASED)
    recent = list(
        counted.filter(created_at__gt=timezone.now() - _DAY).order_by("created_at").values_list("created_at", flat=True)
    )
    day_left = max(0, task.entries_per_day - len(recent))
    total_left = max(0, task.entries_total - counted.count())
    returns_at = recent[len(recent) - task.entries_per_day] + _DAY if recent and not day_left else None
    return QuotaLeft(day_left=day_left, total_left=total_left, returns_at=returns_at)


def entries_holding(datasets: Iterable[UUID]) -> QuerySet[Submission]:
    """Entries for whose sake these datasets are kept: they have a score, are being trained, or wait for that."""
    ended = Submission.FINAL - {Submission.Status.SCORED}
    return Submission.objects.filter(dataset__in=datasets).exclude(status__in=ended)


def queue_position(submission: Submission) -> int | None:
    """1 for the next of its queue to be trained; None unless it is queued."""
    if submission.status != Submission.Status.QUEUED:
        return None
    task = submission.task
    same = Submission.objects.filter(task__workers=task.workers, task__device=task.device)
    return same.filter(status=Submission.Status.QUEUED, created_at__lt=submission.created_at).count() + 1
