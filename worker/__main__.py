"""`python -m worker` starts a worker; `python -m worker doctor` tells whether one could work here."""

from __future__ import annotations

import runpy
import sys

if __name__ == "__main__":
    # Each in its own module: the worker's app cannot even be imported where a setting is wrong, and the doctor says so.
    if sys.argv[1:2] == ["doctor"]:
        sys.exit(runpy.run_module("worker.doctor.command")["main"](sys.argv[2:]))
    runpy.run_module("worker.serve")["main"](sys.argv[1:])
