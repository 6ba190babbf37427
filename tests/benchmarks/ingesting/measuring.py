"""All contestants in turn, round by round, each in a process of its own."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.ingesting.archives import extracted, part
from tests.benchmarks.ingesting.clock import Run
from tests.benchmarks.ingesting.figures import Measured, best
from tests.benchmarks.ingesting.ours import Ingestion
from tests.benchmarks.training.processes import answer

SIZES = (1_000, 2_500, 5_000)
"""Images of the smaller archives on which the growth is measured; the whole one is the last."""


def measure(archive: Path, rounds: int, sizes: Sequence[int] = SIZES) -> Measured:
    """Every round one turn each; the best of each is kept. Sizes that the archive does not have are left out."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files, outs = extracted(archive, folder / "files"), folder / "outs"
        outs.mkdir()
        whole = Ingestion(archive, outs)
        total = whole.run().images  # fills the disk's cache
        smaller = [Ingestion(part(archive, size, folder), outs) for size in sizes if size < total]
        decode, imagefolder, ours, looks = [], [], [], []
        parts: list[list[Run]] = [[] for _ in smaller]
        for _ in range(rounds):
            decode.append(contestant("decode", files))
            ours.append(whole.run())
            imagefolder.append(contestant("imagefolder", files))
            looks.append(whole.look())
            for runs, ingestion in zip(parts, smaller, strict=True):
                runs.append(ingestion.run())
        growth = [best(runs) for runs in (*parts, ours)]
        return Measured(best(decode), best(imagefolder), best(ours), min(looks), whole.peak_mib(), growth)


def contestant(module: str, files: Path) -> Run:
    """What a module of this package says of the folder."""
    return Run(**answer([sys.executable, "-m", f"tests.benchmarks.ingesting.{module}", str(files)]))
