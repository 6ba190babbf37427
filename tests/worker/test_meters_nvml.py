"""NVML through a fake library: its counter, its power where there is none, its refusals. No real hardware."""

# ruff: noqa: N802 the real library's names

from __future__ import annotations

import pynvml
import pytest

from worker.meters.nvml import Nvml, _Power


class FakeLibrary:
    """NVIDIA's library with one GPU; every error of the real one is the real one's."""

    NVMLError = pynvml.NVMLError
    NVMLError_NotSupported = pynvml.NVMLError_NotSupported

    def __init__(self, *, counts: bool = True, has_driver: bool = True) -> None:
        self.counts = counts
        self.has_driver = has_driver
        self.is_lost = False
        self.millijoules = 5_000
        self.milliwatts = 100_000
        self.asked: list[object] = []
        self.open = 0

    def nvmlInit(self) -> None:
        if not self.has_driver:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)
        self.open += 1

    def nvmlShutdown(self) -> None:
        self.open -= 1

    def nvmlDeviceGetHandleByIndex(self, index: int) -> str:
        if index > 3:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_INVALID_ARGUMENT)
        self.asked.append(index)
        return "handle"

    def nvmlDeviceGetHandleByUUID(self, uuid: str) -> str:
        self.asked.append(uuid)
        return "handle"

    def nvmlDeviceGetTotalEnergyConsumption(self, handle: str) -> int:
        if not self.counts:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)
        if self.is_lost:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_GPU_IS_LOST)
        return self.millijoules

    def nvmlDeviceGetPowerUsage(self, handle: str) -> int:
        if self.is_lost:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_GPU_IS_LOST)
        return self.milliwatts


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_fake_has_nothing_that_the_real_library_has_not() -> None:
    assert all(hasattr(pynvml, name) for name in vars(FakeLibrary) if name.startswith(("nvml", "NVML")))


@pytest.mark.parametrize(("gpu", "asked"), [("0", 0), ("3", 3), ("GPU-8f6d", "GPU-8f6d")])
def test_the_counter_of_the_workers_own_gpu(gpu: str, asked: object) -> None:
    library = FakeLibrary()
    meter = Nvml(gpu, library=library)

    meter.start()
    library.millijoules += 2_500

    assert meter.stop().joules == pytest.approx(2.5)
    assert library.asked == [asked]
    assert library.open == 0


def test_where_no_energy_is_counted_power_is_added_up_over_time() -> None:
    library, clock = FakeLibrary(counts=False), Clock()
    meter = Nvml("0", library=library, seconds=3600, clock=clock)

    meter.start()
    library.milliwatts, clock.now = 300_000, 10.0

    assert meter.stop().joules == pytest.approx((100 + 300) / 2 * 10)
    assert library.open == 0


def test_power_between_looks_is_their_mean() -> None:
    watts, clock = iter([100.0, 200.0, 50.0]), Clock()
    power = _Power(lambda: next(watts), clock)

    for clock.now in (2.0, 6.0):
        power.look()

    assert power.joules == pytest.approx(150 * 2 + 125 * 4)


@pytest.mark.parametrize("counts", [True, False])
def test_a_gpu_that_is_lost_on_the_way_leaves_no_figure(counts: bool) -> None:
    library = FakeLibrary(counts=counts)
    meter = Nvml("0", library=library, seconds=3600)

    meter.start()
    library.is_lost = True

    counted = meter.stop()
    assert counted.joules is None
    assert "NVML cannot be read" in counted.why


@pytest.mark.parametrize(("gpu", "has_driver"), [("0", False), ("7", True)])
def test_a_host_without_that_gpu_says_so(gpu: str, has_driver: bool) -> None:
    library = FakeLibrary(has_driver=has_driver)
    meter = Nvml(gpu, library=library)

    meter.start()

    counted = meter.stop()
    assert counted.joules is None
    assert "NVML cannot be read" in counted.why
    assert library.open == 0
