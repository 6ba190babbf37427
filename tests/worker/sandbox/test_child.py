"""A program as a child: what is counted of it, and in which order it is ended."""

import threading
from typing import Any

import pytest

from worker.sandbox import child
from worker.sandbox.child import Child
from worker.sandbox.environment import PATH
from worker.sandbox.tree import family
from worker.sandbox.watch import Usage

BUSY = "i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done"


def shell(source: str, *, keeper: bool = False) -> Child:
    return Child(["/bin/sh", "-c", source], {"PATH": PATH}, keeper=keeper)


def test_what_the_kernel_counted_at_the_end_is_not_overwritten_by_a_look_that_began_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looking, ended = threading.Event(), threading.Event()

    def look_until_the_end(pids: object) -> Usage:
        looking.set()
        assert ended.wait(60)
        return Usage(0.0, 5)

    monkeypatch.setattr(child, "usage_of", look_until_the_end)
    program = shell(BUSY)
    watch = threading.Thread(target=program.usage)
    watch.start()
    assert looking.wait(60)
    assert program.ended.wait(60)
    ended.set()
    watch.join()

    used = program.usage()

    assert used.cpu_seconds is not None
    assert used.cpu_seconds > 0
    assert used.peak_memory_bytes == 5


def test_a_keeper_is_spared_as_long_as_what_it_keeps_is_dying(until: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it would count nothing, and its end would be taken for the end of all."""
    program = shell("sleep 60; exit 0", keeper=True)
    until(lambda: len(family(program.pid)) == 2)
    [kept] = family(program.pid)[1:]
    killed: list[int] = []

    with monkeypatch.context() as slow:
        slow.setattr(child, "kill", killed.extend)
        program.kill()

    assert killed == [kept]
    assert not program.ended.is_set()

    program.kill()

    assert program.ended.wait(60)
    assert program.status == 0


def test_a_keeper_that_keeps_nobody_yet_is_ended_itself() -> None:
    program = shell("read line < /dev/zero", keeper=True)

    program.kill()

    assert program.ended.wait(60)
    assert program.status == 137
