"""Phases as rows of CodeCarbon's emissions.csv, so that its readers read ours: one row a phase of an entry."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from fixpoint.datasets.models import DatasetEnergy
from fixpoint.energy.estimates import grams
from fixpoint.energy.phases import AbstractPhaseEnergy
from fixpoint.submissions.models import Submission, SubmissionEnergy

COLUMNS = (
    "timestamp", "project_name", "run_id", "experiment_id", "duration", "emissions", "emissions_rate", "cpu_power",
    "gpu_power", "ram_power", "cpu_energy", "gpu_energy", "ram_energy", "energy_consumed", "water_consumed",
    "country_name", "country_iso_code", "region", "cloud_provider", "cloud_region", "os", "python_version",
    "codecarbon_version", "cpu_count", "cpu_model", "gpu_count", "gpu_model", "longitude", "latitude",
    "ram_total_size", "tracking_mode", "cpu_utilization_percent", "gpu_utilization_percent", "ram_utilization_percent",
    "ram_used_gb", "on_cloud", "pue", "wue",
)  # fmt: skip
"""Of CodeCarbon 3.3.2, in its order. What we do not know stays empty."""
_AT_ONCE = 500
_WATTS, _HOUR = 1000, 3600


def emissions_rows(entries: Sequence[Submission]) -> Iterator[list[object]]:
    """Of scored entries, in their order: reading the images, training, prediction of what counted."""
    for start in range(0, len(entries), _AT_ONCE):
        some = entries[start : start + _AT_ONCE]
        ingested = _grouped(
            (each.dataset_id, each.attempt, each)
            for each in DatasetEnergy.objects.filter(dataset__in={entry.dataset_id for entry in some}).order_by("pk")
        )
        run = _grouped(
            (each.submission_id, each.attempt, each)
            for each in SubmissionEnergy.objects.filter(submission__in=some).order_by("pk")
        )
        for entry in some:
            phases = [
                *ingested.get((entry.dataset_id, entry.dataset.attempt), []),
                *run.get((entry.pk, entry.attempt), []),
            ]
            yield from (_row(entry, phase) for phase in phases)


def _grouped(
    found: Iterable[tuple[UUID, int, AbstractPhaseEnergy]],
) -> dict[tuple[UUID, int], list[AbstractPhaseEnergy]]:
    groups: dict[tuple[UUID, int], list[AbstractPhaseEnergy]] = {}
    for subject, attempt, phase in found:
        groups.setdefault((subject, attempt), []).append(phase)
    return groups


def _row(entry: Submission, phase: AbstractPhaseEnergy) -> list[object]:
    """`emissions` in kg, `emissions_rate` in kg/s, energies in kWh, powers in W: the mean over the phase."""
    provenance = entry.result.run.provenance
    kilograms = None if phase.kwh is None else grams(phase.kwh, entry.task.grid_g_per_kwh, entry.task.pue) / 1000
    ended = entry.ended_at or entry.created_at
    told: dict[str, object] = {
        "timestamp": f"{ended:%Y-%m-%dT%H:%M:%S}",
        "project_name": entry.task.slug,
        "run_id": f"{entry.pk}-{phase.phase}",
        "experiment_id": str(entry.pk),
        "duration": phase.seconds,
        "emissions": kilograms,
        "emissions_rate": kilograms / phase.seconds if kilograms is not None and phase.seconds else None,
        "cpu_power": _mean_watts(phase.cpu_kwh, phase.seconds),
        "gpu_power": _mean_watts(phase.gpu_kwh, phase.seconds),
        "ram_power": _mean_watts(phase.ram_kwh, phase.seconds),
        "cpu_energy": phase.cpu_kwh,
        "gpu_energy": phase.gpu_kwh,
        "ram_energy": phase.ram_kwh,
        "energy_consumed": phase.kwh,
        "python_version": provenance.get("versions", {}).get("python"),
        "cpu_count": provenance.get("threads"),
        "cpu_model": provenance.get("device"),
        "tracking_mode": f"{phase.level} {phase.method}",
        "pue": entry.task.pue,
    }
    return [told.get(name) for name in COLUMNS]


def _mean_watts(kwh: float | None, seconds: float) -> float | None:
    return None if kwh is None or not seconds else kwh * _WATTS * _HOUR / seconds
