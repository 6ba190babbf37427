"""The weights between training and prediction: held to the digest that their outcome gives, and made read-only."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from worker.cache import READ_ONLY
from worker.outputs import BadOutputError, opened

WEIGHTS = "weights.safetensors"


def held(output: Path, max_bytes: int, result: dict[str, Any]) -> Path:
    """Where prediction finds the weights. Raises BadOutputError if they are others than the outcome says."""
    with opened(output, WEIGHTS, max_bytes) as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
        os.fchmod(file.fileno(), READ_ONLY)
    if found != result.get("weights_digest"):
        raise BadOutputError(WEIGHTS, "is not the file whose digest the program gave")
    return output / WEIGHTS
