"""Energy around a phase, measured from outside the sandbox: CPU-seconds first, CodeCarbon's model beside them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from worker.contract import Energy, Phase
from worker.sandbox import Exit
from worker.second_opinion import CodeCarbon, Opinion
from worker.settings import Settings

WATTS_PER_CORE = 4.0
"""Watts of one busy logical core, until a host is calibrated.

CodeCarbon 3.3.2 takes it per thread of a processor that it does not know (`core/cpu.py`, DEFAULT_POWER_PER_CORE). It is
the order of a server processor's TDP over its threads: 300 W / 64 (Xeon 8375C) = 4.7, 280 W / 128 (EPYC 7763) = 2.2.
"""

JOULES_PER_KWH = 3.6e6


class Meter:
    """Meters the phases of one attempt, one after the other."""

    def __init__(self, settings: Settings, sandbox: str, second: CodeCarbon | None) -> None:
        self._settings = settings
        self._sandbox = sandbox
        self._second = second

    @contextmanager
    def running(self) -> Generator[None]:
        """Around the sandbox's run, and nothing else."""
        if self._second is None:
            yield
            return
        self._second.start()
        try:
            yield
        finally:
            self._second.stop()

    def reading(self, phase: Phase, end: Exit) -> Energy:
        """What the phase took. Call it once after `running`."""
        opinion = self._second.opinion(end.wall_seconds) if self._second else Opinion()
        level, method, cpu, kwh = self._figures(end, opinion)
        return Energy(
            phase=phase,
            seconds=end.wall_seconds,
            level=level,
            method=method,
            kwh=kwh,
            cpu_kwh=cpu,
            gpu_kwh=opinion.gpu_kwh if self._settings.gpu else None,
            ram_kwh=None if level == "M1" else opinion.ram_kwh,
            cpu_seconds=end.cpu_seconds,
            codecarbon_kwh=opinion.kwh,
            codecarbon_modes=opinion.modes or {},
        )

    def _figures(self, end: Exit, opinion: Opinion) -> tuple[str, str, float | None, float | None]:
        """Level, method, kWh of the CPU, kWh in all."""
        if end.cpu_seconds is None:
            method = "CodeCarbon's model of the whole machine" if opinion.kwh is not None else "not measured"
            return "M0", method, opinion.cpu_kwh, opinion.kwh
        watts = self._settings.watts_per_core or WATTS_PER_CORE
        source = "set for this host" if self._settings.watts_per_core else "default, not calibrated"
        cpu = end.cpu_seconds * watts / JOULES_PER_KWH
        method = f"CPU-seconds of the sandbox {self._sandbox} x {watts:g} W per core ({source})"
        if not self._settings.gpu:
            return "M1", method, cpu, cpu
        if opinion.gpu_kwh is None:
            return "M1", f"{method}; the GPU was not measured", cpu, None
        return "M1", f"{method}, and the GPU's counter as CodeCarbon reads it", cpu, cpu + opinion.gpu_kwh
