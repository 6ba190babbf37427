"""Arrays as a safetensors file, written and digested piece by piece: no second copy of them is ever in memory.

The library's own writer wants the whole file as one. What is here gives the same bytes; a test holds it to that.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

BYTES = {"F32": 4, "I64": 8, "U8": 1}
LENGTH_BYTES, ALIGNED = 8, 8


class Tensor(NamedTuple):
    """Its kind of number, its shape, and its bytes in pieces that are as many."""

    kind: str
    shape: tuple[int, ...]
    pieces: Iterable[bytes]


def write_tensors(path: Path, tensors: Mapping[str, Tensor]) -> str:
    """Write the file; the sha256 of it. The largest numbers come first, then names in their order."""
    names = sorted(tensors, key=lambda name: (-BYTES[tensors[name].kind], name))
    known = hashlib.sha256()
    with path.open("wb") as file:
        for piece in (header([(name, tensors[name]) for name in names]), *(tensors[name].pieces for name in names)):
            for part in piece:
                file.write(part)
                known.update(part)
    return known.hexdigest()


def header(tensors: Iterable[tuple[str, Tensor]]) -> tuple[bytes, ...]:
    """What says where each of them lies, and before it how long that is."""
    told, end = {}, 0
    for name, tensor in tensors:
        start, end = end, end + BYTES[tensor.kind] * math.prod(tensor.shape)
        told[name] = {"dtype": tensor.kind, "shape": tensor.shape, "data_offsets": (start, end)}
    text = json.dumps(told, separators=(",", ":")).encode()
    text += b" " * (-len(text) % ALIGNED)
    return len(text).to_bytes(LENGTH_BYTES, "little"), text
