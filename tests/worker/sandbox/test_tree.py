"""Processes as /proc shows them."""

import os
import secrets
import signal
import subprocess
import sys
from typing import Any

from worker.sandbox.tree import family, kill, marked, usage_of

GONE = 2**22
"""Beyond the largest process number."""


def test_a_family_holds_grandchildren(until: Any) -> None:
    parent = subprocess.Popen(["/bin/sh", "-c", "/bin/sh -c 'sleep 60; true'; true"])
    until(lambda: len(family(parent.pid)) == 3)

    members = family(parent.pid)

    assert members[0] == parent.pid
    assert kill(members) == 3
    assert parent.wait() == -signal.SIGKILL


def test_usage_of_ourselves() -> None:
    usage = usage_of([os.getpid()])

    assert usage.cpu_seconds is not None
    assert usage.cpu_seconds > 0
    assert usage.peak_memory_bytes is not None
    assert usage.peak_memory_bytes > 10**6


def test_a_process_that_is_gone_uses_nothing() -> None:
    usage = usage_of([GONE])

    assert (usage.cpu_seconds, usage.peak_memory_bytes) == (0, 0)
    assert family(GONE) == [GONE]
    assert kill([GONE]) == 0


def test_a_process_is_found_by_its_mark(until: Any) -> None:
    value = secrets.token_hex(8)
    mark = f"FIXPOINT_TEST={value}"
    program = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], env={"FIXPOINT_TEST": value})
    until(lambda: marked(mark))

    assert marked(mark) == [program.pid]
    assert marked(mark[:-1]) == []

    program.kill()
    program.wait()
