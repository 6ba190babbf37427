"""Which processes are left of what a test started."""

from pathlib import Path


def children() -> set[str]:
    """Every process of ours, zombies too."""
    return {pid for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()}
