"""What a worker that waits costs: proportional memory of its process and all that it started."""

from __future__ import annotations

import re
from pathlib import Path

from tests.benchmarks.pipeline.cpu import PROC, children

_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


def tree_pss_mib(pid: int) -> float:
    """PSS of the process and its living descendants, in MiB."""
    found = _PSS.search(Path(PROC / str(pid) / "smaps_rollup").read_text())
    own = int(found[1]) / 1024 if found else 0.0
    return own + sum(tree_pss_mib(child) for child in children(pid))
