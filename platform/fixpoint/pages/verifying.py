"""The commands by which anybody checks a score at home (docs/reproducibility.md), with this entry's own values."""

import shlex
from dataclasses import dataclass

from fixpoint.submissions.models import Submission

_LEVELS = frozenset({"avx2", "avx512"})


@dataclass(frozen=True)
class Commands:
    """`verify` trains what lies in `folder` and compares; `train` starts from the dataset's own zip.

    `level` is the instruction set that the run was held to, "" where none can be asked for.
    """

    folder: str
    verify: str
    train: str
    level: str


def commands_of(entry: Submission) -> Commands:
    """Of a scored entry."""
    level = str(entry.result.run.provenance.get("device_class") or "").rpartition("-")[2]
    level = level if level in _LEVELS else ""
    program = ["venv/bin/fixed-model", *(["--isa", level] if level else [])]
    folder = f"entry-{entry.pk.hex[:8]}"
    asked = ["--recipe", entry.recipe, "--seeds", ",".join(map(str, entry.seeds))]
    classes = ["--classes", ",".join(entry.task.classes)]
    return Commands(
        folder=folder,
        verify=shlex.join([*program, "verify", folder]),
        train=shlex.join([*program, "train", "data.zip", *asked, *classes]),
        level=level,
    )
