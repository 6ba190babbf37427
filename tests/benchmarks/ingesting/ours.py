"""Our way from bytes to an accepted pack: the platform's inspection, then the program as a worker starts it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from demo.strokes import NUMERALS
from fixpoint.datasets.archive import ArchiveRules, inspect
from tests.benchmarks.ingesting.clock import Clock, Run
from tests.benchmarks.pipeline.memory import tree_pss_mib
from tests.benchmarks.request import REQUEST
from tests.benchmarks.training.processes import CORES, ROOT, BrokenError, environment

LOOK_EVERY = 0.01
GONE = (FileNotFoundError, ProcessLookupError)


@dataclass(frozen=True)
class Ingestion:
    """One archive and a folder in which every run gets one of its own."""

    archive: Path
    folder: Path

    def run(self) -> Run:
        """Both, start of the program included. BrokenError where the archive is refused."""
        clock = Clock()
        self.look()
        process, out = self._start()
        self._end(process)
        return clock.run(accepted_images(out))

    def look(self) -> float:
        """Seconds of the inspection alone."""
        began = time.perf_counter()
        inspection = inspect(self.archive, ArchiveRules(classes=NUMERALS))
        if not inspection.is_clean:
            raise BrokenError(f"{self.archive.name} is refused: {inspection.refusal_counts}")
        return time.perf_counter() - began

    def peak_mib(self) -> float:
        """Of the program with its processes, each shared page counted once. Watching costs time: a run of its own."""
        process, _ = self._start()
        peak = 0.0
        while process.poll() is None:
            try:
                peak = max(peak, tree_pss_mib(process.pid))
            except GONE:
                continue  # one of them ended while it was looked at
            time.sleep(LOOK_EVERY)
        self._end(process)
        return peak

    def _start(self) -> tuple[subprocess.Popen[str], Path]:
        out = self.folder / f"{self.archive.stem}-{len(list(self.folder.iterdir()))}"
        out.mkdir()
        request = out / "request.json"
        request.write_text(json.dumps(REQUEST | {"threads": CORES}))
        files = ["--request", str(request), "--archive", str(self.archive), "--out", str(out)]
        command = [sys.executable, "-m", "fixed_model", "ingest", *files]
        return subprocess.Popen(command, cwd=ROOT, env=environment(), stderr=subprocess.PIPE, text=True), out

    def _end(self, process: subprocess.Popen[str]) -> None:
        said = process.communicate()[1]
        if process.returncode:
            raise BrokenError(f"ingest ended with status {process.returncode}:\n{said[-3000:]}")


def accepted_images(out: Path) -> int:
    """How many, as the outcome says."""
    outcome = json.loads((out / "outcome.json").read_bytes())
    if outcome["outcome"] != "done":
        raise BrokenError(f"the archive is refused: {outcome['refusal_counts']}")
    return int(outcome["images"])
