"""What all of a person's runs took in each task, beside what their best entry took."""

from dataclasses import dataclass
from uuid import UUID

from fixpoint.accounts.models import User
from fixpoint.energy.estimates import grams
from fixpoint.pages.logbook import Line
from fixpoint.submissions.models import Submission
from fixpoint.submissions.totals import EnergyTotal, energy_total_of_team, energy_totals_of
from fixpoint.tasks.models import Task
from fixpoint.teams.models import Team
from fixpoint.teams.selectors import teams_with_others


@dataclass(frozen=True)
class TaskEnergy:
    """`best` is the most accurate entry, the earlier of equals; None as long as there is no score.

    `team` is one's team where it has others too, `together` what all its runs took.
    """

    task: Task
    total: EnergyTotal
    grams: float
    best: Submission | None
    team: Team | None
    together: EnergyTotal


def energy_by_task(user: User, lines: list[Line]) -> list[TaskEnergy]:
    """The tasks in which anything was read or run, newest first; `lines` is the person's logbook."""
    totals = energy_totals_of(user)
    best = _best(lines)
    tasks, teams = Task.objects.filter(pk__in=totals), {each.task_id: each for each in teams_with_others(user)}
    return [_of(task, totals[task.pk], best.get(task.pk), teams.get(task.pk)) for task in tasks]


def _of(task: Task, total: EnergyTotal, best: Submission | None, team: Team | None) -> TaskEnergy:
    told = grams(total.kwh, task.grid_g_per_kwh, task.pue)
    return TaskEnergy(task, total, told, best, team, energy_total_of_team(team) if team else EnergyTotal())


def _best(lines: list[Line]) -> dict[UUID, Submission]:
    found: dict[UUID, Submission] = {}
    for line in reversed(lines):
        entry, held = line.entry, found.get(line.entry.task_id)
        if entry.accuracy is not None and (held is None or entry.accuracy > (held.accuracy or 0.0)):
            found[entry.task_id] = entry
    return found
