"""The instruction set, pinned before torch is loaded: each library would choose its own, and another on another CPU.

Never imports torch. Two levels are told apart, so that most machines are of one of two classes: AVX-512 and AVX2.
"""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")
LEVEL = "FIXED_MODEL_ISA"
NEEDS = {
    "avx512": {"avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd", "avx2", "fma"},
    "avx2": {"avx2", "fma", "bmi1", "bmi2"},
}
PINS = {
    # torch's own kernels, oneDNN's convolutions, MKL's matrix products (which also promise the same bits for any
    # alignment of memory where a level is named).
    "avx512": {"ATEN_CPU_CAPABILITY": "avx512", "ONEDNN_MAX_CPU_ISA": "AVX512_CORE", "MKL_CBWR": "AVX512"},
    "avx2": {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2", "MKL_CBWR": "AVX2"},
}
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


class UnknownLevelError(ValueError):
    """A level was asked for that does not exist, or that this CPU does not have; says which there are."""


def pin(asked: str | None = None) -> str:
    """Set the environment for a level: the highest that the CPU has, or a lower one that is asked for.

    Gives the level, or "native" where no level is known (not an x86-64 CPU, or one without AVX2).
    """
    found = levels(CPUINFO.read_text() if CPUINFO.exists() else "")
    if asked and asked not in found:
        raise UnknownLevelError(f"the instruction set {asked} is not to be had here; there is {', '.join(found)}")
    level = asked or found[0]
    os.environ |= PINS.get(level, {}) | dict.fromkeys(THREADS, "1") | {LEVEL: level}
    return level


def levels(cpuinfo: str) -> list[str]:
    """The levels of the first CPU of /proc/cpuinfo, highest first."""
    flags = re.search(r"^flags\s*:\s*(.+)$", cpuinfo, re.MULTILINE)
    has = set(flags[1].split()) if flags else set()
    return [level for level, needs in NEEDS.items() if needs <= has] or ["native"]


def vendor(cpuinfo: str) -> str:
    """Who made the CPU: MKL takes other paths on other makers' CPUs."""
    found = re.search(r"^vendor_id\s*:\s*(\S+)", cpuinfo, re.MULTILINE)
    return {"GenuineIntel": "intel", "AuthenticAMD": "amd"}.get(found[1], found[1]) if found else "any"


def cpu_class() -> str:
    """The class of this CPU under the level that was pinned, such as `cpu-x86_64-intel-avx512`."""
    made_by = vendor(CPUINFO.read_text() if CPUINFO.exists() else "")
    return f"cpu-{platform.machine()}-{made_by}-{os.environ.get(LEVEL, 'unpinned')}"
