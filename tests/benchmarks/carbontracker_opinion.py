"""An independent opinion: CarbonTracker around one command, in an environment of its own, and what it says.

python3.11 -m venv carbontracker-env && carbontracker-env/bin/pip install carbontracker==2.4.7
carbontracker-env/bin/python tests/benchmarks/carbontracker_opinion.py COMMAND …

Its last line is JSON: seconds, CPU-seconds as the kernel counts them, and CarbonTracker's kWh.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time

from carbontracker import parser
from carbontracker.tracker import CarbonTracker

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as logs:
        tracker = CarbonTracker(epochs=1, monitor_epochs=-1, update_interval=1, verbose=2, log_dir=logs)
        began, before = time.monotonic(), os.times()
        tracker.epoch_start()
        subprocess.run(sys.argv[1:], check=True)
        tracker.epoch_end()
        tracker.stop()
        after = os.times()
        [told] = parser.parse_all_logs(log_dir=logs)
        spent = after.children_user - before.children_user + after.children_system - before.children_system
        figures = {"seconds": time.monotonic() - began, "cpu_seconds": spent, "kwh": told["actual"]["energy (kWh)"]}
        print(json.dumps(figures))
