"""Starts the process of scoring.py and tells it when."""

from __future__ import annotations

import subprocess
import sys
from types import TracebackType
from typing import Self

from tests.support.site import ROOT, Site


class Scorer:
    """Use it in a `with` block."""

    def __init__(self, site: Site, images: int) -> None:
        code = f"from tests.benchmarks.boards.scoring import serve; serve({images})"
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "-v", "0", "-c", code],
            cwd=ROOT,
            env=site.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)

    def score(self) -> None:
        """One entry more has a score when this returns."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "scored\n"
