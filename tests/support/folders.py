"""A folder that the one who asks may read and not write."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534


@contextmanager
def unwritable_folder() -> Iterator[Path]:
    """Inside the block root, whom no mode stops, is nobody."""
    folder = Path(tempfile.mkdtemp(prefix="fixpoint-unwritable-"))
    folder.chmod(0o555)
    was_root = os.geteuid() == 0
    if was_root:
        os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        if was_root:
            os.seteuid(0)
        shutil.rmtree(folder)
