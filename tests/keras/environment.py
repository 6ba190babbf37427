"""Where TensorFlow lives: a virtual environment of its own, which `make keras` installs. No part of the product."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = Path(os.environ.get("FIXPOINT_KERAS_PYTHON") or ROOT / ".venv-keras" / "bin" / "python")
_LOOK = "import importlib.util as u, sys; sys.exit(not (u.find_spec('tensorflow') and u.find_spec('tf_keras')))"


@cache
def why_missing() -> str:
    """A sentence, or "" where the environment is there."""
    if not PYTHON.exists():
        return f"{_shown()} does not exist; `make keras` installs TensorFlow in an environment of its own"
    answer = subprocess.run([PYTHON, "-c", _LOOK], capture_output=True, check=False)
    return "" if answer.returncode == 0 else f"{_shown()} has no TensorFlow with tf-keras; `make keras` installs both"


def _shown() -> Path:
    return PYTHON.relative_to(ROOT) if PYTHON.is_relative_to(ROOT) else PYTHON
