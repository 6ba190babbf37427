"""The weights between training and prediction: moved out of the output folder, held to their digest, made read-only."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from worker.cache import READ_ONLY
from worker.outputs import BadOutputError, opened

WEIGHTS = "weights.safetensors"


def keep(output: Path, max_bytes: int, inputs: Path, result: dict[str, Any]) -> Path:
    """Move the weights of a training to `inputs`. Raises BadOutputError if they are not those its outcome tells of."""
    with opened(output, WEIGHTS, max_bytes) as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
        os.fchmod(file.fileno(), READ_ONLY)
    if found != result.get("weights_digest"):
        raise BadOutputError(WEIGHTS, "is not the file whose digest the program gave")
    target = inputs / WEIGHTS
    target.unlink(missing_ok=True)
    return (output / WEIGHTS).rename(target)
