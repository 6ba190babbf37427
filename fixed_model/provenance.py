"""What ran: enough to run it again and to know whether the bits may be compared."""

from __future__ import annotations

import platform
import re
from importlib.metadata import version
from pathlib import Path

import torch

LIBRARIES = ("torch", "numpy", "pillow", "safetensors")


def versions() -> dict[str, str]:
    """Python and the libraries that compute, decode and store."""
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


def device_name(device: torch.device) -> str:
    """The device as its maker calls it."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    cpuinfo = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*:\s*(.+)$", cpuinfo.read_text(), re.MULTILINE) if cpuinfo.exists() else None
    return found[1] if found else platform.processor() or platform.machine()


def device_class(device: torch.device, threads: int) -> str:
    """Runs of one class give the same bits: instruction set and threads on a CPU; model, CUDA and cuDNN on a GPU."""
    if device.type == "cuda":
        cudnn = torch.backends.cudnn.version()  # type: ignore[no-untyped-call]
        return f"cuda/{device_name(device)}/{torch.version.cuda}/{cudnn}"
    return f"cpu/{platform.machine()}/{torch.backends.cpu.get_cpu_capability()}/{threads}"
