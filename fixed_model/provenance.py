"""What ran: enough to run it again and to know whether the bits may be compared."""

from __future__ import annotations

import platform
import re
from importlib.metadata import version

import torch

from fixed_model.pins import CPUINFO, cpu_class

LIBRARIES = ("torch", "numpy", "pillow", "safetensors")


def versions() -> dict[str, str]:
    """Python and the libraries that compute, decode and store."""
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


def device_name(device: torch.device) -> str:
    """The device as its maker calls it."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    found = re.search(r"^model name\s*:\s*(.+)$", CPUINFO.read_text(), re.MULTILINE) if CPUINFO.exists() else None
    return found[1] if found else platform.processor() or platform.machine()


def device_class(device: torch.device) -> str:
    """Runs of one class and one version of torch give the same bits.

    On a CPU: architecture, maker and pinned instruction set (an operation always has one thread). On a GPU: model, CUDA
    and cuDNN.
    """
    if device.type == "cuda":
        cudnn = torch.backends.cudnn.version()  # type: ignore[no-untyped-call]
        return f"cuda-{device_name(device)}-{torch.version.cuda}-{cudnn}"
    return cpu_class()
