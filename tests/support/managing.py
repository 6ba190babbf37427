"""`manage.py` with nothing of this process' own settings."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def manage(home: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("FIXPOINT_", "DJANGO_"))}
    told = clean | {"FIXPOINT_HOME": str(home)} | environment
    run = [sys.executable, "manage.py", *command]
    return subprocess.run(run, cwd=ROOT, env=told, capture_output=True, text=True, timeout=120)
