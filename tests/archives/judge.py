"""An archive's way through the real programs, each in a process of its own: inspection, then what its images are."""

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from fixed_model.limits import Limits
from fixpoint.datasets.archive import inspect
from fixpoint.datasets.rules import ArchiveRules
from tests.archives.classes import CLASSES

ROOT = Path(__file__).parents[2]
RULES = ArchiveRules(classes=CLASSES)
REQUEST = {
    "recipe": "resnet50-dcai2021",
    "layout": "splits",
    "classes": list(CLASSES),
    "limits": asdict(
        Limits(RULES.images, RULES.image_bytes, RULES.image_pixels, RULES.archive_bytes, RULES.unpacked_bytes)
    ),
    "sheet_per_class": 12,
}
MOST_SECONDS, MOST_ADDRESSES = 20, 4 * 2**30
"""What ends a program that would never end; what it may take is judged by what it took."""


@dataclass(frozen=True)
class Judged:
    """The rules that were named, by the stage that named them first, and what the costlier stage took."""

    rules: frozenset[str]
    stage: str
    seconds: float
    mib: float


def judged(path: Path, folder: Path) -> Judged:
    """Refused by inspection, by ingestion, or (no rules) accepted by both."""
    found = _run(folder, "inspection.json", [sys.executable, "-m", "tests.archives.judge", str(path)])
    if found.rules:
        return found
    (folder / "request.json").write_text(json.dumps(REQUEST))
    command = [sys.executable, "-m", "fixed_model", "ingest", "--request", str(folder / "request.json")]
    read = _run(folder, "outcome.json", [*command, "--archive", str(path), "--out", str(folder)])
    return Judged(read.rules, read.stage, max(found.seconds, read.seconds), max(found.mib, read.mib))


def _run(folder: Path, result: str, command: list[str]) -> Judged:
    measured = [sys.executable, "-S", "-m", "tests.archives.measured", str(MOST_SECONDS), str(MOST_ADDRESSES)]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}"}
    environment |= {"RESULT": str(folder / result), "OPENBLAS_NUM_THREADS": "1"}
    end = subprocess.run([*measured, *command], capture_output=True, text=True, cwd=ROOT, env=environment, timeout=120)
    took = json.loads(end.stdout)
    assert took["status"] == 0, f"{result}: ended with {took}: {end.stderr[-2000:]}"
    said = json.loads((folder / result).read_bytes())
    return Judged(frozenset(said.get("refusal_counts", ())), Path(result).stem, took["seconds"], took["mib"])


def main() -> None:
    """The inspection as the web process does it, in a process by itself."""
    found = inspect(Path(sys.argv[1]), RULES)
    Path(os.environ["RESULT"]).write_text(json.dumps({"refusal_counts": found.refusal_counts}))


if __name__ == "__main__":
    main()
