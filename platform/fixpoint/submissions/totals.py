"""What all runs of a person took: every attempt whose energy was told, those that failed and reading the images too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from fixpoint.accounts.models import User
from fixpoint.datasets.models import DatasetEnergy
from fixpoint.submissions.models import SubmissionEnergy
from fixpoint.tasks.models import Task


@dataclass(frozen=True)
class EnergyTotal:
    """kWh of all phases that were measured, and how many were not: these are missing in the sum, not nought."""

    kwh: float = 0.0
    unmeasured: int = 0


_SUMS = {"kwh_sum": Sum("kwh"), "unmeasured": Count("pk", filter=Q(kwh=None))}


def energy_total(owner: User, task: Task) -> EnergyTotal:
    """Of one person in one task, in one query."""
    ours = (rows.filter(by=owner.pk, within=task.pk) for rows in _phases())
    reading, running = (rows.values("within").annotate(**_SUMS).values_list("kwh_sum", "unmeasured") for rows in ours)
    return _added(reading.union(running, all=True))


def energy_totals_of(owner: User) -> dict[UUID, EnergyTotal]:
    """Of one person by the key of the task, in two queries."""
    found: dict[UUID, list[tuple[float | None, int]]] = {}
    for rows in _phases():
        sums = rows.filter(by=owner.pk).values("within").annotate(**_SUMS)
        for task, kwh, unmeasured in sums.values_list("within", "kwh_sum", "unmeasured"):
            found.setdefault(task, []).append((kwh, unmeasured))
    return {task: _added(parts) for task, parts in found.items()}


def energy_totals(task: Task) -> dict[int, float]:
    """kWh by the key of everybody who ran anything in the task, in two queries."""
    totals: dict[int, float] = {}
    for rows in _phases():
        sums = rows.filter(within=task.pk).values("by").annotate(kwh_sum=Sum("kwh"))
        for owner, kwh in sums.values_list("by", "kwh_sum"):
            totals[owner] = totals.get(owner, 0.0) + (kwh or 0.0)
    return totals


def _phases() -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Rows of reading and of running, each with its person and its task.

    What the platform runs again for reasons of its own is on nobody's account.
    """
    reading = DatasetEnergy.objects.annotate(by=F("dataset__owner"), within=F("dataset__task"))
    running = SubmissionEnergy.objects.filter(submission__rerun_of=None)
    return reading, running.annotate(by=F("submission__owner"), within=F("submission__task"))


def _added(parts: Iterable[tuple[float | None, int]]) -> EnergyTotal:
    found = list(parts)
    return EnergyTotal(sum(kwh or 0.0 for kwh, _ in found), sum(unmeasured for _, unmeasured in found))
