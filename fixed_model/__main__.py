"""The program `fixed-model`: sends each command to its module, so that ingest starts without paying for torch."""

from __future__ import annotations

import os
import runpy
import sys

from fixed_model.pins import UnknownLevelError, pin

COMMANDS = ("ingest", "train", "predict", "verify", "lock")
LIBRARIES = (
    "ATEN_", "CUBLAS", "CUDNN_", "DNNL_", "GOMP_", "KMP_", "MKL_", "NVIDIA_TF32", "OMP_", "ONEDNN_",
    "OPENBLAS_", "TORCH_",
)  # fmt: skip
"""How the variables begin by which a host tells libraries how to compute, such as MKL_ENABLE_INSTRUCTIONS."""


def main() -> None:
    """Run the command that the first argument names, on a pinned instruction set: `--isa LEVEL`, else the highest."""
    arguments = sys.argv[1:]
    level = None
    if "--isa" in arguments[:-1]:
        at = arguments.index("--isa")
        level = arguments[at + 1]
        del arguments[at : at + 2]
    command, *rest = arguments or [""]
    if command not in COMMANDS:
        raise SystemExit(f"usage: fixed-model [--isa avx512|avx2] {{{','.join(COMMANDS)}}} [OPTIONS]")
    for name in [name for name in os.environ if name.startswith(LIBRARIES)]:
        del os.environ[name]
    try:
        pin(level)  # before torch is loaded
    except UnknownLevelError as error:
        raise SystemExit(f"fixed-model: {error}") from None
    at_home = command == "train" and not any(word.startswith("--request") for word in rest)
    runpy.run_module(f"fixed_model.commands.{'home' if at_home else command}")["main"](rest)


if __name__ == "__main__":
    main()
