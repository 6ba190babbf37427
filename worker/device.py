"""One evaluation per device at a time: a worker that evaluates holds a lock on its device for its life."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterable
from pathlib import Path

EVALUATE = "evaluate"
CPU, FIRST_GPU = "cpu", "gpu0"
_CPU = re.compile(r"cpu[0-9]{0,3}")
_GPU = re.compile(r"gpu([0-9]{1,3})")
_UUID = re.compile(r"(GPU|MIG)-[0-9A-Za-z-]{1,80}")
_FLAGS = os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW


class DeviceTakenError(Exception):
    """Another worker of this host evaluates on the device; the sentence says what to do."""


def is_device(name: str, *, gpu: bool) -> bool:
    """Whether this names a device of the kind: cpu, cpu1 … or gpu0, gpu1 …, or a GPU's own UUID."""
    return bool(_GPU.fullmatch(name) or _UUID.fullmatch(name)) if gpu else bool(_CPU.fullmatch(name))


def gpu_of(device: str) -> str:
    """The number or UUID by which NVIDIA's tools know the device; "" for a processor."""
    numbered = _GPU.fullmatch(device)
    if numbered:
        return str(int(numbered[1]))
    return device if _UUID.fullmatch(device) else ""


def takes_evaluations(queues: Iterable[str]) -> bool:
    """Whether a worker of these queues trains."""
    return any(queue.partition(".")[0] == EVALUATE for queue in queues)


def lock_path(scratch: Path, device: str) -> Path:
    """Beside the scratch folders of the host's workers, whatever container each of them runs in."""
    return scratch.parent / f"device-{device}.lock"


def hold(scratch: Path, device: str, worker: str) -> int:
    """Lock the device until this process ends, however it ends. Raises DeviceTakenError."""
    path = lock_path(scratch, device)
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(path, _FLAGS, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(lock, 200).decode(errors="replace").strip() or "another worker"
        os.close(lock)
        raise DeviceTakenError(
            f"{holder} evaluates on the device {device} of this host already, as {path} shows, and a device takes one "
            "evaluation at a time. Stop that worker, or give this one a device of its own in FIXPOINT_DEVICE (gpu1, "
            "…), or no queue evaluate in FIXPOINT_QUEUES."
        ) from None
    os.ftruncate(lock, 0)
    os.pwrite(lock, worker.encode()[:200], 0)
    return lock
