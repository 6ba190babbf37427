"""The tools of the campaign really break what they say: a fault that does nothing would prove nothing."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.campaign.machine import Clock
from tests.faults.campaign.program import Program, Supervisor
from tests.faults.campaign.proxy import Proxy
from tests.faults.campaign.waiting import wait_until
from tests.worker.scripted_platform import ScriptedPlatform

SAY = """
import sys, time
real, began = float(sys.argv[1]), time.monotonic()
while abs(time.time() - real) < 3000 and time.monotonic() - began < 30:
    time.sleep(0.05)
print(round(time.time() - real, -2), time.monotonic() - began < 30)
"""


@pytest.mark.parametrize("seconds", [3600, -3600])
def test_a_clock_jumps_for_a_program_that_looks_at_it_and_waiting_stays_as_it_is(tmp_path: Path, seconds: int):
    clock = Clock(tmp_path / "clock")
    told = dict(os.environ) | clock.environment({"PYTHONPATH": ""})
    command = [sys.executable, "-c", SAY, str(time.time())]
    with subprocess.Popen(command, env=told, stdout=subprocess.PIPE, text=True) as program:
        clock.jump(seconds)
        said, _ = program.communicate(timeout=60)
    assert said.split() == [f"{float(seconds)}", "True"]


@pytest.fixture
def platform() -> Iterator[ScriptedPlatform]:
    with ScriptedPlatform(on_put=lambda path: 201) as platform:
        yield platform


@pytest.fixture
def proxy(platform: ScriptedPlatform) -> Iterator[Proxy]:
    with Proxy("127.0.0.1", int(platform.url.rpartition(":")[2])) as proxy:
        yield proxy


def put(proxy: Proxy, name: str) -> None:
    answer = httpx.put(f"{proxy.url}/outputs/{name}", content=name.encode(), trust_env=False, timeout=10)
    assert answer.status_code == 201


def counted(platform: ScriptedPlatform) -> list[str]:
    """The path of every PUT from now on, in order."""
    seen: list[str] = []

    def note(path: str) -> int:
        seen.append(path.rpartition("/")[2])
        return 201

    platform.on_put = note
    return seen


def test_a_plain_proxy_passes_each_request_on_once_and_takes_note(platform: ScriptedPlatform, proxy: Proxy):
    seen = counted(platform)
    put(proxy, "a")
    assert seen == ["a"]
    assert [name for _, name, _ in proxy.notes.seen] == ["asking put", "put"]


def test_a_repeating_proxy_passes_it_on_twice(platform: ScriptedPlatform, proxy: Proxy):
    seen = counted(platform)
    proxy.treat("repeat", 1)
    put(proxy, "a")
    assert seen == ["a", "a"]


def test_a_reordering_proxy_says_earlier_things_again(platform: ScriptedPlatform, proxy: Proxy):
    seen = counted(platform)
    for name in "abc":
        put(proxy, name)
    proxy.treat("reorder", 1)
    put(proxy, "d")
    assert seen[:4] == ["a", "b", "c", "d"]
    assert len(seen) == 5


def test_an_answer_that_is_lost_was_carried_out(platform: ScriptedPlatform, proxy: Proxy):
    seen = counted(platform)
    proxy.treat("unanswered", 1)
    lost = 0
    for number in range(12):
        try:
            put(proxy, f"{number}")
        except httpx.TransportError:
            lost += 1
    assert 0 < lost < 12
    assert seen == [f"{number}" for number in range(12)]


def test_everything_said_again_arrives_again(platform: ScriptedPlatform, proxy: Proxy):
    seen = counted(platform)
    for name in "ab":
        put(proxy, name)
    proxy.repeat_all()
    assert seen == ["a", "b", "a", "b"]


def test_a_program_that_is_killed_stays_down_until_it_is_let_go_and_one_that_ended_comes_back(tmp_path: Path):
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    with Supervisor() as supervisor:
        program = supervisor.add(Program("sleeper", command, dict(os.environ), tmp_path / "log", tmp_path))
        first = program.pid
        program.kill()
        assert not program.is_alive
        program.let_go()
        assert program.is_alive
        assert program.pid != first
        second = program.pid
        os.kill(second, 9)
        wait_until(lambda: program.is_alive and program.pid != second, "its return", 20)
        assert program.restarts == 1
    assert not program.is_alive
