"""What makes arithmetic the same every time, asked of a program that does nothing else."""

import json
import subprocess
import sys

ASKS = """
import json, multiprocessing, torch
from fixed_model.device import make_deterministic

def survive():
    one, other = torch.full((64, 64), 1e-20), torch.full((64, 64), 1e-22)
    return [bool((one * 1e-22).any()), bool((one @ other).any())]

def answer(pipe):
    pipe.send(survive())

before = survive()
make_deterministic()
ours, theirs = multiprocessing.Pipe()
forked = multiprocessing.get_context("fork").Process(target=answer, args=(theirs,))
forked.start()
print(json.dumps([before, survive(), ours.recv(), torch.get_num_threads()]))
forked.join()
"""


def test_numbers_too_small_for_full_precision_are_zero_once_it_is_called_in_forks_too() -> None:
    answer = subprocess.run([sys.executable, "-c", ASKS], capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout) == [[True, True], [False, False], [False, False], 1]
