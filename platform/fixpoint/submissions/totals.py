"""What all runs of a person or a team took, by the boards' rule: each attempt, and reading what was entered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from fixpoint.accounts.models import User
from fixpoint.datasets.models import DatasetEnergy
from fixpoint.submissions.models import Submission, SubmissionEnergy
from fixpoint.teams.models import Team


@dataclass(frozen=True)
class EnergyTotal:
    """kWh of all phases that were measured, and how many were not: these are missing in the sum, not nought."""

    kwh: float = 0.0
    unmeasured: int = 0


_SUMS = {"kwh_sum": Sum("kwh"), "unmeasured": Count("pk", filter=Q(kwh=None))}


def energy_totals_of(owner: User) -> dict[UUID, EnergyTotal]:
    """Of one person by the key of the task, in two queries."""
    found: dict[UUID, list[tuple[float | None, int]]] = {}
    for rows in _phases():
        sums = rows.filter(by=owner.pk).values("within").annotate(**_SUMS)
        for task, kwh, unmeasured in sums.values_list("within", "kwh_sum", "unmeasured"):
            found.setdefault(task, []).append((kwh, unmeasured))
    return {task: _added(parts) for task, parts in found.items()}


def energy_total_of_team(team: Team) -> EnergyTotal:
    """Of all that was entered for it, by the same rule; reading a dataset counts once."""
    theirs = Submission.objects.filter(team=team, rerun_of=None, role=Submission.Role.PARTICIPANT)
    reading = DatasetEnergy.objects.filter(dataset__in=theirs.values("dataset"))
    running = SubmissionEnergy.objects.filter(submission__in=theirs)
    sums = [rows.aggregate(**_SUMS) for rows in (reading, running)]
    return _added((each["kwh_sum"], each["unmeasured"]) for each in sums)


def _phases() -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Rows of reading and of running, each with its person and its task.

    What the platform runs again for reasons of its own, baselines, and reading what was not entered are on no account.
    """
    theirs = Submission.objects.filter(rerun_of=None, role=Submission.Role.PARTICIPANT)
    entered = Exists(theirs.filter(dataset=OuterRef("dataset")))
    reading = DatasetEnergy.objects.filter(entered).annotate(by=F("dataset__owner"), within=F("dataset__task"))
    running = SubmissionEnergy.objects.filter(submission__in=theirs)
    return reading, running.annotate(by=F("submission__owner"), within=F("submission__task"))


def _added(parts: Iterable[tuple[float | None, int]]) -> EnergyTotal:
    found = list(parts)
    return EnergyTotal(sum(kwh or 0.0 for kwh, _ in found), sum(unmeasured for _, unmeasured in found))
