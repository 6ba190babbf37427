"""What was measured as named figures, for the last line of the output. None: not measurable here."""

from __future__ import annotations

from typing import Any

from fixed_model.cost import gflop_train_image
from fixed_model.recipe import DCAI2021
from tests.benchmarks.training.contestants import Run
from tests.benchmarks.training.measuring import Measured

DIGITS = 4
THOUSAND = 1000


def figures(measured: Measured) -> dict[str, Any]:
    """Plain names mean ours on all cores, one seed a core; `_one_seed` and `_one_core` mean one of them alone.

    Ratios are of images a second, the others with the whole machine to themselves. GFLOP are those of the convolutions
    (fixed_model/cost.py), peaks those of matrix products. kWh are of one epoch of one seed.
    """
    one, ours, keras, plain = measured.one_seed, measured.all_cores, measured.keras, measured.plain
    gflop = gflop_train_image(DCAI2021)
    found = {
        "images_per_second": ours.images_per_second,
        "images_per_second_one_seed": one.images_per_second,
        "images_per_second_keras": keras and keras.images_per_second,
        "images_per_second_plain": plain.images_per_second,
        "ratio_to_keras": ratio(ours, keras),
        "ratio_to_plain": ratio(ours, plain),
        "ratio_to_keras_one_seed": ratio(one, keras),
        "ratio_to_plain_one_seed": ratio(one, plain),
        "peak_gflops": measured.peak.all_cores,
        "peak_gflops_one_core": measured.peak.one_core,
        "share_of_peak": ours.images_per_second * gflop / measured.peak.all_cores,
        "share_of_peak_one_core": one.images_per_second * gflop / measured.peak.one_core,
        "startup_s": measured.startup.beyond,
        "peak_rss_mib": measured.memory.beyond,
        "kwh_per_epoch": ours.kwh(measured.images),
        "kwh_per_epoch_one_seed": one.kwh(measured.images),
        "kwh_per_epoch_keras": keras and keras.kwh(measured.images),
        "kwh_per_epoch_plain": plain.kwh(measured.images),
    }
    cpu = {"keras": keras, "plain": plain, "ours": ours, "ours_one_seed": one}
    return {name: rounded(value) for name, value in found.items()} | {
        "cpu_seconds_per_1000_images": {
            name: rounded(run and THOUSAND * run.cpu_seconds_per_image) for name, run in cpu.items()
        }
    }


def ratio(ours: Run, theirs: Run | None) -> float | None:
    """Images a second over images a second."""
    return theirs and ours.images_per_second / theirs.images_per_second


def rounded(value: float | None) -> float | None:
    """To four digits that count: no run of this repeats more."""
    return None if value is None else float(f"{value:.{DIGITS}g}")
