"""What ended a stage early, as a code and a sentence: faults of the data apart from those of the machine."""

from __future__ import annotations

import errno

import torch

from fixed_model.pack import BadPackError, BadWeightsError, EmptySplitError
from fixed_model.train import DivergedError

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
ALLOCATORS = ("can't allocate memory", "Cannot allocate memory")  # how torch's CPU allocator begins a RuntimeError


class BadRequestError(Exception):
    """A request that makes no sense: whoever wrote it is at fault; says why."""


def explain(error: Exception) -> tuple[str, str] | None:
    """Code and sentence of a known ending; None where the program is at fault and should crash."""
    if isinstance(error, BadRequestError):
        return "bad-request", f"This cannot be done: {error}."
    if isinstance(error, EmptySplitError):
        return "empty-split", f"There is nothing to learn from: {error}."
    if isinstance(error, DivergedError):
        return "diverged", f"The training diverged: the loss was no longer a number in epoch {error}."
    if isinstance(error, BadPackError):
        return "bad-pack", f"The packed images cannot be used: {error}."
    if isinstance(error, BadWeightsError):
        return "bad-weights", f"The weights cannot be used: {error}."
    if is_out_of_memory(error):
        return "out-of-memory", "The machine had no more memory to give; the data did nothing wrong."
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return "out-of-disk", "The machine had no more room on its disk; the data did nothing wrong."
    return None


def is_out_of_memory(error: Exception) -> bool:
    """Whether memory ran out, in any of the ways that torch and Python say so."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    if isinstance(error, OSError) and error.errno == errno.ENOMEM:
        return True
    return isinstance(error, RuntimeError) and any(words in str(error) for words in ALLOCATORS)
