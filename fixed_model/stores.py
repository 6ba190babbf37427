"""What a run keeps of its seeds, as safetensors: plain names for one seed, `seed-<n>/<name>` for several."""

from __future__ import annotations

import hashlib
import re

from safetensors.torch import save
from torch import Tensor

NAME = re.compile(r"(?:seed-(0|[1-9][0-9]*)/)?([^/]+)")


def store(tensors: dict[int, dict[str, Tensor]]) -> bytes:
    """One file for all seeds, names sorted, no metadata."""
    if len(tensors) == 1:
        [alone] = tensors.values()
        return plain(alone)
    return plain({f"seed-{seed}/{name}": tensor for seed, named in tensors.items() for name, tensor in named.items()})


def plain(tensors: dict[str, Tensor]) -> bytes:
    """One seed's file."""
    return save({name: tensors[name].contiguous() for name in sorted(tensors)})


def digest(tensors: dict[str, Tensor]) -> str:
    """The sha256 of one seed's file, whether it is written alone or with others."""
    return hashlib.sha256(plain(tensors)).hexdigest()


def by_seed(tensors: dict[str, Tensor]) -> dict[int, dict[str, Tensor]]:
    """The tensors of each seed; the one seed of a plain file is 0. ValueError: a name that store() never gives."""
    found: dict[int, dict[str, Tensor]] = {}
    if len({"/" in name for name in tensors}) > 1:
        raise ValueError("names of one seed stand beside those of several")
    for name, tensor in tensors.items():
        parts = NAME.fullmatch(name)
        if parts is None:
            raise ValueError(f"{name!r:.80} is no name of a tensor")
        found.setdefault(int(parts[1] or 0), {})[parts[2]] = tensor
    return found
