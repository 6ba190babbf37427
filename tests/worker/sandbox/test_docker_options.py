"""The options of a container, line by line."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from worker.contract import Limits
from worker.sandbox import Mount
from worker.sandbox.docker_options import docker_options
from worker.sandbox.environment import environment
from worker.sandbox.narrowing import narrowed

LIMITS = Limits(wall_seconds=60, memory_bytes=2 * 1024**3, output_bytes=100 * 1024**2, output_files=16, cpus=2, pids=64)
COMMAND = ["python", "-m", "fixed_model", "train", "--out", "/out"]


def options(**more: Any) -> dict[str, Any]:
    mounts = [Mount(Path("/scratch/pack"), "/in/pack.safetensors")]
    return docker_options("sha256:abc", COMMAND, mounts, Path("/scratch/out"), LIMITS, "job-7", worker="w1", **more)


def test_every_option_that_is_not_of_its_own_test() -> None:
    told_apart = {"mounts", "ulimits", "log_config", "entrypoint", "command"}

    assert {name: value for name, value in options().items() if name not in told_apart} == {
        "image": "sha256:abc",
        "environment": environment(2),
        "labels": {"fixpoint.job": "job-7", "fixpoint.worker": "w1"},
        "user": "65532:65532",
        "hostname": "sandbox",
        "network_mode": "none",
        "ipc_mode": "none",
        "privileged": False,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "read_only": True,
        "tmpfs": {"/tmp": "rw,noexec,nosuid,nodev,size=268435456,nr_inodes=16384,mode=1777"},
        "mem_limit": 2 * 1024**3,
        "memswap_limit": 2 * 1024**3,
        "nano_cpus": 2_000_000_000,
        "pids_limit": 64,
        "init": True,
        "restart_policy": {"Name": "no"},
        "auto_remove": False,
        "stdin_open": False,
        "tty": False,
    }


def test_inputs_are_read_only_and_the_output_alone_is_not() -> None:
    said = [(bind["Type"], bind["Source"], bind["Target"], bind["ReadOnly"]) for bind in options()["mounts"]]

    assert said == [
        ("bind", "/scratch/pack", "/in/pack.safetensors", True),
        ("bind", "/scratch/out", "/out", False),
    ]


def test_the_command_stands_behind_the_filter_of_system_calls() -> None:
    said = options()

    assert [*said["entrypoint"], *said["command"]] == narrowed(COMMAND)
    assert said["command"][-len(COMMAND) :] == COMMAND


def test_rlimits() -> None:
    said = {limit["Name"]: (limit["Soft"], limit["Hard"]) for limit in options()["ulimits"]}

    assert said == {
        "core": (0, 0),
        "fsize": (104 * 1024**2, 104 * 1024**2),
        "nofile": (1024, 1024),
        "msgqueue": (0, 0),
    }


def test_a_flood_of_output_cannot_fill_the_disk() -> None:
    log = options()["log_config"]

    assert (log["Type"], log["Config"]) == ("json-file", {"max-size": "1m", "max-file": "2"})


def test_no_device_unless_asked_for() -> None:
    assert "device_requests" not in options()
    assert "devices" not in options(gpu="0")


def test_one_gpu_comes_by_device_request_and_no_other() -> None:
    for gpu in ("1", "GPU-5a1b2c3d-0000-1111-2222-333344445555"):
        (request,) = options(gpu=gpu)["device_requests"]

        assert (request["Count"], request["DeviceIDs"], request["Capabilities"]) == (0, [gpu], [["gpu"]])


def test_a_runtime_comes_only_if_named() -> None:
    assert "runtime" not in options()
    assert options(runtime="runsc")["runtime"] == "runsc"


def test_a_worker_that_is_not_root_lends_its_own_user() -> None:
    assert options(uid=1000)["user"] == "1000:1000"


def test_threads_follow_the_cores() -> None:
    said = docker_options("sha256:abc", COMMAND, [], Path("/out"), replace(LIMITS, cpus=3), "job-7")

    assert {said["environment"][name] for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")} == {
        "3"
    }


@pytest.mark.parametrize(
    "word", ["devices", "volumes", "volumes_from", "links", "ports", "cap_add", "pid_mode", "userns_mode"]
)
def test_nothing_else_is_granted(word: str) -> None:
    assert word not in options(gpu="0", runtime="runsc")
