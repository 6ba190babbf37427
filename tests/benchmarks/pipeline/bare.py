"""The work itself: an entry's three commands run by hand, in the worker's own container, each timed from inside.

`python -m tests.benchmarks.pipeline.bare ENTRY ROUNDS` prints the seconds of every phase and of container starts.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import django

django.setup()

from fixpoint.blobs.store import store  # noqa: E402 - Django must be set up first
from fixpoint.submissions.models import Submission  # noqa: E402
from fixpoint.submissions.stages import predict_stage, train_stage  # noqa: E402
from fixpoint.tasks.ingestion import ARCHIVE, entry_limits, ingest_stage  # noqa: E402
from fixpoint.tasks.selectors import hidden_material  # noqa: E402
from worker.commands import REQUEST, command, inside  # noqa: E402
from worker.contract import Stage  # noqa: E402
from worker.sandbox import Mount, Outcome  # noqa: E402
from worker.sandbox.docker import DockerSandbox  # noqa: E402

IMAGE = "fixpoint-model"
SECONDS = "seconds"
TIMED = (
    "import subprocess, sys, time; began = time.monotonic(); status = subprocess.run(sys.argv[1:]).returncode;"
    f" open('/out/{SECONDS}', 'w').write(str(time.monotonic() - began)); sys.exit(status)"
)
FIRST_LINE = f"import time; open('/out/{SECONDS}', 'w').write(str(time.monotonic()))"


@dataclass(frozen=True)
class Work:
    """One entry's stages, and the files that they read."""

    stages: tuple[Stage, ...]
    files: dict[str, Path]


def work_of(entry: Submission) -> Work:
    """What its worker was given. Prediction finds the weights that are trained here."""
    task, dataset = entry.task, entry.dataset
    ingest = ingest_stage(task, layout="splits", classes=task.classes, archive=entry_limits(task))
    hidden = hidden_material(task)
    digests = {
        ARCHIVE: dataset.archive_sha256,
        "pack.safetensors": dataset.pack_sha256,
        "hidden.safetensors": hidden.pack_sha256,
    }
    files = {name: Path(store().path(f"{digest[:2]}/{digest}")) for name, digest in digests.items()}
    return Work((ingest, train_stage(entry), predict_stage(entry, hidden=hidden.images)), files)


def once(work: Work, folder: Path, sandbox: DockerSandbox) -> dict[str, float]:
    """Seconds of each program, its start of Python included and its container's not."""
    files, seconds = dict(work.files), {}
    for stage in work.stages:
        output = folder / stage.phase
        output.mkdir()
        request = folder / f"{stage.phase}.json"
        request.write_text(json.dumps(stage.request))
        mounts = [Mount(request, REQUEST), *(Mount(files[name], inside(name)) for name in stage.inputs)]
        seconds[str(stage.phase)] = _run(sandbox, ("python", "-c", TIMED, *command(stage.phase)), mounts, output, stage)
        files["weights.safetensors"] = output / "weights.safetensors"
    return seconds


def container_start(stage: Stage, folder: Path, sandbox: DockerSandbox) -> float:
    """Seconds from the worker's wish for a container to the first line of the program in it."""
    with tempfile.TemporaryDirectory(dir=folder) as output:
        began = time.monotonic()  # the machine's clock, and so the container's
        return _run(sandbox, ("python", "-c", FIRST_LINE), [], Path(output), stage) - began


def _run(sandbox: DockerSandbox, words: tuple[str, ...], mounts: list[Mount], output: Path, stage: Stage) -> float:
    stop = threading.Event()
    end = sandbox.run(IMAGE, words, mounts=mounts, output=output, limits=stage.limits, stop=stop, label="bench")
    if end.outcome is not Outcome.OK:
        raise RuntimeError(f"{stage.phase} ended with {end}.")
    return float((output / SECONDS).read_text())


def main(entry: str, rounds: int, starts: int) -> dict[str, list[float]]:
    """Every figure of every round."""
    work = work_of(Submission.objects.select_related("task", "dataset").get(pk=entry))
    sandbox = DockerSandbox(worker="bench-bare")
    sandbox.reap()
    found: dict[str, list[float]] = {"container_start": []}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds):
            place = Path(folder) / str(number)
            place.mkdir()
            for phase, seconds in once(work, place, sandbox).items():
                found.setdefault(phase, []).append(seconds)
        for _ in range(starts):
            found["container_start"].append(container_start(work.stages[0], Path(folder), sandbox))
    return found


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
