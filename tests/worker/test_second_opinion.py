"""CodeCarbon itself, in its child: it gives a figure and its modes, is not misled, and costs nothing when it fails."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Self

import pytest

from tests.worker.conftest import EVALUATE
from tests.worker.programs import program, train
from tests.worker.scripted_platform import ScriptedPlatform
from tests.worker.worker_process import wait_for
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
        "for line in sys.stdin:\n"
        "    word, phase = line.split()\n"
        "    answer = {'started': phase} if word == 'start' else {'stopped': phase, 'energy': None}\n"
        "    print(json.dumps(answer), flush=True)"
    ),
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


def measured(codecarbon: CodeCarbon, seconds: float, until: Callable[[CodeCarbon], object] = lambda _: None) -> Opinion:
    codecarbon.start()
    until(codecarbon)
    began = time.monotonic()
    time.sleep(seconds)
    codecarbon.stop()
    return codecarbon.opinion(time.monotonic() - began)


def until_ready(codecarbon: CodeCarbon) -> None:
    """Its first start takes a second or two, and many on a busy machine; a real phase waits for nothing."""
    wait_for(lambda: not codecarbon._answers.empty(), "CodeCarbon's first word")


def until_started(codecarbon: CodeCarbon) -> None:
    """It has said that it is ready, and that it measures."""
    wait_for(lambda: codecarbon._answers.qsize() > 1, "CodeCarbon's start")


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure is waited for however long a busy machine takes for it."""
    monkeypatch.setattr("worker.second_opinion.PATIENCE", 120.0)


@pytest.mark.usefixtures("patient")
def test_a_real_run_gives_a_figure_and_the_modes_it_chose(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: Path
) -> None:
    (tmp_path / ".codecarbon.config").write_text("[codecarbon]\npue = 100000\nforce_cpu_power = 100000\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CODECARBON_FORCE_RAM_POWER", "100000")

    with CodeCarbon("DEU", home) as codecarbon:
        until_ready(codecarbon)
        opinion = measured(codecarbon, 2.0, until_started)

    assert opinion.kwh is not None
    assert opinion.modes is not None
    # Watts from kWh and hours: no honest machine that runs these tests takes 10 kW, and a misled meter says more.
    assert 0 < opinion.kwh * 3.6e6 / 2.0 < 10_000
    assert opinion.modes["hardware_0"].startswith("RAM")
    assert any(mode.startswith("CPU") for mode in opinion.modes.values())
    assert "seconds_seen" in opinion.modes
    assert list(home.iterdir()) == []
    assert not (tmp_path / "emissions.csv").exists()


def test_a_country_that_codecarbon_does_not_know_is_not_measured_as_another(home: Path) -> None:
    with CodeCarbon("XXX", home) as codecarbon:
        assert measured(codecarbon, 0.1).kwh is None


@pytest.mark.parametrize("source", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_child_that_fails_gives_no_figure_and_no_trouble(source: str, tmp_path: Path, home: Path) -> None:
    child = tmp_path / "child.py"
    child.write_text(source)

    with CodeCarbon("DEU", home, child=child) as codecarbon:
        began = time.monotonic()
        opinion = measured(codecarbon, 0.1)
        took = time.monotonic() - began

    assert opinion.kwh is None
    assert took < 3


def test_a_child_that_cannot_even_start_is_no_trouble_either(home: Path) -> None:
    with CodeCarbon("DEU", home, python="/nowhere/python") as codecarbon:
        assert measured(codecarbon, 0.0).kwh is None


def test_the_child_is_gone_afterwards(tmp_path: Path, home: Path) -> None:
    child = tmp_path / "child.py"
    child.write_text(f"import os, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(60)")

    with CodeCarbon("DEU", home, child=child):
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            time.sleep(0.02)

    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


@pytest.mark.usefixtures("patient")
def test_a_late_child_counts_its_mean_power_for_the_whole_phase_and_says_so(tmp_path: Path, home: Path) -> None:
    child = tmp_path / "child.py"
    child.write_text(
        "import json, sys\n"
        "part = {'kwh': 2.0, 'cpu_kwh': 1.0, 'gpu_kwh': 0.0, 'ram_kwh': 1.0, 'seconds': 5.0}\n"
        "for order in sys.stdin:\n"
        "    word, phase = order.split()\n"
        "    answer = {'stopped': phase, 'energy': part} if word == 'stop' else {'started': phase}\n"
        "    print(json.dumps(answer), flush=True)\n"
    )

    with CodeCarbon("DEU", home, child=child, python=sys.executable) as codecarbon:
        codecarbon.start()
        until_ready(codecarbon)
        codecarbon.stop()
        opinion = codecarbon.opinion(10.0)

    assert (opinion.kwh, opinion.cpu_kwh) == (4.0, 2.0)
    assert opinion.modes == {"seconds_seen": "5.0 of 10.0"}


def test_a_phase_that_ended_before_the_child_was_there_waits_for_nothing(tmp_path: Path, home: Path) -> None:
    child = tmp_path / "child.py"
    child.write_text("import time; time.sleep(60)")

    with CodeCarbon("DEU", home, child=child) as codecarbon:
        began = time.monotonic()
        opinion = measured(codecarbon, 0.1)

    assert opinion.kwh is None
    assert time.monotonic() - began < 1


@pytest.mark.usefixtures("patient")
def test_a_job_carries_codecarbons_figure_beside_its_own(
    platform: ScriptedPlatform,
    bench: Bench,
    sandbox: FakeSandbox,
    evaluation: Callable[..., Claim],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[CodeCarbon] = []

    def two_seconds(call: Call) -> Exit:
        until_started(made[0])
        time.sleep(2.0)
        return replace(train(call), wall_seconds=2.0)

    class Ready(CodeCarbon):
        """Staging took long enough."""

        def __enter__(self) -> Self:
            super().__enter__()
            made.append(self)
            until_ready(self)
            return self

    evaluation(lease_seconds=300.0)
    sandbox.plan = program(train=two_seconds)
    monkeypatch.setattr("worker.pipeline.CodeCarbon", Ready)

    carry_out(EVALUATE, replace(bench, settings=replace(bench.settings, codecarbon=True)))

    energy = next(report.energy for report in platform.reports if report.fact == "trained")
    assert energy is not None
    assert energy.level == "M1"
    assert (energy.codecarbon_kwh or 0) > 0
    assert energy.codecarbon_modes
