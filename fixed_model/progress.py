"""progress.jsonl: one line per finished epoch of a seed, on the disk before its next one begins."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fixed_model.train import Epoch


class Progress:
    """Appends epochs to a file and keeps them for the history."""

    def __init__(self, path: Path, epochs: int, seeds: list[int]) -> None:
        self.path, self.epochs, self.seeds = path, epochs, seeds
        self.lines: list[dict[str, Any]] = []
        path.write_bytes(b"")

    def __call__(self, seed: int, epoch: Epoch) -> None:
        """Note one epoch of a seed."""
        line = {"seed": seed, "epoch": epoch.epoch, "epochs": self.epochs, **asdict(epoch)}
        self.lines.append(line)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, allow_nan=False) + "\n")

    def history(self) -> list[dict[str, Any]]:
        """All lines, seed by seed in the order asked for."""
        return sorted(self.lines, key=lambda line: (self.seeds.index(line["seed"]), line["epoch"]))
