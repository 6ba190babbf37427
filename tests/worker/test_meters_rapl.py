"""RAPL on a fake tree of counters: its wraps, its domains, and what it says where it may not look. No real hardware."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from worker.meters.rapl import Domain, Rapl

RANGE = 1_000_000


def domain(root: Path, folder: str, name: str, microjoules: int = 0) -> Path:
    path = root / folder
    path.mkdir(parents=True)
    (path / "name").write_text(f"{name}\n")
    (path / "max_energy_range_uj").write_text(f"{RANGE}\n")
    (path / "energy_uj").write_text(f"{microjoules}\n")
    return path / "energy_uj"


def test_what_a_package_counts_between_start_and_stop(tmp_path: Path) -> None:
    counter = domain(tmp_path, "intel-rapl:0", "package-0", 200_000)
    rapl = Rapl(tmp_path)

    rapl.start()
    counter.write_text("700000\n")

    assert rapl.stop().joules == pytest.approx(0.5)


def test_a_counter_that_wraps_goes_on_counting(tmp_path: Path) -> None:
    counter = domain(tmp_path, "intel-rapl:0", "package-0", 900_000)
    watched = Domain(counter.parent)

    for value in (950_000, 100_000, 800_000, 50_000):
        counter.write_text(f"{value}\n")
        watched.look()

    assert watched.joules == pytest.approx(0.05 + 0.15 + 0.7 + 0.25)


def test_it_looks_often_enough_by_itself_while_a_phase_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two wraps between start and stop are counted, which two readings alone could not tell."""
    counter = domain(tmp_path, "intel-rapl:0", "package-0", 900_000)
    seen = Event()
    look = Domain.look

    def seen_looking(self: Domain) -> None:
        look(self)
        seen.set()

    monkeypatch.setattr(Domain, "look", seen_looking)
    rapl = Rapl(tmp_path, seconds=0.01)
    rapl.start()
    for value in (100_000, 950_000, 100_000):
        counter.with_suffix(".new").write_text(f"{value}\n")
        counter.with_suffix(".new").replace(counter)
        seen.clear()
        assert seen.wait(30)
        seen.clear()
        assert seen.wait(30), "the look that began after the value was written"

    assert rapl.stop().joules == pytest.approx(0.2 + 0.85 + 0.15)


def test_packages_are_added_and_what_holds_them_once_more_is_not(tmp_path: Path) -> None:
    folders = {
        "intel-rapl:0": "package-0",
        "intel-rapl:1": "package-1",
        "intel-rapl:2": "psys",
        "intel-rapl:0/intel-rapl:0:0": "core",
        "intel-rapl:0:0": "core",
        "intel-rapl-mmio:0": "package-0",
        "intel-rapl": "control",
    }
    counters = [domain(tmp_path, folder, name) for folder, name in folders.items()]
    rapl = Rapl(tmp_path)

    rapl.start()
    for counter in counters:
        counter.write_text("250000\n")

    counted = rapl.stop()
    assert counted.joules == pytest.approx(0.5)
    assert counted.ram_joules is None


def test_memory_that_the_processor_counts_stands_apart(tmp_path: Path) -> None:
    package = domain(tmp_path, "intel-rapl:0", "package-0")
    memory = domain(tmp_path, "intel-rapl:0/intel-rapl:0:1", "dram")
    rapl = Rapl(tmp_path)

    rapl.start()
    package.write_text("300000\n")
    memory.write_text("100000\n")

    counted = rapl.stop()
    assert (counted.joules, counted.ram_joules) == (pytest.approx(0.3), pytest.approx(0.1))


def test_a_host_without_counters_says_so(tmp_path: Path) -> None:
    rapl = Rapl(tmp_path / "powercap")

    rapl.start()

    counted = rapl.stop()
    assert counted.joules is None
    assert "a virtual machine or a container hides it" in counted.why


def test_counters_that_may_not_be_read_say_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    domain(tmp_path, "intel-rapl:0", "package-0")
    refused = Path.read_text

    def as_another_user(self: Path, *arguments: object, **options: object) -> str:
        if self.name == "energy_uj":
            raise PermissionError(13, "Permission denied", str(self))
        return refused(self, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "read_text", as_another_user)
    rapl = Rapl(tmp_path)

    rapl.start()

    counted = rapl.stop()
    assert counted.joules is None
    assert "give the worker's user the right to read energy_uj" in counted.why


def test_a_counter_that_vanishes_on_the_way_leaves_no_figure(tmp_path: Path) -> None:
    counter = domain(tmp_path, "intel-rapl:0", "package-0")
    rapl = Rapl(tmp_path)

    rapl.start()
    counter.unlink()

    counted = rapl.stop()
    assert counted.joules is None
    assert "cannot be read" in counted.why


def test_every_phase_is_counted_from_its_own_beginning(tmp_path: Path) -> None:
    counter = domain(tmp_path, "intel-rapl:0", "package-0")
    rapl = Rapl(tmp_path)
    rapl.start()
    counter.write_text("400000\n")
    rapl.stop()

    rapl.start()
    counter.write_text("500000\n")

    assert rapl.stop().joules == pytest.approx(0.1)
