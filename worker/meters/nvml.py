"""NVML: the energy counter of the worker's own GPU, through NVIDIA's library."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pynvml

from worker.meters.polling import Polling
from worker.meters.reader import Counted

POLL_SECONDS = 0.5
"""Between two looks at the power, where a GPU counts no energy (before Volta, and parts of one under MIG)."""


class Nvml:
    """The GPU of this number or UUID, with everything that runs on it: a device takes one evaluation at a time."""

    def __init__(
        self,
        gpu: str,
        *,
        library: Any = pynvml,
        seconds: float = POLL_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._gpu = gpu
        self._library = library
        self._seconds = seconds
        self._clock = clock
        self._handle: Any = None
        self._power: _Power | None = None
        self._polling: Polling | None = None
        self._millijoules = 0
        self._is_open = False
        self._why = ""

    def start(self) -> None:
        """Read the counter, or begin to watch the power where there is none."""
        self._power, self._polling, self._is_open, self._why = None, None, False, ""
        try:
            self._library.nvmlInit()
            self._is_open = True
            self._handle = self._device()
            self._begin()
        except self._library.NVMLError as error:
            self._why = _reason(error)

    def stop(self) -> Counted:
        """Joules of the whole board."""
        joules = None
        try:
            if self._polling is not None:
                self._polling.stop()
            joules = None if self._why else self._joules()
            if self._is_open:
                self._library.nvmlShutdown()
        except self._library.NVMLError as error:
            return Counted(why=_reason(error))
        return Counted(None if self._why else joules, why=self._why)

    def _device(self) -> Any:
        if self._gpu.isdigit():
            return self._library.nvmlDeviceGetHandleByIndex(int(self._gpu))
        return self._library.nvmlDeviceGetHandleByUUID(self._gpu)

    def _begin(self) -> None:
        try:
            self._millijoules = self._library.nvmlDeviceGetTotalEnergyConsumption(self._handle)
        except self._library.NVMLError_NotSupported:
            self._power = _Power(self._watts, self._clock)
            self._polling = Polling(self._look, self._seconds)

    def _joules(self) -> float:
        if self._power is None:
            now: int = self._library.nvmlDeviceGetTotalEnergyConsumption(self._handle)
            return (now - self._millijoules) / 1e3
        return self._power.joules

    def _watts(self) -> float:
        milliwatts: int = self._library.nvmlDeviceGetPowerUsage(self._handle)
        return milliwatts / 1e3

    def _look(self) -> None:
        try:
            if self._power is not None:
                self._power.look()
        except self._library.NVMLError as error:
            self._why = _reason(error)


class _Power:
    """Power over time: the mean of two looks counts for the time between them."""

    def __init__(self, watts: Callable[[], float], clock: Callable[[], float]) -> None:
        self._watts_now, self._clock = watts, clock
        self._watts, self._at = watts(), clock()
        self.joules = 0.0

    def look(self) -> None:
        watts, at = self._watts_now(), self._clock()
        self.joules += (watts + self._watts) / 2 * (at - self._at)
        self._watts, self._at = watts, at


def _reason(error: Exception) -> str:
    return f"NVML cannot be read: {error}"
