"""Files that are written piece by piece are those of the library, byte for byte."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save

from fixed_model.tensors import Tensor, write_tensors

KINDS = {"float32": "F32", "int64": "I64", "uint8": "U8"}
PACK: dict[str, NDArray[Any]] = {
    "images": np.arange(5 * 2 * 2, dtype=np.float32).reshape(5, 1, 2, 2),
    "sha256": np.arange(5 * 32, dtype=np.uint8).reshape(5, 32),
    "labels": np.arange(5, dtype=np.int64),
    "split": np.array([0, 0, 0, 1, 1], np.uint8),
}


@pytest.mark.parametrize("names", [["images"], ["sha256", "images"], [*PACK], ["split", "labels"]])
def test_a_file_is_the_librarys_and_its_digest_is_told(names: list[str], tmp_path: Path) -> None:
    arrays = {name: PACK[name] for name in names}
    tensors = {
        name: Tensor(KINDS[array.dtype.name], array.shape, [row.tobytes() for row in array])
        for name, array in arrays.items()
    }
    told = write_tensors(tmp_path / "file", tensors)
    assert (tmp_path / "file").read_bytes() == save(arrays)
    assert told == hashlib.sha256(save(arrays)).hexdigest()
