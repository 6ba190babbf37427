"""What a run took by its meters: ingest, training and prediction of the attempts that counted, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from fixpoint.datasets.models import DatasetEnergy
from fixpoint.statements.asking import Later
from fixpoint.statements.selects import Kept
from fixpoint.submissions.models import Submission, SubmissionEnergy

_PHASES = 3
_COLUMNS = ("kwh", "level", "band", "cpu_seconds")


def _phases() -> QuerySet[DatasetEnergy, Any]:
    ingest = DatasetEnergy.objects.filter(dataset=Later("dataset"), attempt=Later("ingest"))
    run = SubmissionEnergy.objects.filter(submission=Later("submission"), attempt=Later("attempt"))
    return ingest.values_list(*_COLUMNS).union(run.values_list(*_COLUMNS), all=True)


_PHASES_OF = Kept(_phases)


@dataclass(frozen=True)
class Measured:
    """`kwh` is None if a phase was not measured; `level` is the lowest of the phases, `band` that of their sum.

    `cpu_seconds` are of the three phases together, None where one does not know them.
    """

    kwh: float | None = None
    level: str = ""
    band: float | None = None
    cpu_seconds: float | None = None


def measured_of(submission: Submission) -> Measured:
    """Of this run alone, whatever runs there are besides."""
    dataset = submission.dataset
    phases = _PHASES_OF.tuples(
        dataset=dataset.pk, ingest=dataset.attempt, submission=submission.pk, attempt=submission.attempt
    )
    known = [kwh for kwh, *_ in phases if kwh is not None]
    if not len(known) == len(phases) == _PHASES:
        return Measured()
    return Measured(
        kwh=sum(known),
        level=min(level for _, level, _, _ in phases),
        band=_band([(kwh, band) for kwh, _, band, _ in phases], sum(known)),
        cpu_seconds=_sum([seconds for *_, seconds in phases]),
    )


def _band(parts: list[tuple[float, float | None]], total: float) -> float | None:
    """The phases err alike, by the same watts: what is uncertain in each adds up, and nothing evens out."""
    if total <= 0 or any(band is None for _, band in parts):
        return None
    return sum(kwh * (band or 0.0) for kwh, band in parts) / total


def _sum(values: list[float | None]) -> float | None:
    known = [each for each in values if each is not None]
    return sum(known) if len(known) == len(values) else None
