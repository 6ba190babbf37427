"""The image that trains, built if it is missing or holds other recipes than this checkout."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IMAGE = "fixpoint-model"
_TELL = "from importlib.resources import files; print((files('fixed_model') / 'recipes.lock').read_text(), end='')"


def ensure_model_image() -> None:
    """Builds it as the Makefile does; seconds where it is up to date."""
    if _lock_inside() != (ROOT / "fixed_model" / "recipes.lock").read_text():
        command = ["docker", "build", "-q", "-f", "fixed_model/Dockerfile", "-t", IMAGE, "."]
        subprocess.run(command, cwd=ROOT, env=os.environ | {"DOCKER_BUILDKIT": "0"}, check=True, timeout=1800)


def _lock_inside() -> str:
    command = ["docker", "run", "--rm", "--network", "none", "--entrypoint", "python", IMAGE, "-c", _TELL]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120).stdout
