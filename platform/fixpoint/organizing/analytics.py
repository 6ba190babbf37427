"""A task day by day: who came, what was entered, how it ended, how long it waited, what it took."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Min, Sum
from django.utils import timezone

from fixpoint.datasets.models import DatasetEnergy
from fixpoint.energy.estimates import grams
from fixpoint.submissions.models import Submission, SubmissionEnergy
from fixpoint.tasks.models import Task

DAYS = 400
"""Of the past that are told at most."""


@dataclass
class Day:
    """Participants and teams are new ones, by their first entry; entries by the day when they came, and how each ended.

    `waiting` is how many were in the queue or running at the day's end; `kwh` of what ended on it, as far as measured.
    """

    day: date
    participants: int = 0
    teams: int = 0
    entries: int = 0
    scored: int = 0
    failed: int = 0
    error: int = 0
    cancelled: int = 0
    waiting: int = 0
    kwh: float = 0.0
    grams: float = 0.0

    @property
    def watt_hours(self) -> float:
        """The same energy as pages tell it; files keep kWh."""
        return 1000 * self.kwh


COLUMNS = (
    "day",
    "participants",
    "teams",
    "entries",
    "scored",
    "failed",
    "error",
    "cancelled",
    "waiting",
    "kwh",
    "grams",
)
PUBLIC_COLUMNS = ("day", "participants", "teams", "entries", "kwh", "grams")
"""What everybody may know: not how entries ended, which of a small task tells of single people."""


@dataclass
class _Sums:
    entries: Counter[date] = field(default_factory=Counter)
    ended: dict[str, Counter[date]] = field(default_factory=lambda: defaultdict(Counter))
    open_by_day: Counter[date] = field(default_factory=Counter)
    kwh: dict[date, float] = field(default_factory=lambda: defaultdict(float))


def days_of(task: Task) -> list[Day]:
    """From its first entry or energy to today, in the task's time zone; five queries, whatever their number."""
    zone = ZoneInfo(task.time_zone)

    def day_of(moment: datetime) -> date:
        return moment.astimezone(zone).date()

    theirs = Submission.objects.filter(task=task, role=Submission.Role.PARTICIPANT, rerun_of=None).order_by()
    sums = _Sums()
    for status, created, ended in theirs.values_list("status", "created_at", "ended_at").iterator(2000):
        sums.entries[day_of(created)] += 1
        if ended:
            sums.ended[status][day_of(created)] += 1
            sums.open_by_day[day_of(ended)] -= 1
        sums.open_by_day[day_of(created)] += 1
    people, teams = (
        Counter(day_of(first) for (first,) in theirs.values(by).annotate(first=Min("created_at")).values_list("first"))
        for by in ("owner", "team")
    )
    _energy(task, sums, day_of)
    if not sums.entries and not sums.kwh:
        return []
    return _days(task, sums, people, teams, day_of(timezone.now()))


def sum_of(days: Sequence[Day]) -> Day:
    """The public figures of all these days, as of the last of them; never of none."""
    told = {name: sum(getattr(each, name) for each in days) for name in PUBLIC_COLUMNS if name != "day"}
    return Day(day=days[-1].day, **told)


def line_of(day: Day, columns: Sequence[str] = COLUMNS) -> list[object]:
    """As a line of CSV."""
    return [getattr(day, name) for name in columns]


def _energy(task: Task, sums: _Sums, day_of: Callable[[datetime], date]) -> None:
    """Of all that ran for the task, by when it was over: baselines and runs again took energy too."""
    running = SubmissionEnergy.objects.filter(submission__task=task, submission__ended_at__isnull=False)
    ran = running.values("submission__ended_at").annotate(total=Sum("kwh"))
    reading = DatasetEnergy.objects.filter(dataset__task=task, dataset__ended_at__isnull=False)
    read = reading.values("dataset__ended_at").annotate(total=Sum("kwh"))
    for moment, kwh in [
        *ran.values_list("submission__ended_at", "total"),
        *read.values_list("dataset__ended_at", "total"),
    ]:
        if moment is not None and kwh is not None:
            sums.kwh[day_of(moment)] += kwh


def _days(task: Task, sums: _Sums, people: Counter[date], teams: Counter[date], today: date) -> list[Day]:
    first = max(min((*sums.entries, *sums.kwh)), today - timedelta(days=DAYS))
    waiting = sum(count for day, count in sums.open_by_day.items() if day < first)
    days = []
    for offset in range((today - first).days + 1):
        day = first + timedelta(days=offset)
        waiting += sums.open_by_day[day]
        kwh = sums.kwh.get(day, 0.0)
        days.append(
            Day(
                day=day,
                participants=people[day],
                teams=teams[day],
                entries=sums.entries[day],
                scored=sums.ended["scored"][day],
                failed=sums.ended["failed"][day],
                error=sums.ended["error"][day],
                cancelled=sums.ended["cancelled"][day],
                waiting=waiting,
                kwh=kwh,
                grams=grams(kwh, task.grid_g_per_kwh, task.pue),
            )
        )
    return days
