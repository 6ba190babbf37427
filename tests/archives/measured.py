"""Runs a program under limits and says how it ended and what it took; so small that the figures are the program's.

`python -S -m tests.archives.measured SECONDS BYTES PROGRAM …` prints one line of JSON.
"""

import json
import os
import resource
import sys
import time


def main() -> None:
    """Fork, limit, run, wait."""
    seconds, memory = int(sys.argv[1]), int(sys.argv[2])
    began = time.monotonic()
    child = os.fork()
    if not child:
        os.dup2(2, 1)  # the one line is ours
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        os.execvp(sys.argv[3], sys.argv[3:])
    _, status, took = os.wait4(child, 0)
    figures = {
        "status": os.waitstatus_to_exitcode(status),
        "seconds": took.ru_utime + took.ru_stime,
        "wall_seconds": time.monotonic() - began,
        "mib": took.ru_maxrss / 1024,
    }
    print(json.dumps(figures))


main()
