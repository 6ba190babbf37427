"""A process that is measured: it inherits no thread limit and no pinned instruction set, and answers in JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
CORES = len(os.sched_getaffinity(0))
LONGEST = 1800.0  # seconds; something hangs
FOREIGN = ("OMP_", "GOMP_", "KMP_", "MKL_", "OPENBLAS_", "ATEN_", "ONEDNN_", "DNNL_", "FIXED_MODEL_", "TORCH_", "TF_")
"""What libraries read their number of threads, their waiting and their instruction set from."""


class BrokenError(Exception):
    """A process that was to be measured failed; says what it said last."""


def ours(module: str, *arguments: object) -> dict[str, Any]:
    """The answer of a module of this package."""
    return answer([sys.executable, "-m", f"tests.benchmarks.training.{module}", *map(str, arguments)])


def answer(command: list[str], **variables: str) -> dict[str, Any]:
    """The last line that the command prints, which is JSON."""
    done = subprocess.run(
        command, cwd=ROOT, env=environment() | variables, capture_output=True, text=True, timeout=LONGEST
    )
    if done.returncode:
        raise BrokenError(f"{' '.join(command)} ended with status {done.returncode}:\n{done.stderr[-3000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def environment() -> dict[str, str]:
    """This process's environment without what would steer a library."""
    return {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
