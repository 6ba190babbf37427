"""The one statement that reads entries for a board, all of a task or those that changed, and what becomes of a row."""

from __future__ import annotations

from collections.abc import Iterator
from math import nan
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, F, FloatField, OuterRef, Q, Subquery, Sum, TextField
from django.db.models.functions import Cast, Coalesce

from fixpoint.datasets.models import DatasetEnergy
from fixpoint.leaderboard.columns import PER_KWH, halves, microseconds
from fixpoint.submissions.models import NUMBER_TOLD, Submission, SubmissionEnergy

LEVELS = ("M0", "M1", "M2", "M3")
ROLES = tuple(Submission.Role.values)
PARTICIPANT, BASELINE = ROLES.index("participant"), ROLES.index("baseline")
ROWS_AT_A_TIME = 5000

_FIELDS = (
    "number_told", "title", "id", "team_id", "accuracy", "is_own_score", "result__accuracy_public",
    "result__accuracy_private", "result__spread", "result__spread_private", "result__hidden_images",
    "result__standardised_kwh", "result__measured_kwh", "result__measured_level", "result__measured_band",
    "dataset__images", "created_at", "ended_at", "withdrawn_at", "disqualified_at", "role", "status", "is_chosen",
    "is_rerun", "recipe_digest", "seeds_text", "spent", "dataset_id", "ingestion",
)  # fmt: skip
NUMBER, TITLE, ENTRY, TEAM, RECIPE, SEEDS = (
    _FIELDS.index(name) for name in ("number_told", "title", "id", "team_id", "recipe_digest", "seeds_text")
)
"""Where these stand in what `changes` yields."""


def changes(task_id: UUID, after: int | None) -> Iterator[tuple[Any, ...]]:
    """Values of `_FIELDS` of each entry that changed after that number of the board, by rising numbers; None: all."""
    entries = Submission.objects.filter(task=task_id).annotate(number_told=NUMBER_TOLD)
    new = entries.order_by() if after is None else entries.filter(number_told__gt=after).order_by("number_told")
    found = new.annotate(
        is_rerun=ExpressionWrapper(Q(rerun_of__isnull=False), output_field=BooleanField()),
        seeds_text=Cast("seeds", TextField()),
        spent=_sum(SubmissionEnergy.objects.filter(submission=OuterRef("pk")), "submission"),
        ingestion=_sum(DatasetEnergy.objects.filter(dataset=OuterRef("dataset")), "dataset"),
    )
    return found.values_list(*_FIELDS).iterator(chunk_size=ROWS_AT_A_TIME)


def row_of(values: tuple[Any, ...], team: int, recipe: int, seeds: int) -> tuple[Any, ...]:
    """A row of the columns, in the order of columns.KINDS, with the numbers of what is kept once."""
    (_, _, entry, _, told, own, public, private, spread, spread_private, hidden, standardised, measured, level, band,
     images, created, ended, withdrawn, disqualified, role, status, chosen, rerun, _, _, spent, dataset,
     ingestion) = values  # fmt: skip
    return (
        *halves(entry.int), team, _or_nan(told), own, _or_nan(public), _or_nan(private), _or_nan(spread),
        _or_nan(spread_private), hidden or 0, _or_nan(standardised), _or_nan(measured),
        LEVELS.index(level) if level in LEVELS else -1, _or_nan(band), images,
        microseconds(created), microseconds(ended or created), microseconds(withdrawn), microseconds(disqualified),
        ROLES.index(role), status == Submission.Status.SCORED, chosen, rerun, recipe, seeds, _parts(spent),
        halves(dataset.int)[1], -1 if rerun or ROLES.index(role) != PARTICIPANT else _parts(ingestion),
    )  # fmt: skip


def _sum(energies: Any, of: str) -> Coalesce:
    total = energies.order_by().values(of).annotate(total=Sum(F("kwh"))).values("total")
    return Coalesce(Subquery(total), 0.0, output_field=FloatField())


def _parts(kwh: float) -> int:
    return round(kwh * PER_KWH)


def _or_nan(value: float | None) -> float:
    return nan if value is None else value
