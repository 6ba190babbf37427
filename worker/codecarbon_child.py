"""Runs CodeCarbon away from everything that could mislead it; speaks JSON lines with worker/meter.py.

Started by path with `python -I` in an empty home and working directory, so it imports nothing of ours. Its arguments
are an ISO country code, and the number or UUID of the one GPU to read, "" for all that there are. It writes one line
when it is ready, and answers each line `start N` or `stop N` with one, N being any name of a phase.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any, TextIO

from codecarbon import OfflineEmissionsTracker
from codecarbon.input import DataSource

MEASURE_SECONDS = 5.0


def tracker(country: str, gpu: str = "") -> OfflineEmissionsTracker:
    """A tracker with every argument that could come from a file or a variable said outright."""
    return OfflineEmissionsTracker(
        country_iso_code=country,
        region=None,
        cloud_provider=None,
        cloud_region=None,
        country_2letter_iso_code=None,
        project_name="fixpoint",
        measure_power_secs=MEASURE_SECONDS,
        api_call_interval=-1,
        api_endpoint="",
        api_key="",
        output_dir=".",
        output_file="emissions.csv",
        output_methods=[],
        output_handlers=[],
        emissions_endpoint=None,
        electricitymaps_api_token=None,
        experiment_id="",
        experiment_name="fixpoint",
        gpu_ids=[gpu] if gpu else None,
        tracking_mode="machine",
        log_level="critical",
        on_csv_write="append",
        logger_preamble="",
        force_cpu_power=None,
        force_ram_power=None,
        pue=1.0,
        wue=0.0,
        force_carbon_intensity_g_co2e_kwh=None,
        force_mode_cpu_load=False,
        allow_multiple_runs=True,
        rapl_include_dram=False,
        rapl_prefer_psys=False,
        metadata=None,
    )


def modes(made: OfflineEmissionsTracker) -> dict[str, str]:
    """The hardware modes that CodeCarbon chose: no output field names them, so its own parts are asked."""
    found = made.get_detected_hardware()
    named = {f"hardware_{number}": _mode(part) for number, part in enumerate(made._hardware)}  # noqa: SLF001
    facts = {key: str(found.get(key)) for key in ("cpu_model", "cpu_count", "gpu_count", "gpu_model", "ram_total_size")}
    return {**named, **facts}


def _mode(part: Any) -> str:
    kind = type(part).__name__
    mode = getattr(part, "_mode", None)
    if mode is None:
        return f"{kind}: estimated" if kind == "RAM" else f"{kind}: counter"
    watts = getattr(part, "_tdp", None)
    return f"{kind}: {mode}" + (f" of {watts} W" if watts else "")


def energy(made: OfflineEmissionsTracker, seconds: float) -> dict[str, float] | None:
    """What was measured, or None where CodeCarbon swallowed an error and measured nothing."""
    if made.stop() is None:
        return None
    data = made.final_emissions_data
    return {
        "kwh": data.energy_consumed,
        "cpu_kwh": data.cpu_energy,
        "gpu_kwh": data.gpu_energy,
        "ram_kwh": data.ram_energy,
        "seconds": seconds,
    }


def main(country: str, gpu: str, orders: TextIO, answers: TextIO) -> None:
    """Serve `start` and `stop` until the orders end; a tracker per phase, hardware looked up once."""
    if country not in DataSource().get_global_energy_mix_data():  # type: ignore[no-untyped-call]
        raise SystemExit(f"CodeCarbon does not know the country {country!r}.")
    made, started = tracker(country, gpu), 0.0
    _answer(answers, {"ready": True, "modes": modes(made)})
    for order in orders:
        word, _, phase = order.strip().partition(" ")
        if word == "start":
            started = time.monotonic()
            made.start()
            _answer(answers, {"started": phase})
        elif word == "stop":
            _answer(answers, {"stopped": phase, "energy": energy(made, time.monotonic() - started)})
            made = tracker(country, gpu)
            made.get_detected_hardware()


def _answer(answers: TextIO, value: dict[str, object]) -> None:
    answers.write(json.dumps(value, allow_nan=False) + "\n")
    answers.flush()


if __name__ == "__main__":
    # Whatever a library prints must not be taken for an answer.
    _own_stdout = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    main(sys.argv[1], sys.argv[2], sys.stdin, _own_stdout)
