"""Ours, as `python -m fixed_model train` does it: seeds side by side, one core each.

side_by_side.py PACK --seeds N --epochs N. Prints one line of JSON. The first epoch is left out, with the start of the
processes and all that is made once; validation after every other epoch counts.
"""

from __future__ import annotations

from fixed_model.pins import pin

pin()  # before torch is loaded

import argparse  # noqa: E402
import json  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from dataclasses import replace  # noqa: E402
from multiprocessing.sharedctypes import RawArray  # noqa: E402
from pathlib import Path  # noqa: E402

import torch  # noqa: E402

from demo.strokes import NUMERALS  # noqa: E402
from fixed_model.device import make_deterministic  # noqa: E402
from fixed_model.pack import read_pack  # noqa: E402
from fixed_model.recipe import DCAI2021  # noqa: E402
from fixed_model.replicas import train_seeds  # noqa: E402
from fixed_model.train import Epoch, Trained, train  # noqa: E402
from tests.benchmarks.training.resident import peak_rss_mib  # noqa: E402

CPU = torch.device("cpu")


def main() -> None:
    """Train and tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("pack", type=Path)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=3)
    asked = parser.parse_args()
    make_deterministic()
    recipe, classes = replace(DCAI2021, epochs=asked.epochs), len(NUMERALS)
    pack = read_pack(asked.pack, recipe, classes)
    cpu, peaks = RawArray("d", asked.seeds), RawArray("d", asked.seeds)  # shared: a seed may be a process of its own
    finished: dict[int, list[float]] = {seed: [] for seed in range(asked.seeds)}

    def training(seed: int, on_epoch: Callable[[Epoch], None]) -> Trained:
        warm = 0.0

        def told(epoch: Epoch) -> None:
            nonlocal warm
            warm = warm or time.process_time()
            cpu[seed] = time.process_time() - warm
            on_epoch(epoch)

        trained = train(recipe, pack.train, pack.val, classes=classes, seed=seed, device=CPU, on_epoch=told)
        peaks[seed] = peak_rss_mib()
        return trained

    seeds = list(finished)
    train_seeds(seeds, asked.seeds, training, lambda seed, _: finished[seed].append(time.perf_counter()))
    answer = {
        "images": asked.seeds * (asked.epochs - 1) * len(pack.train.labels),
        "seconds": max(times[-1] - times[0] for times in finished.values()),
        "cpu_seconds": sum(cpu),
        "peak_rss_mib": max(*peaks, peak_rss_mib()),
        "threads": torch.get_num_threads(),
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
