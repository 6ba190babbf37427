"""Reading entries: who may see one, what is left of a quota, where one stands in the queue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task
from fixpoint.tasks.running import runs
from fixpoint.tasks.selectors import sees, tasks_for
from fixpoint.teams.models import Member, Team
from fixpoint.teams.selectors import is_in_team, team_of

_DAY, _WEEK = timedelta(hours=24), timedelta(days=7)


@dataclass(frozen=True)
class QuotaLeft:
    """What a team may still enter; None where the task has no such limit.

    `returns_at` says when the day's or the week's quota gains its next entry, if one of them is used up; `running`
    counts what waits or runs now. `total` is the task's, or less where the phase whose name is in `phase` allows less.
    """

    day_left: int
    week_left: int | None
    total_left: int
    at_once_left: int | None
    total: int
    running: int
    returns_at: datetime | None
    per_day: int = 0
    phase: str = ""

    @property
    def left(self) -> int:
        """How many entries could be handed in now, one after another as fast as the limits let."""
        return min(self.day_left, self.total_left, *(each for each in (self.week_left,) if each is not None))


def submission_for(user: User | AnonymousUser, submission_id: UUID) -> Submission:
    """The entry: a scored one for all who see its task, any other for its team and organizers.

    Else Submission.DoesNotExist.
    """
    submission = Submission.objects.select_related("task", "dataset", "owner", "team").get(pk=submission_id)
    is_open = submission.status == Submission.Status.SCORED and sees(user, submission.task)
    if not is_open and not is_insider(user, submission):
        raise Submission.DoesNotExist
    return submission


def entry_scored(user: User | AnonymousUser, submission_id: UUID) -> Submission:
    """An entry with its score and all that belongs to it, for all who see its task; else Submission.DoesNotExist."""
    scored = Submission.objects.filter(status=Submission.Status.SCORED).defer("result__correct")
    entry = scored.select_related("task", "dataset", "owner", "team", "result__run").get(pk=submission_id)
    if not sees(user, entry.task) and not is_own(user, entry):
        raise Submission.DoesNotExist
    return entry


def is_insider(user: User | AnonymousUser, submission: Submission) -> bool:
    """Whether this person may see more of the entry than its public facts."""
    return is_own(user, submission) or runs(user, submission.task)


def is_own(user: User | AnonymousUser, submission: Submission) -> bool:
    """Whether this person entered it, or is in its team and may still look at the task."""
    return took_part(user, submission) and (user.pk == submission.owner_id or sees(user, submission.task))


def took_part(user: User | AnonymousUser, submission: Submission) -> bool:
    """Whether this person entered it, or is in the team for which it was entered."""
    return user.is_authenticated and (user.pk == submission.owner_id or is_in_team(user, submission.team_id))


def entries_of(user: User) -> QuerySet[Submission]:
    """All of this person's, and those of their teams in tasks that they may look at."""
    teams = Member.objects.filter(user=user).values("team")
    return Submission.objects.filter(Q(owner=user) | Q(team__in=teams, task__in=tasks_for(user).values("pk")))


def may_cancel(user: User | AnonymousUser, submission: Submission) -> bool:
    """Its team and organizers; what the platform runs again, organizers alone."""
    return runs(user, submission.task) or (submission.rerun_of_id is None and is_own(user, submission))


def quota_of(owner: User, task: Task) -> QuotaLeft:
    """What is left to this person's team of the quota of `task`; before there is a team, all of it."""
    return quota_of_team(team_of(owner, task), task)


def quota_of_team(team: Team | None, task: Task) -> QuotaLeft:
    """Reserved and charged entries count, released ones do not.

    Late entries count as any; baselines and references of organizers do not.
    """
    counted = entries_counted(team) if team else Submission.objects.none()
    running = counted.exclude(status__in=Submission.FINAL).count()
    phase = task.current_phase if task.phase == Task.Status.OPEN else None
    total = task.entries_total + (team.extra_entries if team else 0)
    total_left, binding = max(0, total - counted.count()), ""
    if phase and phase.entries_total is not None:
        within = phase.entries_total + (team.extra_entries if team else 0)
        left = max(0, within - counted.filter(created_at__gte=phase.begins_at).count())
        if left <= total_left:
            total, total_left, binding = within, left, phase.name
    per_day = task.entries_per_day if phase is None or phase.entries_per_day is None else phase.entries_per_day
    day, day_back = _window(counted, per_day, _DAY)
    week, week_back = _window(counted, task.entries_per_week, _WEEK) if task.entries_per_week else (None, None)
    return QuotaLeft(
        day_left=day,
        week_left=week,
        total_left=total_left,
        at_once_left=max(0, task.entries_at_once - running) if task.entries_at_once else None,
        total=total,
        running=running,
        returns_at=max((each for each in (day_back, week_back) if each), default=None),
        per_day=per_day,
        phase=binding,
    )


def entries_counted(team: Team) -> QuerySet[Submission]:
    """What counts against its quota."""
    entries = Submission.objects.filter(team=team, role=Submission.Role.PARTICIPANT)
    return entries.exclude(quota=Submission.Quota.RELEASED)


def _window(counted: QuerySet[Submission], limit: int, length: timedelta) -> tuple[int, datetime | None]:
    """How many are left of so many in any time of this length, and if none is, when the next one is."""
    recent = counted.filter(created_at__gt=timezone.now() - length).order_by("created_at")
    times = list(recent.values_list("created_at", flat=True))
    left = max(0, limit - len(times))
    return left, None if left or not times else times[len(times) - limit] + length


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
