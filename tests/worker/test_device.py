"""One evaluation per device at a time, held by the kernel for a worker's life."""

from __future__ import annotations

import json
import os
import re
import signal
from pathlib import Path

import pytest

from tests.worker.redis_server import RedisServer
from tests.worker.scripted_platform import ScriptedPlatform
from tests.worker.worker_process import Worker, wait_for
from worker.device import DeviceTakenError, gpu_of, hold, lock_path, takes_evaluations
from worker.settings import Settings, SettingsError, read

LEAST = {
    "FIXPOINT_BROKER_URL": "redis://localhost",
    "FIXPOINT_PLATFORM_URL": "https://fixpoint.example",
    "FIXPOINT_WORKER_SCRATCH": "/scratch/one",
}
UUID = "GPU-5a1b2c3d-0000-1111-2222-333344445555"


@pytest.mark.parametrize(
    ("told", "device", "gpu"),
    [
        ({}, "cpu", ""),
        ({"FIXPOINT_DEVICE": "cpu1"}, "cpu1", ""),
        ({"FIXPOINT_GPU": "1"}, "gpu0", "0"),
        ({"FIXPOINT_GPU": "1", "FIXPOINT_DEVICE": "gpu1"}, "gpu1", "1"),
        ({"FIXPOINT_GPU": "1", "FIXPOINT_DEVICE": UUID}, UUID, UUID),
    ],
)
def test_the_device_is_named_or_the_first_of_its_kind(told: dict[str, str], device: str, gpu: str) -> None:
    settings = read(LEAST | told)

    assert (settings.device, gpu_of(settings.device)) == (device, gpu)
    assert lock_path(settings.scratch, device) == Path(f"/scratch/device-{device}.lock")


@pytest.mark.parametrize(
    "told",
    [
        {"FIXPOINT_DEVICE": "gpu0"},
        {"FIXPOINT_DEVICE": "../cpu"},
        {"FIXPOINT_GPU": "1", "FIXPOINT_DEVICE": "cpu"},
        {"FIXPOINT_GPU": "1", "FIXPOINT_DEVICE": "gpu"},
        {"FIXPOINT_GPU": "1", "FIXPOINT_DEVICE": "gpu0/x"},
    ],
)
def test_a_device_of_the_other_kind_or_none_is_refused_by_name(told: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="FIXPOINT_DEVICE"):
        read(LEAST | told)


def test_only_who_takes_a_queue_of_evaluations_needs_a_device() -> None:
    assert takes_evaluations(("ingest", "evaluate.lab.gpu"))
    assert not takes_evaluations(("ingest", "ingest.evaluate"))


def test_a_second_worker_is_told_who_has_the_device_and_what_to_do(tmp_path: Path) -> None:
    first = hold(tmp_path / "one", "gpu1", "left-hand")
    try:
        with pytest.raises(DeviceTakenError, match=r"left-hand evaluates on the device gpu1.*FIXPOINT_DEVICE"):
            hold(tmp_path / "two", "gpu1", "right-hand")
        os.close(hold(tmp_path / "two", "gpu0", "right-hand"))
    finally:
        os.close(first)
    os.close(hold(tmp_path / "two", "gpu1", "right-hand"))


def test_two_workers_of_a_host_evaluate_on_one_device_one_after_the_other_and_death_frees_it(
    platform: ScriptedPlatform, worker_settings: Settings, tmp_path: Path
) -> None:
    def worker(name: str, queues: str = "evaluate", **told: str) -> Worker:
        scratch = str(tmp_path / "scratch" / name)
        return Worker(platform, broker, tmp_path, name, FIXPOINT_WORKER_SCRATCH=scratch, FIXPOINT_QUEUES=queues, **told)

    with RedisServer() as broker, worker("first") as first:
        second = worker("second", "evaluate.lab,ingest")
        wait_for(lambda: second.process.poll() is not None, "the second to give up")
        assert second.process.returncode != 0
        [said] = [json.loads(line) for line in second.log.splitlines() if "cannot start" in line]
        assert re.match("first evaluates on the device cpu of this host already", said["reason"])
        assert "Traceback" not in second.log

        with worker("reader", "ingest"), worker("other", FIXPOINT_DEVICE="cpu1"):
            pass
        first.process.send_signal(signal.SIGKILL)
        first.process.wait()
        with worker("second"):
            pass
