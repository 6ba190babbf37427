"""The best level that the readings of a phase allow, with its method and its band."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.worker.programs import ended
from worker.contract import Phase
from worker.meter import METHOD_SIGNS, Meter
from worker.meters import bands
from worker.meters.levels import JOULES_PER_KWH, Figure, Seen, figure
from worker.meters.nvml import Nvml
from worker.meters.rapl import Rapl
from worker.meters.reader import Counted
from worker.meters.readers import Counts, Readers, readers_of
from worker.meters.wall import WallMeter
from worker.second_opinion import Opinion
from worker.settings import Settings

CPU, GPU, WALL = Counted(360.0, ram_joules=36.0), Counted(720.0), Counted(3600.0, step=3.6)
OPINION = Opinion(kwh=3e-5, cpu_kwh=2e-5, gpu_kwh=0.4e-5, ram_kwh=0.6e-5)


def of(settings: Settings, counts: Counts, *, cpu_seconds: float | None = 900.0, opinion: Opinion = OPINION) -> Figure:
    return figure(Seen(settings, "docker", ended(cpu_seconds=cpu_seconds), counts, opinion))


def test_a_wall_meter_comes_before_everything(worker_settings: Settings) -> None:
    found = of(worker_settings, Counts(wall=WALL, cpu=CPU))

    assert (found.level, found.kwh) == ("M3", pytest.approx(0.001))
    assert (found.cpu_kwh, found.ram_kwh) == (pytest.approx(1e-4), pytest.approx(1e-5))


def test_counters_come_before_cpu_seconds(worker_settings: Settings) -> None:
    found = of(worker_settings, Counts(cpu=CPU))

    assert (found.level, found.band) == ("M2", bands.COUNTERS)
    assert found.kwh == pytest.approx(1.1e-4)
    assert "memory included" in found.method


def test_with_a_gpu_both_counters_are_needed(worker_settings: Settings) -> None:
    settings = replace(worker_settings, gpu=True)

    assert of(settings, Counts(cpu=CPU, gpu=GPU)).level == "M2"
    assert of(settings, Counts(cpu=CPU, gpu=GPU)).kwh == pytest.approx(3.1e-4)
    assert of(settings, Counts(cpu=CPU)).level == "M1"


def test_a_counter_that_could_not_be_read_says_why_beside_the_lower_figure(worker_settings: Settings) -> None:
    found = of(worker_settings, Counts(cpu=Counted(why="RAPL may be read by root only")))

    assert found.level == "M1"
    assert found.method.endswith("(default, not calibrated); RAPL may be read by root only")


def test_a_wall_meter_that_is_away_says_so_at_whatever_level_is_left(worker_settings: Settings) -> None:
    away = Counted(why="the wall meter cannot be read: TimeoutExpired")

    assert of(worker_settings, Counts(wall=away, cpu=CPU)).method.endswith(away.why)
    assert of(worker_settings, Counts(wall=away)).method.endswith(away.why)


def test_a_gpus_own_counter_comes_before_codecarbons_reading_of_it(worker_settings: Settings) -> None:
    settings = replace(worker_settings, gpu=True)

    found = of(settings, Counts(gpu=GPU))

    assert (found.level, found.gpu_kwh) == ("M1", pytest.approx(2e-4))
    assert "by NVML" in found.method
    assert of(settings, Counts(), opinion=Opinion()).kwh is None


def test_the_band_widens_from_level_to_level(worker_settings: Settings) -> None:
    calibrated = replace(worker_settings, watts_per_core=5.0)
    found = [
        of(worker_settings, Counts(wall=WALL)),
        of(worker_settings, Counts(cpu=CPU)),
        of(calibrated, Counts()),
        of(worker_settings, Counts()),
        of(worker_settings, Counts(), cpu_seconds=None),
    ]

    widths = [each.band for each in found]
    assert [each.level for each in found] == ["M3", "M2", "M1", "M1", "M0"]
    assert None not in widths
    assert widths == sorted(width for width in widths if width is not None)


def test_a_coarse_wall_meter_has_a_band_as_wide_as_its_last_digit(worker_settings: Settings) -> None:
    coarse = of(worker_settings, Counts(wall=Counted(3600.0, step=1800.0)))

    assert coarse.band == pytest.approx((bands.WALL**2 + 0.25) ** 0.5)


def test_the_band_of_a_sum_lies_between_those_of_its_parts_by_their_weight() -> None:
    assert bands.of_sum([(1.0, 0.5), (3.0, 0.1)]) == pytest.approx(0.2)
    assert bands.of_sum([]) is None


def test_nothing_measured_has_no_band(worker_settings: Settings) -> None:
    found = of(worker_settings, Counts(), cpu_seconds=None, opinion=Opinion())

    assert (found.kwh, found.band) == (None, None)


def test_what_a_worker_reads_follows_from_its_settings(worker_settings: Settings) -> None:
    everything = replace(worker_settings, gpu=True, device="gpu1", exclusive_host=True, wall_meter="file:meter")
    kinds = {part: type(reader) for part, reader in readers_of(everything).by_part.items()}

    assert kinds == {"gpu": Nvml, "cpu": Rapl, "wall": WallMeter}
    assert readers_of(worker_settings).by_part == {}


class Steady:
    """A reader that counts the same for each phase."""

    def __init__(self) -> None:
        self.orders: list[str] = []

    def start(self) -> None:
        self.orders.append("start")

    def stop(self) -> Counted:
        self.orders.append("stop")
        return Counted(JOULES_PER_KWH, why="a long story " * 50)


def test_readers_run_around_the_sandbox_and_nothing_else(worker_settings: Settings) -> None:
    reader = Steady()
    meter = Meter(
        replace(worker_settings, country="FRA", country_g_per_kwh=56.0), "docker", None, Readers({"cpu": reader})
    )

    with meter.running():
        assert reader.orders == ["start"]
    energy = meter.reading(Phase.TRAIN, ended())

    assert reader.orders == ["start", "stop"]
    assert (energy.level, energy.kwh, energy.band) == ("M2", 1.0, bands.COUNTERS)
    assert (energy.country, energy.country_g_per_kwh) == ("FRA", 56.0)


def test_the_words_of_a_method_fit_the_platforms_column(worker_settings: Settings) -> None:
    class Wordy(Steady):
        def stop(self) -> Counted:
            return Counted(why="a long story " * 50)

    meter = Meter(worker_settings, "docker", None, Readers({"cpu": Wordy()}))
    with meter.running():
        pass

    assert len(meter.reading(Phase.TRAIN, ended()).method) == METHOD_SIGNS
