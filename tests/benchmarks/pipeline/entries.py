"""Fills a platform with entries that wait for a worker: `python -m tests.benchmarks.pipeline.entries N`."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

import django

django.setup()

from fixpoint.accounts.models import User  # noqa: E402 - Django must be set up first
from fixpoint.blobs.store import blob_take  # noqa: E402
from fixpoint.submissions.services import submission_enter  # noqa: E402
from fixpoint.tasks.models import Task  # noqa: E402
from tests.benchmarks.pipeline.fake_programs import hidden_pack  # noqa: E402
from tests.support.platform import accepted_dataset, open_task  # noqa: E402

HIDDEN = 1000
EACH = 50
"""Entries of one person: a quota is counted at every one of them."""


def fill(entries: int) -> float:
    """Enter so often, by as many people as that takes; returns the seconds of entering alone."""
    with tempfile.TemporaryDirectory() as folder:
        task = _task(Path(folder))
        pack = _held(b"a packed dataset", Path(folder))
    began = time.monotonic()
    for number in range(0, entries, EACH):
        person = User.objects.create(username=f"person-{number}", email=f"person-{number}@example.org")
        dataset = accepted_dataset(person, task)
        dataset.pack_sha256 = pack
        dataset.save()
        for _ in range(min(EACH, entries - number)):
            submission_enter(owner=person, dataset=dataset)
    return time.monotonic() - began


def _task(folder: Path) -> Task:
    classes = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"]
    task = open_task(hidden=HIDDEN, classes=classes, entries_per_day=10 * EACH, entries_total=10 * EACH)
    task.materials.update(pack_sha256=_held(hidden_pack(HIDDEN, len(classes)), folder))
    return task


def _held(data: bytes, folder: Path) -> str:
    path = folder / "blob"
    path.write_bytes(data)
    return blob_take(path).sha256


if __name__ == "__main__":
    sys.stdout.write(json.dumps({"entering_seconds": fill(int(sys.argv[1]))}))
