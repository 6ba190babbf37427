"""Where the arithmetic happens, and what makes it the same every time."""

from __future__ import annotations

import os

import torch

THREADS = 1  # per operation: sums split over threads round differently, and threads that wait burn what others need


def choose(name: str) -> torch.device:
    """`auto` takes a GPU where there is one; anything else is taken at its word."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(name)


def make_deterministic() -> None:
    """Fix the number of threads and forbid every shortcut; to be called before any arithmetic."""
    torch.set_num_threads(THREADS)
    if torch.get_num_interop_threads() != THREADS:
        torch.set_num_interop_threads(THREADS)
    torch.set_deterministic_debug_mode("error")  # use_deterministic_algorithms(True) without its second of imports
    # Nothing here reads what it has not written.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    # As in TensorFlow's threads: numbers below 1e-38, a hundred times as slow, are 0. They come up in Adam's moments.
    if not torch.set_flush_denormal(True):
        raise RuntimeError("the processor cannot take numbers below 1e-38 for 0")
    torch.set_float32_matmul_precision("highest")
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.allow_tf32 = False
    os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"  # cuBLAS reads it when it is first used
