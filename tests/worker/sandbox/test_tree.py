"""Processes as /proc shows them."""

import os
import resource
import secrets
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from worker.sandbox.tree import family, kill, kill_and_wait, marked, usage_of

GONE = 2**22
"""Beyond the largest process number."""


def test_a_family_holds_grandchildren(until: Any) -> None:
    parent = subprocess.Popen(["/bin/sh", "-c", "/bin/sh -c 'sleep 60; true'; true"])
    until(lambda: len(family(parent.pid)) == 3)

    members = family(parent.pid)

    assert members[0] == parent.pid
    assert kill(members) == 3
    assert parent.wait() == -signal.SIGKILL


def test_a_thread_that_ended_meanwhile_hides_no_child_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for thread in range(1, 9):
        (tmp_path / "7" / "task" / str(thread)).mkdir(parents=True)
    for thread in (3, 6):
        (tmp_path / "7" / "task" / str(thread) / "children").write_text(f"1{thread} ")
    monkeypatch.setattr("worker.sandbox.tree.PROC", tmp_path)

    assert sorted(family(7)) == [7, 13, 16]


def test_who_waits_finds_nothing_of_what_was_killed() -> None:
    mark = f"FIXPOINT_WORKER=test-{secrets.token_hex(4)}"
    holds = "import time; held = bytearray(2**28); print(flush=True); time.sleep(60)"
    command = ["env", mark, sys.executable, "-c", holds]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as large:
        assert large.stdout is not None
        large.stdout.readline()

        killed = kill_and_wait([*marked(mark), GONE])

        assert (killed, marked(mark)) == (1, [])


def test_more_than_we_may_hold_descriptors_are_killed_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.sandbox.tree.AT_ONCE", 8)
    sleepers = [subprocess.Popen(["sleep", "60"]) for _ in range(40)]
    highest = max(int(each.name) for each in Path("/proc/self/fd").iterdir())
    few, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 17, most))
    try:
        killed = kill_and_wait(each.pid for each in sleepers)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (few, most))

    assert killed == 40
    assert {each.poll() for each in sleepers} == {-signal.SIGKILL}


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


HOLDER = """
import os, sys, time
held = bytearray(os.urandom(1)) * (120 * 2**20)
if os.fork() and os.fork():
    sys.stdout.write("held\\n")
    sys.stdout.flush()
time.sleep(60)
"""


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="this kernel does not tell shares")
def test_what_forked_processes_share_is_counted_once(until: Any) -> None:
    parent = subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"held\n"
    until(lambda: len(family(parent.pid)) == 3)

    members = family(parent.pid)
    used = usage_of(members).peak_memory_bytes or 0
    kill(members)
    parent.wait()
    parent.stdout.close()

    assert 120 * 2**20 < used < 200 * 2**20


def test_where_the_kernel_tells_no_shares_all_that_is_resident_counts(tmp_path: Path, monkeypatch: Any) -> None:
    own = tmp_path / "7"
    own.mkdir()
    (own / "stat").write_text(Path("/proc/self/stat").read_text())
    monkeypatch.setattr("worker.sandbox.tree.PROC", tmp_path)
    assert (usage_of([7]).peak_memory_bytes or 0) > 10**6

    (own / "smaps_rollup").write_text("00-ff ---p 0 00:00 0 [rollup]\nRss: 9 kB\nPss: 3 kB\n")
    assert usage_of([7]).peak_memory_bytes == 3 * 1024
