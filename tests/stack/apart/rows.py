"""Entries of a task, made in the platform's own namespace: `manage.py shell` imports this there."""

import json
import secrets
from pathlib import Path

from fixpoint.accounts.models import User
from fixpoint.blobs.store import blob_take
from fixpoint.submissions.services import submission_enter
from fixpoint.tasks.models import Task
from tests.support import platform
from tests.support.evaluating import hold_hidden_pack

PACK_BYTES = 60_000


def prepare(folder: str) -> None:
    """A task with its hidden images, and somebody who enters."""
    task = platform.open_task(entries_per_day=50, entries_total=100, train_seconds=60)
    hold_hidden_pack(task, Path(folder))
    platform.person("owner")


def enter(folder: str, amount: int, pack: str = "") -> None:
    """So many entries on this pack, or on a new one; prints their ids and the pack's digest."""
    task, owner = Task.objects.get(), User.objects.get()
    pack = pack or _new_pack(Path(folder) / "pack")
    entries = []
    for number in range(amount):
        dataset = platform.accepted_dataset(owner, task, name=f"{pack[:8]}-{number}")
        dataset.pack_sha256 = pack
        dataset.save()
        entries.append(str(submission_enter(owner=owner, dataset=dataset).pk))
    print(json.dumps({"pack": pack, "entries": entries}))


def _new_pack(path: Path) -> str:
    path.write_bytes(secrets.token_bytes(PACK_BYTES))
    return blob_take(path).sha256
