"""Energy has a figure, a level and a method, or says that it was not measured."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.worker.programs import ended
from worker.contract import Energy, Phase
from worker.meter import WATTS_PER_CORE, Meter
from worker.sandbox import Exit
from worker.second_opinion import Opinion
from worker.settings import Settings


class Says:
    """A second opinion that is always the same."""

    def __init__(self, opinion: Opinion) -> None:
        self._opinion = opinion
        self.orders: list[str] = []

    def start(self) -> None:
        self.orders.append("start")

    def stop(self) -> None:
        self.orders.append("stop")

    def opinion(self, seconds: float) -> Opinion:
        self.orders.append(f"opinion of {seconds} s")
        return self._opinion


OPINION = Opinion(kwh=3e-5, cpu_kwh=2e-5, gpu_kwh=0.4e-5, ram_kwh=0.6e-5, modes={"hardware_0": "CPU: cpu_load of 8 W"})
NOTHING = Opinion()


def reading(settings: Settings, end: Exit, opinion: Opinion = OPINION) -> Energy:
    return Meter(settings, "docker", Says(opinion)).reading(Phase.TRAIN, end)  # type: ignore[arg-type]


def test_cpu_seconds_times_watts_per_core(worker_settings: Settings) -> None:
    energy = reading(replace(worker_settings, watts_per_core=10.0), ended(cpu_seconds=360.0, wall_seconds=200.0))

    assert energy.kwh == energy.cpu_kwh == pytest.approx(0.001)
    assert (energy.level, energy.seconds, energy.cpu_seconds) == ("M1", 200.0, 360.0)
    assert energy.method == "CPU-seconds of the sandbox docker x 10 W per core (set for this host)"


def test_without_calibration_the_default_is_used_and_named(worker_settings: Settings) -> None:
    energy = reading(worker_settings, ended(cpu_seconds=900.0))

    assert energy.kwh == pytest.approx(900 * WATTS_PER_CORE / 3.6e6)
    assert "4 W per core (default, not calibrated)" in energy.method


def test_codecarbons_figure_stands_beside_with_the_modes_it_chose(worker_settings: Settings) -> None:
    energy = reading(worker_settings, ended())

    assert energy.codecarbon_kwh == 3e-5
    assert energy.codecarbon_modes == {"hardware_0": "CPU: cpu_load of 8 W"}


def test_without_cpu_seconds_codecarbons_model_is_the_figure_and_its_level_says_so(worker_settings: Settings) -> None:
    energy = reading(worker_settings, ended(cpu_seconds=None))

    assert (energy.level, energy.method) == ("M0", "CodeCarbon's model of the whole machine")
    assert (energy.kwh, energy.cpu_kwh, energy.ram_kwh) == (3e-5, 2e-5, 0.6e-5)


def test_nothing_measured_is_none_and_never_nought(worker_settings: Settings) -> None:
    energy = reading(worker_settings, ended(cpu_seconds=None), NOTHING)

    assert (energy.method, energy.kwh, energy.codecarbon_kwh) == ("not measured", None, None)


def test_a_gpus_energy_is_added_where_there_is_one(worker_settings: Settings) -> None:
    energy = reading(replace(worker_settings, gpu=True), ended(cpu_seconds=900.0))

    assert energy.gpu_kwh == 0.4e-5
    assert energy.kwh == pytest.approx((energy.cpu_kwh or 0) + 0.4e-5)


def test_a_gpu_that_was_not_measured_leaves_no_total(worker_settings: Settings) -> None:
    energy = reading(replace(worker_settings, gpu=True), ended(), NOTHING)

    assert energy.kwh is None
    assert "the GPU was not measured" in energy.method


def test_the_second_opinion_is_asked_around_the_run_and_for_its_seconds(worker_settings: Settings) -> None:
    says = Says(OPINION)
    meter = Meter(worker_settings, "docker", says)  # type: ignore[arg-type]

    with pytest.raises(ZeroDivisionError), meter.running():
        raise ZeroDivisionError
    meter.reading(Phase.TRAIN, ended(wall_seconds=7.0))

    assert says.orders == ["start", "stop", "opinion of 7.0 s"]
