"""What a worker that waits costs: proportional memory of its process and all that it started."""

from __future__ import annotations

import re

from tests.support.embedded_stack import PROC, children

_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


def tree_pss_mib(pid: int) -> float:
    """PSS of the process and its living descendants, in MiB."""
    return _pss_mib(pid) + sum(tree_pss_mib(child) for child in children(pid))


def _pss_mib(pid: int) -> float:
    """Nothing where it has ended meanwhile, as what a worker starts for a moment may."""
    try:
        found = _PSS.search((PROC / str(pid) / "smaps_rollup").read_text())
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return int(found[1]) / 1024 if found else 0.0
