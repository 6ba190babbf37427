"""progress.jsonl: one line per finished epoch, on the disk before the next one begins."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fixed_model.train import Epoch


class Progress:
    """Appends epochs to a file and keeps them for the history."""

    def __init__(self, path: Path, epochs: int) -> None:
        self.path, self.epochs = path, epochs
        self.history: list[dict[str, Any]] = []
        path.write_bytes(b"")

    def __call__(self, epoch: Epoch) -> None:
        """Note one epoch."""
        line = {"epoch": epoch.epoch, "epochs": self.epochs, **asdict(epoch)}
        self.history.append(line)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, allow_nan=False) + "\n")
