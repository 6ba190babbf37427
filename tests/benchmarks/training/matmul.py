"""The machine's peak as a user of torch meets it: products of square float32 matrices.

matmul.py --repeats N. Prints GFLOP/s of one thread and of all, the best of the repeats and sizes, as JSON.
"""

from __future__ import annotations

import argparse
import json
import time

import torch

from tests.benchmarks.training.processes import CORES

SIZES = (1024, 2048)


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeats", type=int, default=10)
    asked = parser.parse_args()
    print(json.dumps({"one_core": best(1, asked.repeats), "all_cores": best(CORES, asked.repeats)}))


def best(threads: int, repeats: int) -> float:
    """GFLOP/s; a product of n x n matrices is 2 n^3 operations."""
    torch.set_num_threads(threads)
    return max(2 * size**3 / 1e9 / shortest(size, repeats) for size in SIZES)


def shortest(size: int, repeats: int) -> float:
    """Seconds of the fastest product, after one that warms up."""
    a, b = torch.rand(size, size), torch.rand(size, size)
    product = a @ b
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        torch.mm(a, b, out=product)
        seconds.append(time.perf_counter() - began)
    return min(seconds)


if __name__ == "__main__":
    main()
