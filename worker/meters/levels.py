"""From what was read of a phase to its figure: the best level that its readings allow, with method and band."""

from __future__ import annotations

from dataclasses import dataclass

from worker.meters.bands import CALIBRATED, COUNTERS, MODEL, UNCALIBRATED, WALL, of_sum, with_step
from worker.meters.reader import Counted
from worker.meters.readers import Counts
from worker.sandbox import Exit
from worker.second_opinion import Opinion
from worker.settings import Settings

WATTS_PER_CORE = 4.0
"""Watts of one busy logical core, until a host is calibrated.

CodeCarbon 3.3.2 takes it per thread of a processor that it does not know (`core/cpu.py`, DEFAULT_POWER_PER_CORE). It is
the order of a server processor's TDP over its threads: 300 W / 64 (Xeon 8375C) = 4.7, 280 W / 128 (EPYC 7763) = 2.2.
"""

JOULES_PER_KWH = 3.6e6


@dataclass(frozen=True)
class Figure:
    """Energies in kWh, None where not measured; `band` as in `bands.py`, None without a figure."""

    level: str
    method: str
    kwh: float | None = None
    cpu_kwh: float | None = None
    gpu_kwh: float | None = None
    ram_kwh: float | None = None
    band: float | None = None


@dataclass(frozen=True)
class Seen:
    """All that was read of one phase, and where."""

    settings: Settings
    sandbox: str
    end: Exit
    counts: Counts
    opinion: Opinion


def figure(seen: Seen) -> Figure:
    """M3 before M2 before M1 before M0."""
    return _by_wall_meter(seen) or _by_counters(seen) or _by_cpu_seconds(seen) or _by_model(seen)


def _by_wall_meter(seen: Seen) -> Figure | None:
    wall = seen.counts.wall
    kwh = _kwh(wall.joules)
    if wall.joules is None or kwh is None:
        return None
    band = with_step(WALL, wall.joules, wall.step)
    parts = {"cpu_kwh": _kwh(seen.counts.cpu.joules), "gpu_kwh": _kwh(seen.counts.gpu.joules)}
    return Figure("M3", "wall meter of the whole machine", kwh, **parts, ram_kwh=_ram(seen), band=band)


def _by_counters(seen: Seen) -> Figure | None:
    cpu, gpu = _kwh(seen.counts.cpu.joules), _kwh(seen.counts.gpu.joules)
    if cpu is None or (seen.settings.gpu and gpu is None):
        return None
    memory = _ram(seen)
    counters = "RAPL and NVML" if seen.settings.gpu else "RAPL"
    method = f"{counters}, counters of a host that nothing else uses" + (", memory included" if memory else "")
    method += _why_not(seen.counts.wall)
    return Figure("M2", method, cpu + (gpu or 0.0) + (memory or 0.0), cpu, gpu, memory, COUNTERS)


def _by_cpu_seconds(seen: Seen) -> Figure | None:
    if seen.end.cpu_seconds is None:
        return None
    set_for_host = seen.settings.watts_per_core
    watts = set_for_host or WATTS_PER_CORE
    source = "set for this host" if set_for_host else "default, not calibrated"
    method = f"CPU-seconds of the sandbox {seen.sandbox} x {watts:g} W per core ({source})"
    method += _why_not(seen.counts.wall) + _why_not(seen.counts.cpu)
    cpu = seen.end.cpu_seconds * watts / JOULES_PER_KWH
    band = CALIBRATED if set_for_host else UNCALIBRATED
    if not seen.settings.gpu:
        return Figure("M1", method, cpu, cpu, band=band)
    gpu, how = _gpu(seen)
    if gpu is None:
        return Figure("M1", method + how, None, cpu)
    return Figure("M1", method + how, cpu + gpu, cpu, gpu, band=of_sum([(cpu, band), (gpu, COUNTERS)]))


def _by_model(seen: Seen) -> Figure:
    opinion = seen.opinion
    gpu = opinion.gpu_kwh if seen.settings.gpu else None
    if opinion.kwh is None:
        return Figure("M0", "not measured")
    method = "CodeCarbon's model of the whole machine"
    return Figure("M0", method, opinion.kwh, opinion.cpu_kwh, gpu, opinion.ram_kwh, MODEL)


def _gpu(seen: Seen) -> tuple[float | None, str]:
    """kWh, and the words for how they were read."""
    if (counted := _kwh(seen.counts.gpu.joules)) is not None:
        return counted, ", and the GPU's counter by NVML"
    if seen.opinion.gpu_kwh is not None:
        return seen.opinion.gpu_kwh, ", and the GPU's counter as CodeCarbon reads it"
    return None, f"; the GPU was not measured{_why_not(seen.counts.gpu)}"


def _ram(seen: Seen) -> float | None:
    return _kwh(seen.counts.cpu.ram_joules)


def _kwh(joules: float | None) -> float | None:
    return None if joules is None else joules / JOULES_PER_KWH


def _why_not(counted: Counted) -> str:
    return f"; {counted.why}" if counted.why else ""
