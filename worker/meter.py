"""Energy around a phase, measured from outside the sandbox: the best reading there is, CodeCarbon's model beside it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from worker.contract import Energy, Phase
from worker.meters.levels import JOULES_PER_KWH, WATTS_PER_CORE, Seen, figure
from worker.meters.readers import Counts, Readers
from worker.sandbox import Exit
from worker.second_opinion import CodeCarbon, Opinion
from worker.settings import Settings

__all__ = ["JOULES_PER_KWH", "WATTS_PER_CORE", "Meter"]

METHOD_SIGNS = 300
"""As many as the platform keeps."""


class Meter:
    """Meters the phases of one attempt, one after the other."""

    def __init__(
        self, settings: Settings, sandbox: str, second: CodeCarbon | None, readers: Readers | None = None
    ) -> None:
        self._settings = settings
        self._sandbox = sandbox
        self._second = second
        self._readers = readers or Readers()
        self._counts = Counts()

    @contextmanager
    def running(self) -> Generator[None]:
        """Around the sandbox's run, and nothing else."""
        if self._second is not None:
            self._second.start()
        self._readers.start()
        try:
            yield
        finally:
            self._counts = self._readers.stop()
            if self._second is not None:
                self._second.stop()

    def reading(self, phase: Phase, end: Exit) -> Energy:
        """What the phase took. Call it once after `running`."""
        opinion = self._second.opinion(end.wall_seconds) if self._second else Opinion()
        found = figure(Seen(self._settings, self._sandbox, end, self._counts, opinion))
        return Energy(
            phase=phase,
            seconds=end.wall_seconds,
            level=found.level,
            method=found.method[:METHOD_SIGNS],
            kwh=found.kwh,
            cpu_kwh=found.cpu_kwh,
            gpu_kwh=found.gpu_kwh,
            ram_kwh=found.ram_kwh,
            cpu_seconds=end.cpu_seconds,
            codecarbon_kwh=opinion.kwh,
            codecarbon_modes=opinion.modes or {},
            band=found.band,
            country=self._settings.country,
            country_g_per_kwh=self._settings.country_g_per_kwh,
        )
