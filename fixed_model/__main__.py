"""The program `fixed-model`: sends each command to its module, so that ingest starts without paying for torch."""

from __future__ import annotations

import os
import runpy
import sys

COMMANDS = ("ingest", "train", "predict", "lock")


def main() -> None:
    """Run the command that the first argument names."""
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command not in COMMANDS:
        raise SystemExit(f"usage: fixed-model {{{','.join(COMMANDS)}}} [OPTIONS]")
    # OpenMP's threads wait by spinning unless told otherwise before it is loaded: beside other load each of the many
    # small operations then waits for a core that its partner burns (seen: far slower, and CPU-seconds counted that
    # nobody used). The results are the same bit for bit.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    runpy.run_module(f"fixed_model.commands.{command}")["main"](sys.argv[2:])


if __name__ == "__main__":
    main()
