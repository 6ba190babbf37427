"""Programs that multiply, hoard and will not go: capped, ended at their deadline, and nobody is left."""

import secrets
import threading
import time
from collections.abc import Callable

import pytest

from tests.support.lifetimes import Lifetime, living, watches_begun
from tests.support.sandboxes import MEBIBYTE, Runner

SECONDS = 3.0
"""In which a program begins on a busy machine too."""

KILL_SECONDS = 2.0
AROUND = 6
"""Processes around the program: bwrap and its keeper, Docker's init, and what becomes the program in the end."""

DEAF = """
import os, signal, time
mark = {mark!r}
for number in range(1, signal.NSIG):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
"""
BOMB = "while True:\n    try:\n        os.fork()\n    except OSError:\n        pass\n"
FAMILY = """
for _ in range(5):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True: time.sleep(60)
        os._exit(0)
print("begun")
"""
HOARDS = {
    "memory of its own": "hog = []\nwhile True: hog.append(bytearray(2**20))",
    "files without a name": """
        import os
        hog = []
        while True:
            hog.append(os.memfd_create("hog"))
            os.write(hog[-1], bytes(4 * 2**20))
        """,
    "segments of System V": """
        import ctypes
        libc = ctypes.CDLL(None)
        libc.shmat.restype = ctypes.c_void_p
        while True:
            ctypes.memset(libc.shmat(libc.shmget(0, 4 * 2**20, 0o1600), None, 0), 1, 4 * 2**20)
        """,
    "memory shared by a family": """
        import mmap, os
        hog = []
        os.fork()
        while True:
            hog.append(mmap.mmap(-1, 4 * 2**20))
            hog[-1].write(bytes(4 * 2**20))
        """,
    "files in tmp": """
        import itertools
        for number in itertools.count():
            with open(f"/tmp/{number}", "wb") as file: file.write(bytes(2**20))
        """,
}


def test_a_fork_bomb_that_hears_no_signal_ends_at_its_deadline(run_contained: Runner) -> None:
    mark = secrets.token_hex(8)

    with watches_begun() as begun, Lifetime(mark) as life:
        end = run_contained(DEAF.format(mark=mark) + BOMB, wall_seconds=SECONDS, pids=24)

    assert (end.outcome, end.status, end.limit, end.allowed) == ("timeout", None, "wall_seconds", SECONDS)
    assert SECONDS < end.wall_seconds < SECONDS + KILL_SECONDS
    assert life.last_seen - begun[0] < SECONDS + KILL_SECONDS
    assert 8 < life.most <= 24 + AROUND
    assert living(mark.encode()) == []


def test_a_family_that_hears_no_signal_ends_at_its_deadline(run_contained: Runner) -> None:
    mark = secrets.token_hex(8)

    end = run_contained(DEAF.format(mark=mark) + FAMILY + "while True: time.sleep(60)", wall_seconds=SECONDS)

    assert (end.outcome, end.limit, end.log) == ("timeout", "wall_seconds", "begun\n")
    assert SECONDS < end.wall_seconds < SECONDS + KILL_SECONDS
    assert living(mark.encode()) == []


def test_children_in_sessions_of_their_own_do_not_outlive_the_program(run_contained: Runner) -> None:
    mark = secrets.token_hex(8)

    end = run_contained(DEAF.format(mark=mark) + FAMILY + "os._exit(0)")

    assert (end.outcome, end.status, end.log) == ("ok", 0, "begun\n")
    assert living(mark.encode()) == []


def test_a_flood_on_both_streams_by_a_family_ends_at_its_deadline(run_contained: Runner) -> None:
    end = run_contained(
        "import os\nos.fork()\nstream = 1 + (os.fork() == 0)\nwhile True: os.write(stream, b'x' * 65536)",
        wall_seconds=SECONDS,
    )

    assert (end.outcome, end.limit) == ("timeout", "wall_seconds")
    assert SECONDS < end.wall_seconds < SECONDS + KILL_SECONDS


STUBBORN = {
    "a bomb": BOMB,
    "a family": FAMILY + "while True: time.sleep(60)",
    "a flood": "while True: os.write(1, b'x' * 65536)",
}


@pytest.mark.parametrize("source", STUBBORN.values(), ids=STUBBORN.keys())
def test_a_stop_ends_within_two_seconds_what_hears_no_signal(
    source: str, run_contained: Runner, until: Callable[[Callable[[], object]], None]
) -> None:
    mark, stopped = secrets.token_hex(8), list[float]()
    begun = run_contained.output / "begun"

    def stop_once_begun() -> None:
        until(begun.exists)
        stopped.append(time.monotonic())
        run_contained.stop.set()

    stopper = threading.Thread(target=stop_once_begun)
    stopper.start()
    with Lifetime(mark) as life:
        end = run_contained(DEAF.format(mark=mark) + "open('/out/begun', 'w').close()\n" + source, pids=24)
    stopper.join()

    assert (end.outcome, end.status, end.limit) == ("cancelled", None, "")
    assert life.last_seen - stopped[0] < KILL_SECONDS
    assert living(mark.encode()) == []


@pytest.mark.parametrize("source", HOARDS.values(), ids=HOARDS.keys())
def test_whatever_is_hoarded_counts_as_memory(source: str, run: Runner) -> None:
    end = run(source, memory_bytes=64 * MEBIBYTE, output_bytes=999 * MEBIBYTE)

    assert (end.outcome, end.status, end.limit, end.allowed) == ("memory", None, "memory_bytes", 64 * MEBIBYTE)
    assert end.used is not None
    assert end.used >= 64 * MEBIBYTE


def test_more_processes_than_cores_get_no_more_than_the_cores(run: Runner) -> None:
    end = run("import os\nos.fork()\nos.fork()\nwhile True: pass", wall_seconds=3, cpus=1)

    assert end.outcome == "timeout"
    assert end.cpu_seconds is not None
    assert 0 < end.cpu_seconds < 1.25 * end.wall_seconds
