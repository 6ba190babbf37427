"""What makes arithmetic the same every time, asked of a program that does nothing else."""

import subprocess
import sys

ASKS = """
import torch
from fixed_model.device import make_deterministic
tiny = torch.full((64,), 1e-30)
print(bool((tiny * 1e-10).any()))
make_deterministic()
print(bool((tiny * 1e-10).any()), bool((tiny @ (tiny * 1e-9)).any()), torch.get_num_threads())
"""


def test_numbers_too_small_for_full_precision_are_zero_once_it_is_called() -> None:
    answer = subprocess.run([sys.executable, "-c", ASKS], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["True", "False", "False", "1"]
