"""What one phase took, as a row: energy is stored, carbon is derived from it."""

from typing import Any

from django.db import models

from fixpoint.statements.inserts import rows_insert
from worker.contract import Energy


class AbstractPhaseEnergy(models.Model):
    """Seconds, kWh and how they were measured. None is "not measured", never 0."""

    phase = models.CharField(max_length=10)
    seconds = models.FloatField()
    level = models.CharField(max_length=2, help_text="M3 wall meter, M2 counters, M1 CPU-seconds, M0 a model.")
    method = models.CharField(max_length=300)
    kwh = models.FloatField(null=True)
    cpu_kwh = models.FloatField(null=True)
    gpu_kwh = models.FloatField(null=True)
    ram_kwh = models.FloatField(null=True)
    cpu_seconds = models.FloatField(null=True)
    codecarbon_kwh = models.FloatField(null=True)
    codecarbon_modes = models.JSONField(default=dict)
    band = models.FloatField(null=True, help_text="Relative uncertainty of kwh at 95 %; None before it was told.")
    country = models.CharField(max_length=3, blank=True, help_text="Where the worker stands, if it was told.")
    country_g_per_kwh = models.FloatField(null=True, help_text="Of that country's grid.")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.phase}: {self.kwh} kWh ({self.level})"


def energy_keep(row: type[AbstractPhaseEnergy], energy: Energy, **of: Any) -> None:
    """Write what a worker reported of one phase of the subject and attempt `of`, once more in its place."""
    columns = vars(energy)
    values = tuple(name for name in columns if name != "phase")
    rows_insert([row(**of, **columns)], unique=(*of, "phase"), updated=values)
