"""What a container is given and denied: a pure function from a run to the Engine's options."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docker.types import DeviceRequest, LogConfig, Ulimit
from docker.types import Mount as Bind

from worker.contract import Limits
from worker.sandbox.environment import TMP, environment
from worker.sandbox.narrowing import narrowed
from worker.sandbox.protocol import OUTPUT, Mount
from worker.sandbox.rlimits import OPEN_FILES, file_size

UID = 65532
"""The user inside: nobody's, and not root, whatever the image says."""

JOB_LABEL = "fixpoint.job"
WORKER_LABEL = "fixpoint.worker"

TMP_BYTES = 256 * 1024**2
TMP_INODES = 16 * 1024

NANO = 10**9


def docker_options(
    image_id: str,
    command: Sequence[str],
    mounts: Sequence[Mount],
    output: Path,
    limits: Limits,
    label: str,
    *,
    worker: str = "",
    gpu: str = "",
    runtime: str | None = None,
    uid: int = UID,
) -> dict[str, Any]:
    """Arguments for the SDK's `containers.create`; `image_id` is the ID, never a name that may move.

    `gpu` is one GPU's number or UUID, "" for none.
    """
    program, *arguments = narrowed(command)
    options: dict[str, Any] = {
        "image": image_id,
        "entrypoint": [program],
        "command": arguments,
        "environment": environment(limits.cpus),
        "labels": {JOB_LABEL: label, WORKER_LABEL: worker},
        "user": f"{uid}:{uid}",
        "hostname": "sandbox",
        # Nothing to talk to, and no shared memory either.
        "network_mode": "none",
        "ipc_mode": "none",
        "privileged": False,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        # Nothing to write to but /out and a small /tmp, which counts as memory.
        "read_only": True,
        "tmpfs": {TMP: f"rw,noexec,nosuid,nodev,size={TMP_BYTES},nr_inodes={TMP_INODES},mode=1777"},
        "mounts": [
            *(Bind(mount.target, str(mount.source), type="bind", read_only=True) for mount in mounts),
            Bind(OUTPUT, str(output), type="bind"),
        ],
        "mem_limit": limits.memory_bytes,
        # Equal to the limit of memory: no swap.
        "memswap_limit": limits.memory_bytes,
        "nano_cpus": limits.cpus * NANO,
        "pids_limit": limits.pids,
        "ulimits": [
            Ulimit(name="core", soft=0, hard=0),
            Ulimit(name="fsize", soft=file_size(limits), hard=file_size(limits)),
            Ulimit(name="nofile", soft=OPEN_FILES, hard=OPEN_FILES),
            # /dev/mqueue is writable in any container: no queue, no bytes.
            Ulimit(name="msgqueue", soft=0, hard=0),
        ],
        # A process of Docker's as number 1 reaps what the program leaves behind.
        "init": True,
        "log_config": LogConfig(type=LogConfig.types.JSON, config={"max-size": "1m", "max-file": "2"}),
        "restart_policy": {"Name": "no"},
        "auto_remove": False,
        "stdin_open": False,
        "tty": False,
    }
    if gpu:
        options["device_requests"] = [DeviceRequest(device_ids=[gpu], capabilities=[["gpu"]])]
    if runtime is not None:
        options["runtime"] = runtime
    return options
