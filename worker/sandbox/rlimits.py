"""The rlimits of a program, as words for prlimit(1)."""

from worker.contract import Limits

FSIZE_SLACK = 4 * 1024**2
"""A single file may grow past the output's limit by this much, so that the watch sees the limit broken and names it."""

OPEN_FILES = 1024

ADDRESS_SPACE_SLACK = 4 * 1024**3
"""torch maps gigabytes that it never touches; the resident size is what the watch caps."""


def file_size(limits: Limits) -> int:
    """Bytes that one file may reach, sparse ones too."""
    return limits.output_bytes + FSIZE_SLACK


def rlimits(limits: Limits, *, processes: bool = False, address_space: bool = False) -> list[str]:
    """`processes` only for a user of its own: the kernel counts all processes of a user, and root's never."""
    words = [f"--fsize={file_size(limits)}", f"--nofile={OPEN_FILES}", "--core=0", "--msgqueue=0"]
    if processes:
        words.append(f"--nproc={limits.pids}")
    if address_space:
        words.append(f"--as={limits.memory_bytes + ADDRESS_SPACE_SLACK}")
    return words
