"""The watch over a program that only pretends to run."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from worker.contract import Limits
from worker.sandbox import SandboxError, watch
from worker.sandbox.watch import Breach, Usage, Watch, Watched, exit_of

LIMITS = Limits(wall_seconds=30, memory_bytes=1000, output_bytes=10**6, output_files=3, cpus=1, pids=8)


@dataclass
class Pretended:
    """Runs until it is killed, or until it is asked for its usage `looks` times."""

    now: Usage = field(default_factory=lambda: Usage(1.5, 10))
    looks: int | None = None
    immortal: bool = False
    at_look: Callable[[], None] = lambda: None
    ended: threading.Event = field(default_factory=threading.Event)
    kills: int = 0

    def usage(self) -> Usage:
        self.at_look()
        if self.looks is not None:
            self.looks -= 1
            if self.looks == 0:
                self.ended.set()
        return self.now

    def kill(self) -> None:
        self.kills += 1
        if not self.immortal:
            self.ended.set()


def watched(running: Pretended, output: Path, stop: threading.Event | None = None, **limits: Any) -> Watched:
    watch = Watch(output=output, limits=replace(LIMITS, **limits), stop=stop or threading.Event())
    return watch.until_the_end(running)


def test_a_program_that_ends_by_itself_is_not_killed(output: Path) -> None:
    running = Pretended(looks=1)

    seen = watched(running, output)

    assert (seen.breach, seen.usage, running.kills) == (None, Usage(1.5, 10), 0)


def test_the_deadline(output: Path) -> None:
    running = Pretended()

    seen = watched(running, output, wall_seconds=0.1)

    assert seen.breach is not None
    assert (seen.breach.outcome, seen.breach.limit, seen.breach.allowed) == ("timeout", "wall_seconds", 0.1)
    assert running.kills == 1


def test_a_stop_goes_before_every_limit(output: Path) -> None:
    stop = threading.Event()
    stop.set()

    assert watched(Pretended(), output, stop, wall_seconds=0).breach == Breach("cancelled")


def test_memory_where_nobody_else_caps_it(output: Path) -> None:
    seen = watched(Pretended(now=Usage(None, 1001)), output)

    assert seen.breach == Breach("memory", "memory_bytes", 1000, 1001)


def test_memory_that_nobody_can_measure_ends_nothing(output: Path) -> None:
    assert watched(Pretended(now=Usage(), looks=2), output).breach is None


def test_output_that_grows_past_its_limit(output: Path) -> None:
    running = Pretended(at_look=lambda: (output / "big").write_bytes(bytes(2 * 10**6)) and None)

    seen = watched(running, output)

    assert seen.breach is not None
    assert (seen.breach.outcome, seen.breach.limit) == ("disk", "output_bytes")


def test_output_that_broke_its_limit_just_before_the_end(output: Path) -> None:
    for name in "abcd":
        (output / name).touch()
    running = Pretended()
    running.ended.set()

    assert watched(running, output).breach == Breach("disk", "output_files", 3, 4)


def test_a_disk_that_fills_without_a_visible_file(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = iter([10 * 1024**3, 10 * 1024**3, 1])
    monkeypatch.setattr(watch, "free_bytes", lambda folder: next(free, 1))

    seen = watched(Pretended(), output)

    assert seen.breach == Breach("disk", "free_bytes", 1024**3, 1)


def test_a_disk_that_was_nearly_full_already_is_given_half_of_its_rest(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "free_bytes", lambda folder: 1000)

    assert watched(Pretended(looks=2), output).breach is None


def test_a_program_that_cannot_be_killed_is_an_error_of_ours(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "KILL_PATIENCE", 0.1)

    with pytest.raises(SandboxError, match="did not end"):
        watched(Pretended(immortal=True), output, wall_seconds=0)


@pytest.mark.parametrize(
    ("status", "out_of_memory", "outcome"),
    [(0, False, "ok"), (0, True, "ok"), (1, False, "crashed"), (137, False, "crashed"), (137, True, "memory")],
)
def test_how_a_program_ended_that_broke_no_limit_of_the_watch(
    status: int, *, out_of_memory: bool, outcome: str
) -> None:
    end = exit_of(
        Watched(None, 1.0, Usage(0.5, 900)), status=status, out_of_memory=out_of_memory, limits=LIMITS, log="log"
    )

    assert (end.outcome, end.status) == (outcome, None if outcome == "memory" else status)
    assert (end.wall_seconds, end.cpu_seconds, end.peak_memory_bytes, end.log) == (1.0, 0.5, 900, "log")


def test_a_breach_is_told_with_its_numbers() -> None:
    end = exit_of(
        Watched(Breach("disk", "output_files", 3, 4), 1.0, Usage()),
        status=137,
        out_of_memory=True,
        limits=LIMITS,
        log="",
    )

    assert (end.outcome, end.status, end.limit, end.allowed, end.used) == ("disk", None, "output_files", 3, 4)
