"""CodeCarbon itself, in its child: it gives a figure and its modes, is not misled, and costs nothing when it fails."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.worker.conftest import EVALUATE
from tests.worker.programs import program, train
from tests.worker.scripted_platform import ScriptedPlatform
from worker.bench import Bench
from worker.contract import Claim
from worker.pipeline import carry_out
from worker.sandbox import Exit, FakeSandbox
from worker.sandbox.fake import Call
from worker.second_opinion import CodeCarbon, Opinion

PROGRAMS = {
    "dies at once": "raise SystemExit(1)",
    "says nonsense": "print('hello', flush=True); import time; time.sleep(60)",
    "never answers": "import time; time.sleep(60)",
    "measures nothing": (
        "import json, sys\nprint(json.dumps({'modes': {'a': 'b'}}), flush=True)\n"
        "for _ in sys.stdin: print(json.dumps({'energy': None}), flush=True)"
    ),
}


def measured(codecarbon: CodeCarbon, seconds: float) -> Opinion:
    codecarbon.start()
    began = time.monotonic()
    time.sleep(seconds)
    codecarbon.stop()
    return codecarbon.opinion(time.monotonic() - began)


def test_a_real_run_gives_a_figure_and_the_modes_it_chose(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".codecarbon.config").write_text("[codecarbon]\npue = 100000\nforce_cpu_power = 100000\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CODECARBON_FORCE_RAM_POWER", "100000")

    with CodeCarbon("DEU") as codecarbon:
        opinion = measured(codecarbon, 4.0)

    assert opinion.kwh is not None
    assert opinion.modes is not None
    # Watts from kWh and hours: no honest machine that runs these tests takes 10 kW, and a misled meter says more.
    assert 0 < opinion.kwh * 3.6e6 / 4.0 < 10_000
    assert opinion.modes["hardware_0"].startswith("RAM")
    assert any(mode.startswith("CPU") for mode in opinion.modes.values())
    assert opinion.modes["seconds_seen"].endswith(" of 4.0")
    assert not (tmp_path / "emissions.csv").exists()


def test_a_country_that_codecarbon_does_not_know_is_not_measured_as_another() -> None:
    with CodeCarbon("XXX") as codecarbon:
        assert measured(codecarbon, 0.1).kwh is None


@pytest.mark.parametrize("source", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_child_that_fails_gives_no_figure_and_no_trouble(source: str, tmp_path: Path) -> None:
    child = tmp_path / "child.py"
    child.write_text(source)

    with CodeCarbon("DEU", child=child) as codecarbon:
        began = time.monotonic()
        opinion = measured(codecarbon, 0.1)
        took = time.monotonic() - began

    assert opinion.kwh is None
    assert took < 3


def test_a_child_that_cannot_even_start_is_no_trouble_either() -> None:
    with CodeCarbon("DEU", python="/nowhere/python") as codecarbon:
        assert measured(codecarbon, 0.0).kwh is None


def test_the_child_and_its_home_are_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    child = tmp_path / "child.py"
    child.write_text(f"import os, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(60)")

    with CodeCarbon("DEU", child=child):
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            time.sleep(0.02)

    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
    assert {path.name for path in tmp_path.iterdir()} == {"child.py", "pid"}


def test_a_late_child_counts_its_mean_power_for_the_whole_phase_and_says_so(tmp_path: Path) -> None:
    child = tmp_path / "child.py"
    child.write_text(
        "import json, sys\n"
        "part = {'kwh': 2.0, 'cpu_kwh': 1.0, 'gpu_kwh': 0.0, 'ram_kwh': 1.0, 'seconds': 5.0}\n"
        "for order in sys.stdin:\n"
        "    print(json.dumps({'energy': part} if order == 'stop\\n' else {'started': True}), flush=True)\n"
    )

    with CodeCarbon("DEU", child=child, python=sys.executable) as codecarbon:
        codecarbon.start()
        codecarbon.stop()
        opinion = codecarbon.opinion(10.0)

    assert (opinion.kwh, opinion.cpu_kwh) == (4.0, 2.0)
    assert opinion.modes == {"seconds_seen": "5.0 of 10.0"}


def test_a_job_carries_codecarbons_figure_beside_its_own(
    platform: ScriptedPlatform, bench: Bench, sandbox: FakeSandbox, evaluation: Callable[..., Claim]
) -> None:
    def four_seconds(call: Call) -> Exit:
        time.sleep(4.0)
        return replace(train(call), wall_seconds=4.0)

    evaluation()
    sandbox.plan = program(train=four_seconds)

    carry_out(EVALUATE, replace(bench, settings=replace(bench.settings, codecarbon=True)))

    energy = next(report.energy for report in platform.reports if report.fact == "trained")
    assert energy is not None
    assert energy.level == "M1"
    assert (energy.codecarbon_kwh or 0) > 0
    assert energy.codecarbon_modes
